import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { smallGame } from '../testing/small-game.ts';
import { inDialect } from './dialect.ts';
import { parseGame } from './game.ts';
import { whichDialect } from './which-dialect.ts';

function log(dialect: 'put' | 'move'): string {
  const text = inDialect(smallGame(), dialect);
  const world = unwrap(text.ok ? parseGame(text.value) : text);
  const episode = world.start();
  return (world.walkthrough ?? []).map((command) => `> ${command}\n${episode.step(command)}`).join('\n');
}

test.each(['put', 'move'] as const)('a log of the dialect %s is known by what only it says', (dialect) => {
  const found = whichDialect(log(dialect));
  expect(found.dialect).toBe(dialect);
  expect(found[dialect].first[0]).toMatchObject({ line: expect.any(Number) });
});

test('says where, by line', () => {
  const found = whichDialect('Interact with a household.\n> go to desk 1\n> put mug 1 in/on desk 1\n');
  expect(found).toEqual({
    dialect: 'put',
    put: { count: 1, first: [{ line: 3, text: 'put mug 1 in/on desk 1' }] },
    move: { count: 0, first: [] },
  });
});

test("a prompt's list of actions is enough", () => {
  expect(whichDialect('- move (object) to (receptacle)').dialect).toBe('move');
  expect(whichDialect('(6) put {obj} in/on {recep}').dialect).toBe('put');
});

test('one in the dialect of the other is said to mix them', () => {
  expect(whichDialect(`${log('move')}\n> put mug 1 in/on desk 1`).dialect).toBe('both');
});

test('tasks are said alike in both, and tell nothing', () => {
  const tasks = ['put a clean mug in desk.', 'put some mug on desk.', 'find two pen and put them in drawer.'];
  expect(whichDialect(tasks.join('\n')).dialect).toBeUndefined();
  expect(whichDialect('You move the mouse to the left. Put it in a box 1.').dialect).toBeUndefined();
});
