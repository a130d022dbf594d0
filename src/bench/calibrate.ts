/**
 * A fixed piece of work, timed again and again over a run. Its least time shows the CPU's clock: when that goes
 * up, the device was throttled. Its median shows how much else was going on.
 */
const PIECES = 40;
const ROUNDS = 200_000;
/** So much slower is throttled. */
const THROTTLED = 1.4;
/** So much above the least is busy. */
const BUSY = 1.6;

export interface Calibration {
  readonly least: number;
  readonly median: number;
}

/** Under a millisecond each, so that some run without being interrupted on a machine that is busy. */
export function calibrate(now: () => number): Calibration {
  const times: number[] = [];
  let sum = 0;
  for (let i = 0; i < PIECES; i++) {
    const began = now();
    for (let j = 0; j < ROUNDS; j++) sum = (Math.imul(sum, 1_664_525) + 1_013_904_223) | 0;
    times.push(now() - began);
  }
  times.sort((a, b) => a - b);
  // The sum must be used, or the loop would be left out.
  return { least: Math.max(times[0] ?? 0, sum === 1 ? 1e-3 : 1e-4), median: times[PIECES >> 1] ?? 0 };
}

/** What a run's calibrations say, as a sentence; undefined where all is well. */
export function throttled(all: readonly Calibration[]): string | undefined {
  const least = all.map((one) => one.least);
  const ratio = Math.max(...least) / Math.min(...least);
  if (!(ratio > THROTTLED)) return undefined;
  return `The CPU was up to ${ratio.toFixed(1)} times slower at times than at others: throttled, or busy all along.`;
}

export function busy(all: readonly Calibration[]): string | undefined {
  const ratio = Math.max(...all.map(({ least, median }) => median / least));
  if (!(ratio > BUSY)) return undefined;
  return `The CPU was busy with other things (the same work took ${ratio.toFixed(1)} times its least time): figures may be too low.`;
}
