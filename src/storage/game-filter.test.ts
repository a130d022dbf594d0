import { expect, test } from 'vitest';
import { gameFilter } from './game-filter.ts';

const HOT_APPLE = 'valid_seen/pick_heat_then_place_in_recep-Apple-None-GarbageCan-5/trial_T2019';

test.each([
  ['', true],
  ['apple', true],
  ['put a hot apple in garbagecan.', true],
  ['HEAT', true],
  ['apple fridge', false],
  ['trial_T2019', true],
  ['cool', false],
  ['two', false],
])('%j finds it: %s', (words, found) => expect(gameFilter(words)(HOT_APPLE)).toBe(found));
