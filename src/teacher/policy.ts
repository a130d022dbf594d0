/**
 * What the scripted teacher does next. Its decision depends on the intro, the history and its options alone, never
 * on what it decided before: so it can be asked in the middle of anyone's episode, and says the same.
 *
 * Search: places by P(holds it), as far as a home's past is known by that too, / steps to look into it, the same type in the order of the intro. That order is
 * within 0.1 step of one that learns from misses, and a student can follow it by reading the intro onwards.
 */
import type { Treatment } from '../base/task-types.ts';
import type { Belief, KnownPlace, Sighting } from '../player/belief.ts';
import { type Goal, TREATMENTS } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import { viewIn } from '../player/observation.ts';
import { cuts, delivered, errandOf, goodObjects, KNIVES, pendingFor, type Subgoal } from './errands.ts';
import { chanceOfDoor, hasHeld, type SearchPrior } from './prior.ts';
import { chanceOfFinding, LAMP_WEIGHT, type Searched, type WantedType } from './searched.ts';
import { planThought, say, thoughts } from './thoughts.ts';

/** Where memory says that an object of a type was found. Places that the room doesn't have are passed over. */
export interface Hint {
  readonly object: string;
  readonly place: string;
}

export interface Situation {
  readonly goal: Goal;
  readonly belief: Belief;
  readonly prior: SearchPrior;
  /** The most trusted first. */
  readonly hints: readonly Hint[];
  /** What a home's past says of where to look. */
  readonly searched: readonly Searched[];
  /** Added to the logarithm of a type's or a place's score, for variety; 0 for the teacher's own order. */
  readonly noise: (name: string) => number;
  /** True if the places of a type are searched from the last listed to the first, for variety. */
  readonly backwards: (type: string) => boolean;
}

/** A way to go on: what to do and what to say. */
export interface Proposal {
  readonly thought: string;
  readonly action: string;
}

/** Steps that a pending treatment costs: the way to the tool, and using it. */
const TREATMENT_COST = 2;

/** A situation with the part of its goal that comes now. */
interface Working extends Situation {
  readonly errand: Subgoal;
  /** All that is asked for. */
  readonly whole: Goal;
}

/** Ways to go on, the best first. It may end without one that works; {@link lastResorts} always has one. */
export function* proposals(given: Situation): Generator<Proposal> {
  const errand = errandOf(given.goal, given.belief);
  const situation: Working = { ...given, errand, goal: errand.goal, whole: given.goal };
  const { goal, belief } = situation;
  const held = belief.holding;
  if (goal.object === '' && goal.lamp !== undefined) yield* light(situation, held, goal.lamp);
  else if (held === undefined) yield* fetch(situation);
  else if (typeOf(held) !== goal.object) {
    if (goal.treatments.includes('slice') && cuts(held)) yield* cut(situation, held);
    yield* putDown(situation, held, goal.object);
  } else {
    const [pending] = pendingFor(goal, belief, held);
    if (pending === 'slice') yield* putDown(situation, held, TREATMENTS.slice.tool);
    else if (pending !== undefined) yield* treat(situation, held, pending);
    else if (goal.lamp !== undefined) yield* light(situation, held, goal.lamp);
    else yield* deliver(situation, held);
  }
}

/** What to do when nothing sensible is left. */
export function* lastResorts({ belief }: Situation): Generator<Proposal> {
  const places = [...belief.places].sort((a, b) => (a.seenAt ?? -1) - (b.seenAt ?? -1));
  for (const { name } of places)
    if (!belief.isHere(name)) yield { thought: thoughts.stuck(name), action: `go to ${name}` };
}

/** The command by which an object is put into a place, in the dialect that the observations speak. */
function putCommand(belief: Belief, object: string, place: string): string {
  return belief.putDialect ? `put ${object} in/on ${place}` : `move ${object} to ${place}`;
}

