/**
 * A home gets memories of its own: the scripted teacher solves some tasks in it, and what it did is kept as scripts
 * with their trajectories. Tasks far down the home's list, so that the ones that a person plays stay unseen.
 */
import { playEpisode, prepareEpisode } from '../agent/episode.ts';
import { LivedMemory, memoryOfGame } from '../agent/lived-memory.ts';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import type { Trace } from '../agent/trace.ts';
import { ok, type Result } from '../base/result.ts';
import type { MemoryEntry, Step } from '../memory/entry.ts';
import { HOME_LIMIT } from '../memory/upkeep.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import { extractScript } from '../teacher/script.ts';
import { type Games, homeOf, type LoadedGame } from './games.ts';
import type { Memory } from './memory.ts';

/** Number of the first task that is learnt from. */
const FIRST_TASK = 1000;

export interface Learnt {
  readonly solved: number;
  readonly tried: number;
}

/** Codes: those of the games, the store and the embedder. What was learnt before a stop is kept. */
export async function learnHome(
  games: Games,
  { store, embedder }: Memory,
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
    const entry = await solve(game.value);
    if (!entry.ok) return entry;
    if (entry.value !== undefined) {
      const vectors = await embedder.embed([entry.value.task]);
      if (!vectors.ok) return vectors;
      const [vector] = vectors.value;
      if (vector !== undefined) {
        const written = await store.write(entry.value, vector, embedder.identity);
        if (!written.ok) return written;
        solved++;
      }
    }
    onProgress({ solved, tried });
    // Messages of the page are answered in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return ok({ solved, tried: count });
}

/** A memory of the game; undefined where the teacher lost it. */
async function solve({ card, world }: LoadedGame): Promise<Result<MemoryEntry | undefined>> {
  const student = createScriptedStudent(() => 0);
  const prepared = await prepareEpisode({
    world,
    game: { key: card.key, sha256: '', taskType: card.taskType },
    player: student,
    settings: { ...DEFAULT_SETTINGS, memory: 'none' },
    recall: undefined,
    seed: '0',
    program: 'duomem',
  });
  if (!prepared.ok) return prepared;
  const steps: Step[] = [];
  let won = false;
  for await (const record of playEpisode(prepared.value, student.open())) {
    if (record.kind === 'end') won = record.end === 'won';
    else steps.push({ thought: record.thought, action: record.action, observation: record.observation });
  }
  return ok(won ? memoryOf(card, world.intro, steps, 'teacher', 'scripted') : undefined);
}

/**
 * Keeps a won episode as a memory, and the older memories of its home fit (src/memory/upkeep.ts). What a person
 * showed or wrote is theirs: it neither ages nor makes way. Codes: those of the store and the embedder.
 */
export async function keepEpisode(
  { header, steps }: Trace,
  { store, embedder }: Memory,
): Promise<Result<true>> {
  const { key, taskType } = header.game;
  // Scripts are asked for by their writer: those of a student's episodes are written by the teacher's rules too.
  const maker = header.student.kind === 'human' ? 'person' : 'teacher';
  const card = { key, task: header.task, taskType };
  const entry = memoryOf(card, header.intro, steps, maker, header.student.name);
  const own = entry.home === undefined ? ok([]) : await store.lived(entry.home);
  if (!own.ok) return own;
  return new LivedMemory(store, embedder, HOME_LIMIT, own.value).learn(entry);
}

/** What is kept of a solved episode. */
function memoryOf(
  { key, task, taskType }: Pick<LoadedGame['card'], 'key' | 'task' | 'taskType'>,
  intro: string,
  steps: readonly Step[],
  maker: MemoryEntry['provenance']['maker'],
  name: string,
): MemoryEntry {
  const home = homeOf(key);
  const script = extractScript({ task, ...(home === undefined ? {} : { home }), intro, steps });
  return memoryOfGame({ key, task, taskType, home }, { intro, steps }, script, { maker, name });
}
