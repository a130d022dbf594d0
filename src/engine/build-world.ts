/** Builds a world from what a game file says, with the checks that keep impossible games out. */

import { ok, type Parsed, refuse } from '../base/result.ts';
import { Contents } from './contents.ts';
import type { Domain } from './domain.ts';
import { Facts, type FactsCode } from './facts.ts';
import type { Grammar } from './grammar.ts';
import { type EntityIndex, type GoalCode, parseGoal } from './ground-goal.ts';
import { nameEntities } from './names.ts';
import type { Problem } from './problem.ts';
import { CHECKED, CLEAN, COOL, HOT, ON, OPENED, SLICED, type State, TOGGLED } from './state.ts';
import { joinText, listText } from './texts.ts';
import { World } from './world.ts';
import type { Location, Receptacle, Thing } from './world-data.ts';

/** Why it refuses. */
export type WorldCode =
  | 'WORLD_AGENT'
  | 'WORLD_HANDS'
  | 'WORLD_NAME'
  | 'WORLD_PLACE'
  | 'WORLD_TOO_LARGE'
  | FactsCode
  | GoalCode;

const PLACE = 'pddl_problem';
/**
 * The longest text that a game may print, in UTF-16 code units: memories and traces keep intros and observations up to
 * this length. Official games could print 4,300 at most.
 */
const MAX_OBSERVATION = 16_000;

/** A world that is played from a problem of the domain. */
export function buildWorld(
  domain: Domain,
  grammar: Grammar,
  problem: Problem,
  walkthrough: readonly string[] | undefined,
): Parsed<World, WorldCode> {
  const read = Facts.read(problem);
  if (!read.ok) return read;
  const facts = read.value;
  const agents = facts.ofType('agent');
  const start = facts.all('atlocation');
  if (agents.length !== 1 || start.length !== 1) {
    return refuse('WORLD_AGENT', 'the game needs exactly one agent, at exactly one location', PLACE);
  }
  // Ids and names are ASCII from here on, so that the default order is the one by code point, and much faster.
  const mentioned = [...facts.mentioned()].sort();
  const names = nameEntities(mentioned);
  const ids = (type: string) => mentioned.filter((id) => facts.types.get(id) === type);
  const locationIds = ids('location');
  const placeOf = new Map<string, string>();
  for (const [, receptacle = '', location = ''] of facts.all('receptacleatlocation')) {
    if (placeOf.has(receptacle)) return refuse('WORLD_PLACE', `${receptacle} stands at two places`, PLACE);
    placeOf.set(receptacle, location);
  }
  // A receptacle without a place can't be seen or reached; it only takes a number.
  const receptacleIds = ids('receptacle').filter((id) => placeOf.has(id));
  const objectIds = ids('object');
  const index: EntityIndex = {
    objects: indexOf(objectIds),
    receptacles: indexOf(receptacleIds),
    locations: indexOf(locationIds),
  };
  for (const id of [...receptacleIds, ...objectIds]) {
    const located =
      facts.types.get(id) === 'receptacle' || facts.has('pickupable', id) || facts.has('toggleable', id);
    if (located && !names.has(id)) {
      return refuse(
        'WORLD_NAME',
        `${id} has no _bar_ in its id, so that the game would have no name for it`,
        PLACE,
      );
    }
  }
  const types = typesOf(facts);
  const receptacles = receptacleIds.map((id): Receptacle => {
    const type = types.get(id) ?? new Set<string>();
    return {
      id,
      name: names.get(id) as string,
      type: shortType(type, names.get(id) as string),
      openable: facts.has('openable', id),
      location: index.locations.get(placeOf.get(id) as string) as number,
      cleans: domain.cleaningTypes.some((t) => type.has(t)),
      heats: type.has('microwavetype'),
      cools: type.has('fridgetype'),
    };
  });
  const objects = buildObjects(facts, objectIds, names, types);
  const byName = receptacles
    .map((_, i) => i)
    .sort((a, b) => (nameAt(receptacles, a) < nameAt(receptacles, b) ? -1 : 1));
  const goTo = receptacles.map(({ name }) => `go to ${name}`);
  const locations = locationIds.map((id, i) =>
    buildLocation(id, names.get(id) ?? id, i, receptacles, byName, goTo),
  );
  if (longestText(grammar.task, receptacles, objects, locations) > MAX_OBSERVATION)
    return refuse(
      'WORLD_TOO_LARGE',
      `the game could print texts of more than ${MAX_OBSERVATION} characters`,
      PLACE,
    );
  const startState = buildState(
    facts,
    index,
    receptacles,
    objects,
    locations.length,
    start[0] as readonly string[],
  );
  if (!startState.ok) return startState;
  const goal = parseGoal(problem.goal, facts, index);
  if (!goal.ok) return goal;
  const first = locations[startState.value.location];
  return ok(
    new World({
      dialect: grammar.dialect,
      help: domain.help,
      intro: introText(grammar.task, receptacles, first?.facing),
      task: grammar.task,
      receptacles,
      objects,
      locations,
      accepts: buildAccepts(facts, receptacles, objects, types),
      goal: goal.value,
      walkthrough,
      start: startState.value,
    }),
  );
}

