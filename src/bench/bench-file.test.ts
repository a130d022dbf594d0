import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SAMPLE } from '../testing/sample-bench-result.ts';
import { type BenchResult, formatBench, MAX_FILE, parseBench } from './bench-file.ts';
import { FIGURE_NAMES, type Figure, SUBJECT_NAMES } from './figures.ts';

const number = fc.oneof(fc.constant(0), fc.double({ min: 1e-12, max: 1e12, noNaN: true }));
const line = fc.string({ maxLength: 40, unit: fc.constantFrom(...'abz09 |<>&"\\`*é漢') });
const figure: fc.Arbitrary<Figure> = fc.record(
  {
    subject: fc.constantFrom(...SUBJECT_NAMES),
    name: fc.constantFrom(...FIGURE_NAMES),
    samples: fc.array(number, { minLength: 1, maxLength: 8 }),
    context: fc.integer({ min: 1, max: 4096 }),
  },
  { requiredKeys: ['subject', 'name', 'samples'] },
);

test('what is written is read again', () => {
  const results = fc.record({
    label: line,
    figures: fc.uniqueArray(figure, {
      maxLength: 10,
      selector: ({ subject, name, context }) => `${subject} ${name} ${context}`,
    }),
    note: line,
  });
  fc.assert(
    fc.property(results, ({ label, figures, note }) => {
      const result: BenchResult = {
        ...SAMPLE,
        device: { ...SAMPLE.device, label },
        figures,
        notes: [note],
      };
      expect(parseBench(formatBench(result))).toEqual({ ok: true, value: result });
    }),
  );
});

const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...JSON.parse(formatBench(SAMPLE)), ...change });
const figures = (samples: readonly number[], median: number) => ({
  figures: [{ subject: 'gpu', name: 'copy', samples, spread: { low: 1.5, median, high: 2.5 } }],
});
const [first] = JSON.parse(formatBench(SAMPLE)).figures;

test.each<[string, string]>([
  ['BENCH_JSON', '{'],
  ['BENCH_SHAPE', 'null'],
  ['BENCH_SHAPE', '[]'],
  ['BENCH_TOO_LARGE', ' '.repeat(MAX_FILE + 1)],
  ['BENCH_SHAPE', changed({ version: 2 })],
  ['BENCH_SHAPE', changed({ taken: 'yesterday' })],
  ['BENCH_SHAPE', changed({ notes: ['a\nb'] })],
  ['BENCH_SHAPE', changed({ notes: ['\u202Egnp.exe'] })],
  ['BENCH_SHAPE', changed({ weights: { pocket: '<b>' } })],
  ['BENCH_SHAPE', changed({ figures: Array(301).fill(first) })],
  ['BENCH_SHAPE', changed(figures([-1], 2))],
  ['BENCH_SHAPE', changed(figures([], 2))],
  ['BENCH_SHAPE', changed(figures([5e-324], 5e-324))],
  ['BENCH_SPREAD', changed(figures([1, 2, 3], 9))],
  ['BENCH_TWICE', changed({ figures: [first, first] })],
])('refuses a damaged result: %s', (code, content) => {
  expect(parseBench(content)).toMatchObject({ ok: false, error: { code } });
});

test('never throws, whatever it is given', () => {
  fc.assert(
    fc.property(fc.json(), (content) => {
      expect(parseBench(content).ok).toBe(false);
    }),
  );
});
