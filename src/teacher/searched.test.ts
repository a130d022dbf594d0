import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { Belief } from '../player/belief.ts';
import { parseTask } from '../player/goal.ts';
import { searchPrior } from './prior.ts';
import { adviseAfter } from './scripted.ts';
import { chanceHere, type Searched, worthChecking } from './searched.ts';

const INTRO =
  'You are in the middle of a room. Looking quickly around you, you see a cabinet 3, a cabinet 2, a cabinet 1, a countertop 1, and a shelf 1.\n\nYour task is to: put a mug in shelf.';
const goal = (() => {
  return unwrap(parseTask('put a mug in shelf'));
})();
/** So often one looked there, and so often it was there. */
const mug = (places: Readonly<Record<string, readonly [looks: number, there: number]>>): Searched[] => [
  {
    object: 'mug',
    places: Object.entries(places).map(([place, [looks, there]]) => ({ place, looks, there })),
  },
];

test('each look in vain makes a place less likely, each find more', () => {
  const chance = (looks: number, there: number): number =>
    chanceHere(searchPrior, mug({ 'cabinet 1': [looks, there] }), 'mug', 'cabinet 1');
  expect(chance(1, 0)).toBeLessThan(chanceHere(searchPrior, [], 'mug', 'cabinet 1'));
  expect(chance(4, 0)).toBeLessThan(chance(1, 0));
  expect(chance(4, 3)).toBeGreaterThan(chance(4, 1));
  expect(chance(1, 1)).toBeLessThan(1);
});

test('the teacher looks last where a thing was never found in spite of looking', () => {
  const first = (searched: readonly Searched[]): string | undefined => {
    const advice = adviseAfter(INTRO, [], { searched });
    return advice.ok ? advice.value.action : undefined;
  };
  expect(first([])).toBe('go to countertop 1');
  const vain = { 'countertop 1': [9, 0], 'cabinet 3': [5, 0], 'shelf 1': [5, 0] } as const;
  expect(first(mug(vain))).toBe('go to cabinet 2');
  expect(first(mug({ ...vain, 'cabinet 1': [3, 1] }))).toBe('go to cabinet 1');
});

test('the best places are told while the thing is looked for and some place is unseen', () => {
  const belief = new Belief(INTRO);
  const searched = mug({ 'countertop 1': [9, 0], 'cabinet 3': [5, 0], 'shelf 1': [5, 0] });
  const best = (): string[] => worthChecking(goal, belief, searchPrior, searched);
  expect(best()).toEqual(['cabinet 2', 'cabinet 1']);
  expect(worthChecking(goal, belief, searchPrior, [])).toEqual([]);
  belief.observe('go to cabinet 2', 'You arrive at cabinet 2. On the cabinet 2, you see a mug 1.');
  expect(best()).toEqual(['cabinet 1']);
  belief.observe('take mug 1 from cabinet 2', 'You pick up the mug 1 from the cabinet 2.');
  expect(best()).toEqual([]);
});
