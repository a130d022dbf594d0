import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beliefAfter } from './belief.ts';

const INTRO =
  'You are in the middle of a room. Looking quickly around you, you see a drawer 2, a drawer 1, a fridge 1, and a desk 1.\n\nYour task is to: put a pen in drawer.';

test('a place is unknown until it is looked at, closed until it is opened', () => {
  const before = beliefAfter(INTRO, []);
  expect(before.here).toBeUndefined();
  expect(before.place('drawer 1')).toMatchObject({ door: 'unknown', contents: [], seenAt: undefined });
  const arrived = {
    action: 'go to drawer 1',
    observation: 'You arrive at drawer 1. The drawer 1 is closed.',
  };
  expect(beliefAfter(INTRO, [arrived]).place('drawer 1')).toMatchObject({
    door: 'closed',
    seenAt: undefined,
  });
  const opened = {
    action: 'open drawer 1',
    observation: 'You open the drawer 1. The drawer 1 is open. In it, you see a pen 1.',
  };
  const belief = beliefAfter(INTRO, [arrived, opened]);
  expect(belief.place('drawer 1')).toMatchObject({ door: 'open', contents: ['pen 1'], seenAt: 2 });
  expect(belief.find('pen')).toEqual([{ object: 'pen 1', place: 'drawer 1' }]);
});

test('taking and putting move the object, and treatments stick to it', () => {
  const belief = beliefAfter(INTRO, [
    {
      action: 'go to desk 1',
      observation: 'You arrive at desk 1. On the desk 1, you see a egg 1, and a pen 1.',
    },
    { action: 'take egg 1 from desk 1', observation: 'You pick up the egg 1 from the desk 1.' },
    { action: 'heat egg 1 with microwave 1', observation: 'You heat the egg 1 using the microwave 1.' },
    { action: 'cool egg 1 with fridge 1', observation: 'You cool the egg 1 using the fridge 1.' },
  ]);
  expect(belief.holding).toBe('egg 1');
  expect(belief.originOf('egg 1')).toBe('desk 1');
  expect([...belief.statesOf('egg 1')]).toEqual(['cool']);
  expect(belief.place('desk 1')?.contents).toEqual(['pen 1']);
  belief.observe('move egg 1 to desk 1', 'You move the egg 1 to the desk 1.');
  expect(belief.holding).toBeUndefined();
  expect(belief.place('desk 1')?.contents).toEqual(['pen 1', 'egg 1']);
});

test('what can be used without moving shares a spot', () => {
  const belief = beliefAfter(INTRO, [
    { action: 'go to drawer 2', observation: 'You arrive at drawer 2. The drawer 2 is closed.' },
    { action: 'go to drawer 1', observation: 'Nothing happens.' },
  ]);
  expect(belief.isHere('drawer 1')).toBe(true);
  expect(belief.isHere('desk 1')).toBe(false);
  belief.observe('go to desk 1', 'You arrive at desk 1. On the desk 1, you see nothing.');
  expect(belief.isHere('drawer 1')).toBe(false);
  belief.observe('go to drawer 2', 'You arrive at drawer 2. The drawer 2 is closed.');
  expect(belief.isHere('drawer 1')).toBe(true);
});

test("an object that can't be taken from an open place is no longer believed there", () => {
  const belief = beliefAfter(INTRO, [
    {
      action: 'go to desk 1',
      observation: 'You arrive at desk 1. On the desk 1, you see a egg 1, and a pen 1.',
    },
    { action: 'take egg 1 from desk 1', observation: 'Nothing happens.' },
  ]);
  expect(belief.place('desk 1')?.contents).toEqual(['pen 1']);
});

test("a place that wouldn't take an object is remembered by its type, a closed one isn't blamed", () => {
  const belief = beliefAfter(INTRO, [
    { action: 'go to desk 1', observation: 'You arrive at desk 1. On the desk 1, you see a egg 1.' },
    { action: 'take egg 1 from desk 1', observation: 'You pick up the egg 1 from the desk 1.' },
    { action: 'move egg 1 to desk 1', observation: 'Nothing happens.' },
    { action: 'go to drawer 1', observation: 'You arrive at drawer 1. The drawer 1 is closed.' },
    { action: 'move egg 1 to drawer 1', observation: 'Nothing happens.' },
  ]);
  expect(belief.rejects('desk 4', 'egg 2')).toBe(true);
  expect(belief.rejects('drawer 1', 'egg 1')).toBe(false);
  expect(belief.rejects('desk 1', 'pen 1')).toBe(false);
});

test('the older dialect names a location at arrival, and the receptacle in the view', () => {
  const belief = beliefAfter(INTRO, [
    { action: 'go to desk 1', observation: 'You arrive at loc 8. On the desk 1, you see a pen 1.' },
  ]);
  expect(belief.here).toBe('desk 1');
  expect(belief.putDialect).toBe(true);
});

test('any history is imported without an error', () => {
  const step = fc.record({
    action: fc.string({ unit: 'binary' }),
    observation: fc.string({ unit: 'binary' }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      expect(beliefAfter(INTRO, steps).steps).toBe(steps.length);
    }),
  );
});
