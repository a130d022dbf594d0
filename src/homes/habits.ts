/**
 * Where a home keeps its things. Every type of thing has one or two places of its own in its room, mostly such that
 * the general statistics would look there late, so that knowing the home pays; always such that the place can hold
 * the thing. Things of one family (cutlery, crockery ...) are often kept together, so that having seen the forks
 * tells something about the spoons.
 */
import type { Random } from '../base/random.ts';
import type { Room, RoomReceptacle } from './room.ts';
import { canContain, type Stock, statistics } from './statistics.ts';

/** [index into the room's places, share]; shares sum to 1. Empty for a type that no place can hold. */
export type Habit = readonly (readonly [place: number, share: number])[];
/** By type of thing. */
export type Habits = ReadonlyMap<string, Habit>;

const FAMILIES: readonly (readonly string[])[] = [
  ['Fork', 'Knife', 'Spoon', 'ButterKnife', 'Spatula', 'Ladle'],
  ['Mug', 'Cup', 'Plate', 'Bowl', 'Glassbottle', 'WineBottle'],
  ['Pot', 'Pan', 'Kettle'],
  ['Apple', 'Tomato', 'Potato', 'Lettuce', 'Bread', 'Egg'],
  ['SaltShaker', 'PepperShaker'],
  ['SoapBar', 'SoapBottle', 'SprayBottle', 'DishSponge', 'Candle'],
  ['Cloth', 'HandTowel', 'ToiletPaper', 'TissueBox'],
  ['Book', 'Newspaper', 'Pen', 'Pencil', 'Laptop', 'Box'],
  ['KeyChain', 'CreditCard', 'Watch', 'CellPhone', 'CD', 'RemoteControl'],
  ['Vase', 'Statue', 'WateringCan', 'AlarmClock'],
];
/** How often a thing is kept where its family is. */
const WITH_FAMILY = 0.6;
/** How often a home has a second place for a thing, and what share of them lies in the first then. */
const SECOND_PLACE = 0.3;
const FIRST_SHARE = 0.7;

export function habitsOf(room: Room, random: Random): Habits {
  const habits = new Map<string, Habit>();
  const familyPlaces = new Map<number, number>();
  for (const [type] of room.stock) {
    const own = random.fork(type);
    const fitting = fittingPlaces(room, type);
    if (fitting.length === 0) {
      habits.set(type, []);
      continue;
    }
    const family = FAMILIES.findIndex((types) => types.includes(type));
    const shared = familyPlaces.get(family);
    const together = shared !== undefined && fitting.includes(shared) && own.chance(WITH_FAMILY);
    const first = together ? shared : lateOne(room, type, fitting, own);
    if (family >= 0 && shared === undefined) familyPlaces.set(family, first);
    const second = own.chance(SECOND_PLACE) ? lateOne(room, type, fitting, own) : first;
    habits.set(
      type,
      second === first
        ? [[first, 1]]
        : [
            [first, FIRST_SHARE],
            [second, 1 - FIRST_SHARE],
          ],
    );
  }
  return habits;
}

/** Indices of the receptacles that can hold a type of thing. */
export function fittingPlaces(room: Room, type: string): number[] {
  return room.places.flatMap((place, i) => (canContain(place.type, type) ? [i] : []));
}

/** A place that is searched late: the less likely by the statistics, the more likely here. */
function lateOne(room: Room, type: string, fitting: readonly number[], random: Random): number {
  const entry = statistics.rooms[room.kind].things[type];
  const likely = fitting.map((i) => likelihood(room.places, room.places[i] as RoomReceptacle, entry));
  const weights = fitting.map((place, i) => {
    const before = likely.filter((other) => other > (likely[i] as number)).length;
    const level = likely.filter((other) => other === likely[i]).length;
    // In hundredths, so that the sums are exact on every platform.
    const rank = Math.floor((100 * (2 * before + level - 1)) / (2 * Math.max(1, fitting.length - 1)));
    return [place, 1000 + rank * rank] as const;
  });
  return random.weighted(weights);
}

/** The share of such things that the statistics expect in this one receptacle. */
function likelihood(
  places: readonly RoomReceptacle[],
  { type }: RoomReceptacle,
  entry: Stock | undefined,
): number {
  const seen = entry?.places[type] ?? 0;
  return seen === 0 ? 0 : seen / places.filter((place) => place.type === type).length;
}
