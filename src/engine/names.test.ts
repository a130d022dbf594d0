import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareCodePoints } from '../base/order.ts';
import { nameEntities } from './names.ts';

test('numbers descend as ids ascend, and a basin says so', () => {
  const names = nameEntities([
    'mug_bar__plus_1',
    'mug_bar__minus_1',
    'sink_bar_1_bar_sinkbasin',
    'sink_bar_1',
    'agent1',
    'mug_bar__plus_2',
  ]);
  expect(Object.fromEntries(names)).toEqual({
    mug_bar__minus_1: 'mug 3',
    mug_bar__plus_1: 'mug 2',
    mug_bar__plus_2: 'mug 1',
    sink_bar_1: 'sink 1',
    sink_bar_1_bar_sinkbasin: 'sinkbasin 1',
  });
});

test('no two things share a name', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^(cup|mug|sinkbasin|sink)_bar_[0-9]{1,2}(_basin)?$/), {
        maxLength: 40,
      }),
      (ids) => {
        const names = nameEntities(ids);
        expect(new Set(names.values()).size).toBe(ids.length);
      },
    ),
  );
});

test('strings compare as Python compares them', () => {
  // sorted(['z', 'é', '\uffee', '\U0001f600', 'a 10', 'a 2']) in Python 3.11
  const words = ['\u{1f600}', '\uffee', 'z', 'é', 'a 2', 'a 10'];
  expect(words.sort(compareCodePoints)).toEqual(['a 10', 'a 2', 'z', 'é', '\uffee', '\u{1f600}']);
});