/** What can be seen or used beside the receptacles. */
function buildObjects(
  facts: Facts,
  ids: readonly string[],
  names: ReadonlyMap<string, string>,
  types: ReadonlyMap<string, ReadonlySet<string>>,
): Thing[] {
  const inner = groupBy(facts.all('inreceptacleobject'), 2, 1);
  return ids.map((id) => {
    const type = types.get(id) ?? new Set<string>();
    const name = names.get(id) ?? id;
    const holdsThings = facts.has('isreceptacleobject', id);
    const inside = (inner.get(id) ?? []).filter((other) => other !== id).sort();
    return {
      id,
      name,
      type: shortType(type, name),
      pickupable: facts.has('pickupable', id),
      cleanable: facts.has('cleanable', id),
      heatable: facts.has('heatable', id),
      coolable: facts.has('coolable', id),
      sliceable: facts.has('sliceable', id),
      toggleable: facts.has('toggleable', id),
      slices: type.has('knifetype') || type.has('butterknifetype'),
      receptacleText: holdsThings
        ? `This is a normal ${name}. In it, you see ${listText(inside.map((other) => names.get(other) ?? other))}.`
        : undefined,
    };
  });
}

function indexOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, i) => [id, i]));
}

function groupBy(facts: readonly (readonly string[])[], key: number, value: number): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const fact of facts) {
    const list = groups.get(fact[key] as string);
    if (list === undefined) groups.set(fact[key] as string, [fact[value] as string]);
    else list.push(fact[value] as string);
  }
  return groups;
}

function typesOf(facts: Facts): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  for (const predicate of ['objecttype', 'receptacletype']) {
    for (const [id, list] of groupBy(facts.all(predicate), 1, 2)) types.set(id, new Set(list));
  }
  return types;
}

/** `mug` of `mugtype`; the word of the name where no type is stated. */
function shortType(types: ReadonlySet<string>, name: string): string {
  for (const type of types) return type.endsWith('type') ? type.slice(0, -4) : type;
  return name.split(' ')[0] as string;
}

function nameAt(receptacles: readonly Receptacle[], index: number): string {
  return (receptacles[index] as Receptacle).name;
}

/**
 * @param byName all receptacles' indices in the order of their names
 * @param goTo the command for each receptacle, written once for all places
 */
function buildLocation(
  id: string,
  name: string,
  location: number,
  receptacles: readonly Receptacle[],
  byName: readonly number[],
  goTo: readonly string[],
): Location {
  const isHere = (i: number) => receptacles[i]?.location === location;
  const here = byName.filter(isHere);
  const ascending = [...here].sort((a, b) => a - b);
  return {
    id,
    name,
    receptacles: ascending,
    byName: here,
    goTo: byName.filter((i) => !isHere(i)).map((i) => goTo[i] as string),
    facing:
      here.length === 0
        ? undefined
        : `You are facing the ${joinText(ascending.map((i) => nameAt(receptacles, i)))}`,
  };
}

/** At least the length of the longest intro or observation: `look` names a thing once for each receptacle at a place. */
function longestText(
  task: string,
  receptacles: readonly Receptacle[],
  objects: readonly Thing[],
  locations: readonly Location[],
): number {
  const listed = (things: readonly { readonly name: string }[]) =>
    things.reduce((sum, { name }) => sum + name.length + ', and a '.length, 0);
  const receptacleTexts = objects.map(({ receptacleText = '' }) => receptacleText.length);
  const atOnePlace = Math.max(1, ...locations.map((location) => location.receptacles.length));
  const sentences = 200;
  return Math.max(
    sentences + task.length + listed(receptacles) + listed(objects) * atOnePlace,
    ...receptacleTexts,
  );
}

