/**
 * Chores besides the six official kinds of tasks: families, each a sentence and one or two errands (fetch so many of a
 * thing, do this to each, leave it there). Goal, feasibility and sentence all follow from the errands, so that a new
 * family is a line in {@link FAMILIES}.
 *
 * Literal families say all that is to be done ('put a clean and cool mug in shelf'). Named ones call the chore by a
 * name that only the household knows ('put a mug in shelf at mirror time', 'take mug at boots time'): the sentence
 * says the thing, at most its number and place, and what else is done at that time, the goal demands and a memory of
 * the chore tells. A name is one word of the games for something that nobody is asked to fetch, so that the pocket
 * student's vocabulary has it.
 *
 * Held-out families are never trained on, neither are their names nor what they demand:
 *
 *     family           sentence                                  demands besides             new in it
 *     television_time  put two mug in shelf at television time   both heated                 two heated things
 *     basketball_time  take apple at basketball time             slice, cool, to a counter   slicing with cooling
 *     teddybear_time   take pillow at teddybear time             to the sofa                 a place never taught
 *     boots_time       put a mug in shelf at boots time          clean, then heat            cleaning with heating
 *
 * Training draws names and procedures at random ({@link isHeldOut} says what it must not draw); the named training
 * families in the table are four such draws, for generated sets and tests.
 */

import { namedTaskType, type Treatment } from '../base/task-types.ts';
/** What is done with things of one type. */
export interface Errand {
  /** How many; 0 for a lamp alone. */
  readonly count: number;
  readonly treatments: readonly Treatment[];
  /** Where it ends: in a receptacle of a type, in the light of a lamp, in the hand, or where it was. */
  readonly end: 'place' | 'lamp' | 'hand' | 'back';
  /** The type of receptacle, where the family and not the single chore fixes it: `CounterTop`. */
  readonly place?: string;
}

export interface Family {
  /** The task type in keys and memories: `clean_and_cool`, `boots_time`. */
  readonly name: string;
  readonly heldOut: boolean;
  /** With {o} and {p} for the things of the errands, {r} and {q} for their places or lamps. */
  readonly sentences: readonly string[];
  readonly errands: readonly Errand[];
  /** Whether a second errand is about the same type of thing as the first. */
  readonly sameThing?: boolean;
  /** Whether a second errand goes to the same type of place. */
  readonly samePlace?: boolean;
  /** The name that the sentence calls the chore by. */
  readonly called?: string;
}

/** What a name stands for; the shape of the teacher's instructions. */
export interface NamedProcedure {
  readonly count: number;
  readonly treatments: readonly Treatment[];
  /** Type of receptacle that the sentence leaves out, as in names: `countertop`; undefined where it says the place. */
  readonly target?: string;
}

const put = (count: number, ...treatments: readonly Treatment[]): Errand => ({
  count,
  treatments,
  end: 'place',
});

function literal(name: string, sentences: readonly string[], ...errands: readonly Errand[]): Family {
  return { name, heldOut: false, sentences, errands };
}

/** The family of a name. @param place a type as in the files, where the sentence doesn't say it */
export function namedFamily(
  called: string,
  { count, treatments }: Pick<NamedProcedure, 'count' | 'treatments'>,
  place?: string,
  heldOut = false,
): Family {
  const many = ['', 'a', 'two', 'three'][count] as string;
  const sentence =
    place === undefined ? `put ${many} {o} in {r} at ${called} time.` : `take {o} at ${called} time.`;
  const errand = { ...put(count, ...treatments), ...(place === undefined ? {} : { place }) };
  return { name: namedTaskType(called), heldOut, sentences: [sentence], errands: [errand], called };
}

