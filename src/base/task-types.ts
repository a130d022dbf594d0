/** What tasks are called: ALFWorld's six types, the treatments that they ask for, and names of a household's own. */
import { table } from './table.ts';

/** The task types as the official games' folders name them. */
export const TASK_TYPES = [
  'pick_and_place_simple',
  'look_at_obj_in_light',
  'pick_clean_then_place_in_recep',
  'pick_heat_then_place_in_recep',
  'pick_cool_then_place_in_recep',
  'pick_two_obj_and_place',
] as const;
export type TaskType = (typeof TASK_TYPES)[number];

export const ALL_TREATMENTS = ['clean', 'heat', 'cool', 'slice'] as const;
export type Treatment = (typeof ALL_TREATMENTS)[number];

const FOR_PEOPLE = table({
  pick_and_place_simple: 'put it somewhere',
  pick_two_obj_and_place: 'put two somewhere',
  look_at_obj_in_light: 'look at it in the light',
  pick_clean_then_place_in_recep: 'clean it first',
  pick_heat_then_place_in_recep: 'heat it first',
  pick_cool_then_place_in_recep: 'cool it first',
});

/** A task type for people. */
export function taskTypeName(taskType: string): string {
  return FOR_PEOPLE[taskType] ?? taskType.replaceAll('_', ' ');
}

/** The task type of a chore with a name of the household's own: `boots_time`, `sunday.lunch_time`. */
export function namedTaskType(name: string): string {
  return `${name.toLowerCase().replaceAll(' ', '.')}_time`;
}
