/** ALFWorld's names of its kinds of task, for people. */
import { table } from './table.ts';

const TASK_TYPES = table({
  pick_and_place_simple: 'put it somewhere',
  pick_two_obj_and_place: 'put two somewhere',
  look_at_obj_in_light: 'look at it in the light',
  pick_clean_then_place_in_recep: 'clean it first',
  pick_heat_then_place_in_recep: 'heat it first',
  pick_cool_then_place_in_recep: 'cool it first',
});

export function taskTypeName(taskType: string): string {
  return TASK_TYPES[taskType] ?? taskType.replaceAll('_', ' ');
}
