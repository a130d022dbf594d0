/**
 * An evaluation: plays the games of a split, each once, into the folder of a run. What `duomem eval` does once, and
 * `duomem tables` for every cell of its tables.
 */

import type { EpisodeSettings } from '../../agent/settings.ts';
import { isFinished, type Trace } from '../../agent/trace.ts';
import { ok, type Refused, type Result, refuse } from '../../base/result.ts';
import type { GameSet, Telling } from '../../engine/import/index.ts';
import { describeRun, type RunServer, type Shard, shardOf } from '../../eval/run.ts';
import type { Summary } from '../../eval/summary.ts';
import { meetsAll } from '../../students/openai/failure.ts';
import { beginRun, keepTrace, otherStudent, readTraces, writeReports } from '../files/run-folder.ts';
import type { Terminal } from '../program/terminal.ts';
import { PROGRAM } from '../program/version.ts';
import { identifyBanks, type MemoryChoice } from '../students/open-recall.ts';
import type { NamedStudent } from '../students/open-student.ts';
import { DEFAULT_SERVER, openServer } from '../students/server-options.ts';
import { playInThreads } from './eval-pool.ts';

/** Threads that are enough for the engine and the memory while a server thinks. */
const SERVER_THREADS = 2;

export interface Evaluation {
  /** Path of the set, which every thread opens for itself. */
  readonly games: string;
  readonly split: string;
  readonly telling: Telling;
  /** Plays these games alone, by key, and asks for the task in these words; empty ones are the game's own sentence. */
  readonly said?: ReadonlyMap<string, string>;
  readonly student: NamedStudent;
  /** Undefined where the memory configuration asks for nothing. */
  readonly memory: MemoryChoice | undefined;
  readonly settings: EpisodeSettings;
  readonly seed: number;
  /** Threads that play; of a server games at once. */
  readonly jobs: number;
  readonly shard: Shard | undefined;
  /** Folder of the run. */
  readonly out: string;
}

/** A game that couldn't be played: its file was refused, or the student failed. */
export interface UnplayedGame {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface Evaluated {
  readonly summary: Summary;
  readonly unplayed: readonly UnplayedGame[];
  /** Games of this shard that are still to be played, since it was stopped. */
  readonly pending: number;
  /** Games of this shard. */
  readonly games: number;
}

/**
 * Plays what the folder doesn't hold yet. Being stopped isn't a refusal.
 * Codes: SPLIT_EMPTY, RUN_OTHER_STUDENT, and those of the folder, the games, the student and the memory.
 */
export async function playEvaluation(
  { games, split, telling, said, student, memory, settings, seed, jobs, shard, out }: Evaluation,
  set: GameSet,
  terminal: Terminal,
): Promise<Result<Evaluated>> {
  const { signal } = terminal;
  const keys = set.ofSplit(split).flatMap(({ key }) => (said === undefined || said.has(key) ? [key] : []));
  if (keys.length === 0) return emptySplit(set, split, games);
  const bank = memory === undefined ? ok('') : await identifyBanks(memory.banks);
  if (!bank.ok) return bank;
  const server = describeServer(student);
  if (!server.ok) return server;
  const who = { student: studentName(student), server: server.value };
  const about = { split, telling, said, ...who, settings, bank: bank.value, seed };
  const run = await describeRun(keys, about, shard);
  const begun = await beginRun(out, run);
  if (!begun.ok) return begun;
  tellMove(begun.value.server?.baseUrl, run.server?.baseUrl, terminal);
  const before = await readTraces(out, run);
  if (!before.ok) return before;
  const mine = shardOf(keys, run.shards[0] ?? { index: 1, count: 1 });
  const traces = new Map([...before.value].filter(([key]) => mine.includes(key)));
  const pending = mine.filter((key) => !traces.has(key));
  const unplayed: UnplayedGame[] = [];
  let started = performance.now();

  const threads = student.name === 'openai' ? Math.min(jobs, SERVER_THREADS) : jobs;
  const lanes = Math.ceil(jobs / threads);
  const refusal = await playInThreads(
    pending,
    threads,
    { games, telling, said, student, memory, settings, seed, program: PROGRAM, lanes },
    {
      ready: (identity) => {
        if (traces.size + unplayed.length === mine.length - pending.length) started = performance.now();
        terminal.progress(progress(traces, mine.length, 0));
        return otherStudent(identity, traces.values(), out);
      },
      waiting: (sentence) => terminal.progress(`${progress(traces, mine.length, 0)}; ${sentence}`),
      async played(key, result) {
        if (result.ok && result.value.end?.end === 'stopped') return undefined;
        const trace = result.ok ? finished(result.value) : result;
        if (trace.ok) {
          const kept = await keepTrace(out, trace.value);
          if (!kept.ok) return kept.error;
          traces.set(key, trace.value);
        } else {
          const { code, message } = trace.error;
          if (meetsAll(code)) return trace.error;
          unplayed.push({ path: key, code, message });
        }
        const count = traces.size - (mine.length - pending.length) + unplayed.length;
        terminal.progress(progress(traces, mine.length, count / (performance.now() - started)));
        return undefined;
      },
    },
    signal,
  );
  if (refusal !== undefined) return { ok: false, error: refusal };
  const summary = await writeReports(out, traces.values());
  if (!summary.ok) return summary;
  const left = mine.length - traces.size - unplayed.length;
  return ok({ summary: summary.value, unplayed, pending: left, games: mine.length });
}

/** A model's own folder is another student, and so is another strength of its adapter. */
function studentName({ name, model, strength }: NamedStudent): string {
  const strong = strength === undefined ? '' : ` at ${strength}`;
  return `${model === undefined ? name : `${name} ${model}`}${strong}`;
}

/** What a run keeps of the server that plays; undefined where none does. Codes: those of {@link openServer}. */
export function describeServer({ name, model, server }: NamedStudent): Result<RunServer | undefined> {
  if (name !== 'openai') return ok(undefined);
  const choice = server ?? DEFAULT_SERVER;
  // Its address is the one that is asked: of the options or the environment, without a password or query.
  const opened = openServer(model, choice);
  return opened.ok ? ok({ baseUrl: opened.value.baseUrl, body: choice.body ?? {} }) : opened;
}

/** What was begun may go on when its server has moved; that it may be another server altogether is worth a word. */
export function tellMove(before: string | undefined, after: string | undefined, terminal: Terminal): void {
  if (before === undefined || after === undefined || before === after) return;
  terminal.note(`This was begun with the server at ${before}, and goes on with the one at ${after}.`);
}

/** Code SPLIT_EMPTY. */
export function emptySplit(set: GameSet, split: string, place: string): Refused {
  const splits = set.splits.join(', ') || 'none';
  return refuse('SPLIT_EMPTY', `The set has no games of the split ${split}; its splits: ${splits}.`, place);
}

/** A trace that counts; else why the student couldn't go on. */
function finished(trace: Trace): Result<Trace> {
  if (isFinished(trace)) return ok(trace);
  const refusal = trace.end?.refusal;
  return refusal === undefined
    ? refuse('EPISODE_UNFINISHED', "The episode wasn't finished.")
    : { ok: false, error: refusal };
}

function progress(traces: ReadonlyMap<string, Trace>, total: number, perMillisecond: number): string {
  let solved = 0;
  for (const { end } of traces.values()) if (end?.end === 'won') solved++;
  const seconds = Math.ceil((total - traces.size) / perMillisecond / 1000);
  const left = Number.isFinite(seconds) ? `, about ${seconds} s left` : '';
  return `${traces.size} of ${total} played, ${solved} solved${left}`;
}
