import { describe, expect, test } from 'vitest';
import { smallWorld } from '../testing/small-game.ts';
import { compareTranscript, formatMismatch, type Mismatch } from './conformance.ts';
import { recordEpisode, type Transcript, type TranscriptStep } from './transcript.ts';

const world = smallWorld();
const transcript = recordEpisode(world, 'train/task/trial', 'walkthrough', [
  ...(world.walkthrough ?? []),
  'nonsense',
  'take mug 1 from cabinet 1',
]);

/** The transcript with one step changed. */
function spoilt(index: number, change: Partial<TranscriptStep>): Transcript {
  const steps = transcript.steps.map((step, i) => (i === index ? { ...step, ...change } : step));
  return { ...transcript, steps };
}

function where(mismatches: readonly Mismatch[]): [number, string][] {
  return mismatches.map(({ step, field }) => [step, field]);
}

test('an episode of the same engine has no mismatch', () => {
  expect(transcript.steps.some((step) => step.won)).toBe(true);
  expect(compareTranscript(world, transcript)).toEqual([]);
});

describe('a difference is found where it is', () => {
  test.each<[string, Transcript, [number, string][]]>([
    ['intro', { ...transcript, intro: `${transcript.intro}\n` }, [[0, 'intro']]],
    ['won at the start', { ...transcript, won0: true }, [[0, 'won']]],
    ['a text', spoilt(2, { observation: 'You arrive at microwave 1. ' }), [[3, 'observation']]],
    ['a win', spoilt(6, { won: false }), [[7, 'won']]],
    ['an end', spoilt(6, { done: false }), [[7, 'done']]],
    [
      'the order of a list',
      spoilt(0, { admissible: [...(transcript.steps[0]?.admissible ?? [])].reverse() }),
      [[1, 'admissible']],
    ],
    [
      // The list is then the one before until the next one is recorded.
      'a list that should have changed',
      spoilt(1, { admissible: null }),
      [[2, 'admissible']],
    ],
  ])('%s', (_, changed, expected) => {
    expect(where(compareTranscript(world, changed))).toEqual(expected);
  });
});

test('a mismatch shows the recorded and the actual text, and where they part', () => {
  const [mismatch] = compareTranscript(world, spoilt(0, { observation: 'You arrive\u2028' }));
  expect(formatMismatch(mismatch as Mismatch)).toBe(
    [
      'train/task/trial (walkthrough), after command 1, "go to countertop 1": observation',
      '  - "You arrive\\u2028"',
      '  + "You arrive at countertop 1. On the countertop 1, you see a apple 2, a knife 1, and a mug 1."',
      '               ^',
    ].join('\n'),
  );
});

test('differing lists show what each has alone', () => {
  const list = transcript.admissible0.map((command) => (command === 'look' ? 'look\u009b2J' : command));
  const [mismatch] = compareTranscript(world, { ...transcript, admissible0: list });
  expect(formatMismatch(mismatch as Mismatch)).toBe(
    'train/task/trial (walkthrough), at the start: admissible\n  - "look\\u009b2J"\n  + "look"',
  );
});

test('lists of the same commands show where the order parts', () => {
  const [mismatch] = compareTranscript(world, {
    ...transcript,
    admissible0: [...transcript.admissible0, 'look'],
  });
  const last = transcript.admissible0.length;
  expect(
    formatMismatch(mismatch as Mismatch)
      .split('\n')
      .slice(1),
  ).toEqual([
    `  the same commands, but in another order or number, from command ${last + 1} on`,
    '  - "look"',
    '  + "(end)"',
  ]);
});

test('a difference of any size is told in a page', () => {
  const at = { game: 'g', kind: 'k', step: 0, action: undefined } as const;
  const many = Array.from({ length: 500_000 }, (_, i) => `go to x ${i}`);
  const told = formatMismatch({ ...at, field: 'admissible', expected: many, actual: ['look'] });
  expect(told.split('\n').slice(-3)).toEqual(['  - "go to x 19"', '  - and 499980 more', '  + "look"']);
  const long = 'x'.repeat(1_000_000);
  const text = formatMismatch({ ...at, field: 'intro', expected: `${long}a${long}`, actual: `${long}b` });
  expect(text.length).toBeLessThan(5_000);
  const [, minus = '', plus = '', mark = ''] = text.split('\n');
  expect([minus[mark.indexOf('^')], plus[mark.indexOf('^')]]).toEqual(['a', 'b']);
});
