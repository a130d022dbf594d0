/**
 * A home gets memories of its own: the scripted teacher solves some tasks in it, and what it did is kept as scripts
 * with their trajectories. Tasks far down the home's list, so that the ones that a person plays stay unseen.
 */
import { LivedMemory } from '../agent/lived-memory.ts';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { type Trace, toldIntro, toldTask } from '../agent/trace.ts';
import { ok, type Result } from '../base/result.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import { HOME_LIMIT } from '../memory/upkeep.ts';
import type { Games } from './games.ts';
import { memoryOfLesson, showGame } from './lessons.ts';
import type { Memory } from './memory.ts';

/** Number of the first task that is learnt from. */
const FIRST_TASK = 1000;

interface Learnt {
  readonly solved: number;
  readonly tried: number;
}

/** Codes: those of the games, the teacher, the store and the embedder. What was learnt before a stop is kept. */
export async function learnHome(
  games: Games,
  memory: Memory,
  home: number,
  count: number,
  onProgress: (learnt: Learnt) => void,
  signal: AbortSignal,
): Promise<Result<Learnt>> {
  let solved = 0;
  for (let tried = 1; tried <= count; tried++) {
    if (signal.aborted) return ok({ solved, tried: tried - 1 });
    const game = await games.load({ kind: 'home', home, task: FIRST_TASK + tried - 1 });
    if (!game.ok) return game;
    const shown = await showGame(game.value, { tries: 1, maxSteps: DEFAULT_SETTINGS.maxSteps });
    if (!shown.ok) return shown;
    if (shown.value !== undefined) {
      const learnt = await keepFit(memory, memoryOfLesson(shown.value));
      if (!learnt.ok) return learnt;
      solved++;
    }
    onProgress({ solved, tried });
    // Messages of the page are answered in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return ok({ solved, tried: count });
}

/** Keeps a won episode as a memory. Codes: those of the store and the embedder. */
export function learnEpisode({ header, steps }: Trace, memory: Memory): Promise<Result<true>> {
  const { key, taskType } = header.game;
  // Scripts are asked for by their writer: those of a student's episodes are written by the teacher's rules too.
  const maker = header.student.kind === 'human' ? 'person' : 'teacher';
  const lesson = { key, task: toldTask(header), taskType, intro: toldIntro(header), steps };
  return keepFit(memory, memoryOfLesson(lesson, { maker, name: header.student.name }));
}

/**
 * Adds a memory, and keeps the older ones of its home fit (src/memory/upkeep.ts). What a person showed or wrote is
 * theirs: it neither ages nor makes way.
 */
async function keepFit({ store, embedder }: Memory, entry: MemoryEntry): Promise<Result<true>> {
  const own = entry.home === undefined ? ok([]) : await store.lived(entry.home);
  if (!own.ok) return own;
  return new LivedMemory(store, embedder, HOME_LIMIT, own.value).learn(entry);
}
