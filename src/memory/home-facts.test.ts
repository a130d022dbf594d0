import { expect, test } from 'vitest';
import type { Trajectory } from './entry.ts';
import { contentsSeen, searchedFor, whereKept } from './home-facts.ts';

const seeing = (...observations: string[]): Trajectory => ({
  intro: '',
  steps: observations.map((observation) => ({ thought: '', action: '', observation })),
});
const on = (place: string, contents: string): string =>
  `You arrive at ${place}. On the ${place}, you see ${contents}.`;

test('what the player put somewhere itself says nothing of where the home keeps it', () => {
  const seen = contentsSeen(
    seeing(on('shelf 1', 'nothing'), 'You move the mug 1 to the shelf 1.', on('shelf 1', 'a mug 1')),
  );
  expect(seen).toEqual(new Map([['shelf 1', new Set()]]));
});

test('where a thing was seen most often comes first, then where it was seen last', () => {
  const past = [
    seeing(on('shelf 1', 'a mug 1'), on('desk 1', 'a mug 2')),
    seeing(on('bed 1', 'a mug 1')),
    seeing(on('desk 1', 'a mug 1, and a pen 1')),
  ];
  expect(whereKept(['mug', 'pen', 'cd'], past, 2)).toEqual([
    { object: 'mug', place: 'desk 1' },
    { object: 'mug', place: 'bed 1' },
    { object: 'pen', place: 'desk 1' },
  ]);
});

test('a place that was seen without it later keeps it no more', () => {
  const past = [
    seeing(on('shelf 1', 'a mug 1')),
    seeing(on('shelf 1', 'a pen 1')),
    seeing(on('bed 1', 'nothing')),
  ];
  expect(whereKept(['mug'], past, 2)).toEqual([]);
  expect(whereKept(['mug'], past.reverse(), 2)).toEqual([{ object: 'mug', place: 'shelf 1' }]);
});

test('where one looked is told by place, with how often the thing was there', () => {
  const past = [
    seeing(on('shelf 1', 'a mug 1'), on('desk 1', 'nothing')),
    seeing(on('shelf 1', 'a pen 1'), on('shelf 1', 'a mug 1')),
  ];
  expect(searchedFor(['mug'], past)).toEqual([
    {
      object: 'mug',
      places: [
        { place: 'shelf 1', looks: 2, there: 1 },
        { place: 'desk 1', looks: 1, there: 0 },
      ],
    },
  ]);
  expect(searchedFor(['mug'], [])).toEqual([]);
});
