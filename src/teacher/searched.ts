/**
 * What a home's past says of where to look: not only where a thing was, but also where one looked for it, or for anything
 * else, and it wasn't there. No sentence of a prompt says so: who reads it is the teacher, and the rule that a student on
 * stage is held to.
 */
import type { Belief } from '../player/belief.ts';
import type { Goal } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import { KNIVES } from './errands.ts';
import { chanceOfDoor, chanceOfHolding, type SearchPrior } from './prior.ts';

/** How one place did in the earlier tasks of a home. */
export interface Looked {
  readonly place: string;
  /** Tasks in which one looked into it. */
  readonly looks: number;
  /** Of these the ones in which a thing of the type lay there. */
  readonly there: number;
}

/** What is known of a type of thing. */
export interface Searched {
  readonly object: string;
  readonly places: readonly Looked[];
}

/** So many looks general knowledge is worth: little, since homes with habits keep things where few others do. */
const PRIOR_LOOKS = 0.3;
/** What a lamp is worth while the object is searched: found on the way, it saves a search later. */
export const LAMP_WEIGHT = 0.5;
/** No official game without a treatment starts with such an object where it must end up; some homes' do. */
const SOLVED = 0.02;

/** A type of thing that is looked for, and what finding it is worth. */
export type WantedType = readonly [type: string, weight: number];

/** P(the place holds an object of the type), from general knowledge and from what was seen in this home. */
export function chanceHere(
  prior: SearchPrior,
  searched: readonly Searched[],
  object: string,
  place: string,
): number {
  const before = chanceOfHolding(prior, object, typeOf(place));
  const past = searched.find((one) => one.object === object)?.places.find((one) => one.place === place);
  const { looks, there } = past ?? { looks: 0, there: 0 };
  return (there + PRIOR_LOOKS * before) / (looks + PRIOR_LOOKS);
}

/** The chance that a look finds what is wanted; what lies where the goal has it brought as it is counts for little. */
export function chanceOfFinding(
  goal: Goal,
  prior: SearchPrior,
  searched: readonly Searched[],
  wants: readonly WantedType[],
  place: string,
): number {
  const solved = typeOf(place) === goal.target && goal.treatments.length === 0 ? SOLVED : 1;
  return wants.reduce(
    (sum, [object, weight]) => sum + weight * solved * chanceHere(prior, searched, object, place),
    0,
  );
}

/** A place nearly as promising as the best is as good to look into. */
const NEARLY = 0.9;

/**
 * The places that are worth looking into next, as far as the home's past can tell; empty where it can't, where nothing is
 * looked for, or where all was seen.
 */
export function worthChecking(
  goal: Goal,
  belief: Belief,
  prior: SearchPrior,
  searched: readonly Searched[],
): string[] {
  const wants = wantsOf(goal, belief).filter(([type]) => searched.some(({ object }) => object === type));
  const unseen = belief.places.filter(({ seenAt }) => seenAt === undefined);
  if (wants.length === 0 || unseen.length === 0) return [];
  const worth = unseen.map(({ name, type }) => ({
    name,
    worth: chanceOfFinding(goal, prior, searched, wants, name) / (1 + chanceOfDoor(prior, type)),
  }));
  const best = Math.max(...worth.map((one) => one.worth));
  return worth.filter((one) => one.worth >= NEARLY * best).map(({ name }) => name);
}

/** What a player with such a goal may be looking for now. */
function wantsOf({ object, lamp, treatments }: Goal, belief: Belief): WantedType[] {
  const held = belief.holding === undefined ? undefined : typeOf(belief.holding);
  const wants: WantedType[] = [];
  if (object !== '' && held !== object) wants.push([object, 1]);
  if (treatments.includes('slice') && !KNIVES.some((type) => belief.find(type).length > 0 || held === type))
    wants.push(...KNIVES.map((type): WantedType => [type, 1]));
  if (lamp !== undefined && belief.find(lamp).length === 0)
    wants.push([lamp, wants.length === 0 ? 1 : LAMP_WEIGHT]);
  return wants;
}
