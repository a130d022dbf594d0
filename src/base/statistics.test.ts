import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bootstrapMean,
  bootstrapRatio,
  mean,
  pairedDifference,
  stableSum,
  wilsonInterval,
} from './statistics.ts';

// scipy 1.17.1, scipy.stats.binomtest(k, n).proportion_ci(method='wilson'); the first four are also rows of table I in
// Newcombe (1998), Two-sided confidence intervals for the single proportion, method 3.
test.each([
  [81, 263, 0.2552885198782742, 0.36620957698280004],
  [15, 148, 0.06238639953073629, 0.16048724172330803],
  [0, 20, 0, 0.16112515805281935],
  [1, 29, 0.006113214292762667, 0.17175521879320282],
  [138, 140, 0.9494118460788701, 0.9960735592765573],
  [104, 134, 0.6984127390424124, 0.8384359031085686],
  [140, 140, 0.973293799630587, 1],
  [1, 1, 0.20654931437723745, 1],
])('Wilson interval of %i of %i', (successes, trials, low, high) => {
  const [l, h] = wilsonInterval(successes, trials);
  expect(l).toBeCloseTo(low, 12);
  expect(h).toBeCloseTo(high, 12);
});

test('of nothing is known that nothing is known', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test('the interval holds the rate and lies between 0 and 1', () => {
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), fc.nat({ max: 5000 }), (a, b) => {
      const trials = Math.max(a, b, 1);
      const successes = Math.min(a, b);
      const [low, high] = wilsonInterval(successes, trials);
      expect(0 <= low && low <= successes / trials && successes / trials <= high && high <= 1).toBe(true);
    }),
  );
});

test("sums and means don't depend on the order", () => {
  const values = [0.1, 1e16, 0.7, -1e16, 3.3, 0.2];
  expect(stableSum([...values].reverse())).toBe(stableSum(values));
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([])).toBe(0);
});

test('the interval of a ratio is as wide as the units differ, and the same for the same seed', () => {
  expect(
    bootstrapRatio([
      [2, 4],
      [5, 10],
      [1, 2],
    ]),
  ).toEqual([0.5, 0.5]);
  expect(bootstrapRatio([])).toEqual([1, 1]);
  // Denominators of 10 and numerators 4 or 8: a mean of 0.6 with a standard error of 0.2 / sqrt(n).
  const units = (n: number) => Array.from({ length: n }, (_, i) => [i % 2 === 0 ? 4 : 8, 10] as const);
  const [low, high] = bootstrapRatio(units(100));
  expect(low).toBeCloseTo(0.6 - 1.96 * 0.02, 1.7);
  expect(high).toBeCloseTo(0.6 + 1.96 * 0.02, 1.7);
  const [lower, higher] = bootstrapRatio(units(16));
  expect(higher - lower).toBeGreaterThan(1.8 * (high - low));
  expect(bootstrapRatio(units(16), 1)).toEqual(bootstrapRatio(units(16), 1));
});

test("the paired difference of success rates is Newcombe's", () => {
  // Fagerland, Lydersen and Laake (2014), Recommended tests and confidence intervals for paired binomial proportions,
  // Statistics in Medicine 33: airway hyper-responsiveness before and after a transplantation, 2/21 and 8/21.
  const [low, high] = pairedDifference({ both: 1, first: 1, second: 7, neither: 12 });
  expect(low).toBeCloseTo(0.026, 3);
  expect(high).toBeCloseTo(0.507, 3);
});

test('a paired difference changes its sign with the sides, and holds what was seen', () => {
  const count = fc.nat({ max: 300 });
  fc.assert(
    fc.property(count, count, count, count, (both, first, second, neither) => {
      const [low, high] = pairedDifference({ both, first, second, neither });
      const [other, way] = pairedDifference({ both, first: second, second: first, neither });
      expect(low).toBeCloseTo(-way, 12);
      expect(high).toBeCloseTo(-other, 12);
      const n = both + first + second + neither;
      if (n > 0) expect(low <= (second - first) / n && (second - first) / n <= high).toBe(true);
    }),
  );
  expect(pairedDifference({ both: 0, first: 0, second: 0, neither: 0 })).toEqual([-1, 1]);
});

test('the interval of a mean holds it, and is a point where all are the same', () => {
  expect(bootstrapMean([-4, -4, -4])).toEqual([-4, -4]);
  expect(bootstrapMean([])).toEqual([0, 0]);
  const values = Array.from({ length: 100 }, (_, i) => (i * 37) % 21);
  const [low, high] = bootstrapMean(values);
  // Against the normal interval of the mean: the standard deviation over the root of 100.
  const average = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
  expect(low).toBeCloseTo(average - 0.196 * deviation, 0);
  expect(high).toBeCloseTo(average + 0.196 * deviation, 0);
});
