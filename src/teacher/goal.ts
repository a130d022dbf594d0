/**
 * What a task sentence asks for. A goal is a product of parts, not one of six cases: how many objects of a type,
 * what must be done to them (in order), where they must end up, or in the light of which lamp. The sentences are
 * ALFRED's two templates for each of the six task types; chores outside them compose the same parts.
 */
import { ok, type Result, refuse } from '../engine/result.ts';
import type { ObjectState } from './observation.ts';

export type Treatment = 'clean' | 'heat' | 'cool';

export interface Goal {
  /** Object type, as in names: `butterknife`. */
  readonly object: string;
  /** How many of them. */
  readonly count: number;
  /** What is to be done to each, in this order. */
  readonly treatments: readonly Treatment[];
  /** Receptacle type where they must lie, all in one; undefined for a goal of light. */
  readonly target: string | undefined;
  /** Lamp type that must be turned on while the object is in hand. */
  readonly lamp: string | undefined;
}

/** The task types as the official games' folders name them. */
export type TaskType =
  | 'pick_and_place_simple'
  | 'pick_clean_then_place_in_recep'
  | 'pick_heat_then_place_in_recep'
  | 'pick_cool_then_place_in_recep'
  | 'pick_two_obj_and_place'
  | 'look_at_obj_in_light';

/** The receptacle type that does a treatment, and what the object then is. */
export const TREATMENTS: Readonly<Record<Treatment, { readonly tool: string; readonly state: ObjectState }>> =
  {
    clean: { tool: 'sinkbasin', state: 'clean' },
    heat: { tool: 'microwave', state: 'hot' },
    cool: { tool: 'fridge', state: 'cool' },
  };

const ADJECTIVES: Readonly<Record<string, Treatment>> = { clean: 'clean', hot: 'heat', cool: 'cool' };
const TYPE = String.raw`(\S+)`;
const LIGHT = [
  new RegExp(`^look at ${TYPE} under the ${TYPE}$`),
  new RegExp(`^examine the ${TYPE} with the ${TYPE}$`),
];
const TWO = [
  new RegExp(`^put two ${TYPE} in ${TYPE}$`),
  new RegExp(`^find two ${TYPE} and put them in ${TYPE}$`),
];
const TREATED_ADJECTIVE = new RegExp(`^put a (clean|hot|cool) ${TYPE} in ${TYPE}$`);
const TREATED_VERB = new RegExp(`^(clean|heat|cool) some ${TYPE} and put it in ${TYPE}$`);
const SIMPLE = [new RegExp(`^put a ${TYPE} in ${TYPE}$`), new RegExp(`^put some ${TYPE} on ${TYPE}$`)];

/** Reads a task sentence, with or without its full stop. */
export function parseTask(sentence: string): Result<Goal> {
  const text = sentence.trim().replace(/\.$/, '').toLowerCase();
  const light = firstMatch(LIGHT, text);
  if (light) return goal(light[1], 1, [], undefined, light[2]);
  const two = firstMatch(TWO, text);
  if (two) return goal(two[1], 2, [], two[2]);
  const adjective = TREATED_ADJECTIVE.exec(text);
  if (adjective)
    return goal(adjective[2], 1, [ADJECTIVES[adjective[1] as string] as Treatment], adjective[3]);
  const verb = TREATED_VERB.exec(text);
  if (verb) return goal(verb[2], 1, [verb[1] as Treatment], verb[3]);
  const simple = firstMatch(SIMPLE, text);
  if (simple) return goal(simple[1], 1, [], simple[2]);
  return refuse('TASK_UNKNOWN', 'The task sentence is none that the scripted teacher understands.', sentence);
}

function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) return match;
  }
  return undefined;
}

function goal(
  object: string | undefined,
  count: number,
  treatments: readonly Treatment[],
  target: string | undefined,
  lamp?: string,
): Result<Goal> {
  return ok({ object: object ?? '', count, treatments, target, lamp });
}

/** The official task type of a goal; undefined for a chore outside the six. */
export function taskTypeOf({ count, treatments, target, lamp }: Goal): TaskType | undefined {
  if (lamp !== undefined) {
    return target === undefined && count === 1 && treatments.length === 0
      ? 'look_at_obj_in_light'
      : undefined;
  }
  if (count === 2 && treatments.length === 0) return 'pick_two_obj_and_place';
  if (count !== 1 || treatments.length > 1) return undefined;
  const [treatment] = treatments;
  return treatment === undefined ? 'pick_and_place_simple' : `pick_${treatment}_then_place_in_recep`;
}
