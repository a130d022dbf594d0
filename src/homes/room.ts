/**
 * One room of a home: its receptacles, doors, fixtures, and which things belong there. All of it stays the same over
 * the home's tasks; where the things lie is the business of placement.ts.
 */
import { compareCodePoints } from '../base/order.ts';
import type { Random } from '../base/random.ts';
import { wordsIn } from '../base/table.ts';
import { Ids, type Position } from './ids.ts';
import { layOut, type SpotGroup } from './layout.ts';
import { type Histogram, NOWHERE, type RoomKind, type Stock, shareWith, statistics } from './statistics.ts';
import { stockOf } from './stock.ts';
import { strayReceptacles } from './stray.ts';

/** A receptacle. */
export interface RoomReceptacle {
  readonly id: string;
  readonly type: string;
  readonly openable: boolean;
  /** The location that it is reached from. */
  readonly spot: string;
  readonly at: Position;
}

/** An object that can't be carried. */
export interface Fixture {
  readonly id: string;
  readonly type: string;
  /** Index into {@link Room.places}, or -1. */
  readonly place: number;
  readonly spot: string;
}

/**
 * Something that a file gives a type and no place: the engine numbers it and never names it, so that the numbers of
 * the others have gaps. (The official files have the like: cracked eggs that are nowhere yet.)
 */
export interface Absent {
  readonly kind: 'object' | 'receptacle';
  readonly id: string;
  readonly type: string;
}

export interface Room {
  readonly kind: RoomKind;
  readonly places: readonly RoomReceptacle[];
  readonly fixtures: readonly Fixture[];
  /** How many there are of each type of thing that can be carried; types in code-point order. */
  readonly stock: readonly (readonly [type: string, count: number])[];
  /** What makes gaps in the numbers of the others. */
  readonly absent: readonly Absent[];
  /** Locations without receptacles: where a task starts, and where things lie out of reach. */
  readonly free: readonly string[];
  /** The ids that are taken. */
  readonly ids: Ids;
}

const FREE_SPOTS = 3;

export function buildRoom(kind: RoomKind, random: Random, stray: number): Room {
  const { receptacles, fixtures } = statistics.rooms[kind];
  const ids = new Ids();
  const counting = random.fork('receptacles');
  const counts = new Map<string, number>();
  for (const type of sortedKeys(receptacles)) {
    const count = counting.weighted(receptacles[type] as Histogram);
    if (count > 0) counts.set(type, count);
  }
  if (stray > 0) strayReceptacles(counts, kind, random.fork('stray receptacles'), stray);
  const types = sortedKeys(Object.fromEntries(counts)).flatMap((type) =>
    Array<string>(counts.get(type) as number).fill(type),
  );

  const groups = shareSpots(types, random.fork('spots'), stray);
  const doors = random.fork('doors');
  const places = layOut(types, groups, ids, random.fork('layout')).map((placed, i) => {
    const type = types[i] as string;
    return { ...placed, type, openable: doors.chance(opens(type, stray)) };
  });
  const stock = stockOf(kind, random.fork('stock'), stray);
  const absent = absentParts(counts, stock, ids, random.fork('gaps'), stray);

  const free: string[] = [];
  for (let i = 0; i < FREE_SPOTS; i++) free.push(ids.spot(i - 1, 0, i, 30));
  const fixing = random.fork('fixtures');
  const fixed: Fixture[] = [];
  for (const type of sortedKeys(fixtures)) {
    const entry = fixtures[type] as Stock;
    if (!fixing.chance(entry.scenes / statistics.rooms[kind].scenes)) continue;
    for (let n = fixing.weighted(entry.counts); n > 0; n--) {
      const place = drawPlace(kind, entry, places, fixing);
      const at = places[place]?.at ?? { x: fixing.int(301) - 150, y: 100, z: fixing.int(301) - 150 };
      const id = ids.of(type, { x: at.x + fixing.int(31) - 15, y: at.y + 5, z: at.z + fixing.int(31) - 15 });
      fixed.push({ id, type, place, spot: places[place]?.spot ?? fixing.pick(free) });
    }
  }
  return {
    kind,
    places,
    fixtures: fixed,
    stock: stockOf(kind, random.fork('stock'), stray),
    absent,
    free,
    ids,
  };
}

/**
 * A receptacle for an object, by where the statistics saw such objects: its index, or -1 for none. A type of place
 * that this room lacks leaves its share to the others.
 */
