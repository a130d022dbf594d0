/**
 * The file of extracted scripts: JSON Lines, one record a script.
 *
 *     {"kind":"script","version":1,"game":"train/.../trial_...","try":1,"seed":0,"task":"put a mug in shelf.",
 *      "taskType":"...","home":"...","extractor":"scripted","script":{"taskName":"...","guidelines":"..."}}
 *
 * `game` and `try` name the trajectory that it was made from; `home` is there as in the trajectory.
 */

import type { Fields } from '../base/json-fields.ts';
import { hasStrings, type LineCode, parseLines, refuseShape } from '../base/json-lines.ts';
import { ok, type Parsed } from '../base/result.ts';
import type { Script } from './script.ts';
import type { CollectedTrajectory } from './trajectory.ts';

const SCRIPT_VERSION = 1;

export interface ScriptRecord {
  readonly kind: 'script';
  readonly version: typeof SCRIPT_VERSION;
  readonly game: string;
  readonly try: number;
  readonly seed: number;
  readonly task: string;
  readonly taskType: string;
  readonly home?: string;
  /** Name of who wrote it. */
  readonly extractor: string;
  readonly script: Script;
}

export function scriptRecord(
  trajectory: CollectedTrajectory,
  extractor: string,
  script: Script,
): ScriptRecord {
  const { game, try: number, seed, task, taskType, home } = trajectory;
  return {
    kind: 'script',
    version: SCRIPT_VERSION,
    game,
    try: number,
    seed,
    task,
    taskType,
    ...(home === undefined ? {} : { home }),
    extractor,
    script,
  };
}

/** One record as a line, with its line feed. */
export function formatScriptRecord(record: ScriptRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads a whole file; a refusal's place is its line. */
export function parseScriptRecords(text: string): Parsed<ScriptRecord[], LineCode | 'SCRIPT_SHAPE'> {
  const lines = parseLines(text, SCRIPT_VERSION);
  if (!lines.ok) return lines;
  const records: ScriptRecord[] = [];
  for (const { json, place } of lines.value) {
    if (json.kind !== 'script') continue;
    const fault = faultOf(json);
    if (fault !== undefined) return refuseShape('SCRIPT_SHAPE', json, fault, place);
    records.push(json as unknown as ScriptRecord);
  }
  return ok(records);
}

function faultOf(json: Fields): string | undefined {
  for (const key of ['game', 'task', 'taskType', 'extractor']) if (typeof json[key] !== 'string') return key;
  for (const key of ['try', 'seed']) if (typeof json[key] !== 'number') return key;
  if (json.home !== undefined && typeof json.home !== 'string') return 'home';
  return hasStrings(json.script, ['taskName', 'guidelines']) ? undefined : 'script';
}
