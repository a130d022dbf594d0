import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CHORE_PLACES,
  CHORE_TREATMENTS,
  choreName,
  choreOfSplit,
  formatChore,
  type OwnChore,
  parseChore,
  splitOf,
} from '../homes/own-chore.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { Games } from './games.ts';

const chores: fc.Arbitrary<OwnChore> = fc
  .record(
    {
      called: fc.stringMatching(/^[a-z]{1,24}$/),
      count: fc.constantFrom(1, 2),
      treatments: fc.uniqueArray(fc.constantFrom(...CHORE_TREATMENTS), { maxLength: 2 }),
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

test('a chore may be called anything that has letters: the last word names it', () => {
  for (const [typed, name] of [
    ['Tea time', 'tea'],
    [' our  Sunday LUNCH time ', 'lunch'],
    ['café', 'cafe'],
    ['time', 'time'],
  ] as const) {
    expect(choreName(typed)).toEqual({ ok: true, value: name });
  }
  for (const typed of ['', '  ', '12', '茶', 'x'.repeat(25)]) {
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
    'X_1_clean',
    'boots_1_clean_Moon',
  ]) {
    expect(parseChore(word).ok).toBe(false);
  }
  expect(choreOfSplit('homes')).toBeUndefined();
});

test('a game of a chore is made again from its key, and says no more than the chore’s name', async () => {
  const games = new Games(async () => ({ ok: false, error: { code: 'NONE', message: '' } }));
  const source = { kind: 'home', home: 3, task: 1, chore: 'boots_1_clean-heat' } as const;
  const game = await games.load(source);
  if (!game.ok) throw new Error(game.error.message);
  expect(game.value.card.task).toMatch(/^put a \w+ in \w+ at boots time\.$/);
  expect(game.value.text).not.toMatch(/put a clean/);
  expect(sourceOf(game.value.card.key)).toEqual(source);
});

test('a home that can’t do a chore says so', async () => {
  const games = new Games(async () => ({ ok: false, error: { code: 'NONE', message: '' } }));
  // Nothing that can be sliced lies on a bed.
  const game = await games.load({ kind: 'home', home: 3, task: 0, chore: 'boots_1_slice_Bed' });
  expect(game).toMatchObject({ ok: false, error: { code: 'HOME_WITHOUT' } });
});
