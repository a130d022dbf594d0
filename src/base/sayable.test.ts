import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseGame, withTask } from '../engine/index.ts';
import { smallGame } from '../testing/small-game.ts';
import { LONGEST_WORDS, sayable } from './sayable.ts';

test('what is sayable, a game says word for word, whatever it was made of', () => {
  expect(sayable(' put {it}  in\nthe #fridge# [now] | ')).toBe('put it in the fridge now');
  expect(sayable('{}')).toBe('');
  expect(sayable('x'.repeat(1000))).toHaveLength(LONGEST_WORDS);
  const game = smallGame({});
  const words = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '#', "'", 'a', ' ', '.') }),
  );
  fc.assert(
    fc.property(words, (text) => {
      const said = sayable(text);
      if (said === '') return;
      const told = withTask(game, said);
      const world = told.ok ? parseGame(told.value) : told;
      expect(world.ok && world.value.task).toBe(said);
      expect(sayable(said)).toBe(said);
    }),
  );
});
