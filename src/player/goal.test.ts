import { describe, expect, test } from 'vitest';
import type { Treatment } from '../base/task-types.ts';
import { parseTask, taskTypeIn, taskTypeOf } from './goal.ts';

const goal = (
  object: string,
  target: string | undefined,
  treatments: readonly Treatment[] = [],
  more = {},
) => ({
  ...{ object, target, treatments, count: 1, lamp: undefined },
  ...more,
});

test.each([
  [
    'look at bowl under the desklamp.',
    'look_at_obj_in_light',
    goal('bowl', undefined, [], { lamp: 'desklamp' }),
  ],
  [
    'examine the bowl with the desklamp.',
    'look_at_obj_in_light',
    goal('bowl', undefined, [], { lamp: 'desklamp' }),
  ],
  ['put a mug in shelf.', 'pick_and_place_simple', goal('mug', 'shelf')],
  ['put some mug on shelf.', 'pick_and_place_simple', goal('mug', 'shelf')],
  ['clean some mug and put it in shelf.', 'pick_clean_then_place_in_recep', goal('mug', 'shelf', ['clean'])],
  ['put a clean mug in shelf.', 'pick_clean_then_place_in_recep', goal('mug', 'shelf', ['clean'])],
  ['put a hot mug in shelf.', 'pick_heat_then_place_in_recep', goal('mug', 'shelf', ['heat'])],
  ['cool some mug and put it in shelf.', 'pick_cool_then_place_in_recep', goal('mug', 'shelf', ['cool'])],
  ['put two mug in shelf.', 'pick_two_obj_and_place', goal('mug', 'shelf', [], { count: 2 })],
  ['find two mug and put them in shelf.', 'pick_two_obj_and_place', goal('mug', 'shelf', [], { count: 2 })],
])('%s', (sentence, type, expected) => {
  const parsed = parseTask(sentence);
  expect(parsed).toEqual({ ok: true, value: expected });
  expect(parsed.ok && taskTypeOf(parsed.value)).toBe(type);
});

test('another sentence is refused, with the sentence as its place', () => {
  const parsed = parseTask('Wash the dog.');
  expect(parsed).toMatchObject({ ok: false, error: { code: 'TASK_UNKNOWN', place: 'Wash the dog.' } });
});

describe('chores besides the six kinds', () => {
  test.each([
    ['put a clean and cool mug in shelf.', goal('mug', 'shelf', ['clean', 'cool'])],
    ['slice and heat some egg and put it in fridge.', goal('egg', 'fridge', ['slice', 'heat'])],
    ['put a sliced apple in fridge.', goal('apple', 'fridge', ['slice'])],
    ['find three pen and put them in desk.', goal('pen', 'desk', [], { count: 3 })],
    ['clean two cup and put them in shelf.', goal('cup', 'shelf', ['clean'], { count: 2 })],
    ['put two cool pan in shelf.', goal('pan', 'shelf', ['cool'], { count: 2 })],
    ['hold a hot mug.', goal('mug', undefined, ['heat'])],
    ['turn on the floorlamp.', goal('', undefined, [], { count: 0, lamp: 'floorlamp' })],
    ['clean some mug and put it where it was.', goal('mug', undefined, ['clean'], { back: true })],
    ['put a mug and a pen in shelf.', goal('mug', 'shelf', [], { also: goal('pen', 'shelf') })],
    ['put a mug in shelf and a mug in desk.', goal('mug', 'shelf', [], { also: goal('mug', 'desk') })],
  ])('%s', (sentence, expected) => {
    const parsed = parseTask(sentence);
    expect(parsed).toEqual({ ok: true, value: expected });
    expect(parsed.ok && taskTypeOf(parsed.value)).toBeUndefined();
  });

  // What a memory of another thing's trip tells, with that thing and its place.
  const told = new Map([
    ['mirror', { object: 'cup', count: 1, treatments: ['cool', 'clean'] as const, target: 'desk' }],
    ['window', { object: 'cup', count: 2, treatments: ['heat'] as const, target: 'desk' }],
  ]);

  test('a name adds what was told of it, and the sentence goes before', () => {
    expect(parseTask('put two mug in shelf at mirror time.', told)).toEqual({
      ok: true,
      value: goal('mug', 'shelf', ['cool', 'clean'], { count: 2 }),
    });
    expect(parseTask('take mug at window time.', told)).toEqual({
      ok: true,
      value: goal('mug', 'desk', ['heat'], { count: 2 }),
    });
  });

  test('a name that nobody told leaves the plain goal, or none', () => {
    expect(parseTask('put a mug in shelf at sink time.', told)).toEqual(parseTask('put a mug in shelf.'));
    expect(parseTask('take mug at sink time.', told)).toMatchObject({
      ok: false,
      error: { code: 'CHORE_UNKNOWN' },
    });
  });
});

test.each([
  ['heat some egg and put it in fridge.', 'pick_heat_then_place_in_recep'],
  ['put a egg in fridge at sink time.', 'sink_time'],
  ['take egg at sink time', 'sink_time'],
  ['hold a hot egg.', undefined],
])('the task type of %s', (sentence, type) => {
  expect(taskTypeIn(sentence)).toBe(type);
});
