/**
 * What a home can ask for: the six official kinds of tasks over what its rooms hold. A kind is an entry in
 * {@link KINDS}: what it needs, the formula of its goal; its sentences come from the statistics.
 */

import { compareCodePoints } from '../base/order.ts';
import type { Random } from '../base/random.ts';
import { TASK_TYPES, type TaskType } from '../base/task-types.ts';
import type { SExpr } from '../engine/sexpr.ts';
import { and, atSwitchedLamp, holding, somewhere, twoTogether } from './formula.ts';
import type { Room } from './room.ts';
import {
  type Counts,
  canContain,
  type Histogram,
  hasTrait,
  NOWHERE,
  type RoomKind,
  shareWith,
  statistics,
} from './statistics.ts';

export interface Chore {
  readonly taskType: TaskType;
  /** Index of the room in the home. */
  readonly room: number;
  /** What to fetch. */
  readonly object: string;
  /** The type of receptacle where it goes, or the type of lamp. */
  readonly target: string;
}

export interface ChoreKind {
  /** A predicate that the object's type must have. */
  readonly trait?: string;
  /** A type of receptacle that the room must have. */
  readonly tool?: string;
  /** The target is a lamp, not a receptacle. */
  readonly lamp?: boolean;
  /** How many of the object it takes. */
  readonly count: number;
  /** Nothing of the object's type starts in a target; else the task would be done or half done. */
  readonly startsElsewhere: boolean;
  readonly goal: (object: string, target: string) => SExpr;
}

export const KINDS: Readonly<Record<TaskType, ChoreKind>> = {
  pick_and_place_simple: { count: 1, startsElsewhere: true, goal: (o, r) => and(somewhere(o, r)) },
  pick_two_obj_and_place: { count: 2, startsElsewhere: true, goal: (o, r) => and(twoTogether(o, r)) },
  look_at_obj_in_light: {
    lamp: true,
    count: 1,
    startsElsewhere: false,
    goal: (o, lamp) => and(atSwitchedLamp(lamp), holding(o)),
  },
  pick_clean_then_place_in_recep: treated('cleanable', 'isClean', 'SinkBasin'),
  pick_heat_then_place_in_recep: treated('heatable', 'isHot', 'Microwave'),
  pick_cool_then_place_in_recep: treated('coolable', 'isCool', 'Fridge'),
};

function treated(trait: string, state: string, tool: string): ChoreKind {
  return {
    trait,
    tool,
    count: 1,
    startsElsewhere: false,
    goal: (o, r) => and(somewhere(o, r, trait, state)),
  };
}

/**
 * All chores of a kind that a home can ask for, each with how often the official games ask for it in such a room
 * where it is feasible. Those with frequency 0 are feasible too.
 */
export function feasibleChores(taskType: TaskType, rooms: readonly Room[]): (readonly [Chore, number])[] {
  const kind = KINDS[taskType];
  return rooms.flatMap((room, index) => {
    const types = new Set(room.places.map((place) => place.type));
    if (kind.tool !== undefined && !types.has(kind.tool)) return [];
    const targets = kind.lamp ? lampsIn(room) : [...types].sort(compareCodePoints);
    const asked = statistics.goals[taskType][room.kind];
    return room.stock.flatMap(([object, count]) => {
      if (count < kind.count || !hasTrait(object, 'pickupable')) return [];
      if (kind.trait !== undefined && !hasTrait(object, kind.trait)) return [];
      if (!reachable(room, object, types)) return [];
      return targets.flatMap((target) => {
        if (target === kind.tool || (!kind.lamp && !canContain(target, object))) return [];
        if (kind.startsElsewhere && !reachable(room, object, without(types, target))) return [];
        const games = asked?.[object]?.[target] ?? 0;
        // Rare things are asked for where they are: without this a safe would be asked for too seldom.
        const frequency =
          games === 0
            ? 0
            : (games * countLift(room.kind, object, count)) /
              (shareWith(room.kind, object) * shareWith(room.kind, target));
        return [[{ taskType, room: index, object, target }, frequency] as const];
      });
    });
  });
}

/** How much more often a thing is asked for where there are so many of it; rarely seen numbers say nothing. */
function countLift(kind: RoomKind, object: string, count: number): number {
  const stock = statistics.rooms[kind].things[object];
  const asked = stock?.wanted?.counts ?? [];
  const total = (histogram: Histogram) => histogram.reduce((sum, [, games]) => sum + games, 0);
  if (stock === undefined || total(asked) < 20) return 1;
  const share = (histogram: Histogram) => (histogram.find(([n]) => n === count)?.[1] ?? 0) / total(histogram);
  const everywhere = share(stock.counts);
  return everywhere === 0 ? 1 : share(asked) / everywhere;
}

/** Lamps within reach: the engine switches only those that lie in a receptacle. */
function lampsIn(room: Room): string[] {
  const lamps = room.fixtures.filter((f) => f.place >= 0 && hasTrait(f.type, 'toggleable'));
  return [...new Set(lamps.map((f) => f.type))].sort(compareCodePoints);
}

/** Whether there is a type of receptacle where such a thing can lie. */
function reachable(room: Room, object: string, types: ReadonlySet<string>): boolean {
  const seen = statistics.rooms[room.kind].things[object]?.places ?? {};
  for (const type of types) {
    if (canContain(type, object) || (type !== NOWHERE && (seen[type] ?? 0) > 0)) return true;
  }
  return false;
}

function without(types: ReadonlySet<string>, type: string): ReadonlySet<string> {
  return new Set([...types].filter((other) => other !== type));
}

/** The sentence that tells the task, one of the official two of its kind. */
export function phrase({ taskType, object, target }: Chore, random: Random): string {
  const { phrases } = statistics.tasks[taskType];
  const template = weightedKey(phrases, random);
  return template.replace('{o}', object.toLowerCase()).replace('{r}', target.toLowerCase());
}

/**
 * How often a home asks for each kind of task that it can do: as in the official games, and the more evenly the more
 * it strays. Only one kind isn't feasible in every home: those with a desk lamp make up for those without.
 */
export function taskWeights(
  taskTypes: readonly TaskType[],
  rooms: readonly Room[],
  stray: number,
): (readonly [TaskType, number])[] {
  const games = TASK_TYPES.reduce((sum, type) => sum + statistics.tasks[type].games, 0);
  const lampless = rooms.reduce((share, { kind }) => share * (1 - lampShare(kind)), 1);
  return taskTypes.map((type) => {
    const homes = KINDS[type].lamp && lampless < 1 ? 1 - lampless : 1;
    const official = statistics.tasks[type].games / games / homes;
    return [type, official * (1 - stray) + stray / TASK_TYPES.length] as const;
  });
}

function lampShare(kind: RoomKind): number {
  return statistics.rooms[kind].fixtures.DeskLamp === undefined ? 0 : shareWith(kind, 'DeskLamp');
}

function weightedKey(counts: Counts, random: Random): string {
  return random.weighted(
    Object.keys(counts)
      .sort(compareCodePoints)
      .map((key) => [key, counts[key] as number] as const),
  );
}
