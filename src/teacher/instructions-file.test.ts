import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_TREATMENTS } from '../base/task-types.ts';
import type { Instruction } from '../player/goal.ts';
import { formatInstructions, parseInstructions } from './instructions-file.ts';

test('what is written is read back', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  const instruction: fc.Arbitrary<Instruction> = fc.record(
    {
      count: fc.integer({ min: 1, max: 3 }),
      treatments: fc.shuffledSubarray([...ALL_TREATMENTS]),
      target: word,
      lamp: word,
    },
    { requiredKeys: ['count', 'treatments'] },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(word, instruction)), (entries) => {
      // A plain object has such keys from the start.
      const told = new Map(entries.filter(([name]) => !(name in {})));
      expect(parseInstructions(formatInstructions(told))).toEqual({ ok: true, value: told });
    }),
  );
});

test.each([
  ['nothing', '', 'CHORES_JSON'],
  ['a list', '[]', 'CHORES_JSON'],
  ['another version', '{"version":2,"chores":{}}', 'CHORES_VERSION'],
  ['no chores', '{"version":1}', 'CHORES_SHAPE'],
  ['a name with a space', '{"version":1,"chores":{"a b":{"count":1,"treatments":[]}}}', 'CHORES_SHAPE'],
  ['an unknown treatment', '{"version":1,"chores":{"a":{"count":1,"treatments":["wash"]}}}', 'CHORES_SHAPE'],
  [
    'a treatment twice',
    '{"version":1,"chores":{"a":{"count":1,"treatments":["heat","heat"]}}}',
    'CHORES_SHAPE',
  ],
  ['no number', '{"version":1,"chores":{"a":{"treatments":[]}}}', 'CHORES_SHAPE'],
  [
    "a place that isn't a word",
    '{"version":1,"chores":{"a":{"count":1,"treatments":[],"target":"../x"}}}',
    'CHORES_SHAPE',
  ],
])('refuses %s', (_, text, code) => {
  expect(parseInstructions(text)).toMatchObject({ ok: false, error: { code } });
});
