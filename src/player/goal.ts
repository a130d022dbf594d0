/**
 * What a task sentence asks for. A goal is a product of parts, not one of six cases: how many objects of a type,
 * what must be done to them (in order), where they must end up, or in the light of which lamp; and another such goal
 * where the sentence asks for two. The sentences are ALFRED's two templates for each of the six task types; chores
 * outside them compose the same parts (their sentences: src/homes/families.ts).
 *
 * A sentence may also call a chore by a name of the household's own ('put a mug in shelf at mirror time'). What is
 * done then, the sentence doesn't say: it has to be told, as an {@link Instruction}, by a memory or by whoever gives
 * the task.
 */

import { ok, type Parsed, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import { namedTaskType, type TaskType, type Treatment } from '../base/task-types.ts';
import type { ObjectState } from './observation.ts';

export interface Goal {
  /** Object type, as in names: `butterknife`; empty where only a lamp is to be turned on. */
  readonly object: string;
  /** How many of them. */
  readonly count: number;
  /** What is to be done to each, in this order. */
  readonly treatments: readonly Treatment[];
  /** Receptacle type where they must lie, all in one. */
  readonly target: string | undefined;
  /** Lamp type that must be turned on while the object is in hand. */
  readonly lamp: string | undefined;
  /** It goes back to the very place where it was. Without this, a target and a lamp it stays in the hand. */
  readonly back?: true;
  /** What is asked for besides. */
  readonly also?: Goal;
}

/** What a household does at a time that has a name: the part of a goal that the task sentence leaves out. */
export interface Instruction {
  readonly count: number;
  readonly treatments: readonly Treatment[];
  /** Receptacle type; where neither this nor a lamp is given it stays in the hand. */
  readonly target?: string | undefined;
  readonly lamp?: string | undefined;
}

/** By name: `mirror` for what is done at mirror time. */
export type Instructions = ReadonlyMap<string, Instruction>;

export const NO_INSTRUCTIONS: Instructions = new Map();

/** The receptacle type that does a treatment (for slicing the object type), and what the object then is. */
export const TREATMENTS: Readonly<Record<Treatment, { readonly tool: string; readonly state: ObjectState }>> =
  {
    clean: { tool: 'sinkbasin', state: 'clean' },
    heat: { tool: 'microwave', state: 'hot' },
    cool: { tool: 'fridge', state: 'cool' },
    slice: { tool: 'knife', state: 'sliced' },
  };

const TREATMENT_OF: Readonly<Record<string, Treatment>> = table({
  clean: 'clean',
  hot: 'heat',
  heat: 'heat',
  cool: 'cool',
  sliced: 'slice',
  slice: 'slice',
});
const COUNT_OF: Readonly<Record<string, number>> = table({ a: 1, some: 1, two: 2, three: 3 });
const TYPE = String.raw`(\S+)`;
const MANY = '(a|some|two|three)';
const STATES = '(clean|hot|cool|sliced)';
const VERBS = '(clean|heat|cool|slice)';
const THEM = '(?:it|them)';

type Parts = readonly (string | undefined)[];

/** Sentences with what their groups say, tried in order. */
const TEMPLATES: readonly (readonly [RegExp, (parts: Parts) => Goal])[] = [
  [sentence(`look at ${TYPE} under the ${TYPE}`), ([object, lamp]) => goal({ object, lamp })],
  [sentence(`examine the ${TYPE} with the ${TYPE}`), ([object, lamp]) => goal({ object, lamp })],
  [sentence(`turn on the ${TYPE}`), ([lamp]) => goal({ object: '', count: 0, lamp })],
  [
    sentence(`put a ${TYPE} in ${TYPE} and a ${TYPE} in ${TYPE}`),
    ([object, target, other, place]) =>
      goal({ object, target, also: goal({ object: other, target: place }) }),
  ],
  [
    sentence(`put a ${TYPE} and a ${TYPE} in ${TYPE}`),
    ([object, other, target]) => goal({ object, target, also: goal({ object: other, target }) }),
  ],
  [
    sentence(`${VERBS} ${MANY} ${TYPE} and put ${THEM} where it was`),
    ([verb, count, object]) => goal({ object, count: counted(count), verbs: [verb], back: true }),
  ],
  [sentence(`hold a ${STATES} ${TYPE}`), ([state, object]) => goal({ object, verbs: [state] })],
  [sentence(`${VERBS} some ${TYPE} and hold it`), ([verb, object]) => goal({ object, verbs: [verb] })],
  [
    sentence(`put ${MANY} ${STATES} and ${STATES} ${TYPE} (?:in|on) ${TYPE}`),
    ([count, first, second, object, target]) =>
      goal({ object, count: counted(count), verbs: [first, second], target }),
  ],
  [
    sentence(`${VERBS} and ${VERBS} ${MANY} ${TYPE} and put ${THEM} (?:in|on) ${TYPE}`),
    ([first, second, count, object, target]) =>
      goal({ object, count: counted(count), verbs: [first, second], target }),
  ],
  [
    sentence(`put ${MANY} ${STATES} ${TYPE} (?:in|on) ${TYPE}`),
    ([count, state, object, target]) => goal({ object, count: counted(count), verbs: [state], target }),
  ],
  [
    sentence(`${VERBS} ${MANY} ${TYPE} and put ${THEM} (?:in|on) ${TYPE}`),
    ([verb, count, object, target]) => goal({ object, count: counted(count), verbs: [verb], target }),
  ],
  [
    sentence(`(?:put|find) ${MANY} ${TYPE}(?: and put ${THEM})? (?:in|on) ${TYPE}`),
    ([count, object, target]) => goal({ object, count: counted(count), target }),
  ],
];
/** A name may be of several words, and have 'at' in it. */
const NAMED = /^(.+?) at (.+) time$/;
const UNSAID = sentence(`take ${TYPE}`);

/** The name that a task sentence calls its chore by: `mirror` of 'put a mug in shelf at mirror time.' */
export function calledIn(sentence: string): string | undefined {
  return NAMED.exec(plain(sentence))?.[2];
}

type TaskCode = 'TASK_UNKNOWN' | 'CHORE_UNKNOWN';

/**
 * Reads a task sentence, with or without its full stop. A name that the instructions don't tell is passed over where
 * the sentence says enough to try. Codes: TASK_UNKNOWN, CHORE_UNKNOWN.
 */
export function parseTask(
  text: string,
  instructions: Instructions = NO_INSTRUCTIONS,
): Parsed<Goal, TaskCode> {
  const [, rest = plain(text), name] = NAMED.exec(plain(text)) ?? [];
  const told = name === undefined ? undefined : instructions.get(name);
  const unsaid = name === undefined ? undefined : UNSAID.exec(rest)?.[1];
  if (unsaid !== undefined) {
    if (told === undefined)
      return refuse('CHORE_UNKNOWN', `Nobody has told what is done at ${name} time.`, text);
    // Only what an instruction tells: the thing is the sentence's.
    const { count, treatments, target, lamp } = told;
    return ok({ object: unsaid, count, treatments, target, lamp });
  }
  for (const [pattern, read] of TEMPLATES) {
    const match = pattern.exec(rest);
    if (match === null) continue;
    const said = read(match.slice(1));
    return ok(told === undefined ? said : { ...said, treatments: told.treatments });
  }
  return refuse('TASK_UNKNOWN', 'The task sentence is none that the scripted teacher understands.', text);
}

function plain(text: string): string {
  return text.trim().replace(/\.$/, '').toLowerCase();
}

function sentence(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

function counted(word = ''): number {
  return COUNT_OF[word] ?? 1;
}

interface Said {
  readonly object?: string | undefined;
  readonly count?: number;
  readonly verbs?: readonly (string | undefined)[];
  readonly target?: string | undefined;
  readonly lamp?: string | undefined;
  readonly back?: true;
  readonly also?: Goal;
}

function goal({ object = '', count = 1, verbs = [], target, lamp, ...rest }: Said): Goal {
  const treatments = verbs.map((verb) => TREATMENT_OF[verb ?? ''] as Treatment);
  return { object, count, treatments, target, lamp, ...rest };
}

/** A goal and those that it asks for besides. */
export function goalsIn(goal: Goal): Goal[] {
  return goal.also === undefined ? [goal] : [goal, ...goalsIn(goal.also)];
}

/** The official task type of a goal; undefined for a chore outside the six. */
export function taskTypeOf({ count, treatments, target, lamp, also }: Goal): TaskType | undefined {
  if (also !== undefined || count === 0) return undefined;
  if (lamp !== undefined) {
    return target === undefined && count === 1 && treatments.length === 0
      ? 'look_at_obj_in_light'
      : undefined;
  }
  const [treatment, another] = treatments;
  if (target === undefined || another !== undefined || treatment === 'slice') return undefined;
  if (count === 2 && treatment === undefined) return 'pick_two_obj_and_place';
  if (count !== 1) return undefined;
  return treatment === undefined ? 'pick_and_place_simple' : `pick_${treatment}_then_place_in_recep`;
}

/** The task type of a sentence: an official one, or that of the chore that it names. */
export function taskTypeIn(text: string): string | undefined {
  const name = calledIn(text);
  if (name !== undefined) return namedTaskType(name);
  const goal = parseTask(text);
  return goal.ok ? taskTypeOf(goal.value) : undefined;
}

/** Whether two sentences ask for the same, such as both of a template; nothing is the same as what isn't understood. */
export function isSameTask(one: string, other: string): boolean {
  const [a, b] = [parseTask(one), parseTask(other)];
  return a.ok && b.ok && JSON.stringify(a.value) === JSON.stringify(b.value);
}
