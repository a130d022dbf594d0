/** The statistics of success rates: small, and each with known answers from outside (statistics.test.ts). */

import { Random } from './random.ts';

/** The two-sided 97.5 % quantile of the normal distribution. */
const Z95 = 1.959963984540054;

/**
 * The 95 % Wilson score interval of a success rate (Wilson 1927; method 3 in Newcombe 1998): right for few trials and
 * for rates near 0 and 1, where the usual one isn't. [0, 1] for no trials at all.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  z = Z95,
): readonly [low: number, high: number] {
  if (trials === 0) return [0, 1];
  const p = successes / trials;
  const spread = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const middle = p + (z * z) / (2 * trials);
  const scale = 1 + (z * z) / trials;
  // Rounding must not move the ends that are known exactly.
  const low = successes === 0 ? 0 : (middle - spread) / scale;
  const high = successes === trials ? 1 : (middle + spread) / scale;
  return [low, high];
}

/** Trials of two kinds on the same units: how many went well in both, in the first or the second alone, in neither. */
export interface PairedCounts {
  readonly both: number;
  readonly first: number;
  readonly second: number;
  readonly neither: number;
}

/**
 * The 95 % interval of the difference of two success rates over the same units, second less first: Newcombe's score
 * interval for paired data (Newcombe 1998, Statistics in Medicine 17, 2635-2650; method 10). [-1, 1] for no units.
 */
export function pairedDifference({
  both,
  first,
  second,
  neither,
}: PairedCounts): readonly [low: number, high: number] {
  const n = both + first + second + neither;
  if (n === 0) return [-1, 1];
  const [p, q] = [(both + second) / n, (both + first) / n];
  const [[pLow, pHigh], [qLow, qHigh]] = [wilsonInterval(both + second, n), wilsonInterval(both + first, n)];
  const margins = (both + first) * (second + neither) * (both + second) * (first + neither);
  const product = both * neither - first * second;
  const corrected = product > 0 ? Math.max(product - n / 2, 0) : product;
  const phi = margins === 0 ? 0 : corrected / Math.sqrt(margins);
  // Rounding must not make the sum of squares negative where it's 0.
  const spread = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  const difference = p - q;
  return [difference - spread(p - pLow, qHigh - q), difference + spread(pHigh - p, q - qLow)];
}

/** Of that many decimals. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** The mean, in a sum that doesn't depend on the order of what is added; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : stableSum(values) / values.length;
}

/** The sum of the sorted values: the same bits in whatever order they come (shards, threads). */
export function stableSum(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}

/**
 * The 95 % interval of the ratio of two sums over the same units (homes, games), by resampling the units (percentile
 * bootstrap, Efron 1979). The same for the same seed. [1, 1] for no units.
 * @param pairs numerator and denominator of each unit
 */
export function bootstrapRatio(
  pairs: readonly (readonly [number, number])[],
  seed = 0,
  samples = 2000,
): readonly [low: number, high: number] {
  if (pairs.length === 0) return [1, 1];
  return bootstrap(`ratio/${seed}`, samples, pairs, (drawn) => {
    let above = 0;
    let below = 0;
    for (const [a, b] of drawn) {
      above += a;
      below += b;
    }
    return below === 0 ? 1 : above / below;
  });
}

/** The 95 % interval of a mean, by the same resampling. [0, 0] for no values. */
export function bootstrapMean(
  values: readonly number[],
  seed = 0,
  samples = 2000,
): readonly [low: number, high: number] {
  if (values.length === 0) return [0, 0];
  return bootstrap(`mean/${seed}`, samples, values, mean);
}

function bootstrap<T>(
  seed: string,
  samples: number,
  units: readonly T[],
  figure: (drawn: readonly T[]) => number,
): readonly [low: number, high: number] {
  const random = new Random(seed);
  const figures = Array.from({ length: samples }, () => figure(units.map(() => random.pick(units)))).sort(
    (a, b) => a - b,
  );
  const at = (share: number): number => figures[Math.floor(share * (samples - 1))] as number;
  return [at(0.025), at(0.975)];
}
