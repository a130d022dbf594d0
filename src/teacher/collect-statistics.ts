/** The figures of the paper's appendix A over a collection: solved at which try, cumulative rate, steps. */
import { round } from '../base/statistics.ts';
import type { Collected } from './trajectory.ts';

export interface TaskTypeFigures {
  readonly tasks: number;
  readonly solved: number;
  readonly successRate: number;
  /** Of the first successful try; 0 where none was. */
  readonly meanSteps: number;
}

export interface CollectFigures extends TaskTypeFigures {
  /** Games first solved at try 1, 2, ... */
  readonly solvedAtTry: readonly number[];
  /** Share of games solved by try 1, 2, ... */
  readonly cumulativeRate: readonly number[];
  /** Different successes, of all games together. */
  readonly trajectories: number;
  readonly maxSteps: number;
  /** At the first try: share won, and mean steps, lost tries counted with all their steps. */
  readonly firstTry: { readonly successRate: number; readonly meanSteps: number };
  readonly byTaskType: Readonly<Record<string, TaskTypeFigures>>;
}

/**
 * Figures of all games.
 * @param tries how many there were at most
 * @param trajectories how many were kept
 * Rates are in [0, 1], rounded to 4 digits, steps to 3.
 */
export function collectFigures(
  collected: readonly Collected[],
  tries: number,
  trajectories: number,
): CollectFigures {
  const solvedAtTry = new Array<number>(tries).fill(0);
  let longest = 0;
  let firstWon = 0;
  let firstSteps = 0;
  const types = new Map<string, Collected[]>();
  for (const game of collected) {
    const at = game.tries.findIndex((one) => one.won);
    if (at >= 0) {
      solvedAtTry[at] = (solvedAtTry[at] ?? 0) + 1;
      longest = Math.max(longest, game.tries[at]?.steps ?? 0);
    }
    if (at === 0) firstWon++;
    firstSteps += game.tries[0]?.steps ?? 0;
    types.set(game.taskType, [...(types.get(game.taskType) ?? []), game]);
  }
  const total = Math.max(collected.length, 1);
  let sum = 0;
  const cumulativeRate = solvedAtTry.map((count) => {
    sum += count;
    return round(sum / total, 4);
  });
  const names = [...types.keys()].sort();
  return {
    ...figuresOf(collected),
    solvedAtTry,
    cumulativeRate,
    trajectories,
    maxSteps: longest,
    firstTry: { successRate: round(firstWon / total, 4), meanSteps: round(firstSteps / total, 3) },
    byTaskType: Object.fromEntries(names.map((name) => [name, figuresOf(types.get(name) ?? [])])),
  };
}

function figuresOf(games: readonly Collected[]): TaskTypeFigures {
  let solved = 0;
  let steps = 0;
  for (const { tries } of games) {
    const success = tries.find((one) => one.won);
    if (success === undefined) continue;
    solved++;
    steps += success.steps;
  }
  return {
    tasks: games.length,
    solved,
    successRate: round(solved / Math.max(games.length, 1), 4),
    meanSteps: round(steps / Math.max(solved, 1), 3),
  };
}
