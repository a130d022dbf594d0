/**
 * What a home can ask for of a family (families.ts): which things and places of its rooms serve, the sentence, and the
 * goal that the errands state.
 */

import { compareCodePoints } from '../base/order.ts';
import type { Random } from '../base/random.ts';
import type { Treatment } from '../base/task-types.ts';
import type { SExpr } from '../engine/sexpr.ts';
import type { Errand, Family } from './families.ts';
import { and, atSwitchedLamp, holding, inOneReceptacle, oneAtItsPlace, switched } from './formula.ts';
import type { PlacedThing } from './placement.ts';
import type { Room } from './room.ts';
import { canContain, hasTrait } from './statistics.ts';

/** One thing of a chore and where it goes: types as in the files, or the part's end. */
interface Share {
  readonly object: string;
  readonly target: string;
}

/** A chore of a family in one room. */
export interface FamilyChore extends Share {
  readonly family: Family;
  /** Index of the room in the home. */
  readonly room: number;
  /** The second errand's. */
  readonly other?: Share;
}

/** A treatment's predicate of what can be treated, of what was, and the type of the tool. */
const TREATED: Readonly<Record<Treatment, readonly [trait: string, state: string, tool: string]>> = {
  clean: ['cleanable', 'isClean', 'SinkBasin'],
  heat: ['heatable', 'isHot', 'Microwave'],
  cool: ['coolable', 'isCool', 'Fridge'],
  slice: ['sliceable', 'isSliced', 'Knife'],
};

/** Nobody opens more doors than this for the second plate within the steps that an episode has. */
const MOST_DOORS = 14;

/** Every chore of a family in these rooms, one for each thing and place; a second errand is drawn by {@link drawOther}. */
export function familyChores(family: Family, rooms: readonly Room[]): FamilyChore[] {
  const [first, second] = family.errands;
  if (first === undefined) return [];
  return rooms.flatMap((room, index) => {
    if (second !== undefined && sharesIn(room, second).length === 0) return [];
    const doors = room.places.filter(({ openable }) => openable).length;
    if (first.count + (second?.count ?? 0) > 1 && doors > MOST_DOORS) return [];
    // A thing of which two are asked for in different places.
    const count = family.sameThing ? first.count + (second?.count ?? 0) : first.count;
    return sharesIn(room, { ...first, count }).map((share) => ({ family, room: index, ...share }));
  });
}

/** The same chore with its second errand, where it has one; undefined where none fits. */
export function drawOther(chore: FamilyChore, room: Room, random: Random): FamilyChore | undefined {
  const { family, object, target } = chore;
  const second = family.errands[1];
  if (second === undefined) return chore;
  const fitting = sharesIn(room, second).filter(
    (share) =>
      (share.object === object) === (family.sameThing ?? false) &&
      (share.target === target) === (family.samePlace ?? false),
  );
  return fitting.length === 0 ? undefined : { ...chore, other: random.pick(fitting) };
}

/** The things and places of a room that serve for an errand. */
function sharesIn(room: Room, { count, treatments, end, place }: Errand): Share[] {
  const types = [...new Set(room.places.map(({ type }) => type))].sort(compareCodePoints);
  const lamps = room.fixtures.filter((f) => f.place >= 0 && hasTrait(f.type, 'toggleable'));
  const lampTypes = [...new Set(lamps.map(({ type }) => type))].sort(compareCodePoints);
  if (end === 'lamp' && count === 0) return lampTypes.map((lamp) => ({ object: lamp, target: lamp }));
  const tools = treatments.map((treatment) => TREATED[treatment][2]);
  const there = (tool: string) => types.includes(tool) || room.stock.some(([type]) => type === tool);
  if (!tools.every(there)) return [];
  return room.stock.flatMap(([object, number]): Share[] => {
    if (number < count || !hasTrait(object, 'pickupable')) return [];
    if (!treatments.every((treatment) => hasTrait(object, TREATED[treatment][0]))) return [];
    const homes = types.filter((type) => canContain(type, object));
    if (homes.length < 2) return [];
    if (end === 'back') return [{ object, target: 'Back' }];
    if (end === 'hand') return [{ object, target: 'Hand' }];
    if (end === 'lamp') return lampTypes.map((lamp) => ({ object, target: lamp }));
    const targets = homes.filter((type) => !tools.includes(type) && (place === undefined || type === place));
    return targets.map((target) => ({ object, target }));
  });
}

/** What the placement has to see to: so many within reach, and none where it would be done already. */
export function needsOf({ family, object, target }: FamilyChore) {
  const [first, second] = family.errands;
  const count = (first?.count ?? 0) + (family.sameThing ? (second?.count ?? 0) : 0);
  return { object, count, notIn: first?.end === 'place' ? target : undefined };
}

/** The sentence that tells the task, one of the family's. */
export function familyPhrase({ family, object, target, other }: FamilyChore, random: Random): string {
  return random
    .pick(family.sentences)
    .replaceAll('{o}', object.toLowerCase())
    .replaceAll('{r}', target.toLowerCase())
    .replaceAll('{p}', other?.object.toLowerCase() ?? '')
    .replaceAll('{q}', other?.target.toLowerCase() ?? '');
}

/** @param things where everything lies at the start: what is put back has to know */
export function familyGoal(chore: FamilyChore, room: Room, things: readonly PlacedThing[]): SExpr {
  const [first, second] = chore.family.errands;
  const parts = [goalOf(first as Errand, chore, room, things)];
  if (second !== undefined && chore.other !== undefined)
    parts.push(goalOf(second, chore.other, room, things));
  return and(...parts.flat());
}

function goalOf(
  errand: Errand,
  { object, target }: Share,
  room: Room,
  things: readonly PlacedThing[],
): SExpr[] {
  const { count, treatments, end } = errand;
  const states = treatments.map((treatment) => TREATED[treatment][1]);
  if (end === 'place') return [inOneReceptacle(count, object, target, ...states)];
  if (end === 'hand') return [holding(object, ...states)];
  if (end === 'lamp')
    return count === 0 ? [switched(target)] : [atSwitchedLamp(target), holding(object, ...states)];
  const pairs = things.flatMap(({ id, type, place, also }) => {
    const places = [place, also].flatMap((at) => room.places[at ?? -1]?.id ?? []);
    return type === object ? places.map((at) => [id, at] as const) : [];
  });
  return [oneAtItsPlace(pairs, ...states)];
}
