/**
 * Plays games of a set by the scripted teacher, game by game: what each worker thread of `duomem collect` does. A game
 * comes back as the lines that its trajectories and its record make in the file, so that threads pass only text.
 */

import { ok, type Result } from '../../base/result.ts';
import type { GameListing, GameSet } from '../../engine/import/index.ts';
import { parseGame } from '../../engine/index.ts';
import { memoryHome } from '../../homes/index.ts';
import { type CollectOptions, collectGame } from '../../teacher/collect.ts';
import { scriptedTeacher } from '../../teacher/scripted.ts';
import { type Collected, formatTrajectoryRecord } from '../../teacher/trajectory.ts';

/** A game played: the lines for the file, and its record for the statistics. */
export interface CollectedGame {
  readonly lines: string;
  /** How many trajectories are among them. */
  readonly trajectories: number;
  readonly collected: Collected;
}

/** Plays one game of the set. Codes: those of the set's reading, of parseGame and of the teacher. */
export async function collectListed(
  set: GameSet,
  game: GameListing,
  options: CollectOptions,
): Promise<Result<CollectedGame>> {
  const text = await set.read(game.key);
  if (!text.ok) return text;
  const world = parseGame(text.value);
  if (!world.ok) return world;
  const { key, taskType } = game;
  const played = { key, taskType, ...memoryHome(key), world: world.value };
  const result = await collectGame(scriptedTeacher, played, options);
  if (!result.ok) return result;
  const { trajectories, collected } = result.value;
  const lines = [...trajectories, collected].map(formatTrajectoryRecord).join('');
  return ok({ lines, trajectories: trajectories.length, collected });
}