function* fetch(situation: Working): Generator<Proposal> {
  const { goal, errand, belief } = situation;
  const done = delivered(errand, belief);
  const missing = goal.count - done.length;
  const opening = say(
    openingOf(situation),
    done.length > 0 && justPut(belief) ? thoughts.needMore(missing) : undefined,
  );
  const open = wanted(situation, done);
  const uncut = (object: string): boolean => pendingFor(goal, belief, object)[0] === 'slice';
  const whole = open.filter(({ object }) => uncut(object));
  const needsKnife = goal.treatments.includes('slice') && whole.length === open.length;
  yield* takeOne(situation, needsKnife ? sightingsOf(situation, KNIVES) : open, opening);
  const lampSeen = goal.lamp === undefined || belief.find(goal.lamp).length > 0;
  const wants: WantedType[] = needsKnife ? KNIVES.map((type) => [type, 1]) : [[goal.object, 1]];
  if (needsKnife && whole.length === 0) wants.push([goal.object, 1]);
  if (goal.lamp !== undefined && !lampSeen) wants.push([goal.lamp, LAMP_WEIGHT]);
  const type = needsKnife ? TREATMENTS.slice.tool : goal.object;
  yield* search(situation, wants, say(opening, report(situation, type, done.length > 0)));
}

function* takeOne(situation: Working, sightings: readonly Sighting[], opening: string): Generator<Proposal> {
  for (const { object, place } of sightings) {
    if (isReady(situation.belief, place)) {
      yield { thought: say(opening, thoughts.found(object)), action: `take ${object} from ${place}` };
    } else {
      yield* reach(situation, place, say(opening, thoughts.sawAt(object, place)));
    }
  }
}

/** Known objects that still have to be fetched, the cheapest first. */
function wanted({ goal, errand, belief, prior }: Working, done: readonly string[]): Sighting[] {
  const cost = ({ object, place }: Sighting): number =>
    accessCost(belief, prior, place) + TREATMENT_COST * pendingFor(goal, belief, object).length;
  const free = ({ object }: Sighting): boolean => !done.includes(object) && !errand.reserved.has(object);
  return stableSort(belief.find(goal.object).filter(free), cost);
}

/** Known objects of some types, the nearest first. */
function sightingsOf({ belief, prior }: Situation, types: readonly string[]): Sighting[] {
  const found = types.flatMap((type) => belief.find(type));
  return stableSort(found, ({ place }) => accessCost(belief, prior, place));
}

/** With the knife in hand: to the thing, and cut it. Nothing where enough of them are cut. */
function* cut(situation: Working, knife: string): Generator<Proposal> {
  const { goal, errand, belief } = situation;
  const done = delivered(errand, belief);
  const open = wanted(situation, done);
  const whole = open.filter(({ object }) => pendingFor(goal, belief, object)[0] === 'slice');
  if (open.length - whole.length >= goal.count - done.length) return;
  for (const { object, place } of whole) {
    if (belief.isHere(place)) {
      const thought = say(openingOf(situation), thoughts.slice(object));
      yield { thought, action: `slice ${object} with ${knife}` };
    } else {
      const lead = justTook(belief) ? thoughts.have(knife) : undefined;
      const thought = say(openingOf(situation), lead, thoughts.sawAt(object, place));
      yield { thought, action: `go to ${place}` };
    }
  }
  const lead = justTook(belief) ? thoughts.have(knife) : report(situation, goal.object, false);
  yield* search(situation, [[goal.object, 1]], say(openingOf(situation), lead));
}

