import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { SAMPLE } from '../testing/sample-bench-result.ts';
import { type BenchResult, formatBench, parseBench } from './bench-file.ts';
import { rivalries, versionChanges } from './compare.ts';
import { FIGURE_NAMES, SUBJECT_NAMES } from './figures.ts';
import { asResult, fileName, joinResults } from './join.ts';
import { formatMarkdown } from './markdown.ts';
import { formatSvg, logTicks, picturePanels, placeOn } from './picture.ts';
import { METHOD } from './profile.ts';

const decode = (samples: readonly number[]): Pick<BenchResult, 'figures'> => ({
  figures: [{ subject: 'pocket/wasm', name: 'decode', context: 512, samples }],
});
const other: BenchResult['device'] = { ...SAMPLE.device, threads: 2, adapter: null };
const later = { version: '0.2.0', commit: 'abcdef2', date: '2026-12-01T10:00:00Z' };

describe('joining', () => {
  test("repetitions on one device are pooled, devices aren't", () => {
    const joined = joinResults([
      { ...SAMPLE, ...decode([1]) },
      { ...SAMPLE, ...decode([3]) },
      { ...SAMPLE, ...decode([9]), device: other },
    ]);
    expect(joined.map(({ figures }) => figures[0]?.samples).sort()).toEqual([[1, 3], [9]]);
  });

  test('a copy that was written out in another order counts once', () => {
    const weights = Object.fromEntries(Object.entries(SAMPLE.weights).reverse());
    const copy = { ...SAMPLE, weights, figures: [...SAMPLE.figures].reverse() };
    expect(joinResults([SAMPLE, copy]).map(({ results }) => results)).toEqual([1]);
  });

  test('one file under two names counts once', () => {
    const one = { ...SAMPLE, ...decode([1, 2]) };
    const [joined] = joinResults([one, JSON.parse(JSON.stringify(one)), { ...SAMPLE, ...decode([3]) }]);
    expect(joined).toMatchObject({ results: 2, figures: [{ samples: [1, 2, 3] }] });
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

  test('the parts of a run make one file that says the same', () => {
    const parts = joinResults([
      { ...SAMPLE, ...decode([1, 2]) },
      { ...SAMPLE, ...decode([3]), notes: ['a note'] },
      { ...SAMPLE, figures: [{ subject: 'engine', name: 'steps', samples: Array(150).fill(5) }] },
      { ...SAMPLE, figures: [{ subject: 'engine', name: 'steps', samples: Array(150).fill(6) }] },
    ]);
    const [one, ...rest] = parts.map(asResult);
    expect(rest).toEqual([]);
    const read = unwrap(parseBench(formatBench(one as BenchResult)));
    expect(read.figures.map(({ samples }) => samples.length).sort()).toEqual([200, 3]);
    expect(read.notes).toEqual(['a note']);
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

describe('whatever strangers hand in', () => {
  const word = fc.string({
    maxLength: 30,
    unit: fc.constantFrom(...'ab|<>&"\'`*_[](){}#\\!~$ é漢\u{1F600}'),
  });
  const amount = fc.oneof(
    fc.constantFrom(0, 1e-12, 1e-9, 1, 1e15),
    fc.double({ min: 1e-12, max: 1e15, noNaN: true }),
  );
  const work = fc.record({
    ...{
      bytes: amount,
      dispatches: amount,
      readBacks: amount,
      submits: amount,
      copies: amount,
      writes: amount,
    },
  });
  const figure = fc.record(
    {
      subject: fc.constantFrom(...SUBJECT_NAMES),
      name: fc.constantFrom(...FIGURE_NAMES),
      samples: fc.array(amount, { minLength: 1, maxLength: 4 }),
      context: fc.constantFrom(1, 512, 1e7),
      work,
    },
    { requiredKeys: ['subject', 'name', 'samples'] },
  );
  const hash = fc.constantFrom('a'.repeat(64), 'b'.repeat(64));
  const result: fc.Arbitrary<BenchResult> = fc
    .record({
      method: fc.constantFrom(1, METHOD),
      profile: fc.constantFrom('full' as const, 'short' as const),
      page: fc.constantFrom(SAMPLE.page, later, { version: '|', commit: null, date: null }),
      label: word,
      name: word,
      adapter: fc.constantFrom(SAMPLE.device.adapter, null),
      weights: fc.dictionary(fc.constantFrom('pocket', 'games', 'constructor', 'toString'), hash),
      figures: fc.uniqueArray(figure, {
        maxLength: 12,
        selector: ({ subject, name, context }) => `${subject} ${name} ${context}`,
      }),
      note: word,
      invalid: fc.boolean(),
    })
    .map(({ label, name, adapter, note, invalid, ...same }) => ({
      ...SAMPLE,
      ...same,
      device: { ...SAMPLE.device, label, adapter, os: { name, version: name } },
      notes: [note],
      invalid: invalid ? [{ code: 'HIDDEN', message: note }] : [],
    }));

  test('makes whole tables, a whole picture and harmless file names', () => {
    fc.assert(
      fc.property(fc.array(result, { maxLength: 4 }), (results) => {
        for (const one of results) expect(parseBench(formatBench(one)).ok).toBe(true);
        const joined = joinResults(results);
        const markdown = formatMarkdown(joined);
        // Neither markup nor numbers that are none.
        expect(markdown).not.toMatch(/<[a-z/!]|NaN|Infinity|undefined/i);
        const columns = (row: string): number => row.match(/(?<!\\)(?:\\\\)*\|/g)?.length ?? 0;
        for (const block of markdown.split('\n\n')) {
          const rows = block.split('\n').filter((row) => row.startsWith('|'));
          expect(new Set(rows.map(columns)).size).toBeLessThanOrEqual(1);
        }
        const svg = formatSvg(picturePanels(joined));
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        // Every element is closed, and nothing but its own stands in it.
        expect(svg.match(/<(?!\/?(svg|style|rect|text|line|circle)\b)/g)).toBeNull();
        expect(svg.match(/<text/g)?.length).toBe(svg.match(/<\/text>/g)?.length);
        for (const one of joined.map(asResult)) {
          expect(parseBench(formatBench(one)).ok).toBe(true);
          expect(fileName(one)).toMatch(/^[a-z0-9][a-z0-9-]{0,75}\.json$/);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('a file with a bite out of it, or another byte in it, is refused or means itself', () => {
    const content = formatBench(SAMPLE).trimEnd();
    fc.assert(
      fc.property(
        fc.nat(content.length - 1),
        fc.constantFrom(...'0-9eE{}[]",:a\n\u0000'),
        (at, character) => {
          expect(parseBench(content.slice(0, at)).ok).toBe(false);
          const read = parseBench(content.slice(0, at) + character + content.slice(at + 1));
          if (read.ok) expect(parseBench(formatBench(read.value))).toEqual(read);
        },
      ),
      { numRuns: 300 },
    );
  });
});
