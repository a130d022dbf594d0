import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { ALL_TREATMENTS } from '../base/task-types.ts';
import {
  CHORE_PLACES,
  choreName,
  choreOfSplit,
  formatChore,
  type OwnChore,
  parseChore,
  splitOf,
} from '../homes/own-chore.ts';
import { taskTypeIn } from '../player/goal.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { Games } from './games.ts';

const chores: fc.Arbitrary<OwnChore> = fc
  .record(
    {
      called: fc.constantFrom('tea', 'Sunday lunch', 'Omas Kaffee', 'お茶', '5 o clock tea'),
      count: fc.constantFrom(1, 2),
      treatments: fc.uniqueArray(fc.constantFrom(...ALL_TREATMENTS), { maxLength: 2 }),
      place: fc.constantFrom(...CHORE_PLACES),
    },
    { requiredKeys: ['called', 'count', 'treatments'] },
  )
  .filter(({ count, treatments, place }) => count > 1 || treatments.length > 0 || place !== undefined);

test('a chore comes back from its word, and from the folder of its games', () => {
  fc.assert(
    fc.property(chores, (chore) => {
      const word = formatChore(chore);
      expect(parseChore(word)).toEqual({ ok: true, value: chore });
      expect(choreOfSplit(splitOf(word))).toBe(word);
    }),
  );
});

test('a chore may be called anything that has letters', () => {
  for (const [typed, name] of [
    ['Tea time', 'Tea'],
    [' our  Sunday LUNCH time! ', 'our Sunday LUNCH'],
    ["Oma's Kaffee_&-Kuchen", 'Omas Kaffee Kuchen'],
    ['cafe\u0301', 'café'],
    ['茶', '茶'],
    ["5 o'clock tea", '5 oclock tea'],
    ['time', 'time'],
  ] as const) {
    expect(choreName(typed)).toEqual({ ok: true, value: name });
  }
  for (const typed of ['', '  ', '12', '🍵', 'x'.repeat(41)]) {
    expect(choreName(typed)).toMatchObject({ ok: false, error: { code: 'CHORE_NAME' } });
  }
});

test('other words are refused', () => {
  for (const word of [
    '',
    'boots',
    'boots_1_nothing',
    'boots_9_clean',
    'boots_1_clean-clean',
    '-_1_clean',
    ' tea_1_clean',
    `${'x'.repeat(41)}_1_clean`,
    'boots_1_clean_Moon',
  ]) {
    expect(parseChore(word).ok).toBe(false);
  }
  expect(choreOfSplit('homes')).toBeUndefined();
});

const games = new Games();

test("a game of a chore is made again from its key, and says no more than the chore's name", async () => {
  const source = { kind: 'home', home: 3, task: 1, chore: 'boots_1_clean-heat' } as const;
  const game = unwrap(await games.load(source));
  expect(game.card.task).toMatch(/^put a \w+ in \w+ at boots time\.$/);
  expect(game.text).not.toMatch(/put a clean/);
  expect(sourceOf(game.card.key)).toEqual(source);
});

test("a name of several words stands in the sentence and in the game's key", async () => {
  const source = { kind: 'home', home: 3, task: 1, chore: 'Omas.Kaffee_1_clean' } as const;
  const { card, world } = unwrap(await games.load(source));
  expect(world.task).toMatch(/^put a \w+ in \w+ at Omas Kaffee time\.$/);
  expect(card.taskType).toBe('omas.kaffee_time');
  expect(taskTypeIn(world.task)).toBe(card.taskType);
  expect(sourceOf(card.key)).toEqual(source);
});

test("a home that can't do a chore says so", async () => {
  // Nothing that can be sliced lies on a bed.
  const game = await games.load({ kind: 'home', home: 3, task: 0, chore: 'boots_1_slice_Bed' });
  expect(game).toMatchObject({ ok: false, error: { code: 'HOME_WITHOUT' } });
});
