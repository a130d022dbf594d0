/** A thread of `duomem collect`: opens the set itself, gets keys, gives back what {@link collectListed} made of them. */

import { parentPort, workerData } from 'node:worker_threads';
import { type Refusal, type Result, refuse } from '../../base/result.ts';
import type { Telling } from '../../engine/import/index.ts';
import type { CollectOptions } from '../../teacher/collect.ts';
import { readChores } from '../files/chores-file.ts';
import { openGames } from '../files/open-games.ts';
import { type CollectedGame, collectListed } from './collect-games.ts';

export interface CollectWorkerData {
  readonly games: string;
  readonly telling: Telling;
  readonly options: CollectOptions;
}

/** From the thread: what became of a game, or why the set can't be opened (no key). */
export type CollectAnswer =
  | { readonly key: string; readonly result: Result<CollectedGame> }
  | { readonly key: undefined; readonly error: Refusal };

const { games, telling, options } = workerData as CollectWorkerData;
const set = await openGames(games, telling);
const chores = await readChores(games);
const listings = new Map(set.ok ? set.value.games.map((game) => [game.key, game]) : []);

parentPort?.on('message', async (key: string) => {
  if (!set.ok) return answer({ key: undefined, error: set.error });
  if (!chores.ok) return answer({ key: undefined, error: chores.error });
  const instructions = chores.value;
  const game = listings.get(key);
  const result = game
    ? await collectListed(set.value, game, { ...options, instructions })
    : refuse('GAME_UNKNOWN', "The set doesn't have this game any more.", key);
  answer({ key, result });
});

function answer(message: CollectAnswer): void {
  parentPort?.postMessage(message);
}
