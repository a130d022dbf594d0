import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { Belief } from '../player/belief.ts';
import { type Goal, parseTask } from '../player/goal.ts';
import { delivered, errandOf, pendingFor } from './errands.ts';
import { adviseAfter } from './scripted.ts';

const INTRO =
  'You are in the middle of a room. Looking quickly around you, you see a countertop 1, a desk 1, a fridge 1, a shelf 1, and a sinkbasin 1.\n\nYour task is to: ';
const COUNTER = 'You arrive at countertop 1. On the countertop 1, you see a apple 1, a knife 1, and a mug 1.';
const at = (action: string, observation: string) => ({ action, observation });
const WENT = at('go to countertop 1', COUNTER);
const KNIFE = at('take knife 1 from countertop 1', 'You pick up the knife 1 from the countertop 1.');
const SLICED = at('slice apple 1 with knife 1', 'You sliced the apple 1 with the knife 1.');

function goalOf(task: string): Goal {
  return unwrap(parseTask(task));
}

function advice(task: string, ...steps: readonly ReturnType<typeof at>[]): string {
  const reply = unwrap(adviseAfter(INTRO + task, steps));
  return reply.action;
}

describe('slicing', () => {
  const task = 'put a sliced apple in shelf.';
  test.each([
    ['takes the knife, not the apple', 'take knife 1 from countertop 1', [WENT]],
    ['cuts', 'slice apple 1 with knife 1', [WENT, KNIFE]],
    ['puts the knife down when it has cut', 'move knife 1 to countertop 1', [WENT, KNIFE, SLICED]],
    [
      'takes what was cut',
      'take apple 1 from countertop 1',
      [WENT, KNIFE, SLICED, at('move knife 1 to countertop 1', 'You move the knife 1 to the countertop 1.')],
    ],
    [
      'puts down an apple that was taken too early',
      'move apple 1 to countertop 1',
      [WENT, at('take apple 1 from countertop 1', 'You pick up the apple 1 from the countertop 1.')],
    ],
  ] as const)('%s', (_, action, steps) => {
    expect(advice(task, ...steps)).toBe(action);
  });
});

test('what is put back goes to the very place where it was', () => {
  const took = at('take mug 1 from countertop 1', 'You pick up the mug 1 from the countertop 1.');
  const sink = at('go to sinkbasin 1', 'You arrive at sinkbasin 1. On the sinkbasin 1, you see nothing.');
  const cleaned = at('clean mug 1 with sinkbasin 1', 'You clean the mug 1 using the sinkbasin 1.');
  expect(advice('clean some mug and put it where it was.', WENT, took, sink, cleaned)).toBe(
    'go to countertop 1',
  );
});

describe('two errands', () => {
  const goal = goalOf('put a mug in shelf and a mug in desk.');
  const belief = () => new Belief(`${INTRO}put a mug in shelf and a mug in desk.`);

  test('come one after the other, and leave each other their things', () => {
    const known = belief();
    expect(errandOf(goal, known).goal.target).toBe('shelf');
    known.observe('go to shelf 1', 'You arrive at shelf 1. On the shelf 1, you see a mug 2.');
    const second = errandOf(goal, known);
    expect(second.goal.target).toBe('desk');
    expect([...second.reserved]).toEqual(['mug 2']);
  });

  test('begin with the one that the thing in hand is for', () => {
    const kinds = goalOf('put a mug and a apple in shelf.');
    const known = belief();
    known.observe(WENT.action, WENT.observation);
    expect(errandOf(kinds, known).goal.object).toBe('mug');
    known.observe('take apple 1 from countertop 1', 'You pick up the apple 1 from the countertop 1.');
    expect(errandOf(kinds, known).goal.object).toBe('apple');
  });
});

test('a thing counts only when all is done to it, in the place that has most', () => {
  const goal = goalOf('put two clean mug in shelf.');
  const known = new Belief(`${INTRO}put two clean mug in shelf.`);
  known.observe('go to shelf 1', 'You arrive at shelf 1. On the shelf 1, you see a mug 2, and a mug 1.');
  expect(delivered({ goal, reserved: new Set() }, known)).toEqual([]);
  known.observe('clean mug 1 with sinkbasin 1', 'You clean the mug 1 using the sinkbasin 1.');
  expect(pendingFor(goal, known, 'mug 1')).toEqual([]);
  expect(pendingFor(goal, known, 'mug 2')).toEqual(['clean']);
  expect(delivered({ goal, reserved: new Set() }, known)).toEqual(['mug 1']);
});
