/**
 * The file `chores.json` beside generated games: what the names stand for that their task sentences call chores by.
 * It is how a teacher that collects a household's trajectories is told; players aren't.
 *
 *     {"version":1,"chores":{"mirror":{"count":1,"treatments":["cool","clean"]},
 *                            "window":{"count":2,"treatments":[],"target":"sidetable"}}}
 *
 * A `target` (or `lamp`) is there only where the sentences leave the place out.
 */

import { isObject } from '../base/json-fields.ts';
import { readJson } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { ALL_TREATMENTS } from '../base/task-types.ts';
import type { Instruction, Instructions } from '../player/goal.ts';

/** Why it refuses. */
export type InstructionsCode = 'CHORES_JSON' | 'CHORES_SHAPE' | 'CHORES_VERSION';

const INSTRUCTIONS_VERSION = 1;
/** More would be no household. */
const MOST = 10_000;
const WORD = /^[a-z]{1,40}$/;

export function formatInstructions(instructions: Instructions): string {
  const chores = Object.fromEntries(
    [...instructions].map(([name, { count, treatments, target, lamp }]) => [
      name,
      { count, treatments, ...(target !== undefined && { target }), ...(lamp !== undefined && { lamp }) },
    ]),
  );
  return `${JSON.stringify({ version: INSTRUCTIONS_VERSION, chores }, undefined, 1)}\n`;
}

/** Reads the file; CHORES_SHAPE has the chore that is wrong. */
export function parseInstructions(text: string): Parsed<Instructions, InstructionsCode> {
  const json = readJson(text, { code: 'CHORES_JSON', what: 'The file', longest: 1_000_000 });
  if (!json.ok) return json;
  if (!isObject(json.value)) return refuse('CHORES_JSON', "The file isn't a JSON object.");
  const { version, chores } = json.value;
  if (version !== INSTRUCTIONS_VERSION) {
    return refuse(
      'CHORES_VERSION',
      `The file is of version ${String(version)}, not ${INSTRUCTIONS_VERSION}.`,
    );
  }
  if (!isObject(chores)) return refuse('CHORES_SHAPE', 'The file has no object "chores".');
  const entries = Object.entries(chores);
  if (entries.length > MOST) return refuse('CHORES_SHAPE', `The file has more than ${MOST} chores.`);
  const told = new Map<string, Instruction>();
  for (const [name, value] of entries) {
    const instruction = readInstruction(value);
    if (!WORD.test(name) || instruction === undefined)
      return refuse('CHORES_SHAPE', 'The chore is none that can be told.', `chores.${name.slice(0, 40)}`);
    told.set(name, instruction);
  }
  return ok(told);
}

function readInstruction(value: unknown): Instruction | undefined {
  if (!isObject(value)) return undefined;
  const { count, treatments, target, lamp } = value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 3) return undefined;
  if (!Array.isArray(treatments)) return undefined;
  const known = ALL_TREATMENTS.filter((treatment) => treatments.includes(treatment));
  if (known.length !== treatments.length || !isPlace(target) || !isPlace(lamp)) return undefined;
  return {
    count,
    treatments: treatments as Instruction['treatments'],
    ...(target !== undefined && { target }),
    ...(lamp !== undefined && { lamp }),
  };
}

function isPlace(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && WORD.test(value));
}
