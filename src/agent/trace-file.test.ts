import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok, unwrap } from '../base/result.ts';
import { anyTrace } from '../testing/arbitrary-trace.ts';
import type { Trace } from './trace.ts';
import { formatTrace, parseTrace, TRACE_LIMITS } from './trace-file.ts';

const [sample] = fc.sample(
  anyTrace.filter(({ steps, end }) => steps.length >= 3 && end?.end === 'stopped'),
  { numRuns: 1, seed: 1 },
) as [Trace];

describe('traces as text', () => {
  test('parsing undoes formatting', () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const parsed = parseTrace(formatTrace(trace));
        expect(parsed).toEqual({ ok: true, value: trace });
      }),
    );
  });

  test('one record a line, whatever the texts hold', () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const lines = formatTrace(trace).split('\n');
        expect(lines.length).toBe(1 + trace.steps.length + (trace.end === undefined ? 0 : 1) + 1);
      }),
    );
  });

  test('keys of a later version are left out', () => {
    const [first = '', ...rest] = formatTrace(sample).split('\n');
    const text = [first.replace('{', '{"later":[1],'), ...rest].join('\n');
    expect(parseTrace(text)).toEqual({ ok: true, value: sample });
  });
});

describe('a damaged or hostile trace is refused', () => {
  const lines = formatTrace(sample).trimEnd().split('\n');
  const joined = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
  /** The text with a record's keys set to other values; a key set to undefined is left out. */
  const changed = (index: number, keys: Record<string, unknown>): string =>
    joined(lines.with(index, JSON.stringify({ ...JSON.parse(lines[index] as string), ...keys })));

  test.each([
    ['nothing', '', 'TRACE_JSON', undefined],
    ['no JSON', 'hello\n', 'TRACE_JSON', /line 1/],
    ['a list', '[]\n', 'TRACE_SHAPE', /line 1/],
    ['null', 'null\n', 'TRACE_SHAPE', /line 1/],
    ['a cut last line', joined(lines).slice(0, -5), 'TRACE_JSON', undefined],
    ['a missing line feed', joined(lines).slice(0, -1), 'TRACE_JSON', undefined],
    ['an empty line inside', joined([lines[0] ?? '', '', ...lines.slice(1)]), 'TRACE_JSON', /line 2/],
    ['a later version', changed(0, { version: 99 }), 'TRACE_VERSION', /line 1/],
    ['no version', changed(0, { version: undefined }), 'TRACE_SHAPE', /line 1/],
    ['two headers', joined([lines[0] ?? '', ...lines]), 'TRACE_SHAPE', /line 2/],
    ['no header', joined(lines.slice(1)), 'TRACE_SHAPE', /line 1/],
    ['a missing step', joined(lines.filter((_, i) => i !== 2)), 'TRACE_ORDER', /line 3/],
    [
      'steps in another order',
      joined([lines[0], lines[2], lines[1], ...lines.slice(3)] as string[]),
      'TRACE_ORDER',
      /line 2/,
    ],
    ['something after the end', joined([...lines, lines.at(-1) ?? '']), 'TRACE_ORDER', undefined],
    ['a win that goes on', changed(1, { won: true }), 'TRACE_ORDER', undefined],
    ['an end that counts wrongly', changed(lines.length - 1, { steps: 1 }), 'TRACE_ORDER', undefined],
    ['a win without a win', changed(lines.length - 1, { end: 'won' }), 'TRACE_ORDER', undefined],
    ['a limit before the limit', changed(lines.length - 1, { end: 'limit' }), 'TRACE_ORDER', undefined],
    [
      'more steps than allowed',
      changed(0, { settings: { ...sample.header.settings, maxSteps: 1 } }),
      'TRACE_ORDER',
      undefined,
    ],
    ['a text that is a number', changed(1, { reply: 7 }), 'TRACE_SHAPE', /line 2/],
    [
      'a negative count',
      changed(1, { counters: { ...sample.steps[0]?.counters, decoded: -1 } }),
      'TRACE_SHAPE',
      /line 2/,
    ],
    ['an unknown word', changed(1, { outcome: 'fine' }), 'TRACE_SHAPE', /line 2/],
    [
      'a text that is too long',
      changed(1, { reply: 'x'.repeat(TRACE_LIMITS.text + 1) }),
      'TRACE_SHAPE',
      /line 2/,
    ],
    ['a missing key', changed(1, { observation: undefined }), 'TRACE_SHAPE', /line 2/],
    [
      'too many steps',
      joined([lines[0] ?? '', ...Array(TRACE_LIMITS.steps + 2).fill(lines[1])]),
      'TRACE_TOO_LARGE',
      undefined,
    ],
    ['deep nesting', `${'['.repeat(100_000)}\n`, 'TRACE_JSON', /line 1/],
    ['10 MB', 'x'.repeat(10_000_000), 'TRACE_TOO_LARGE', undefined],
    [
      'a prototype',
      changed(0, { game: undefined }).replace('{', '{"__proto__":{"game":{}},'),
      'TRACE_SHAPE',
      /line 1/,
    ],
  ] as const)('%s', (_, text, code, place) => {
    const parsed = parseTrace(text);
    expect(parsed).toMatchObject({ ok: false, error: { code } });
    if (place !== undefined && !parsed.ok) expect(parsed.error.place).toMatch(place);
  });

  test('a zero with a sign is a zero', () => {
    const signed = joined(lines).replace(/"ms":[\d.e-]+/, '"ms":-0');
    expect(signed).toContain('"ms":-0');
    const parsed = unwrap(parseTrace(signed));
    expect(parseTrace(formatTrace(parsed))).toEqual(ok(parsed));
  });

  test('any single changed character is refused or leaves a trace that still fits together', () => {
    const text = joined(lines);
    fc.assert(
      fc.property(
        fc.nat({ max: text.length - 1 }),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, character) => {
          const parsed = parseTrace(text.slice(0, at) + character + text.slice(at + 1));
          if (parsed.ok) expect(parseTrace(formatTrace(parsed.value))).toEqual(parsed);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
