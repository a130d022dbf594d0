/**
 * How the official ALFWorld training games are furnished: typed access to home.stats.json, which
 * scripts/measure-homes.ts wrote. Measured facts that the generator relies on:
 * - 27 scenes a room; a scene fixes the receptacles, their places, which of them open, the fixtures, and which types
 *   of things there are. How many there are of a thing (mostly 1 to 3, evenly) and where they lie differs by game.
 * - One can-contain table of 435 pairs covers all games; a file states the pairs whose two types are there.
 * - In pick_and_place_simple and pick_two_obj_and_place nothing of the goal's type starts in the goal's place; in the
 *   clean, heat and cool tasks it does in 45 % of the games.
 * - Every task starts at a place without receptacles, all doors closed.
 */
import type { TaskType } from '../base/task-types.ts';
import data from './home.stats.json' with { type: 'json' };

export const ROOM_KINDS = ['kitchen', 'living room', 'bedroom', 'bathroom'] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

/** [value, how often], ascending by value. */
export type Histogram = readonly (readonly [number, number])[];
export type Counts = Readonly<Record<string, number>>;

/** The place of an object that lies in no receptacle, in {@link Stock.places}. */
export const NOWHERE = '-';

/** One type of object in one kind of room. */
export interface Stock {
  /** In how many of the room's scenes there is one. */
  readonly scenes: number;
  /** How many there are, where there is one: over games for things, over scenes for fixtures. */
  readonly counts: Histogram;
  /** In which type of receptacle they lie; {@link NOWHERE} for on the floor, out of reach. */
  readonly places: Counts;
  /** The same in the games that ask for it: there are more of them, and more where they are easily found. */
  readonly wanted?: { readonly counts: Histogram; readonly places: Counts };
}

export interface RoomStatistics {
  readonly scenes: number;
  readonly games: number;
  /** How many there are of each type of receptacle, over scenes, 0 included. */
  readonly receptacles: Readonly<Record<string, Histogram>>;
  /** What can't be carried: lamps, windows, televisions. */
  readonly fixtures: Readonly<Record<string, Stock>>;
  /** What can be carried. */
  readonly things: Readonly<Record<string, Stock>>;
}

/** Types are written as in the files: `CounterTop`. */
export interface HomeStatistics {
  readonly about: {
    readonly source: string;
    readonly command: string;
    readonly games: number;
    readonly scenes: number;
  };
  /** Per task type: games, and the sentences with {o} for the object and {r} for the target (or lamp). */
  readonly tasks: Readonly<Record<TaskType, { readonly games: number; readonly phrases: Counts }>>;
  /** Games by task type, room, object, target (or lamp). */
  readonly goals: Readonly<
    Record<TaskType, Partial<Readonly<Record<RoomKind, Readonly<Record<string, Counts>>>>>>
  >;
  readonly rooms: Readonly<Record<RoomKind, RoomStatistics>>;
  /** [how many open, how many there are], over scenes. */
  readonly openable: Readonly<Record<string, readonly [number, number]>>;
  /** [how many stand at one spot with another of their type, how many there are], over scenes. */
  readonly together: Readonly<Record<string, readonly [number, number]>>;
  /** Spots with receptacles of two types ('CounterTop Toaster'), over scenes. */
  readonly neighbours: Counts;
  /** By object type: the receptacle types that can hold it. */
  readonly canContain: Readonly<Record<string, readonly string[]>>;
  /** By object type: the predicates that hold for it (pickupable, cleanable ...). */
  readonly traits: Readonly<Record<string, readonly string[]>>;
  /** By object type: pairs of receptacle types that one object was listed in at once. */
  readonly alsoListed: Readonly<Record<string, Counts>>;
  /** By holding object type (plate, box): what was recorded inside it. */
  readonly inside: Readonly<Record<string, Counts>>;
  /** Coolable things in a fridge, and how many of them are cool from the start. */
  readonly inFridge: { readonly cool: number; readonly all: number };
  /** How many objects of each type there are in all games. */
  readonly objects: Counts;
}

export const statistics = data as unknown as HomeStatistics;

/** Whether a receptacle of a type may hold an object of a type, by the games' own table. */
export function canContain(receptacleType: string, objectType: string): boolean {
  return statistics.canContain[objectType]?.includes(receptacleType) ?? false;
}

/** Whether a predicate such as `heatable` holds for a type of object. */
export function hasTrait(objectType: string, trait: string): boolean {
  return statistics.traits[objectType]?.includes(trait) ?? false;
}

/** The share of a kind of room's scenes that have a type of thing, fixture or receptacle. */
export function shareWith(kind: RoomKind, type: string): number {
  const { scenes, receptacles, fixtures, things } = statistics.rooms[kind];
  const counts = receptacles[type];
  if (counts !== undefined) return 1 - (counts.find(([count]) => count === 0)?.[1] ?? 0) / scenes;
  return Math.max(1, (things[type] ?? fixtures[type])?.scenes ?? 0) / scenes;
}
