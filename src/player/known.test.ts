import { expect, test } from 'vitest';
import { Known, namesIn } from './known.ts';

const INTRO =
  'You are in the middle of a room. Looking quickly around you, you see a cabinet 2, a cabinet 1, and a shelf 1.\n\n' +
  'Your task is to: put a mug in shelf.';

test('names in a text are a word and a number; a spot of the older dialect is none', () => {
  expect(namesIn('You arrive at loc 3. On the shelf 1, you see a mug 2, and a pen 12.')).toEqual([
    'shelf 1',
    'mug 2',
    'pen 12',
  ]);
});

test('before anything is seen there are the places and nothing to take', () => {
  const commands = new Known(INTRO).commands();
  expect(commands).toEqual(expect.arrayContaining(['look', 'inventory', 'go to cabinet 2', 'open shelf 1']));
  expect(commands.some((command) => command.startsWith('take '))).toBe(false);
  expect(commands).not.toContain('go to cabinet 3');
});

test('what was seen can be taken, used and treated, wherever it is', () => {
  const known = new Known(INTRO);
  known.observe('go to shelf 1', 'You arrive at shelf 1. On the shelf 1, you see a mug 2, and a knife 1.');
  expect(known.things).toEqual(['mug 2', 'knife 1']);
  expect(known.commands()).toEqual(
    expect.arrayContaining([
      'take mug 2 from cabinet 1',
      'slice mug 2 with knife 1',
      'move mug 2 to shelf 1',
    ]),
  );
  expect(known.commands()).not.toContain('slice knife 1 with mug 2');
});

test('the older dialect puts in or on', () => {
  const known = new Known(INTRO);
  known.observe('go to shelf 1', 'You arrive at loc 4. On the shelf 1, you see a mug 2.');
  expect(known.commands()).toContain('put mug 2 in/on shelf 1');
  expect(known.commands()).not.toContain('move mug 2 to shelf 1');
});

test("a command that did nothing isn't given again until something changes", () => {
  const known = new Known(INTRO);
  known.observe('open cabinet 2', 'Nothing happens.');
  expect(known.commands()).not.toContain('open cabinet 2');
  expect(known.commands()).toContain('open cabinet 1');
  known.observe('go to cabinet 2', 'You arrive at cabinet 2. The cabinet 2 is closed.');
  expect(known.commands()).toContain('open cabinet 2');
  known.observe('close cabinet 2', 'Nothing happens.');
  expect(known.commands()).not.toContain('close cabinet 2');
  known.observe('open cabinet 2', 'You open the cabinet 2. The cabinet 2 is open. In it, you see nothing.');
  expect(known.commands()).toContain('close cabinet 2');
});
