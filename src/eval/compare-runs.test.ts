import { expect, test } from 'vitest';
import { compareRuns, isClear } from './compare-runs.ts';
import type { EpisodeResult } from './result.ts';

function result(game: string, won: boolean, steps: number): EpisodeResult {
  const counters = { prefilled: 0, reused: 0, decoded: 0, firstContext: 0, lastContext: 0, shortened: 0 };
  return { game, taskType: 'pick', won, steps, nothingHappens: 0, outcomes: {}, seconds: 1, ...counters };
}

test('runs are compared by the games that both have played', () => {
  const first = [result('a', true, 20), result('b', false, 30), result('c', true, 10), result('x', true, 1)];
  const second = [result('c', true, 4), result('b', true, 15), result('y', false, 30), result('a', true, 8)];
  const { games, solved, success, steps } = compareRuns(first, second);
  expect({ games, solved }).toEqual({ games: 3, solved: { both: 2, first: 0, second: 1, neither: 0 } });
  expect(success.value).toBeCloseTo(1 / 3);
  expect(steps.value).toBe(-11);
  expect(steps.interval[0]).toBeGreaterThanOrEqual(-15);
  expect(steps.interval[1]).toBeLessThanOrEqual(-6);
  expect([isClear(success), isClear(steps)]).toEqual([false, true]);
});

test('of runs without a game in common nothing is said', () => {
  const compared = compareRuns([result('a', true, 1)], [result('b', true, 1)]);
  expect(compared).toMatchObject({ games: 0, success: { value: 0, interval: [-1, 1] }, steps: { value: 0 } });
  expect(isClear(compared.success)).toBe(false);
  expect(isClear(compared.steps)).toBe(false);
});
