/** A thread of `duomem eval`: opens the games, the student and the memory itself, gets keys, gives traces back. */
import { parentPort, workerData } from 'node:worker_threads';
import type { EpisodeSettings } from '../agent/settings.ts';
import type { StudentIdentity, Trace } from '../agent/trace.ts';
import { playGame } from '../bench/play-game.ts';
import { ok, type Refusal, type Result, refuse } from '../engine/result.ts';
import { openGames } from './open-games.ts';
import { type MemoryChoice, openRecall } from './open-recall.ts';
import { openStudent, type StudentChoice } from './open-student.ts';

export interface EvalThreadData {
  readonly games: string;
  readonly student: StudentChoice;
  /** Absent where the memory configuration asks for nothing. */
  readonly memory?: MemoryChoice | undefined;
  readonly settings: EpisodeSettings;
  readonly seed: number;
  readonly program: string;
}

/** From the thread: it is ready, or can't be; then what became of each game. */
export type EvalAnswer =
  | { readonly kind: 'ready'; readonly student: StudentIdentity }
  | { readonly kind: 'unable'; readonly refusal: Refusal }
  | { readonly kind: 'played'; readonly key: string; readonly result: Result<Trace> };

type Play = (key: string) => Promise<Result<Trace>>;

async function prepare(): Promise<Result<{ readonly student: StudentIdentity; readonly play: Play }>> {
  const { games, student: choice, memory, settings, seed, program } = workerData as EvalThreadData;
  const set = await openGames(games);
  if (!set.ok) return set;
  const student = await openStudent(choice);
  if (!student.ok) return student;
  const recall = memory === undefined ? ok(undefined) : await openRecall(memory);
  if (!recall.ok) return recall;
  const listings = new Map(set.value.games.map((game) => [game.key, game]));
  const options = { student: student.value, settings, recall: recall.value, seed, program };
  return ok({
    student: student.value.identity,
    play: async (key) => {
      const listing = listings.get(key);
      if (listing === undefined) return refuse('GAME_UNKNOWN', 'The set has no such game any more.', key);
      const text = await set.value.read(key);
      return text.ok ? playGame({ key, taskType: listing.taskType, text: text.value }, options) : text;
    },
  });
}

const answer = (message: EvalAnswer): void => parentPort?.postMessage(message);
const ready = await prepare();
if (ready.ok) {
  const { student, play } = ready.value;
  parentPort?.on('message', async (key: string) => answer({ kind: 'played', key, result: await play(key) }));
  answer({ kind: 'ready', student });
} else {
  answer({ kind: 'unable', refusal: ready.error });
}
