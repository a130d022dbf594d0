/** Plays a trace again in the game that it names: what `duomem replay-trace` does, and `eval --merge` before it counts one. */
import { replayTrace, type TraceMismatch } from '../../agent/replay.ts';
import type { Trace } from '../../agent/trace.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { sha256Text } from '../../base/sha256.ts';
import type { GameSet } from '../../engine/import/index.ts';
import { parseGame } from '../../engine/index.ts';
import { gameText } from '../files/trace-files.ts';

type TraceDifference = TraceMismatch | { readonly what: 'game file' };

/**
 * Every difference between a trace and its replay. Codes: GAME_MISSING, those of the set's reading and of parseGame.
 * @param set where games are looked for; those of homes of our own are made again without
 */
export async function checkTrace(trace: Trace, set: GameSet | undefined): Promise<Result<TraceDifference[]>> {
  const { sha256 } = trace.header.game;
  const text = await gameText(trace, set);
  if (!text.ok) return text;
  const world = parseGame(text.value);
  if (!world.ok) return world;
  const mismatches = replayTrace(trace, world.value);
  return ok(sha256Text(text.value) === sha256 ? mismatches : [{ what: 'game file' }, ...mismatches]);
}

export function describeDifference(file: string, difference: TraceDifference): string {
  if (difference.what === 'game file') return `${file}: the game file isn't the one that was played`;
  const { step, what, recorded, replayed } = difference;
  return `${file}, step ${step}, ${what}\n  - ${JSON.stringify(recorded)}\n  + ${JSON.stringify(replayed)}`;
}
