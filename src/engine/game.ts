/**
 * Game files: JSON with the domain, the grammar, the problem and a walkthrough, as ALFWorld's json_2.1.1 writes them.
 * {@link parseGame} builds a playable world from the text of one, or says what it doesn't understand.
 */

import { readObject } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import { buildWorld, type WorldCode } from './build-world.ts';
import { type Domain, type DomainCode, recogniseDomain } from './domain.ts';
import { type Grammar, type GrammarCode, recogniseGrammar } from './grammar.ts';
import { type ProblemCode, parseProblem } from './problem.ts';
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

/** Why a file isn't a game's. */
export type GameFileCode =
  | 'GAME_TOO_LARGE'
  | 'NOT_JSON'
  | 'GAME_KEY_MISSING'
  | 'GAME_KEY_TYPE'
  | 'UNSOLVABLE';
/** Why it can't be played. */
export type GameCode = GameFileCode | DomainCode | GrammarCode | ProblemCode | WorldCode;

/** Reads the keys of a game file; what its texts mean isn't looked at. */
export function parseGameFile(text: string): Parsed<GameFile, GameFileCode> {
  if (text.length > MAX_GAME_LENGTH) {
    return refuse(
      'GAME_TOO_LARGE',
      `the file has ${text.length} characters, more than the ${MAX_GAME_LENGTH} that are read`,
    );
  }
  const json = readObject(text, {
    code: 'NOT_JSON',
    what: 'the file',
    longest: MAX_GAME_LENGTH,
    deepest: MAX_JSON_DEPTH,
  });
  if (!json.ok) return json;
  const file = table(json.value);
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

/** A game file whose domain and grammar mean what ALFWorld's do. */
export function recogniseGame(
  text: string,
): Parsed<{ file: GameFile; domain: Domain; grammar: Grammar }, GameFileCode | DomainCode | GrammarCode> {
  const file = parseGameFile(text);
  if (!file.ok) return file;
  const domain = recogniseDomain(file.value.pddl_domain);
  if (!domain.ok) return domain;
  const grammar = recogniseGrammar(file.value.grammar, domain.value);
  if (!grammar.ok) return grammar;
  return ok({ file: file.value, domain: domain.value, grammar: grammar.value });
}

/** A playable world from the text of a game file. */
export function parseGame(text: string): Parsed<World, GameCode> {
  const recognised = recogniseGame(text);
  if (!recognised.ok) return recognised;
  const { file, domain, grammar } = recognised.value;
  const problem = parseProblem(file.pddl_problem);
  if (!problem.ok) return problem;
  return buildWorld(domain, grammar, problem.value, file.walkthrough);
}