function introText(task: string, receptacles: readonly Receptacle[], facing: string | undefined): string {
  const view =
    facing === undefined
      ? `You are in the middle of a room. Looking quickly around you, you see ${listText(receptacles.map((r) => r.name))}.`
      : `${facing}. Next to it, you see nothing.`;
  return `-= Welcome to TextWorld, ALFRED! =-\n\n${view}\n\nYour task is to: ${task}`;
}

function buildAccepts(
  facts: Facts,
  receptacles: readonly Receptacle[],
  objects: readonly Thing[],
  types: ReadonlyMap<string, ReadonlySet<string>>,
): Uint8Array[] {
  const byReceptacleType = groupBy(facts.all('cancontain'), 1, 2);
  const objectsOfType = new Map<string, number[]>();
  objects.forEach((o, i) => {
    for (const type of types.get(o.id) ?? []) {
      const list = objectsOfType.get(type);
      if (list === undefined) objectsOfType.set(type, [i]);
      else list.push(i);
    }
  });
  const acceptedBy = new Map<string, Uint8Array>();
  for (const [rtype, otypes] of byReceptacleType) {
    const accepts = new Uint8Array(objects.length);
    for (const otype of otypes) for (const o of objectsOfType.get(otype) ?? []) accepts[o] = 1;
    acceptedBy.set(rtype, accepts);
  }
  return receptacles.map((r) => {
    const accepts = new Uint8Array(objects.length);
    for (const rtype of types.get(r.id) ?? [])
      acceptedBy.get(rtype)?.forEach((one, o) => {
        if (one === 1) accepts[o] = 1;
      });
    return accepts;
  });
}

function buildState(
  facts: Facts,
  index: EntityIndex,
  receptacles: readonly Receptacle[],
  objects: readonly Thing[],
  locationCount: number,
  start: readonly string[],
): Parsed<State, WorldCode> {
  const held = startHands(facts, index);
  if (!held.ok) return held;
  const contents: Set<number>[] = receptacles.map(() => new Set());
  for (const [, object = '', receptacle = ''] of facts.all('inreceptacle')) {
    const r = index.receptacles.get(receptacle);
    if (r !== undefined) contents[r]?.add(index.objects.get(object) as number);
  }
  const present: Set<number>[] = Array.from({ length: locationCount }, () => new Set());
  for (const [, object = '', location = ''] of facts.all('objectatlocation')) {
    present[index.locations.get(location) as number]?.add(index.objects.get(object) as number);
  }
  const ascending = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);
  return ok({
    location: index.locations.get(start[2] as string) as number,
    held: held.value,
    receptacles: flags(facts, index.receptacles, receptacles.length, { opened: OPENED, checked: CHECKED }),
    objects: flags(facts, index.objects, objects.length, {
      isclean: CLEAN,
      ishot: HOT,
      iscool: COOL,
      issliced: SLICED,
      istoggled: TOGGLED,
      ison: ON,
    }),
    contents: contents.map((set, i) => new Contents(receptacles[i] as Receptacle, objects, ascending(set))),
    missed: receptacles.map(() => []),
    present: present.map(ascending),
  });
}

function startHands(facts: Facts, index: EntityIndex): Parsed<number, WorldCode> {
  const held = facts.all('holds');
  const any = facts.all('holdsany').length > 0;
  if (held.length > 1 || (held.length === 1) !== any) {
    return refuse(
      'WORLD_HANDS',
      "holds and holdsAny don't agree that the agent holds one thing or nothing",
      PLACE,
    );
  }
  return ok(held.length === 0 ? -1 : (index.objects.get(held[0]?.[2] as string) as number));
}

function flags(
  facts: Facts,
  index: ReadonlyMap<string, number>,
  length: number,
  bits: Readonly<Record<string, number>>,
): Uint8Array {
  const out = new Uint8Array(length);
  for (const [predicate, bit] of Object.entries(bits)) {
    for (const [, id = ''] of facts.all(predicate)) {
      const at = index.get(id);
      if (at !== undefined) (out[at] as number) |= bit;
    }
  }
  return out;
}
