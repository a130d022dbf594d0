/**
 * The file of collected trajectories: JSON Lines, one record a line, of three kinds.
 *
 *     {"kind":"collection","version":1,"teacher":"scripted","split":"train","tries":5,"successes":1,"maxSteps":50,
 *      "seed":1}
 *     {"kind":"trajectory","version":1,"game":"train/.../trial_...","task":"put a mug in shelf.","taskType":"...",
 *      "home":"...","teacher":"scripted","try":1,"seed":0,"intro":"...",
 *      "steps":[{"thought":"...","action":"...","observation":"..."}],"won":true}
 *     {"kind":"collected","version":1,"game":"train/...","taskType":"...","tries":[{"seed":0,"won":true,"steps":6}]}
 *
 * The first line says how the file was made. A game's trajectories are followed by its `collected` record, which says that the game is done: what comes after
 * the last such record is the rest of an interrupted run. `taskType` is what the game's folder says.
 * `home` is there only for games of a home that has habits. Records of a kind not known are passed over.
 */
import { ok, type Result, refuse } from '../engine/result.ts';
import type { PlayedStep } from './play.ts';

export const TRAJECTORY_VERSION = 1;

/** How a file was made: a run with other settings is another file. */
export interface Collection {
  readonly kind: 'collection';
  readonly version: typeof TRAJECTORY_VERSION;
  readonly teacher: string;
  readonly split: string;
  readonly tries: number;
  readonly successes: number;
  readonly maxSteps: number;
  readonly seed: number;
}

export interface Trajectory {
  readonly kind: 'trajectory';
  readonly version: typeof TRAJECTORY_VERSION;
  /** The game's key in its set. */
  readonly game: string;
  /** The task sentence of the intro. */
  readonly task: string;
  readonly taskType: string;
  readonly home?: string;
  /** Name of the teacher that played. */
  readonly teacher: string;
  /** From 1. */
  readonly try: number;
  readonly seed: number;
  readonly intro: string;
  readonly steps: readonly PlayedStep[];
  readonly won: boolean;
}

export interface Try {
  readonly seed: number;
  readonly won: boolean;
  readonly steps: number;
}

/** All tries of one game. */
export interface Collected {
  readonly kind: 'collected';
  readonly version: typeof TRAJECTORY_VERSION;
  readonly game: string;
  readonly taskType: string;
  readonly tries: readonly Try[];
}

export type TrajectoryRecord = Collection | Trajectory | Collected;

export interface TrajectoryFile {
  /** Undefined in a file that was put together by hand. */
  readonly collection: Collection | undefined;
  readonly trajectories: readonly Trajectory[];
  readonly collected: readonly Collected[];
  /** Length in UTF-16 units of the part up to the last record that is no trajectory: what an interrupted run may keep. */
  readonly complete: number;
}

/** One record as a line, with its line feed. */
export function formatRecord(record: TrajectoryRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/**
 * Reads a whole file. A last line without its line feed is the rest of an interrupted run and passed over.
 * Codes: TRAJECTORY_JSON, TRAJECTORY_VERSION, TRAJECTORY_SHAPE, each with its line.
 */
export function parseTrajectories(text: string): Result<TrajectoryFile> {
  const trajectories: Trajectory[] = [];
  const collected: Collected[] = [];
  let collection: Collection | undefined;
  let complete = 0;
  let start = 0;
  for (let line = 1; ; line++) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    const record = parseRecord(text.slice(start, end), `line ${line}`);
    if (!record.ok) return record;
    start = end + 1;
    if (record.value?.kind === 'trajectory') trajectories.push(record.value);
    if (record.value?.kind === 'collection') collection ??= record.value;
    if (record.value?.kind === 'collected') collected.push(record.value);
    if (record.value !== undefined && record.value.kind !== 'trajectory') complete = start;
  }
  return ok({ collection, trajectories, collected, complete });
}

function parseRecord(line: string, place: string): Result<TrajectoryRecord | undefined> {
  if (line.trim() === '') return ok(undefined);
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return refuse('TRAJECTORY_JSON', 'This line is not JSON.', place);
  }
  if (!isObject(json)) return refuse('TRAJECTORY_SHAPE', 'This line is not a JSON object.', place);
  const { kind } = json;
  const faultOf =
    typeof kind === 'string' && Object.hasOwn(FAULTS, kind) ? FAULTS[kind as keyof typeof FAULTS] : undefined;
  if (faultOf === undefined) return ok(undefined);
  if (json.version !== TRAJECTORY_VERSION) {
    return refuse(
      'TRAJECTORY_VERSION',
      `This record is of version ${String(json.version)}, not ${TRAJECTORY_VERSION}.`,
      place,
    );
  }
  const fault = faultOf(json);
  if (fault !== undefined)
    return refuse('TRAJECTORY_SHAPE', `The ${String(kind)} record has no valid "${fault}".`, place);
  return ok(json as unknown as TrajectoryRecord);
}

/** By kind: the key that is missing or wrong. */
const FAULTS = {
  collection: collectionFault,
  trajectory: trajectoryFault,
  collected: collectedFault,
} as const;

function collectionFault(json: Record<string, unknown>): string | undefined {
  for (const key of ['teacher', 'split']) if (typeof json[key] !== 'string') return key;
  for (const key of ['tries', 'successes', 'maxSteps', 'seed']) if (typeof json[key] !== 'number') return key;
  return undefined;
}

function trajectoryFault(json: Record<string, unknown>): string | undefined {
  for (const key of ['game', 'task', 'taskType', 'teacher', 'intro'])
    if (typeof json[key] !== 'string') return key;
  if (json.home !== undefined && typeof json.home !== 'string') return 'home';
  for (const key of ['try', 'seed']) if (typeof json[key] !== 'number') return key;
  if (typeof json.won !== 'boolean') return 'won';
  const steps = json.steps;
  return Array.isArray(steps) && steps.every((step) => hasStrings(step, ['thought', 'action', 'observation']))
    ? undefined
    : 'steps';
}

function collectedFault(json: Record<string, unknown>): string | undefined {
  for (const key of ['game', 'taskType']) if (typeof json[key] !== 'string') return key;
  const tries = json.tries;
  const good = (item: unknown): boolean =>
    isObject(item) &&
    typeof item.seed === 'number' &&
    typeof item.won === 'boolean' &&
    typeof item.steps === 'number';
  return Array.isArray(tries) && tries.every(good) ? undefined : 'tries';
}

function hasStrings(value: unknown, keys: readonly string[]): boolean {
  return isObject(value) && keys.every((key) => typeof value[key] === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
