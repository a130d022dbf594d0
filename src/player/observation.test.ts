/** The readings are checked on the texts of facts.md and, where the recordings of the real engine are here, on all of them. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedPath } from '../testing/shared.ts';
import { parseIntro, parseList, parseObservation } from './observation.ts';

const surface = { place: 'desk 1', door: 'none', contents: ['pen 2', 'pen 1', 'cd 1'] } as const;

test.each([
  ['Nothing happens.', { kind: 'nothing' }],
  [
    'You arrive at desk 1. On the desk 1, you see a pen 2, a pen 1, and a cd 1.',
    { kind: 'arrive', at: 'desk 1', view: surface },
  ],
  [
    'You arrive at loc 3. On the desk 1, you see a pen 2, a pen 1, and a cd 1.',
    { kind: 'arrive', at: 'loc 3', view: surface },
  ],
  [
    'You arrive at safe 1. The safe 1 is closed.',
    { kind: 'arrive', at: 'safe 1', view: { place: 'safe 1', door: 'closed', contents: undefined } },
  ],
  [
    'You open the safe 1. The safe 1 is open. In it, you see nothing.',
    { kind: 'open', place: 'safe 1', view: { place: 'safe 1', door: 'open', contents: [] } },
  ],
  ['You close the safe 1.', { kind: 'close', place: 'safe 1' }],
  ['You pick up the pen 2 from the desk 1.', { kind: 'take', object: 'pen 2', place: 'desk 1' }],
  ['You move the pen 2 to the desk 1.', { kind: 'put', object: 'pen 2', place: 'desk 1' }],
  ['You put the pen 2 in/on the desk 1.', { kind: 'put', object: 'pen 2', place: 'desk 1' }],
  [
    'You heat the egg 1 using the microwave 1.',
    { kind: 'treat', object: 'egg 1', place: 'microwave 1', becomes: 'hot' },
  ],
  ['You sliced the apple 1 with the knife 2.', { kind: 'slice', object: 'apple 1', tool: 'knife 2' }],
  ['You turn on the desklamp 1.', { kind: 'use', object: 'desklamp 1' }],
  ['You are carrying: a pen 2.', { kind: 'inventory', object: 'pen 2' }],
  ['You are not carrying anything.', { kind: 'inventory', object: undefined }],
  [
    'You are facing the desk 1, and drawer 3. Next to it, you see nothing.',
    { kind: 'facing', places: ['desk 1', 'drawer 3'] },
  ],
  ['On the desk 1, you see a pen 2, a pen 1, and a cd 1.', { kind: 'view', view: surface }],
  [
    'This is a cool and clean sliced apple 1.',
    { kind: 'state', object: 'apple 1', states: ['cool', 'clean', 'sliced'] },
  ],
  ['This is a cold mug 1.', { kind: 'state', object: 'mug 1', states: ['cool'] }],
  ['This is a normal box 1. In it, you see a pen 1.', { kind: 'state', object: 'box 1', states: [] }],
  ["There's nothing special about pen 1.", { kind: 'other' }],
])('%s', (text, expected) => {
  expect(parseObservation(text)).toEqual(expected);
});

test('the intro gives the receptacles in its order, and the task', () => {
  const intro =
    '-= Welcome to TextWorld, ALFRED! =-\n\nYou are in the middle of a room. Looking quickly around you, you see a shelf 2, a shelf 1, and a safe 1.\n\nYour task is to: put a pen in safe.';
  expect(parseIntro(intro)).toEqual({ places: ['shelf 2', 'shelf 1', 'safe 1'], task: 'put a pen in safe.' });
  expect(parseIntro('')).toEqual({ places: [], task: undefined });
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseObservation(text).kind).toBeTypeOf('string');
      parseIntro(text);
      parseList(text);
    }),
  );
});

const recordings = sharedPath('alfworld/conformance/train.jsonl.gz');

test.skipIf(recordings === undefined)(
  'every text of the real engine is read, but help and what has no names',
  () => {
    const unread = new Set<string>();
    for (const line of gunzipSync(readFileSync(recordings as string))
      .toString('utf8')
      .trimEnd()
      .split('\n')) {
      for (const { observation } of (JSON.parse(line) as { steps: { observation: string }[] }).steps) {
        if (parseObservation(observation).kind === 'other')
          unread.add(observation.trim().split(' ').slice(0, 4).join(' '));
      }
    }
    expect([...unread].sort()).toEqual(
      ['Available commands:\n  look:', 'You are in the', "There's nothing special about"].sort(),
    );
  },
);
