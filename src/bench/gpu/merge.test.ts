import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BenchResult } from './bench-file.ts';
import { rivalries, versionChanges } from './compare.ts';
import { joinResults } from './join.ts';
import { formatMarkdown } from './markdown.ts';
import { formatSvg, logTicks, picturePanels, placeOn } from './picture.ts';
import { METHOD } from './profile.ts';
import { SAMPLE } from './sample-result.ts';

const decode = (samples: readonly number[]): Pick<BenchResult, 'figures'> => ({
  figures: [{ subject: 'pocket/wasm', name: 'decode', context: 512, samples }],
});
const other: BenchResult['device'] = { ...SAMPLE.device, threads: 2, adapter: null };
const later = { version: '0.2.0', commit: 'abcdef2', date: '2026-12-01T10:00:00Z' };

describe('joining', () => {
  test('repetitions on one device are pooled, devices are not', () => {
    const joined = joinResults([
      { ...SAMPLE, ...decode([1]) },
      { ...SAMPLE, ...decode([3]) },
      { ...SAMPLE, ...decode([9]), device: other },
    ]);
    expect(joined.map(({ figures }) => figures[0]?.samples).sort()).toEqual([[1, 3], [9]]);
  });

  test('shards of a run make one, though each knows only the hashes of what it measured', () => {
    const [shard, ...rest] = joinResults([
      { ...SAMPLE, weights: { pocket: 'a'.repeat(64) }, ...decode([1]) },
      {
        ...SAMPLE,
        weights: { games: 'b'.repeat(64) },
        figures: [{ subject: 'engine', name: 'steps', samples: [5] }],
      },
    ]);
    expect(rest).toEqual([]);
    expect(shard?.figures.map(({ name }) => name).sort()).toEqual(['decode', 'steps']);
    expect(Object.keys(shard?.weights ?? {}).sort()).toEqual(['games', 'pocket']);
  });

  test('other weights, methods and profiles stay apart', () => {
    const joined = joinResults([
      SAMPLE,
      { ...SAMPLE, weights: { ...SAMPLE.weights, pocket: 'c'.repeat(64) } },
      { ...SAMPLE, method: METHOD + 1 },
      { ...SAMPLE, profile: 'short' },
      { ...SAMPLE, invalid: [{ code: 'HIDDEN', message: 'The tab was hidden.' }] },
    ]);
    expect(joined).toHaveLength(5);
  });

  test('the order of the files changes nothing', () => {
    const files = [
      { ...SAMPLE, ...decode([1]) },
      { ...SAMPLE, ...decode([3]) },
      { ...SAMPLE, device: other },
      { ...SAMPLE, page: later },
    ];
    const expected = formatMarkdown(joinResults(files));
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
        expect(formatMarkdown(joinResults(shuffled))).toBe(expected);
      }),
    );
  });
});

describe('comparing', () => {
  test('with an earlier page on the same device, as ratios that are above 1 for the better', () => {
    const loads = (seconds: number): BenchResult['figures'] => [
      { subject: 'pocket/wasm', name: 'load-warm', samples: [seconds] },
    ];
    const [change] = versionChanges(
      joinResults([
        { ...SAMPLE, page: later, figures: [...decode([300]).figures, ...loads(1)] },
        { ...SAMPLE, figures: [...decode([200]).figures, ...loads(3)] },
        { ...SAMPLE, device: other },
      ]),
    );
    expect(change?.ratios.map(({ figure, ratio }) => [figure.name, ratio])).toEqual([
      ['decode', 1.5],
      ['load-warm', 3],
    ]);
  });

  test('what differs in weights or method is refused, with the reason', () => {
    const changed = (change: Partial<BenchResult>) =>
      versionChanges(joinResults([{ ...SAMPLE, page: later, ...decode([1]), ...change }, SAMPLE]))[0];
    expect(changed({ weights: { pocket: 'c'.repeat(64) } })).toMatchObject({
      ratios: [],
      refused: ['pocket student, WASM not compared: pocket is cccccccc and aaaaaaaa'],
    });
    expect(changed({ method: METHOD + 1 })?.refused[0]).toMatch(/method/);
    expect(changed({ profile: 'short' })?.refused[0]).toMatch(/profile/);
    expect(changed({ weights: {} })?.refused[0]).toMatch(/unknown/);
  });

  test('an invalid run is compared with nothing', () => {
    const invalid: BenchResult['invalid'] = [{ code: 'THROTTLED', message: 'Throttled.' }];
    expect(versionChanges(joinResults([{ ...SAMPLE, page: later, invalid }, SAMPLE]))).toEqual([]);
  });

  test('with what one would pick instead', () => {
    const [joined] = joinResults([SAMPLE]);
    if (joined === undefined) throw new Error('nothing was joined');
    expect(rivalries(joined)).toMatchObject([
      { own: 'pocket/wasm', rival: 'transformers.js/wasm', ratio: 2 },
    ]);
  });
});

describe('writing', () => {
  const hostile = '| <img src=x onerror=alert(1)> ](https://example.org) `x` **b**';
  const joined = joinResults([{ ...SAMPLE, device: { ...SAMPLE.device, label: hostile } }]);

  test('the table has every figure once, its limit and what binds', () => {
    const text = formatMarkdown(joinResults([SAMPLE]));
    // 8 MB at 50 GB/s are 160 µs, 97 dispatches of 5 µs 485 µs, a read-back 200 µs.
    expect(text).toContain(
      '| pocket student, WebGPU | decode at 512 | intel gen-12lp, Chromium 156, Linux | 550 tokens/s | 525 tokens/s – 575 tokens/s | 2,060 tokens/s | 26.7 % | dispatch |',
    );
    expect(text).toContain('× 2');
  });

  test('names mean nothing in Markdown or SVG', () => {
    const text = formatMarkdown(joined);
    expect(text).not.toContain('<img');
    expect(text).not.toMatch(/[^\\]\]\(https/);
    expect(text).toContain('\\| &lt;img');
    const svg = formatSvg(picturePanels(joined));
    expect(svg).not.toContain('<img');
    expect(svg.match(/<svg/g)).toHaveLength(1);
  });

  test('scales end at powers of ten and hold what they show', () => {
    expect(logTicks([3, 250])).toEqual([1, 10, 100, 1000]);
    expect(logTicks([10, 1000])).toEqual([10, 100, 1000]);
    expect(logTicks([0.002])).toEqual([0.001, 0.01]);
    expect(logTicks([])).toEqual([1, 10]);
    expect(logTicks([100])).toEqual([100, 1000]);
    expect([1, 10, 100, 0.1, 1e9].map((x) => placeOn([1, 10, 100], x))).toEqual([0, 0.5, 1, 0, 1]);
  });

  test('the best stands first', () => {
    const [decoding] = picturePanels(joinResults([SAMPLE]));
    expect(decoding?.rows.map(({ subject }) => subject)).toEqual([
      'pocket student, WebGPU',
      'pocket student, WASM',
      'transformers.js, WASM',
    ]);
  });
});
