/**
 * The physical limit of a figure: a token can't come faster than the weights and the KV cache that it needs can be
 * read, than its dispatches can be started one after the other, or than its result can be read back. All three are
 * measured on the same device; which of them is the longest binds.
 *
 * Weights of a few megabytes stay in a cache from one token to the next, and memory's bandwidth doesn't limit them.
 * Theirs is the bandwidth of a copy within as many bytes as they take. A copy doesn't prove what can be read at most,
 * though: a figure that beats its limit shows that none was found, and gets no share of it.
 */
import { digits, FIGURES, type Figure, formatValue, type Subject } from './figures.ts';
import { spreadOf } from './spread.ts';

/** Cache: bandwidth as well, but of a copy no larger than the weights. */
type Bound = 'bandwidth' | 'cache' | 'dispatch' | 'read-back';

interface Limit {
  /** In the unit of the figure: at most this many tokens a second, at least so many seconds. */
  readonly value: number;
  readonly binds: Bound;
  /** From 0 to 1. */
  readonly share: number;
}

/**
 * Undefined where the work isn't known, or nothing was measured that it could be held against; 'beaten' where the
 * figure is better than what was measured, so that it isn't a limit.
 */
export function limitOf(figure: Figure, all: readonly Figure[]): Limit | 'beaten' | undefined {
  const { work, samples, subject } = figure;
  if (work === undefined) return undefined;
  const gpu = onGpu(subject);
  const device = gpu ? 'gpu' : 'processor';
  const measured = (of: Subject, name: Figure['name']): number | undefined => {
    const found = all.find((one) => one.subject === of && one.name === name);
    return found === undefined ? undefined : spreadOf(found.samples).median;
  };
  const waits: (readonly [Bound, number])[] = [];
  const cache = measured(subject, 'copy-weights');
  const bandwidth = cache ?? measured(device, 'copy');
  const name = cache === undefined ? 'bandwidth' : 'cache';
  if (bandwidth !== undefined) waits.push([name, work.bytes / bandwidth]);
  if (gpu) {
    waits.push(['dispatch', work.dispatches * (measured('gpu', 'dispatch') ?? 0)]);
    waits.push(['read-back', work.readBacks * (measured('gpu', 'read-back') ?? 0)]);
  }
  const [binds, seconds] = waits.reduce((a, b) => (b[1] > a[1] ? b : a), ['bandwidth', 0]);
  if (!(seconds > 0 && Number.isFinite(seconds))) return undefined;
  const rate = FIGURES[figure.name].unit !== 's';
  const { median } = spreadOf(samples);
  const value = rate ? 1 / seconds : seconds;
  const share = rate ? median / value : value / median;
  return share > 1 ? 'beaten' : { value, binds, share };
}

interface LimitWords {
  readonly limit: string;
  readonly share: string;
  readonly binds: string;
}

/** What stands in tables; the same in a file, in the docs and in the page. */
export function limitWords(figure: Figure, all: readonly Figure[]): LimitWords {
  const limit = limitOf(figure, all);
  if (limit === undefined) return { limit: '', share: '', binds: '' };
  if (limit === 'beaten') return { limit: 'none found', share: '', binds: '' };
  const { value, share, binds } = limit;
  return {
    limit: formatValue(value, FIGURES[figure.name].unit),
    share: `${digits(100 * share)} %`,
    binds,
  };
}

/** Whether a subject computes on the GPU. */
export function onGpu(subject: Subject): boolean {
  return subject.endsWith('/webgpu');
}