export function drawPlace(
  kind: RoomKind,
  entry: Stock,
  places: readonly RoomReceptacle[],
  random: Random,
): number {
  let total = 0;
  for (const type in entry.places) total += entry.places[type] as number;
  if (random.chance((entry.places[NOWHERE] ?? 0) / total)) return -1;
  const here = new Map<string, number[]>();
  places.forEach((place, i) => {
    if (entry.places[place.type] === undefined) return;
    const list = here.get(place.type);
    if (list === undefined) here.set(place.type, [i]);
    else list.push(i);
  });
  if (here.size === 0) return -1;
  // Counted over all scenes, but only those with such a receptacle could put anything there.
  const weights = [...here.keys()].map(
    (key) => [key, (entry.places[key] as number) / shareWith(kind, key)] as const,
  );
  const type = random.weighted(weights);
  return random.pick(here.get(type) as number[]);
}

function sortedKeys(table: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(table).sort(compareCodePoints);
}

/** Types that open in the official games keep their share; with a straying home any box or chest may have a lid. */
const MAY_HAVE_A_LID = new Set(wordsIn('LaundryHamper GarbageCan Toilet Dresser Cart Desk TVStand'));

function opens(type: string, stray: number): number {
  const [open, all] = statistics.openable[type] ?? [0, 1];
  const official = open / all;
  if (open > 0) return official * (1 - 0.4 * stray) + 0.5 * 0.4 * stray;
  return MAY_HAVE_A_LID.has(type) ? 0.15 * stray : official;
}

/** Which receptacles are reached from one spot, with the measured share of company, of their own type and others. */
function shareSpots(types: readonly string[], random: Random, stray: number): SpotGroup[] {
  const groups: number[][] = [];
  const groupOf: number[][] = [];
  const join = (index: number, group: number[]) => {
    const old = groupOf[index];
    if (old === group) return;
    if (old !== undefined) groups.splice(groups.indexOf(old), 1);
    group.push(index);
    groupOf[index] = group;
  };
  types.forEach((type, i) => {
    const previous = groupOf[i - 1];
    if (previous !== undefined && types[i - 1] === type) {
      const [with_, all] = statistics.together[type] ?? [0, 1];
      const share = with_ / all;
      // A chain in which every single one is joined with probability q leaves the share 2q / (1 + q) in company.
      const q = share / (2 - share);
      if (random.chance(previous.length === 1 ? q : q / 8)) {
        join(i, previous);
        return;
      }
    }
    const group = [i];
    groups.push(group);
    groupOf[i] = group;
  });
  for (const pair of sortedKeys(statistics.neighbours)) {
    const [a, b] = pair.split(' ') as [string, string];
    const one = indicesOf(types, a);
    const other = indicesOf(types, b);
    if (one.length === 0 || other.length === 0) continue;
    const [few, many] = one.length < other.length ? [one, other] : [other, one];
    const fewType = few === one ? a : b;
    const rate = (statistics.neighbours[pair] as number) / (statistics.together[fewType]?.[1] ?? 1);
    for (const i of few) {
      if (random.chance(rate) && groupOf[i]?.length === 1) join(i, groupOf[random.pick(many)] as number[]);
    }
  }
  if (stray > 0 && types.length > 1) {
    types.forEach((_, i) => {
      const other = random.int(types.length);
      if (random.chance(0.08 * stray) && other !== i && groupOf[i]?.length === 1) {
        join(i, groupOf[other] as number[]);
      }
    });
  }
  return groups;
}

function indicesOf(types: readonly string[], type: string): number[] {
  return types.flatMap((t, i) => (t === type ? [i] : []));
}

function absentParts(
  counts: ReadonlyMap<string, number>,
  stock: Room['stock'],
  ids: Ids,
  random: Random,
  stray: number,
): Absent[] {
  if (!random.chance(0.4 * stray)) return [];
  const absent: Absent[] = [];
  const add = (kind: Absent['kind'], type: string) => {
    const at = { x: random.int(601) - 300, y: 90, z: random.int(601) - 300 };
    absent.push({ kind, type, id: ids.of(type, at) });
  };
  for (const type of sortedKeys(Object.fromEntries(counts))) {
    if (!random.chance(0.7)) continue;
    for (let n = random.int((counts.get(type) as number) + 3); n > 0; n--) add('receptacle', type);
  }
  for (const [type] of stock) if (random.chance(0.2)) add('object', type);
  return absent;
}
