import { expect, test } from 'vitest';
import { ok, unwrap } from '../base/result.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { smallGame } from '../testing/small-game.ts';
import { Games } from './games.ts';

const KEY = 'valid/pick_and_place_simple-Mug-None-Shelf-1/trial_1';
const games = (words?: string) =>
  new Games(async () =>
    ok({ text: smallGame(), taskType: 'pick_and_place_simple', ...(words !== undefined && { words }) }),
  );

test('an imported game is told as it was asked for, and each telling is a game of its own', async () => {
  const open = games('Bring me the mug.');
  const own = unwrap(await open.load(sourceOf(KEY)));
  const told = unwrap(await open.load(sourceOf(KEY, { dialect: 'put', goals: 'human' })));
  expect(own.world.dialect).toBe('move');
  expect(told.world).toMatchObject({ dialect: 'put', task: 'Bring me the mug.' });
  expect(told.card).toMatchObject({ task: 'Bring me the mug.', source: { dialect: 'put' } });
  expect(told.text).not.toBe(own.text);
});

test("people's words that aren't there can't be asked for", async () => {
  expect(await games().load(sourceOf(KEY, { goals: 'human' }))).toMatchObject({
    ok: false,
    error: { code: 'GAME_GOAL_MISSING' },
  });
});

test("a home's task in a visitor's own words keeps its goal, and says the home's own sentence beside", async () => {
  const source = { kind: 'home', home: 7, task: 0 } as const;
  const own = unwrap(await games().load(source));
  const said = unwrap(await games().load({ ...source, words: 'Get that {thing} done!' }));
  expect(said.card).toMatchObject({ task: 'Get that thing done!', ownTask: own.card.task });
  expect(own.card.ownTask).toBeUndefined();
  expect(said.world.goal).toEqual(own.world.goal);
  // A trace names its game by the key and the words.
  expect(sourceOf(said.card.key, { words: 'Hm.' })).toEqual({ ...source, words: 'Hm.' });
});
