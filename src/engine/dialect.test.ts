import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { smallGame } from '../testing/small-game.ts';
import { commandIn, inDialect } from './dialect.ts';
import { parseGame, parseGameFile } from './game.ts';
import type { World } from './world.ts';

function world(text: string): World {
  return unwrap(parseGame(text));
}

function told(text: string, dialect: 'put' | 'move'): string {
  return unwrap(inDialect(text, dialect));
}

test('a game that is in the dialect already stays as it is, byte for byte', () => {
  const text = smallGame();
  expect(told(text, 'move')).toBe(text);
  const older = told(text, 'put');
  expect(told(older, 'put')).toBe(older);
});

test('there and back gives the same game', () => {
  const file = parseGameFile(told(told(smallGame(), 'put'), 'move'));
  expect(file).toEqual(parseGameFile(smallGame()));
});

test('in the older dialect things are put, help is unknown and places are named by their number', () => {
  const older = world(told(smallGame(), 'put'));
  expect(older.dialect).toBe('put');
  expect(older.intro).toBe(world(smallGame()).intro);
  const episode = older.start();
  expect(episode.admissible()).not.toContain('help');
  expect(episode.step('help')).toBe('Nothing happens.');
  expect(episode.step('go to countertop 1')).toMatch(
    /^You arrive at loc \d+\. On the countertop 1, you see /,
  );
  episode.step('take mug 1 from countertop 1');
  expect(episode.admissible()).toContain('put mug 1 in/on countertop 1');
  expect(episode.step('move mug 1 to countertop 1')).toBe('Nothing happens.');
  expect(episode.step('put mug 1 in/on countertop 1')).toBe('You put the mug 1 in/on the countertop 1.');
  const again = older.start();
  for (const command of older.walkthrough ?? []) again.step(command);
  expect(again.won).toBe(true);
});

test('what cleans stays what the game says', () => {
  const sinks = smallGame().replace(
    '(receptacleType ?r SinkBasinType)',
    '(or (receptacleType ?r SinkType) (receptacleType ?r SinkBasinType))',
  );
  const file = parseGameFile(told(sinks, 'put'));
  expect(file.ok && file.value.pddl_domain).toContain('(receptacleType ?r SinkType)');
  const without = parseGameFile(told(smallGame(), 'put'));
  expect(without.ok && without.value.pddl_domain).not.toContain('(receptacleType ?r SinkType)');
});

test("a file that isn't a game is refused with the reason", () => {
  expect(inDialect('{}', 'put')).toMatchObject({ ok: false, error: { code: 'GAME_KEY_MISSING' } });
});

describe('commands', () => {
  test.each([
    ['move mug 1 to cabinet 2', 'put mug 1 in/on cabinet 2'],
    ['go to desk 1', 'go to desk 1'],
    ['take mug 1 from desk 1', 'take mug 1 from desk 1'],
  ])('%s', (move, put) => {
    expect(commandIn(move, 'put')).toBe(put);
    expect(commandIn(put, 'move')).toBe(move);
  });
});
