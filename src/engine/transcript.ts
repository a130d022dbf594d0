/**
 * Recorded episodes of the reference engine: what it printed, listed and counted as won, command by command. One
 * JSON object a line:
 * `{"game","kind","intro","won0","admissible0","steps":[{"action","observation","admissible","won","done"}]}`,
 * where `admissible` is the list after the action, null standing for 'the same as before'. Further keys (`seed`,
 * `script`) say how an episode was made and aren't read.
 */

import { isObject } from '../base/json-fields.ts';
import { ok, type Result, refuse } from '../base/result.ts';

export interface TranscriptStep {
  /** The command as it was given, with any spaces around it. */
  readonly action: string;
  readonly observation: string;
  readonly admissible: readonly string[] | null;
  readonly won: boolean;
  readonly done: boolean;
}

export interface Transcript {
  /** Key of the game: `train/<task>/<trial>`. */
  readonly game: string;
  /** How the commands were chosen: walkthrough, random, messy ... */
  readonly kind: string;
  readonly intro: string;
  readonly won0: boolean;
  readonly admissible0: readonly string[];
  readonly steps: readonly TranscriptStep[];
}

/**
 * One line of a file of transcripts.
 * Codes: TRANSCRIPT_JSON (not JSON), TRANSCRIPT_SHAPE (JSON of another shape; the place names the key).
 */
export function parseTranscript(line: string): Result<Transcript> {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return refuse('TRANSCRIPT_JSON', 'An episode must be one complete JSON object on a line of its own.');
  }
  if (!isObject(data)) return wrong(undefined, 'a JSON object');
  if (typeof data.game !== 'string') return wrong('game', 'a string');
  if (typeof data.kind !== 'string') return wrong('kind', 'a string');
  if (typeof data.intro !== 'string') return wrong('intro', 'a string');
  if (typeof data.won0 !== 'boolean') return wrong('won0', 'true or false');
  if (!isList(data.admissible0)) return wrong('admissible0', 'a list of strings');
  if (!Array.isArray(data.steps)) return wrong('steps', 'a list');
  for (const [index, step] of data.steps.entries()) {
    const refusal = checkStep(step, `steps[${index}]`);
    if (refusal !== undefined) return refusal;
  }
  return ok(data as unknown as Transcript);
}

function checkStep(step: unknown, place: string): Result<never> | undefined {
  if (!isObject(step)) return wrong(place, 'an object');
  if (typeof step.action !== 'string') return wrong(`${place}.action`, 'a string');
  if (typeof step.observation !== 'string') return wrong(`${place}.observation`, 'a string');
  if (step.admissible !== null && !isList(step.admissible)) {
    return wrong(`${place}.admissible`, 'a list of strings, or null');
  }
  if (typeof step.won !== 'boolean') return wrong(`${place}.won`, 'true or false');
  if (typeof step.done !== 'boolean') return wrong(`${place}.done`, 'true or false');
  return undefined;
}

function wrong(key: string | undefined, what: string): Result<never> {
  return key === undefined
    ? refuse('TRANSCRIPT_SHAPE', `An episode must be ${what}.`)
    : refuse('TRANSCRIPT_SHAPE', `In an episode '${key}' must be ${what}.`);
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
