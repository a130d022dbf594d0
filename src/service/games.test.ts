import { expect, test } from 'vitest';
import { ok } from '../base/result.ts';
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
  const [own, told] = [
    await open.load(sourceOf(KEY)),
    await open.load(sourceOf(KEY, { dialect: 'put', goals: 'human' })),
  ];
  if (!own.ok || !told.ok) throw new Error('not loaded');
  expect(own.value.world.dialect).toBe('move');
  expect(told.value.world).toMatchObject({ dialect: 'put', task: 'Bring me the mug.' });
  expect(told.value.card).toMatchObject({ task: 'Bring me the mug.', source: { dialect: 'put' } });
  expect(told.value.text).not.toBe(own.value.text);
});

test("people's words that aren't there can't be asked for", async () => {
  expect(await games().load(sourceOf(KEY, { goals: 'human' }))).toMatchObject({
    ok: false,
    error: { code: 'GAME_GOAL_MISSING' },
  });
});
