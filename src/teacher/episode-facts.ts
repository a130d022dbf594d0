/**
 * What a trajectory teaches: where things were found, where not, what had to be opened, and the actions that mattered
 * in their order. Read from actions and observations alone, so that it holds for any task, also for one whose
 * sentence isn't understood.
 */

import { Belief, type ObservedStep, type Sighting } from '../player/belief.ts';
import { calledIn, type Goal, goalsIn, parseTask } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import { viewIn } from '../player/observation.ts';
import { cuts } from './errands.ts';
import { type Procedure, procedureOf } from './procedure.ts';

export interface EpisodeFacts {
  readonly goal: Goal | undefined;
  /** Where the task calls a chore by a name: the name, and what was done. */
  readonly named: { readonly name: string; readonly procedure: Procedure } | undefined;
  /** What was fetched and where it was, in order. */
  readonly found: readonly Sighting[];
  /** The lamp that was turned on, and where it stands. */
  readonly lamp: Sighting | undefined;
  /** Receptacle types searched in vain before the first find, in order, none of them a place of a find. */
  readonly vain: readonly string[];
  /** What else was seen, each type once: first what lay behind doors that were opened, then the rest, in order. */
  readonly aside: readonly Sighting[];
  /** True if something was found behind a door. */
  readonly opened: boolean;
  /** True if going somewhere did nothing. */
  readonly alreadyThere: boolean;
  /** The actions that mattered, without numbers: `take mug from cabinet`. */
  readonly actions: readonly string[];
}

/** Takes a trajectory apart. Total: a trajectory that makes no sense has nothing to teach. */
export function episodeFacts(intro: string, steps: readonly ObservedStep[]): EpisodeFacts {
  const belief = new Belief(intro);
  const task = belief.task ?? '';
  const name = calledIn(task);
  const procedure = name === undefined ? undefined : procedureOf(intro, steps);
  const named = name === undefined || procedure === undefined ? undefined : { name, procedure };
  const parsed = parseTask(task, new Map(named === undefined ? [] : [[named.name, named.procedure]]));
  const goal = parsed.ok ? parsed.value : undefined;
  const useful = usefulSteps(steps, goal);
  const found: Sighting[] = [];
  const vain: string[] = [];
  const hidden: Sighting[] = [];
  const open: Sighting[] = [];
  let lamp: Sighting | undefined;
  let opened = false;
  let alreadyThere = false;
  steps.forEach(({ action, observation }, i) => {
    const doorBefore = belief.last?.action.startsWith('open ');
    belief.observe(action, observation);
    const seen = belief.last?.seen;
    if (seen?.kind === 'nothing' && action.startsWith('go to ')) alreadyThere = true;
    if (seen?.kind === 'take' && useful.has(i)) {
      found.push({ object: seen.object, place: seen.place });
      opened ||= doorBefore === true;
    }
    if (seen?.kind === 'use')
      lamp = belief.find(typeOf(seen.object)).find((sighting) => sighting.object === seen.object);
    const view = viewIn(seen);
    if (view?.contents === undefined) return;
    const type = typeOf(view.place);
    if (found.length === 0 && belief.holding === undefined && !vain.includes(type)) vain.push(type);
    for (const object of view.contents)
      (seen?.kind === 'open' ? hidden : open).push({ object, place: view.place });
  });
  const places = new Set(found.map(({ place }) => typeOf(place)));
  const taken = new Set(found.map(({ object }) => typeOf(object)));
  return {
    goal,
    named,
    found,
    lamp,
    vain: vain.filter((type) => !places.has(type)),
    aside: [...hidden, ...open].filter(({ object }, i, all) => {
      const type = typeOf(object);
      return !taken.has(type) && all.findIndex((other) => typeOf(other.object) === type) === i;
    }),
    opened,
    alreadyThere,
    actions: essentials(steps, useful),
  };
}

/** Indices of takes, puts, treatments and uses that weren't undone: what was put down again untouched taught nothing. */
function usefulSteps(steps: readonly ObservedStep[], goal: Goal | undefined): Set<number> {
  const useful = new Set<number>();
  const goals = goal === undefined ? [] : goalsIn(goal);
  const wants = (object: string): boolean =>
    goals.length === 0 || goals.some((part) => part.object === typeOf(object));
  const leads = (place: string): boolean => goals.some(({ target }) => target === typeOf(place));
  const placing = goals.length > 0 && goals.every(({ target }) => target !== undefined);
  let holding: { readonly object: string; readonly at: number } | undefined;
  let treated = false;
  const belief = new Belief('');
  steps.forEach(({ action, observation }, i) => {
    belief.observe(action, observation);
    const seen = belief.last?.seen;
    if (seen?.kind === 'take') {
      holding = { object: seen.object, at: i };
      treated = false;
      useful.add(i);
    } else if (seen?.kind === 'treat' || seen?.kind === 'slice' || seen?.kind === 'use') {
      treated = true;
      useful.add(i);
    } else if (seen?.kind === 'put') {
      // A knife that has cut was taken and put down for a reason.
      const tool = cuts(seen.object) && treated;
      const wrong = !tool && !wants(seen.object);
      const missed = placing && !leads(seen.place);
      if (wrong || (missed && !treated)) {
        if (holding !== undefined) useful.delete(holding.at);
      } else {
        useful.add(i);
      }
      holding = undefined;
    }
  });
  return useful;
}

/** The useful steps with the ways to their places and the doors opened there, without numbers, each said once. */
function essentials(steps: readonly ObservedStep[], useful: ReadonlySet<number>): string[] {
  const actions: string[] = [];
  let way: string[] = [];
  steps.forEach(({ action, observation }, i) => {
    const said = action.replace(/ \d+/g, '');
    if (observation.trim() === 'Nothing happens.') return;
    if (action.startsWith('go to ')) way = [said];
    else if (action.startsWith('open ')) way.push(said);
    else if (useful.has(i)) {
      actions.push(...way, said);
      way = [];
    }
  });
  return actions;
}
