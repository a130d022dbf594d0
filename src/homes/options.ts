/** What a home is made from besides its seed. */
import { TASK_TYPES, type TaskType } from '../base/task-types.ts';
import type { Family } from './families.ts';
import { ROOM_KINDS, type RoomKind } from './statistics.ts';

export interface HomeOptions {
  /**
   * How strongly the home keeps things in places of its own, 0 to 1. 0: like the official games, every task's
   * placement is drawn from the statistics. 1: things nearly always lie where this home keeps them.
   */
  readonly habits?: number;
  /** How far the home strays from the official statistics, 0 to 1 (stray.ts says in what). */
  readonly stray?: number;
  /**
   * How much the tasks turn on the home's few favourite things, 0 to 1; as strong as the habits where not given.
   * What a home asks for again and again is what remembering pays for.
   */
  readonly routine?: number;
  /** The tasks from this index on follow other habits. */
  readonly habitChange?: number;
  /** First folder of the games' keys; `homes` where not given. */
  readonly split?: string;
  /** The rooms that the home has; all four where not given. */
  readonly rooms?: readonly RoomKind[];
  /** The kinds of tasks; all six where not given. */
  readonly taskTypes?: readonly TaskType[];
  /** Chores of these families in place of the six kinds of tasks; see families.ts. */
  readonly families?: readonly Family[];
}

/** Options with nothing left out and nothing out of range. */
export interface HomePlan {
  /** In steps of 0.01, as all three strengths: they are part of the games' keys. */
  readonly habits: number;
  readonly stray: number;
  readonly routine: number;
  /** Infinity: never. */
  readonly habitChange: number;
  readonly split: string;
  readonly rooms: readonly RoomKind[];
  readonly taskTypes: readonly TaskType[];
  /** Empty for the six kinds of tasks. */
  readonly families: readonly Family[];
}

/** Fills in what is missing and brings numbers into their range; rooms and task types keep their own order. */
export function homePlan(options: HomeOptions = {}): HomePlan {
  const habits = share(options.habits);
  const rooms = ROOM_KINDS.filter((kind) => options.rooms?.includes(kind) ?? true);
  const taskTypes = TASK_TYPES.filter((type) => options.taskTypes?.includes(type) ?? true);
  const change = options.habitChange ?? Number.POSITIVE_INFINITY;
  return {
    habits,
    stray: share(options.stray),
    routine: options.routine === undefined ? habits : share(options.routine),
    habitChange: Number.isNaN(change) ? Number.POSITIVE_INFINITY : Math.max(0, change),
    split: options.split ?? 'homes',
    rooms: rooms.length === 0 ? ROOM_KINDS : rooms,
    taskTypes: taskTypes.length === 0 ? TASK_TYPES : taskTypes,
    families: options.families ?? [],
  };
}

function share(value = 0): number {
  return Number.isNaN(value) ? 0 : Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;
}
