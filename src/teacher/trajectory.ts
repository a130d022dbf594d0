/**
 * The file of collected trajectories: JSON Lines, one record a line, of four kinds.
 *
 *     {"kind":"collection","version":1,"teacher":"scripted","split":"train","tries":5,"successes":1,"maxSteps":30,
 *      "seed":1}
 *     {"kind":"trajectory","version":1,"game":"train/.../trial_...","task":"put a mug in shelf.","taskType":"...",
 *      "home":"...","teacher":"scripted","try":1,"seed":0,"intro":"...",
 *      "steps":[{"thought":"...","action":"...","observation":"..."}],"won":true}
 *     {"kind":"collected","version":1,"game":"train/...","taskType":"...",
 *      "tries":[{"seed":0,"won":true,"steps":6}],
 *      "usage":{"requests":6,"retries":0,"unmetered":0,"tokensIn":5210,"tokensOut":240,"seconds":9.1}}
 *     {"kind":"spent","version":1,"usage":{...}}
 *
 * The first line says how the file was made. A game's trajectories, all different, are followed by its `collected`
 * record, which says that the game is done: what comes after the last such record is the rest of an interrupted run.
 * `taskType` is what the game's folder says. `home` is there only for games of a home that has habits. Records of a
 * kind not known are passed over. `usage` is there where a server played; a `spent` record holds what it was asked for
 * games that weren't finished when a run ended. `model`, `temperature` and `replyTokens` are a server's as well.
 */

import { type Fields, isObject } from '../base/json-fields.ts';
import { hasStrings, type LineCode, parseLines, refuseShape } from '../base/json-lines.ts';
import { ok, type Parsed } from '../base/result.ts';
import type { Telling } from '../engine/import/index.ts';
import type { PlayedStep } from './play.ts';

export const TRAJECTORY_VERSION = 1;

/** How a file was made: a run with other settings is another file. Without dialect and goals, told as the files do. */
export interface Collection extends Telling {
  readonly kind: 'collection';
  readonly version: typeof TRAJECTORY_VERSION;
  readonly teacher: string;
  readonly split: string;
  readonly tries: number;
  readonly successes: number;
  readonly maxSteps: number;
  readonly seed: number;
  /** Of a teacher behind a server: the model, the temperature of the second and later tries, tokens of a reply. */
  readonly model?: string;
  readonly temperature?: number;
  readonly replyTokens?: number;
}

export interface CollectedTrajectory {
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

/** What a server was asked. Tokens are the server's own count. */
export interface Usage {
  /** Requests that were answered. */
  readonly requests: number;
  /** Requests that failed and were asked again; what they cost nobody says. */
  readonly retries: number;
  /** Answers without a count of tokens. */
  readonly unmetered: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Time of the answers, one after the other. */
  readonly seconds: number;
}

/** All tries of one game. */
export interface Collected {
  readonly kind: 'collected';
  readonly version: typeof TRAJECTORY_VERSION;
  readonly game: string;
  readonly taskType: string;
  readonly tries: readonly Try[];
  readonly usage?: Usage;
}

/** What was asked in vain: for games that a run didn't finish. */
export interface Spent {
  readonly kind: 'spent';
  readonly version: typeof TRAJECTORY_VERSION;
  readonly usage: Usage;
}

export type TrajectoryRecord = Collection | CollectedTrajectory | Collected | Spent;

export interface TrajectoryFile {
  /** Undefined in a file that was put together by hand. */
  readonly collection: Collection | undefined;
  readonly trajectories: readonly CollectedTrajectory[];
  readonly collected: readonly Collected[];
  readonly spent: readonly Spent[];
  /** Length in UTF-16 units of the part up to the last record that isn't a trajectory: what an interrupted run may keep. */
  readonly complete: number;
}

/** One record as a line, with its line feed. */
export function formatTrajectoryRecord(record: TrajectoryRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads a whole file; a refusal's place is its line. */
export function parseTrajectories(text: string): Parsed<TrajectoryFile, LineCode | 'TRAJECTORY_SHAPE'> {
  const lines = parseLines(text, TRAJECTORY_VERSION);
  if (!lines.ok) return lines;
  const trajectories: CollectedTrajectory[] = [];
  const collected: Collected[] = [];
  const spent: Spent[] = [];
  let collection: Collection | undefined;
  let complete = 0;
  for (const { json, place, end } of lines.value) {
    const { kind } = json;
    if (typeof kind !== 'string' || !Object.hasOwn(FAULTS, kind)) continue;
    const fault = FAULTS[kind as keyof typeof FAULTS](json);
    if (fault !== undefined) return refuseShape('TRAJECTORY_SHAPE', json, fault, place);
    const record = json as unknown as TrajectoryRecord;
    if (record.kind === 'trajectory') trajectories.push(record);
    else complete = end;
    if (record.kind === 'collected') collected.push(record);
    if (record.kind === 'spent') spent.push(record);
    if (record.kind === 'collection') collection ??= record;
  }
  return ok({ collection, trajectories, collected, spent, complete });
}

/** By kind: the key that is missing or wrong. */
const FAULTS = {
  collection: collectionFault,
  trajectory: trajectoryFault,
  collected: collectedFault,
  spent: usageFault,
} as const;

function collectionFault(json: Fields): string | undefined {
  for (const key of ['teacher', 'split']) if (typeof json[key] !== 'string') return key;
  for (const key of ['tries', 'successes', 'maxSteps', 'seed']) if (typeof json[key] !== 'number') return key;
  return undefined;
}

function trajectoryFault(json: Fields): string | undefined {
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

function collectedFault(json: Fields): string | undefined {
  for (const key of ['game', 'taskType']) if (typeof json[key] !== 'string') return key;
  const tries = json.tries;
  const good = (item: unknown): boolean =>
    isObject(item) &&
    typeof item.seed === 'number' &&
    typeof item.won === 'boolean' &&
    typeof item.steps === 'number';
  if (!Array.isArray(tries) || !tries.every(good)) return 'tries';
  return json.usage === undefined ? undefined : usageFault(json);
}

function usageFault({ usage }: Fields): string | undefined {
  const keys = ['requests', 'retries', 'unmetered', 'tokensIn', 'tokensOut', 'seconds'];
  return isObject(usage) && keys.every((key) => typeof usage[key] === 'number') ? undefined : 'usage';
}