function* search(situation: Working, wants: readonly WantedType[], lead: string): Generator<Proposal> {
  const { belief, goal, hints, prior, searched, noise } = situation;
  const unseen = belief.places.filter((place) => place.seenAt === undefined);
  const [type] = wants[0] as WantedType;
  for (const hint of hints) {
    if (hint.object !== type || !unseen.some((place) => place.name === hint.place)) continue;
    yield* reach(situation, hint.place, say(lead, thoughts.memory(type, hint.place)));
  }
  const score = (place: KnownPlace): number => {
    const chance = chanceOfFinding(goal, prior, searched, wants, place.name);
    return Math.log(chance / Math.max(1, accessCost(belief, prior, place.name))) + noise(place.type);
  };
  const listed = new Map(unseen.map((place, index) => [place.name, index]));
  const turn = (place: KnownPlace): number =>
    situation.backwards(place.type) ? -(listed.get(place.name) ?? 0) : 0;
  for (const { name } of stableSort(stableSort(unseen, turn), (place) => -score(place))) {
    yield* reach(
      situation,
      name,
      say(lead, belief.here === undefined ? thoughts.first(name) : thoughts.next(name)),
    );
  }
  // All was seen: the longest unseen first. Listings may be stale, others may have moved things.
  for (const { name } of stableSort(belief.places, (place) => place.seenAt ?? 0)) {
    yield* reach(situation, name, say(lead, thoughts.again(name)));
    if (belief.isHere(name)) yield { thought: say(lead, thoughts.again(name)), action: `examine ${name}` };
  }
}

function* treat(situation: Working, held: string, treatment: Treatment): Generator<Proposal> {
  const { belief, noise } = situation;
  const tools = belief.places.filter((place) => place.type === TREATMENTS[treatment].tool);
  for (const { name } of stableSort(tools, (place) =>
    belief.isHere(place.name) ? -1000 : -noise(place.name),
  )) {
    if (belief.isHere(name)) {
      yield {
        thought: say(openingOf(situation), thoughts.treat(name, treatment)),
        action: `${treatment} ${held} with ${name}`,
      };
    } else {
      yield {
        thought: say(carrying(situation, held), thoughts.goTreat(name, treatment)),
        action: `go to ${name}`,
      };
    }
  }
}

function* light(situation: Working, held: string | undefined, lamp: string): Generator<Proposal> {
  const { belief } = situation;
  const lamps = stableSort(
    belief.find(lamp),
    ({ object, place }) => (belief.isHere(place) ? 0 : 1) + (belief.lit.has(object) ? 2 : 0),
  );
  for (const { object, place } of lamps) {
    if (belief.isHere(place)) {
      yield { thought: say(openingOf(situation), thoughts.turnOn(object)), action: `use ${object}` };
    } else {
      const lead = held === undefined ? openingOf(situation) : carrying(situation, held);
      yield { thought: say(lead, thoughts.sawAt(object, place)), action: `go to ${place}` };
    }
  }
  const lead = held !== undefined && justTook(belief) ? thoughts.have(held) : report(situation, lamp, false);
  yield* search(situation, [[lamp, 1]], say(openingOf(situation), lead));
}

function* deliver(situation: Working, held: string): Generator<Proposal> {
  const { goal, errand, belief, prior, noise } = situation;
  const there = (place: KnownPlace): number =>
    goal.count > 1 ? goodObjects(errand, belief, place).filter((o) => o !== held).length : 0;
  const origin = belief.originOf(held);
  const places = belief.places.filter((place) =>
    goal.back ? place.name === origin : place.type === goal.target,
  );
  const order = stableSort(
    stableSort(places, (place) => -noise(place.name)),
    (place) =>
      -100 * there(place) + accessCost(belief, prior, place.name) - (belief.isHere(place.name) ? 0.01 : 0),
  );
  for (const place of order) {
    if (isReady(belief, place.name)) {
      const makes = goal.count > 1 ? thoughts.makes(there(place) + 1) : undefined;
      const thought = say(openingOf(situation), thoughts.put(held, place.name), makes);
      yield { thought, action: putCommand(belief, held, place.name) };
    } else {
      yield* reach(situation, place.name, say(carrying(situation, held), thoughts.bring(place.name)));
    }
  }
}

