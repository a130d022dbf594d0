/**
 * Playing the tasks of a home one after the other, as a household is lived in, with memories that come from the tasks
 * before. Two ways:
 *
 * - the student learns while it lives: every task that it solves becomes a memory of its own;
 * - after M tasks: a teacher has solved the tasks before, and the student plays one task with the memories of the M
 *   tasks just before it. The tasks that are played are the same for every M.
 */
import { LivedMemory, memoryOfGame, trajectoryOf } from '../agent/lived-memory.ts';
import { DEFAULT_SETTINGS, type EpisodeSettings } from '../agent/settings.ts';
import { isFinished, type Trace, toldTask } from '../agent/trace.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { homeId, parseHomeKey } from '../homes/index.ts';
import type { Embedder } from '../memory/embedder.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { Student } from '../students/student.ts';
import type { ScriptExtractor } from '../teacher/script.ts';
import { type GameToPlay, playGame } from './play-game.ts';

/** A home's tasks in their order. */
export interface Life {
  readonly home: string;
  readonly tasks: readonly { readonly key: string; readonly index: number }[];
}

/** The homes among the games, in the order of their names. Games that are of no home are left out. */
export function livesOf(keys: readonly string[]): Life[] {
  const homes = new Map<string, { key: string; index: number }[]>();
  for (const key of keys) {
    const made = parseHomeKey(key);
    if (made === undefined) continue;
    const id = homeId(made);
    const tasks = homes.get(id) ?? [];
    tasks.push({ key, index: made.index });
    homes.set(id, tasks);
  }
  return [...homes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([home, tasks]) => ({ home, tasks: tasks.sort((a, b) => a.index - b.index) }));
}

/** Where a life's memories come from. */
export type Lessons =
  | { readonly kind: 'none' }
  /** From the student's own solved tasks; `extractor` writes the scripts. */
  | { readonly kind: 'own'; readonly extractor: ScriptExtractor; readonly limit: number }
  /** From a teacher, who solved the `count` tasks before each; only tasks from index `from` on are played. */
  | {
      readonly kind: 'earlier';
      readonly teacher: Student;
      readonly extractor: ScriptExtractor;
      readonly count: number;
      readonly from: number;
    };

export interface LifeOptions {
  readonly student: Student;
  readonly settings: EpisodeSettings;
  readonly seed: number;
  readonly program: string;
  readonly lessons: Lessons;
  /** A fresh store with what is known beside the home's own memories; undefined for no memory at all. */
  readonly openStore: (() => Promise<Result<MemoryStore>>) | undefined;
  readonly embedder: Embedder | undefined;
  /** Reads a game. */
  readonly read: (key: string) => Promise<Result<GameToPlay>>;
  /** What was played already, by key: it is learnt from, not played again. */
  readonly known: ReadonlyMap<string, Trace>;
  readonly signal: AbortSignal;
}

/** Lives one life; gives each trace that the student played, in the order of the tasks. Ends early when stopped, and with a refusal where the student can't go on. */
export async function* live(life: Life, options: LifeOptions): AsyncGenerator<Result<Trace>> {
  const { lessons, openStore, embedder, known, signal } = options;
  const store = openStore === undefined || lessons.kind === 'none' ? undefined : await openStore();
  if (store !== undefined && !store.ok) return yield store;
  const memory =
    store === undefined || embedder === undefined
      ? undefined
      : new LivedMemory(store.value, embedder, lessons.kind === 'own' ? lessons.limit : undefined);
  try {
    for (const { key, index } of life.tasks) {
      if (signal.aborted) return;
      const game = await options.read(key);
      if (!game.ok) return yield game;
      if (lessons.kind !== 'earlier' || index >= lessons.from) {
        if (memory !== undefined && lessons.kind === 'earlier') await keepOnly(memory, index - lessons.count);
        const before = known.get(key);
        const result =
          before === undefined ? await play(game.value, options, options.student, memory) : ok(before);
        if (result.ok && !isFinished(result.value)) {
          const refusal = result.value.end?.refusal;
          // Without one it was stopped; with one the student can't go on.
          if (refusal !== undefined) yield { ok: false, error: refusal };
          return;
        }
        if (before === undefined) yield result;
        if (!result.ok) return;
        if (lessons.kind === 'own' && memory !== undefined) {
          const learnt = await learn(memory, result.value, lessons.extractor, 'student');
          if (!learnt.ok) return yield learnt;
        }
      }
      if (lessons.kind === 'earlier' && memory !== undefined && lessons.count > 0) {
        const taught = await play(game.value, { ...options, settings: TEACHING }, lessons.teacher, memory);
        if (!taught.ok) return yield taught;
        const learnt = await learn(memory, taught.value, lessons.extractor, 'teacher');
        if (!learnt.ok) return yield learnt;
      }
    }
  } finally {
    if (store?.ok) store.value.close();
  }
}

