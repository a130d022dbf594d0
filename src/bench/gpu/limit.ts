/**
 * The physical limit of a figure: a token can't come faster than the weights and the KV cache that it needs can be
 * read, than its dispatches can be started one after the other, or than its result can be read back. All three are
 * measured on the same device; which of them is the longest binds.
 */
import { FIGURES, type Figure, type Subject } from './figures.ts';
import { spreadOf } from './spread.ts';

export type Bound = 'bandwidth' | 'dispatch' | 'read-back';

export interface Limit {
  /** In the unit of the figure: at most so many tokens a second, at least so many seconds. */
  readonly value: number;
  readonly binds: Bound;
  /** From 0 to 1 (above 1 where caches beat the memory that was measured). */
  readonly share: number;
}

/** Undefined where the work isn't known, or nothing was measured that it could be held against. */
export function limitOf(figure: Figure, all: readonly Figure[]): Limit | undefined {
  const { work, samples } = figure;
  if (work === undefined) return undefined;
  const gpu = onGpu(figure.subject);
  const measured = (name: Figure['name']): number | undefined => {
    const found = all.find((one) => one.subject === (gpu ? 'gpu' : 'processor') && one.name === name);
    return found === undefined ? undefined : spreadOf(found.samples).median;
  };
  const bandwidth = measured('copy');
  const waits: (readonly [Bound, number])[] = [];
  if (bandwidth !== undefined) waits.push(['bandwidth', work.bytes / bandwidth]);
  if (gpu) {
    waits.push(['dispatch', work.dispatches * (measured('dispatch') ?? 0)]);
    waits.push(['read-back', work.readBacks * (measured('read-back') ?? 0)]);
  }
  const [binds, seconds] = waits.reduce((a, b) => (b[1] > a[1] ? b : a), ['bandwidth', 0]);
  if (!(seconds > 0)) return undefined;
  const rate = FIGURES[figure.name].unit !== 's';
  const { median } = spreadOf(samples);
  const value = rate ? 1 / seconds : seconds;
  return { value, binds, share: rate ? median / value : value / median };
}

/** Whether a subject computes on the graphics device. */
export function onGpu(subject: Subject): boolean {
  return subject.endsWith('/webgpu');
}
