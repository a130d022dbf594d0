import { describe, expect, test } from 'vitest';
import { parseTask, taskTypeIn, taskTypeOf } from './goal.ts';

const plain = { count: 1, treatments: [], lamp: undefined };

test.each([
  [
    'look at bowl under the desklamp.',
    'look_at_obj_in_light',
    { ...plain, object: 'bowl', target: undefined, lamp: 'desklamp' },
  ],
  [
    'examine the bowl with the desklamp.',
    'look_at_obj_in_light',
    { ...plain, object: 'bowl', target: undefined, lamp: 'desklamp' },
  ],
  ['put a mug in shelf.', 'pick_and_place_simple', { ...plain, object: 'mug', target: 'shelf' }],
  ['put some mug on shelf.', 'pick_and_place_simple', { ...plain, object: 'mug', target: 'shelf' }],
  [
    'clean some mug and put it in shelf.',
    'pick_clean_then_place_in_recep',
    { ...plain, treatments: ['clean'], object: 'mug', target: 'shelf' },
  ],
  [
    'put a clean mug in shelf.',
    'pick_clean_then_place_in_recep',
    { ...plain, treatments: ['clean'], object: 'mug', target: 'shelf' },
  ],
  [
    'put a hot mug in shelf.',
    'pick_heat_then_place_in_recep',
    { ...plain, treatments: ['heat'], object: 'mug', target: 'shelf' },
  ],
  [
    'cool some mug and put it in shelf.',
    'pick_cool_then_place_in_recep',
    { ...plain, treatments: ['cool'], object: 'mug', target: 'shelf' },
  ],
  ['put two mug in shelf.', 'pick_two_obj_and_place', { ...plain, count: 2, object: 'mug', target: 'shelf' }],
  [
    'find two mug and put them in shelf.',
    'pick_two_obj_and_place',
    { ...plain, count: 2, object: 'mug', target: 'shelf' },
  ],
])('%s', (sentence, type, goal) => {
  const parsed = parseTask(sentence);
  expect(parsed).toEqual({ ok: true, value: goal });
  expect(parsed.ok && taskTypeOf(parsed.value)).toBe(type);
});

test('another sentence is refused, with the sentence as its place', () => {
  const parsed = parseTask('Wash the dog.');
  expect(parsed).toMatchObject({ ok: false, error: { code: 'TASK_UNKNOWN', place: 'Wash the dog.' } });
});

describe('chores besides the six kinds', () => {
  const two = { ...plain, count: 2 };
  test.each([
    [
      'put a clean and cool mug in shelf.',
      { ...plain, object: 'mug', treatments: ['clean', 'cool'], target: 'shelf' },
    ],
    [
      'slice and heat some egg and put it in fridge.',
      { ...plain, object: 'egg', treatments: ['slice', 'heat'], target: 'fridge' },
    ],
    ['put a sliced apple in fridge.', { ...plain, object: 'apple', treatments: ['slice'], target: 'fridge' }],
    ['find three pen and put them in desk.', { ...plain, count: 3, object: 'pen', target: 'desk' }],
    [
      'clean two cup and put them in shelf.',
      { ...two, object: 'cup', treatments: ['clean'], target: 'shelf' },
    ],
    ['put two cool pan in shelf.', { ...two, object: 'pan', treatments: ['cool'], target: 'shelf' }],
    ['hold a hot mug.', { ...plain, object: 'mug', treatments: ['heat'], target: undefined }],
    ['turn on the floorlamp.', { ...plain, object: '', count: 0, target: undefined, lamp: 'floorlamp' }],
    [
      'clean some mug and put it where it was.',
      { ...plain, object: 'mug', treatments: ['clean'], target: undefined, back: true },
    ],
    [
      'put a mug and a pen in shelf.',
      { ...plain, object: 'mug', target: 'shelf', also: { ...plain, object: 'pen', target: 'shelf' } },
    ],
    [
      'put a mug in shelf and a mug in desk.',
      { ...plain, object: 'mug', target: 'shelf', also: { ...plain, object: 'mug', target: 'desk' } },
    ],
  ])('%s', (sentence, goal) => {
    const parsed = parseTask(sentence);
    expect(parsed).toEqual({ ok: true, value: goal });
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
      value: { ...two, object: 'mug', treatments: ['cool', 'clean'], target: 'shelf' },
    });
    expect(parseTask('take mug at window time.', told)).toEqual({
      ok: true,
      value: { ...two, object: 'mug', treatments: ['heat'], target: 'desk' },
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
