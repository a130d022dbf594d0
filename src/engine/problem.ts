/**
 * The PDDL problem of a game file: which things exist, what is true at the start, and the goal.
 * All symbols are in lower case.
 */
import { ok, type Parsed, refuse } from '../base/result.ts';
import { wordsIn } from '../base/table.ts';
import { formatSExpr, type PddlCode, parseSExpr, type SExpr, section, shown, unsupported } from './sexpr.ts';

/** Why it refuses. */
export type ProblemCode = 'DUPLICATE_NAME' | 'PROBLEM_SHAPE' | 'PROBLEM_TOO_LARGE' | PddlCode;

export interface Problem {
  readonly name: string;
  /** [id, type] in the order of the file. */
  readonly objects: readonly (readonly [string, string])[];
  /** Facts: predicate and arguments. */
  readonly init: readonly (readonly string[])[];
  readonly goal: SExpr;
}

/** The most things that one problem may declare; official files have up to 362. */
const MAX_OBJECTS = 2_000;

const PLACE = 'pddl_problem';
/** What a problem may consist of; costs don't matter to a game, so that what is to be least doesn't either. */
const SECTIONS: ReadonlySet<unknown> = new Set(
  wordsIn('problem :domain :requirements :objects :init :goal :metric'),
);

/** What a problem says, its facts not yet checked. */
export function parseProblem(text: string): Parsed<Problem, ProblemCode> {
  const parsed = parseSExpr(text, PLACE);
  if (!parsed.ok) return parsed;
  const expr = parsed.value;
  if (expr[0] !== 'define') return refuse('PROBLEM_SHAPE', "the problem doesn't start with (define", PLACE);
  const unknown = unsupported(expr, SECTIONS, PLACE);
  if (unknown !== undefined) return unknown;
  const head = section(expr, 'problem');
  const name = head?.[1];
  if (typeof name !== 'string') return refuse('PROBLEM_SHAPE', 'the problem has no (problem <name>)', PLACE);
  const objects = parseObjects(section(expr, ':objects'));
  if (!objects.ok) return objects;
  const init = section(expr, ':init');
  if (init === undefined) return refuse('PROBLEM_SHAPE', 'the problem has no (:init ...)', PLACE);
  const facts: (readonly string[])[] = [];
  for (let i = 1; i < init.length; i++) {
    const fact = init[i] as SExpr;
    if (typeof fact === 'string' || fact.length === 0) {
      return refuse('PROBLEM_SHAPE', `in :init, ${shown(fact)} isn't a fact`, PLACE);
    }
    // Costs and distances: the engine has no use for them.
    if (fact[0] === '=' && fact.length === 3 && typeof fact[1] !== 'string') continue;
    for (const part of fact) {
      if (typeof part !== 'string')
        return refuse('PROBLEM_SHAPE', `in :init, ${shown(fact)} isn't a fact`, PLACE);
    }
    facts.push(fact as readonly string[]);
  }
  const goal = section(expr, ':goal');
  if (goal === undefined || goal.length !== 2) {
    return refuse('PROBLEM_SHAPE', 'the problem has no (:goal ...) with exactly one formula', PLACE);
  }
  return ok({ name, objects: objects.value, init: facts, goal: goal[1] as SExpr });
}

/** The inverse of {@link parseProblem}, a fact a line. */
export function formatProblem(problem: Problem): string {
  const lines = [`(define (problem ${problem.name})`, '(:domain alfred)', '(:objects'];
  for (const [id, type] of problem.objects) lines.push(`${id} - ${type}`);
  lines.push(')', '(:init');
  for (const fact of problem.init) lines.push(`(${fact.join(' ')})`);
  lines.push(')', `(:goal ${formatSExpr(problem.goal)})`, ')');
  return lines.join('\n');
}

function parseObjects(
  list: readonly SExpr[] | undefined,
): Parsed<readonly (readonly [string, string])[], ProblemCode> {
  if (list === undefined) return refuse('PROBLEM_SHAPE', 'the problem has no (:objects ...)', PLACE);
  if (list.length > 3 * MAX_OBJECTS + 1) {
    return refuse('PROBLEM_TOO_LARGE', `the problem declares more than ${MAX_OBJECTS} things`, PLACE);
  }
  const objects: [string, string][] = [];
  const seen = new Set<string>();
  let pending: string[] = [];
  for (let i = 1; i < list.length; i++) {
    const id = list[i] as SExpr;
    if (typeof id !== 'string')
      return refuse('PROBLEM_SHAPE', `in :objects, ${shown(id)} isn't a name`, PLACE);
    if (id !== '-') {
      if (seen.has(id)) return refuse('DUPLICATE_NAME', `the problem declares ${id} twice`, PLACE);
      seen.add(id);
      pending.push(id);
      continue;
    }
    const type = list[++i];
    if (typeof type !== 'string' || type === '-') {
      return refuse('PROBLEM_SHAPE', 'in :objects, a dash has no type behind it', PLACE);
    }
    for (const name of pending) objects.push([name, type]);
    pending = [];
  }
  if (objects.length > MAX_OBJECTS)
    return refuse('PROBLEM_TOO_LARGE', `the problem declares more than ${MAX_OBJECTS} things`, PLACE);
  if (pending.length > 0) return refuse('PROBLEM_SHAPE', `in :objects, ${pending[0]} has no type`, PLACE);
  return ok(objects);
}
