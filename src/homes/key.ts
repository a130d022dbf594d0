/**
 * Keys of generated games, as folders: `<split>/<task>/<trial>`. The task is named like an official one, so that tools
 * tell the kind of task (or the family of chores) by it, with the home's number where the official games have the
 * scene's; the trial tells the rest of what the game was made from, so that the same game can be made again from its
 * key alone (unless the home was kept to some rooms or kinds of tasks, or to families of chores, which keys don't
 * tell):
 *
 *     homes/pick_heat_then_place_in_recep-Apple-None-Fridge-1017/trial_kitchen_h100_s000_r100_c0005_0003
 */
import { TASK_TYPES } from '../base/task-types.ts';
import { isFamilyName } from './families.ts';
import type { HomePlan } from './options.ts';
import { ROOM_KINDS, type RoomKind } from './statistics.ts';

export interface HomeKey {
  readonly split: string;
  /** One of the six kinds of tasks, or a family of chores. */
  readonly taskType: string;
  readonly object: string;
  readonly target: string;
  /** The home's seed. */
  readonly home: number;
  readonly room: RoomKind;
  readonly habits: number;
  readonly stray: number;
  readonly routine: number;
  readonly habitChange: number;
  /** Which of the home's tasks. */
  readonly index: number;
}

export function formatHomeKey(key: HomeKey): string {
  const { split, taskType, object, target, home } = key;
  // The official folders name the lamp as the target, and no movable receptacle.
  return `${split}/${taskType}-${object}-None-${target}-${home}/${formatTrial(key)}`;
}

export function formatTrial(key: Omit<HomeKey, 'split' | 'taskType' | 'object' | 'target' | 'home'>): string {
  const change = Number.isFinite(key.habitChange) ? `_c${digits(key.habitChange, 4)}` : '';
  const room = key.room.replace(' ', '');
  return `trial_${room}_${strengths(key)}${change}_${digits(key.index, 4)}`;
}

/** What a key says, or undefined if it isn't the key of a generated game. Folders before the split are left out. */
export function parseHomeKey(key: string): HomeKey | undefined {
  const match =
    /(?:^|\/)([^/]+)\/([\p{L}\p{M}\p{N}._]+)-(\w+)-None-(\w+)-(\d+)\/trial_([a-z]+)_h(\d+)_s(\d+)_r(\d+)(?:_c(\d+))?_(\d+)$/u.exec(
      key,
    );
  if (match === null) return undefined;
  const [, split, task, object, target, home, name, habits, stray, routine, change, index] = match;
  const room = ROOM_KINDS.find((kind) => kind.replace(' ', '') === name);
  const known = TASK_TYPES.some((type) => type === task) || isFamilyName(task as string);
  if (!known || room === undefined) return undefined;
  const strengths = [habits, stray, routine].map(Number);
  const counts = [home, index, change ?? 0].map(Number);
  if (strengths.some((share) => share > 100) || !counts.every(Number.isSafeInteger)) return undefined;
  return {
    split: split as string,
    taskType: task as string,
    object: object as string,
    target: target as string,
    home: Number(home),
    room,
    habits: (strengths[0] as number) / 100,
    stray: (strengths[1] as number) / 100,
    routine: (strengths[2] as number) / 100,
    habitChange: change === undefined ? Number.POSITIVE_INFINITY : Number(change),
    index: Number(index),
  };
}

/** Tells homes apart: games with the same are played in the same house, with the same habits. */
export function homeId(key: Pick<HomeKey, 'home' | 'habits' | 'stray' | 'routine' | 'habitChange'>): string {
  const change = Number.isFinite(key.habitChange) ? `_c${digits(key.habitChange, 4)}` : '';
  return `home_${key.home}_${strengths(key)}${change}`;
}

function strengths({ habits, stray, routine }: Pick<HomePlan, 'habits' | 'stray' | 'routine'>): string {
  return `h${percent(habits)}_s${percent(stray)}_r${percent(routine)}`;
}

function percent(share: number): string {
  return digits(Math.round(share * 100), 3);
}

function digits(n: number, width: number): string {
  return String(n).padStart(width, '0');
}
