/** A thread of `duomem eval`: opens the games, the student and the memory itself, gets keys, gives traces back. */

import { parentPort, workerData } from 'node:worker_threads';
import type { EpisodeSettings } from '../../agent/settings.ts';
import type { StudentIdentity, Trace } from '../../agent/trace.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { Telling } from '../../engine/import/index.ts';
import { playGame } from '../../eval/play-game.ts';
import { openGames } from '../files/open-games.ts';
import { type MemoryChoice, openRecall } from '../students/open-recall.ts';
import { type NamedStudent, openNamedStudent } from '../students/open-student.ts';

export interface EvalThreadData {
  readonly games: string;
  readonly telling: Telling;
  /** Words for the tasks of games, by key. */
  readonly said?: ReadonlyMap<string, string> | undefined;
  readonly student: NamedStudent;
  /** Absent where the memory configuration asks for nothing. */
  readonly memory?: MemoryChoice | undefined;
  readonly settings: EpisodeSettings;
  readonly seed: number;
  readonly program: string;
  /** Games that the thread plays at once: more than one where it waits for a server. */
  readonly lanes: number;
}

/** To the thread: a game to play, or to end: stop what is being played, free everything. */
export type EvalOrder = { readonly kind: 'play'; readonly key: string } | { readonly kind: 'close' };

/** From the thread: it is ready, or can't be; then what it waits for, and what became of each game. */
export type EvalAnswer =
  | { readonly kind: 'ready'; readonly student: StudentIdentity }
  | { readonly kind: 'unable'; readonly refusal: Refusal }
  | { readonly kind: 'waiting'; readonly sentence: string }
  | { readonly kind: 'played'; readonly key: string; readonly result: Result<Trace> };

interface Player {
  readonly student: StudentIdentity;
  play(key: string, signal: AbortSignal): Promise<Result<Trace>>;
  close(): Promise<void>;
}

function answer(message: EvalAnswer): void {
  parentPort?.postMessage(message);
}

async function prepare(): Promise<Result<Player>> {
  const {
    games,
    telling,
    said,
    student: choice,
    memory,
    settings,
    seed,
    program,
  } = workerData as EvalThreadData;
  const set = await openGames(games, telling);
  if (!set.ok) return set;
  const student = await openNamedStudent(choice, (sentence) => answer({ kind: 'waiting', sentence }));
  if (!student.ok) return student;
  const recall = memory === undefined ? ok(undefined) : await openRecall(memory);
  if (!recall.ok) return recall;
  const listings = new Map(set.value.games.map((game) => [game.key, game]));
  const options = { student: student.value, settings, recall: recall.value, seed, program };
  return ok({
    student: student.value.identity,
    async play(key, signal) {
      const listing = listings.get(key);
      if (listing === undefined)
        return refuse('GAME_UNKNOWN', "The set doesn't have this game any more.", key);
      const words = said?.get(key);
      const own = words === undefined || words === '' ? {} : { words };
      const text = await set.value.read(key, undefined, { ...telling, ...own });
      if (!text.ok) return text;
      return playGame({ key, taskType: listing.taskType, text: text.value, ...own }, { ...options, signal });
    },
    async close() {
      await student.value.dispose();
      await set.value.close();
    },
  });
}

const stop = new AbortController();
const player = await prepare();
const playing = new Set<Promise<void>>();

async function play(key: string): Promise<void> {
  if (!player.ok) return;
  const result = await player.value.play(key, stop.signal);
  answer({ kind: 'played', key, result });
}

/** A thread that is ended from outside while ONNX Runtime computes takes the whole process with it. */
async function close(): Promise<void> {
  stop.abort();
  await Promise.all(playing);
  if (player.ok) await player.value.close();
  parentPort?.close();
}

parentPort?.on('message', (order: EvalOrder) => {
  if (order.kind === 'close') void close();
  else {
    const game = play(order.key).finally(() => playing.delete(game));
    playing.add(game);
  }
});
answer(
  player.ok ? { kind: 'ready', student: player.value.student } : { kind: 'unable', refusal: player.error },
);
