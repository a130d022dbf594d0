/**
 * A goal in its present state: which of the things that it asks for are done, what is still to be done to a thing,
 * and how far belief can tell. Used by the policy; a goal with several parts is worked off part by part.
 */
import type { Treatment } from '../base/task-types.ts';
import type { Belief, KnownPlace } from '../player/belief.ts';
import { type Goal, goalsIn, TREATMENTS } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';

/** The part of a goal that is being worked at, and the things that other parts need where they are. */
export interface Subgoal {
  readonly goal: Goal;
  readonly reserved: ReadonlySet<string>;
}

/** The object types that cut. */
export const KNIVES = ['knife', 'butterknife'] as const;

export function cuts(object: string): boolean {
  return KNIVES.some((type) => type === typeOf(object));
}

/** The first part that isn't done; one that the thing in hand is for before others. */
export function errandOf(whole: Goal, belief: Belief): Subgoal {
  const reserved = new Set<string>();
  const open: Goal[] = [];
  for (const goal of goalsIn(whole)) {
    const done = delivered({ goal, reserved }, belief);
    if (goal.count > 0 && done.length >= goal.count)
      for (const object of done.slice(0, goal.count)) reserved.add(object);
    else open.push(goal);
  }
  const { holding } = belief;
  const held = holding === undefined ? undefined : typeOf(holding);
  return { goal: open.find(({ object }) => object === held) ?? open[0] ?? whole, reserved };
}

/** Objects that lie where they must, in the place that has most of them. */
export function delivered(errand: Subgoal, belief: Belief): string[] {
  const { goal } = errand;
  if (goal.target === undefined) return [];
  let best: string[] = [];
  let all: string[] = [];
  for (const place of belief.places) {
    if (place.type !== goal.target) continue;
    const good = goodObjects(errand, belief, place);
    all = [...all, ...good];
    if (good.length > best.length) best = good;
  }
  return goal.count === 1 ? all : best;
}

/** Objects of the goal's type in a place to which everything is done. */
export function goodObjects({ goal, reserved }: Subgoal, belief: Belief, place: KnownPlace): string[] {
  return place.contents.filter(
    (object) =>
      typeOf(object) === goal.object &&
      !reserved.has(object) &&
      pendingFor(goal, belief, object).length === 0,
  );
}

/** What is still to be done to an object, in order. */
export function pendingFor({ treatments }: Goal, belief: Belief, object: string): Treatment[] {
  const states = belief.statesOf(object);
  return treatments.filter((treatment) => !states.has(TREATMENTS[treatment].state));
}
