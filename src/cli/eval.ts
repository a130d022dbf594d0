/** `duomem eval`: plays every game of a split once with a student and says how often and how fast it succeeds. */
import { availableParallelism } from 'node:os';
import { MEMORY_CONFIGURATIONS } from '../agent/prompt.ts';
import { DEFAULT_SETTINGS, type EpisodeSettings, SCRIPT_SOURCES } from '../agent/settings.ts';
import type { StudentIdentity, Trace } from '../agent/trace.ts';
import { isFinished } from '../agent/trace.ts';
import { describeRun, shardOf } from '../bench/run.ts';
import type { GameSet } from '../engine/import/index.ts';
import { ok, type Refusal, type Result, refuse } from '../engine/result.ts';
import { defineSubcommand, oneOf, type Shard, shard, wholeNumber } from './command.ts';
import { playInThreads } from './eval-pool.ts';
import { mergeRuns } from './merge-runs.ts';
import { openGames } from './open-games.ts';
import { BANK_FILE, identifyBanks, type MemoryChoice } from './open-recall.ts';
import { STUDENTS, type StudentChoice } from './open-student.ts';
import { badInput, done, failed, interrupted, type Outcome, wrongUsage } from './outcome.ts';
import { beginRun, keepTrace, readTraces, writeReports } from './run-folder.ts';
import type { Terminal } from './terminal.ts';
import { PROGRAM } from './version.ts';

/** The paper's input strategies by name. */
const HISTORIES = { full: 'full', 'last-5': 5, latest: 1 } as const;

interface Settings {
  readonly games: string;
  readonly split: string;
  readonly student: StudentChoice;
  readonly memory: MemoryChoice | undefined;
  readonly settings: EpisodeSettings;
  readonly seed: number;
  readonly jobs: number;
  readonly shard: Shard | undefined;
  readonly out: string;
}

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .option('--games <path>', 'folder or zip of games')
      .option('--split <name>', 'which split of it, such as valid_seen')
      .requiredOption('--out <dir>', 'folder of the run; an interrupted run goes on where it stopped')
      .option('--student <name>', `who plays: ${STUDENTS.join(', ')}`, oneOf(...STUDENTS), 'pocket' as const)
      .option(
        '--memory <kind>',
        MEMORY_CONFIGURATIONS.join(', '),
        oneOf(...MEMORY_CONFIGURATIONS),
        'memp' as const,
      )
      .option(
        '--scripts <whose>',
        'whose scripts: teacher, student',
        oneOf(...SCRIPT_SOURCES),
        'teacher' as const,
      )
      .option('--k <n>', 'how many scripts', wholeNumber(0, 100), DEFAULT_SETTINGS.k)
      .option('--max-steps <n>', 'actions an episode', wholeNumber(1, 1000), DEFAULT_SETTINGS.maxSteps)
      .option(
        '--history <which>',
        'turns the student sees: full, last-5, latest',
        oneOf('full', 'last-5', 'latest'),
        'full' as const,
      )
      .option('--model <dir>', "folder of the student's files, for pocket; otherwise the one that ships")
      .option('--bank <file...>', 'memory banks; otherwise the one that ships')
      .option('--embedder <dir>', 'embedding model of the banks; otherwise the one that ships')
      .option('--seed <n>', 'for students that choose by chance', wholeNumber(0), 0)
      .option('--shard <i/n>', 'play only every n-th game, from the i-th on', shard)
      .option('--jobs <n>', 'threads that play', wholeNumber(1, 256), availableParallelism())
      .option('--merge <dir...>', 'play nothing: put the shards of one run together in --out')
      .addHelpText(
        'after',
        `
Writes into the folder: run.json, traces/<split>/<task>/<trial>.jsonl, summary.json, failures.md (lost episodes by
cause). Result: {"episodes","solved","successRate","successInterval","meanSteps","nothingHappensRate",
"secondsPerTask","byTaskType"}; intervals are 95 %, Wilson; a lost episode counts with all its steps.`,
      ),
  run: async (options, terminal) => {
    const { games, split, out, merge, history, maxSteps, memory, k, scripts, student, seed, jobs } = options;
    if (merge !== undefined) return merged(merge, out);
    if (games === undefined || split === undefined)
      return wrongUsage('Give --games and --split, or --merge.');
    const settings: EpisodeSettings = {
      ...DEFAULT_SETTINGS,
      maxSteps,
      memory,
      k,
      scripts,
      history: HISTORIES[history],
    };
    const set = await openGames(games);
    if (!set.ok) return badInput(set.error);
    try {
      const asks = memory !== 'none' && !(memory === 'script' && k === 0);
      const { model, bank = [BANK_FILE], embedder, shard } = options;
      const all: Settings = {
        games,
        split,
        student: { name: student, model },
        memory: asks ? { banks: bank, embedder } : undefined,
        settings,
        seed,
        jobs,
        shard,
        out,
      };
      return await evaluate(all, set.value, terminal);
    } finally {
      await set.value.close();
    }
  },
});

