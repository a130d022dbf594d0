/** Finding games by a few words, from their keys alone: a set may hold thousands, too many to read each. */

import { table } from '../base/table.ts';
import { taskTypeName } from '../base/task-types.ts';
import { parseGameKey } from '../engine/import/path.ts';

/** How tasks say what their kind is called after. */
const SAID = table({
  pick_two_obj_and_place: 'two',
  look_at_obj_in_light: 'examine lamp desklamp',
  pick_clean_then_place_in_recep: 'clean',
  pick_heat_then_place_in_recep: 'hot warm microwave',
  pick_cool_then_place_in_recep: 'cool cold fridge',
});

/** Every task says these. */
const SAYS_NOTHING = new Set(['a', 'an', 'and', 'in', 'it', 'of', 'on', 'put', 'some', 'the', 'to', 'with']);

export function taskTypeInKey(key: string): string {
  const place = parseGameKey(key);
  return place.ok ? place.value.taskType : '';
}

/** Whether a game is one of those that are looked for: `hot apple` finds every task that heats an apple. */
export function gameFilter(words: string): (key: string) => boolean {
  const wanted = words
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== '' && !SAYS_NOTHING.has(word));
  return (key) => {
    const type = taskTypeInKey(key);
    const told = `${key} ${taskTypeName(type)} ${SAID[type] ?? ''}`.toLowerCase();
    return wanted.every((word) => told.includes(word));
  };
}