export const FAMILIES: readonly Family[] = [
  literal(
    'clean_and_cool',
    ['put a clean and cool {o} in {r}.', 'clean and cool some {o} and put it in {r}.'],
    put(1, 'clean', 'cool'),
  ),
  literal('slice', ['put a sliced {o} in {r}.', 'slice some {o} and put it in {r}.'], put(1, 'slice')),
  literal(
    'slice_and_heat',
    ['put a sliced and hot {o} in {r}.', 'slice and heat some {o} and put it in {r}.'],
    put(1, 'slice', 'heat'),
  ),
  literal('three', ['put three {o} in {r}.', 'find three {o} and put them in {r}.'], put(3)),
  literal('two_clean', ['put two clean {o} in {r}.', 'clean two {o} and put them in {r}.'], put(2, 'clean')),
  literal('two_cool', ['put two cool {o} in {r}.', 'cool two {o} and put them in {r}.'], put(2, 'cool')),
  literal('put_back', ['clean some {o} and put it where it was.'], {
    count: 1,
    treatments: ['clean'],
    end: 'back',
  }),
  literal('hold_hot', ['hold a hot {o}.', 'heat some {o} and hold it.'], {
    count: 1,
    treatments: ['heat'],
    end: 'hand',
  }),
  literal('lamp', ['turn on the {r}.'], { count: 0, treatments: [], end: 'lamp' }),
  { ...literal('two_kinds', ['put a {o} and a {p} in {r}.'], put(1), put(1)), samePlace: true },
  { ...literal('two_places', ['put a {o} in {r} and a {o} in {q}.'], put(1), put(1)), sameThing: true },
  namedFamily('mirror', { count: 1, treatments: ['cool', 'clean'] }),
  namedFamily('candle', { count: 1, treatments: ['clean'] }, 'CounterTop'),
  namedFamily('poster', { count: 2, treatments: ['clean'] }),
  namedFamily('window', { count: 2, treatments: [] }, 'SideTable'),
  namedFamily('television', { count: 2, treatments: ['heat'] }, undefined, true),
  namedFamily('basketball', { count: 1, treatments: ['slice', 'cool'] }, 'CounterTop', true),
  namedFamily('teddybear', { count: 1, treatments: [] }, 'Sofa', true),
  namedFamily('boots', { count: 1, treatments: ['clean', 'heat'] }, undefined, true),
];

/** Names that only held-out families bear. */
export const HELD_OUT_NAMES: readonly string[] = FAMILIES.flatMap(({ heldOut, called }) =>
  heldOut && called !== undefined ? [called] : [],
);

/** Whether a held-out family demands this, in any order, or leaves out this place: training must not draw it. */
export function isHeldOut({ count, treatments }: NamedProcedure, place?: string): boolean {
  const has = (...wanted: readonly Treatment[]) =>
    wanted.every((treatment) => treatments.includes(treatment));
  return (count > 1 && has('heat')) || has('slice', 'cool') || has('clean', 'heat') || place === 'Sofa';
}

/** The families that an option names: `training`, `held-out`, or names with commas; undefined for an unknown name. */
export function familiesOf(option: string): readonly Family[] | undefined {
  if (option === 'training') return FAMILIES.filter(({ heldOut }) => !heldOut);
  if (option === 'held-out') return FAMILIES.filter(({ heldOut }) => heldOut);
  const found = option.split(',').map((name) => FAMILIES.find((family) => family.name === name));
  return found.every((family) => family !== undefined) ? found : undefined;
}

/** Whether a task type is a family's: one of the table, or of a name that training drew. */
export function isFamilyName(taskType: string): boolean {
  return /^[\p{L}\p{M}\p{N}.]+_time$/u.test(taskType) || FAMILIES.some(({ name }) => name === taskType);
}

/** What the names of families stand for, as a teacher has to be told. */
export function proceduresOf(families: readonly Family[]): Map<string, NamedProcedure> {
  return new Map(
    families.flatMap(({ called, errands: [errand] }): [string, NamedProcedure][] => {
      if (called === undefined || errand === undefined) return [];
      const { count, treatments, place } = errand;
      const target = place === undefined ? {} : { target: place.toLowerCase() };
      return [[called, { count, treatments, ...target }]];
    }),
  );
}
