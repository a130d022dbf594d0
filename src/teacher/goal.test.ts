import { expect, test } from 'vitest';
import { parseTask, taskTypeOf } from './goal.ts';

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
