/**
 * What was done in an episode, without its things and places: the treatments, how many, and how it ended. This is what
 * a household's name for a chore stands for, and what a demonstration tells about it. Read from actions and
 * observations alone, so that a person's demonstration tells it as well as the teacher's.
 */

import { table } from '../base/table.ts';
import { ALL_TREATMENTS, type Treatment } from '../base/task-types.ts';
import { Belief, type ObservedStep } from '../player/belief.ts';
import { calledIn, type Instruction, type Instructions } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import { cuts } from './errands.ts';
import { planInWords } from './thoughts.ts';

/** What was done, and to what type of thing. */
export interface Procedure extends Instruction {
  readonly object: string;
}

/** Reads the procedure of an episode that was won; undefined where nothing was done. */
export function procedureOf(intro: string, steps: readonly ObservedStep[]): Procedure | undefined {
  const belief = new Belief(intro);
  const treated = new Map<string, Treatment[]>();
  const lying = new Map<string, string>();
  let lamp: string | undefined;
  let last: string | undefined;
  for (const { action, observation } of steps) {
    belief.observe(action, observation);
    const seen = belief.last?.seen;
    if (seen?.kind === 'treat' || seen?.kind === 'slice') {
      const verb = action.trim().split(' ')[0] as Treatment;
      const before = (treated.get(seen.object) ?? []).filter((known) => known !== verb);
      treated.set(seen.object, [...before, verb]);
      last = seen.object;
    } else if (seen?.kind === 'take') {
      lying.delete(seen.object);
      last = seen.object;
    } else if (seen?.kind === 'put') {
      lying.set(seen.object, seen.place);
      // A knife that did its work and is put away isn't what the chore was about.
      if (!cuts(seen.object) || treated.has(seen.object)) last = seen.object;
    } else if (seen?.kind === 'use') {
      lamp = typeOf(seen.object);
    }
  }
  if (last === undefined) return undefined;
  const object = typeOf(last);
  const treatments = treated.get(last) ?? [];
  if (belief.holding === last)
    return { object, count: 1, treatments, ...(lamp === undefined ? {} : { lamp }) };
  const place = lying.get(last) ?? belief.find(object).find((sighting) => sighting.object === last)?.place;
  const together = [...lying].filter(([other, where]) => typeOf(other) === object && where === place);
  const target = place === undefined ? {} : { target: typeOf(place) };
  return { object, count: Math.max(1, together.length), treatments, ...target };
}

/** `At mirror time, find two mug, clean them, put them in drawer.` */
export function formatRule(name: string, { object, count, treatments, target, lamp }: Procedure): string {
  return `At ${name} time, ${planInWords({ object, count, treatments, target, lamp })}.`;
}

const RULE = /\bAt ([^.,"\n]+?) time, find (?:(two|three) )?([^\s,]+)((?:, [^.,]+)*)\./g;
const COUNTS: Readonly<Record<string, number>> = table({ two: 2, three: 3 });

/** Every rule that a text states, by name; undoes {@link formatRule}. */
export function rulesIn(text: string): Map<string, Procedure> {
  const rules = new Map<string, Procedure>();
  for (const [, name = '', many = '', object = '', rest = ''] of text.matchAll(RULE)) {
    const treatments: Treatment[] = [];
    let target: string | undefined;
    let lamp: string | undefined;
    for (const part of rest.split(', ')) {
      const [verb, , , place] = part.split(' ');
      const treatment = ALL_TREATMENTS.find((known) => known === verb);
      if (treatment !== undefined) treatments.push(treatment);
      else if (verb === 'put') target = place;
      else if (verb === 'turn') lamp = part.split(' ')[2];
    }
    if (!rules.has(name)) rules.set(name, { object, count: COUNTS[many] ?? 1, treatments, target, lamp });
  }
  return rules;
}

/** What memories tell about the names of chores: the scripts in their order, then a reference trajectory. */
export function instructionsOf(
  scripts: readonly { readonly guidelines: string }[],
  reference?: { readonly intro: string; readonly steps: readonly ObservedStep[] },
): Instructions {
  const told = new Map<string, Instruction>();
  for (const { guidelines } of scripts) {
    for (const [name, rule] of rulesIn(guidelines)) if (!told.has(name)) told.set(name, rule);
  }
  if (reference === undefined) return told;
  const name = calledIn(new Belief(reference.intro).task ?? '');
  const rule = name === undefined ? undefined : procedureOf(reference.intro, reference.steps);
  if (name !== undefined && rule !== undefined && !told.has(name)) told.set(name, rule);
  return told;
}