/** The teacher lives there too: it reads its own earlier scripts. */
const TEACHING: EpisodeSettings = { ...DEFAULT_SETTINGS, memory: 'script', k: 20 };

async function play(
  game: GameToPlay,
  { settings, seed, program, signal }: LifeOptions,
  student: Student,
  memory: LivedMemory | undefined,
): Promise<Result<Trace>> {
  const recall = memory === undefined ? ok(undefined) : await memory.recall();
  if (!recall.ok) return recall;
  return playGame(game, {
    student,
    settings: memory === undefined ? { ...settings, memory: 'none' } : settings,
    recall: recall.value,
    seed,
    program,
    signal,
  });
}

/** A solved task becomes a memory, of a lost one is kept where one looked; an extractor that writes nothing of use leaves none. */
async function learn(
  memory: LivedMemory,
  trace: Trace,
  extractor: ScriptExtractor,
  player: 'student' | 'teacher',
): Promise<Result<true>> {
  const { end, header } = trace;
  const { key, taskType, home } = header.game;
  const trajectory = trajectoryOf(trace);
  if (end?.end !== 'won') {
    if (home !== undefined) memory.keepLost({ key, home, trajectory });
    return ok(true);
  }
  const placed = home === undefined ? {} : { home };
  const script = await extractor.extract({ task: toldTask(header), ...placed, ...trajectory });
  if (!script.ok) return script.error.code.startsWith('SCRIPT_') ? ok(true) : script;
  // Scripts are asked for by their writer: a student's trajectory with a script by the teacher's rules is the teacher's.
  const maker = extractor.name === 'scripted' ? 'teacher' : 'student';
  const name = player === 'teacher' ? extractor.name : `lived ${extractor.name}`;
  const played = { key, task: toldTask(header), taskType, home };
  return memory.learn(memoryOfGame(played, trajectory, script.value, { maker, name }));
}

/** Forgets what was learnt in tasks before the one with this index. */
async function keepOnly(memory: LivedMemory, first: number): Promise<void> {
  memory.forgetLost((key) => (parseHomeKey(key)?.index ?? first) < first);
  for (const { id, provenance } of memory.own) {
    const index = parseHomeKey(provenance.game)?.index;
    if (index !== undefined && index < first) await memory.forget(id);
  }
}

/** Figures of one place in the order of tasks, over the homes. */
export interface TaskFigures {
  /** From 1. */
  readonly task: number;
  readonly episodes: number;
  readonly solved: number;
  readonly meanSteps: number;
}

/** Figures of one home. */
export interface HomeFigures {
  readonly home: string;
  readonly episodes: number;
  readonly solved: number;
  readonly steps: number;
}

/** Figures of each home, in the order of their names. */
export function byHome(traces: Iterable<Trace>): HomeFigures[] {
  const all = new Map([...traces].map((trace) => [trace.header.game.key, trace]));
  return livesOf([...all.keys()]).map(({ home, tasks }) => {
    const played = tasks.map(({ key }) => all.get(key) as Trace);
    return {
      home,
      episodes: played.length,
      solved: played.filter(({ end }) => end?.end === 'won').length,
      steps: played.reduce((sum, { steps }) => sum + steps.length, 0),
    };
  });
}

/** Steps over the number of the task. Code NO_HOMES where none of the games is of a home. */
export function byTask(traces: Iterable<Trace>): Result<TaskFigures[]> {
  const figures = new Map<number, { episodes: number; solved: number; steps: number }>();
  for (const { header, steps, end } of traces) {
    const index = parseHomeKey(header.game.key)?.index;
    if (index === undefined) continue;
    const at = figures.get(index) ?? { episodes: 0, solved: 0, steps: 0 };
    at.episodes++;
    at.solved += end?.end === 'won' ? 1 : 0;
    at.steps += steps.length;
    figures.set(index, at);
  }
  if (figures.size === 0) return refuse('NO_HOMES', 'None of the games is of a generated home.');
  return ok(
    [...figures]
      .sort(([a], [b]) => a - b)
      .map(([index, { episodes, solved, steps }]) => ({
        task: index + 1,
        episodes,
        solved,
        meanSteps: steps / episodes,
      })),
  );
}