async function merged(folders: readonly string[], out: string): Promise<Outcome> {
  const summary = await mergeRuns(folders, out);
  return summary.ok ? done(summary.value) : badInput(summary.error);
}

async function evaluate(options: Settings, set: GameSet, terminal: Terminal): Promise<Outcome> {
  const { games, split, student, memory, settings, seed, jobs, shard, out } = options;
  const { signal } = terminal;
  const keys = set.ofSplit(split).map((game) => game.key);
  if (keys.length === 0) return badInput(emptySplit(set, split, games));
  const bank = memory === undefined ? ok('') : await identifyBanks(memory.banks);
  if (!bank.ok) return badInput(bank.error);
  const about = { split, student: studentName(student), settings, bank: bank.value, seed };
  const run = await describeRun(keys, about, shard);
  const begun = await beginRun(out, run);
  if (!begun.ok) return badInput(begun.error);
  const before = await readTraces(out);
  if (!before.ok) return badInput(before.error);
  const mine = shardOf(keys, run.shards[0] ?? { index: 1, count: 1 });
  const traces = new Map([...before.value].filter(([key]) => mine.includes(key)));
  const pending = mine.filter((key) => !traces.has(key));
  const refused: { path: string; code: string; message: string }[] = [];
  let started = performance.now();

  const refusal = await playInThreads(
    pending,
    jobs,
    { games, student, memory, settings, seed, program: PROGRAM },
    {
      ready: (identity) => {
        if (traces.size + refused.length === mine.length - pending.length) started = performance.now();
        terminal.progress(progress(traces, mine.length, 0));
        return otherStudent(identity, traces.values(), out);
      },
      async played(key, result) {
        const trace = result.ok ? finished(result.value) : result;
        if (trace.ok) {
          const kept = await keepTrace(out, trace.value);
          if (!kept.ok) return kept.error;
          traces.set(key, trace.value);
        } else {
          const { code, message } = trace.error;
          refused.push({ path: key, code, message });
        }
        const count = traces.size - (mine.length - pending.length) + refused.length;
        terminal.progress(progress(traces, mine.length, count / (performance.now() - started)));
        return undefined;
      },
    },
    signal,
  );
  if (refusal !== undefined) return badInput(refusal);
  const summary = await writeReports(out, traces.values());
  if (!summary.ok) return badInput(summary.error);
  const result = refused.length === 0 ? summary.value : { ...summary.value, refused };
  if (signal.aborted && traces.size < mine.length) {
    return interrupted('Stopped; the same command goes on from here.', result);
  }
  const [first] = refused;
  if (first === undefined) return done(result);
  const message = `${refused.length} of ${mine.length} games could not be played; ${first.path}: ${first.message}`;
  return failed(message, result);
}

/** A model's own folder is another student. */
function studentName({ name, model }: StudentChoice): string {
  return model === undefined ? name : `${name} ${model}`;
}

function emptySplit(set: GameSet, split: string, place: string): Refusal {
  const splits = set.splits.join(', ') || 'none';
  return {
    code: 'SPLIT_EMPTY',
    message: `The set has no games of the split ${split}; its splits: ${splits}.`,
    place,
  };
}

/** Traces of another student (other weights) must not be mixed with what is played now. */
function otherStudent(now: StudentIdentity, traces: Iterable<Trace>, out: string): Refusal | undefined {
  for (const { header } of traces) {
    const { kind, name, weights } = header.student;
    if (kind === now.kind && name === now.name && weights === now.weights) continue;
    const message = `The folder holds traces of the student ${name} (${weights ?? 'no weights'}), not of ${now.name} (${now.weights ?? 'no weights'}); name another one.`;
    return { code: 'RUN_OTHER_STUDENT', message, place: out };
  }
  return undefined;
}

/** A trace that counts; else why the student could not go on. */
function finished(trace: Trace): Result<Trace> {
  if (isFinished(trace)) return ok(trace);
  const refusal = trace.end?.refusal;
  return refusal === undefined
    ? refuse('EPISODE_UNFINISHED', 'The episode was not finished.')
    : { ok: false, error: refusal };
}

function progress(traces: ReadonlyMap<string, Trace>, total: number, perMillisecond: number): string {
  let solved = 0;
  for (const { end } of traces.values()) if (end?.end === 'won') solved++;
  const seconds = Math.ceil((total - traces.size) / perMillisecond / 1000);
  const left = Number.isFinite(seconds) ? `, about ${seconds} s left` : '';
  return `${traces.size} of ${total} played, ${solved} solved${left}`;
}
