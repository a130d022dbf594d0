/** Lets the real engine record episodes (record.py), in two processes. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refuse } from '../../src/base/result.ts';

const script = fileURLToPath(new URL('record.py', import.meta.url));
const PROCESSES = 2;

export interface RecordOptions {
  /** The Python of the environment. */
  readonly python: string;
  /** Folder or zip of games. */
  readonly games: string;
  /** How many of the games, a seeded sample. */
  readonly sample: number;
  /** How many of this sample; all of it where it is 0. */
  readonly subsample: number;
  /** Comma-separated; see walks.py. */
  readonly kinds: string;
  /** Commands in a walk. */
  readonly length: number;
  readonly seed: string;
  /** Whether the engine is left untouched: nothing is remembered between calls. */
  readonly plain: boolean;
}

export interface Recording {
  readonly games: number;
  readonly episodes: number;
  readonly steps: number;
  /** Games that the real engine raised an error on. */
  readonly failed: readonly { readonly game: string; readonly error: string }[];
  readonly files: readonly string[];
}

/** Records into files whose names start with `prefix`. */
export async function record(options: RecordOptions, prefix: string): Promise<Result<Recording>> {
  const parts = await Promise.all(
    Array.from({ length: PROCESSES }, (_, i) =>
      recordPart(options, `${i + 1}/${PROCESSES}`, `${prefix}-${i + 1}.jsonl`),
    ),
  );
  let sum: Recording = { games: 0, episodes: 0, steps: 0, failed: [], files: [] };
  for (const part of parts) {
    if (!part.ok) return part;
    sum = {
      games: sum.games + part.value.games,
      episodes: sum.episodes + part.value.episodes,
      steps: sum.steps + part.value.steps,
      failed: [...sum.failed, ...part.value.failed],
      files: [...sum.files, ...part.value.files],
    };
  }
  return ok(sum);
}

function recordPart(options: RecordOptions, shard: string, out: string): Promise<Result<Recording>> {
  const { python, games, sample, subsample, kinds, length, seed, plain } = options;
  const words = Object.entries({ games, sample, subsample, kinds, length, seed, shard, out }).flatMap(
    ([name, value]) => [`--${name}`, String(value)],
  );
  // Another order of Python's sets for the untouched engine: nothing may depend on it.
  const env = { ...process.env, PYTHONHASHSEED: plain ? '1' : '0', PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve) => {
    const child = spawn(python, [script, ...words, ...(plain ? ['--plain'] : [])], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', (error) => resolve(refuse('RECORDER', `The recorder didn't start: ${error.message}.`)));
    child.on('close', (code, signal) => {
      if (code !== 0) {
        resolve(refuse('RECORDER', `The recorder ended with ${signal ?? `code ${code}`} in part ${shard}.`));
        return;
      }
      const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Omit<Recording, 'files'>;
      resolve(ok({ ...summary, files: [out] }));
    });
  });
}

/** Episodes of the untouched engine that aren't, byte for byte, what the faster one recorded. */
export function differingEpisodes(plain: Recording, fast: Recording): string[] {
  const lines = new Set(fast.files.flatMap(readLines));
  return plain.files.flatMap(readLines).filter((line) => !lines.has(line));
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}
