/**
 * Two runs side by side, by the games that both have played: each game is its own control, so that what differs is the
 * student, its memory and its settings, not the games.
 */
import { bootstrapMean, mean, type PairedCounts, pairedDifference } from '../base/statistics.ts';
import type { EpisodeResult } from './result.ts';

/** Figures of the second run less those of the first, with 95 % intervals. */
interface RunComparison {
  /** Games that both have played. */
  readonly games: number;
  readonly solved: PairedCounts;
  /** Shares from -1 to 1; {@link pairedDifference}. */
  readonly success: Difference;
  /** Mean steps, a lost episode with all its steps; {@link bootstrapMean} over the games. */
  readonly steps: Difference;
}

export interface Difference {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
}

/** Compares by the games that both have; games that only one has are left out. */
export function compareRuns(
  first: readonly EpisodeResult[],
  second: readonly EpisodeResult[],
): RunComparison {
  const known = new Map(first.map((result) => [result.game, result]));
  const pairs = second.flatMap((result) => {
    const before = known.get(result.game);
    return before === undefined ? [] : [[before, result] as const];
  });
  const count = (a: boolean, b: boolean): number =>
    pairs.filter(([one, other]) => one.won === a && other.won === b).length;
  const solved = {
    both: count(true, true),
    first: count(true, false),
    second: count(false, true),
    neither: count(false, false),
  };
  const steps = pairs.map(([one, other]) => other.steps - one.steps);
  const games = pairs.length;
  return {
    games,
    solved,
    success: {
      value: games === 0 ? 0 : (solved.second - solved.first) / games,
      interval: pairedDifference(solved),
    },
    steps: { value: mean(steps), interval: bootstrapMean(steps) },
  };
}

/** Whether an interval leaves out that there is no difference. */
export function isClear({ interval: [low, high] }: Difference): boolean {
  return low > 0 || high < 0;
}
