/**
 * Game files: JSON with the domain, the grammar, the problem and a walkthrough, as ALFWorld's json_2.1.1 writes them.
 * {@link parseGame} builds a playable world from the text of one, or says what it doesn't understand.
 */

import { nestsDeeper } from '../base/read-json.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { buildWorld } from './build-world.ts';
import { recogniseDomain } from './domain.ts';
import { recogniseGrammar } from './grammar.ts';
import { parseProblem } from './problem.ts';
import type { World } from './world.ts';

/** The five keys of a game file; the older dialect's files have no walkthrough. */
export interface GameFile {
  readonly pddl_domain: string;
  readonly grammar: string;
  readonly pddl_problem: string;
  readonly solvable: boolean;
  readonly walkthrough?: readonly string[];
}

/** The longest game file that is read, in UTF-16 code units; the longest official one has 143,000. */
export const MAX_GAME_LENGTH = 2_000_000;
/** The deepest nesting of JSON that is read; official files nest 2 deep. */
const MAX_JSON_DEPTH = 16;
/** The longest walkthrough that is read, in commands. */
const MAX_WALKTHROUGH = 1_000;

/** Codes: GAME_TOO_LARGE, JSON_TOO_DEEP, NOT_JSON, GAME_KEY_MISSING, GAME_KEY_TYPE, UNSOLVABLE. */
export function parseGameFile(text: string): Result<GameFile> {
  if (text.length > MAX_GAME_LENGTH) {
    return refuse(
      'GAME_TOO_LARGE',
      `the file has ${text.length} characters, more than the ${MAX_GAME_LENGTH} that are read`,
    );
  }
  const tooDeep = nestsDeeper(text, MAX_JSON_DEPTH);
  if (tooDeep) return refuse('JSON_TOO_DEEP', `the file nests more than ${MAX_JSON_DEPTH} brackets`);
  let data: unknown;
  try {
    // An editor on Windows may have put a byte order mark before it.
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return refuse(
      'NOT_JSON',
      `the file isn't JSON (${error instanceof Error ? error.message : 'unreadable'})`,
    );
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return refuse('NOT_JSON', 'the file is JSON, but not an object with the keys of a game');
  }
  const file = data as Record<string, unknown>;
  for (const key of ['pddl_domain', 'grammar', 'pddl_problem'] as const) {
    if (!(key in file)) return refuse('GAME_KEY_MISSING', `the file has no ${key}`, key);
    const value = file[key];
    if (typeof value !== 'string') return refuse('GAME_KEY_TYPE', `${key} isn't a text`, key);
    // Windows' line breaks mean nothing else; only the real engine's `help` would print them.
    if (value.includes('\r')) file[key] = value.replace(/\r\n?/g, '\n');
  }
  if (!('solvable' in file)) return refuse('GAME_KEY_MISSING', 'the file has no solvable', 'solvable');
  if (typeof file.solvable !== 'boolean')
    return refuse('GAME_KEY_TYPE', 'solvable is neither true nor false', 'solvable');
  if (!file.solvable)
    return refuse('UNSOLVABLE', "the file says of itself that it can't be solved", 'solvable');
  const walkthrough = file.walkthrough ?? undefined;
  if (walkthrough !== undefined) {
    const isList = Array.isArray(walkthrough) && walkthrough.every((step) => typeof step === 'string');
    if (!isList || walkthrough.length > MAX_WALKTHROUGH) {
      return refuse(
        'GAME_KEY_TYPE',
        `walkthrough isn't a list of at most ${MAX_WALKTHROUGH} commands`,
        'walkthrough',
      );
    }
  }
  return ok(file as unknown as GameFile);
}

/** The text of a game file, with the keys in the official order. */
export function formatGameFile(file: GameFile): string {
  const { pddl_domain, grammar, pddl_problem, solvable, walkthrough } = file;
  return JSON.stringify({
    pddl_domain,
    grammar,
    pddl_problem,
    solvable,
    ...(walkthrough && { walkthrough }),
  });
}

/**
 * A playable world from the text of a game file. Codes: those of {@link parseGameFile}, of the domain, the grammar,
 * the problem, the facts, the goal, and of {@link buildWorld}.
 */
export function parseGame(text: string): Result<World> {
  const file = parseGameFile(text);
  if (!file.ok) return file;
  const domain = recogniseDomain(file.value.pddl_domain);
  if (!domain.ok) return domain;
  const grammar = recogniseGrammar(file.value.grammar, domain.value);
  if (!grammar.ok) return grammar;
  const problem = parseProblem(file.value.pddl_problem);
  if (!problem.ok) return problem;
  return buildWorld(domain.value, grammar.value, problem.value, file.value.walkthrough);
}