/** Hands are full with something useless: the nearest place that takes it, its own before others. */
function* putDown(situation: Working, held: string, needed: string): Generator<Proposal> {
  const { belief, prior } = situation;
  const why = say(openingOf(situation), thoughts.wrong(held, needed));
  const cost = (place: KnownPlace): number =>
    accessCost(belief, prior, place.name) +
    (place.name === belief.originOf(held) ? -0.1 : 0) +
    (hasHeld(prior, typeOf(held), place.type) ? 0 : 10);
  const taking = belief.places.filter((place) => !belief.rejects(place.name, held));
  for (const { name } of stableSort(taking, cost)) {
    if (isReady(belief, name))
      yield { thought: say(why, thoughts.putDown), action: putCommand(belief, held, name) };
    else yield* reach(situation, name, say(why, thoughts.putDownAt(name)));
  }
}

/** The next step towards using a place: go there, or open it; nothing if it is ready. */
function* reach(situation: Working, name: string, onTheWay: string): Generator<Proposal> {
  const { belief, prior } = situation;
  if (!belief.isHere(name)) {
    yield { thought: onTheWay, action: `go to ${name}` };
    return;
  }
  const place = belief.place(name);
  if (place?.door === 'closed') {
    yield { thought: say(openingOf(situation), thoughts.closed), action: `open ${name}` };
  } else if (place?.door === 'unknown') {
    // At this very spot but never looked at: going there did nothing.
    const here = say(openingOf(situation), thoughts.alreadyAt(name));
    const open = { thought: say(here, thoughts.open), action: `open ${name}` };
    const examine = { thought: say(here, thoughts.examine), action: `examine ${name}` };
    yield* chanceOfDoor(prior, place.type) > 0.5 ? [open, examine] : [examine, open];
  }
}

function isReady(belief: Belief, name: string): boolean {
  const door = belief.place(name)?.door;
  return belief.isHere(name) && (door === 'open' || door === 'none');
}

/** Steps before something can be taken out of the place or put into it. */
function accessCost(belief: Belief, prior: SearchPrior, name: string): number {
  const place = belief.place(name);
  const way = belief.isHere(name) ? 0 : 1;
  if (place?.door === 'unknown') return way + chanceOfDoor(prior, place.type);
  return way + (place?.door === 'closed' ? 1 : 0);
}

/** What stands in front of every thought: the plan at the start, the failure after one. */
function openingOf({ whole, belief }: Working): string {
  if (belief.steps === 0) return planThought(whole);
  return belief.last?.seen.kind === 'nothing' ? thoughts.nothingHappens : '';
}

/** What the last look told about the thing that is searched. */
function report({ goal, belief }: Working, type: string, some: boolean): string {
  const contents = viewIn(belief.last?.seen)?.contents;
  if (contents === undefined) return '';
  const alsoNeeded = [goal.lamp, goal.treatments.includes('slice') ? goal.object : undefined];
  const also = contents.find((object) => typeOf(object) !== type && alsoNeeded.includes(typeOf(object)));
  return say(
    some ? thoughts.noOther(type) : thoughts.notHere(type),
    also === undefined ? undefined : thoughts.alsoSee(also),
  );
}

/** What one says with the right thing in hand, on the way. */
function carrying(situation: Working, held: string): string {
  const { belief } = situation;
  const seen = belief.last?.seen;
  return say(
    openingOf(situation),
    seen?.kind === 'treat' ? thoughts.isNow(seen.becomes) : thoughts.have(held),
  );
}

function justPut(belief: Belief): boolean {
  return belief.last?.seen.kind === 'put';
}

function justTook(belief: Belief): boolean {
  return belief.last?.seen.kind === 'take';
}

function stableSort<T>(items: readonly T[], cost: (item: T) => number): T[] {
  return items
    .map((item, index) => ({ item, index, cost: cost(item) }))
    .sort((a, b) => a.cost - b.cost || a.index - b.index)
    .map(({ item }) => item);
}
