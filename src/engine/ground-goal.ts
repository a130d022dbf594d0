/**
 * Reads the goal as the file states it: any formula of and, or, not, imply, exists, forall and = over the domain's
 * predicates. It is written out once for the things of the game, and whatever can't change is decided then. The work
 * that this takes, the variables and what is left are limited, since a few lines can quantify over everything.
 */
import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { Budget } from './budget.ts';
import { type Facts, PREDICATES } from './facts.ts';
import { DYNAMIC, type DynamicPredicate, type Ground, GroundGoal } from './goal.ts';
import { type SExpr, shown } from './sexpr.ts';

/** Why it refuses. */
export type GoalCode =
  | 'GOAL_IMPOSSIBLE'
  | 'GOAL_SHAPE'
  | 'GOAL_TOO_LARGE'
  | 'GOAL_UNKNOWN_ENTITY'
  | 'GOAL_UNKNOWN_PREDICATE'
  | 'GOAL_UNKNOWN_TYPE';

/** Where entities stand in the world's lists. */
export interface EntityIndex {
  readonly objects: ReadonlyMap<string, number>;
  readonly receptacles: ReadonlyMap<string, number>;
  readonly locations: ReadonlyMap<string, number>;
}

/** How many steps writing out a goal may take; official goals take some ten thousand at most. */
const MAX_GOAL_STEPS = 500_000;
/** How many statements about the state may be left; official goals leave up to 290, and each command asks them all. */
const MAX_GOAL_ATOMS = 20_000;
/** How many variables may be bound at once; official goals bind 3. */
const MAX_GOAL_VARIABLES = 32;

const TRUE: Ground = { kind: 'true' };
const FALSE: Ground = { kind: 'false' };
const PLACE = 'pddl_problem, goal';

export function parseGoal(formula: SExpr, facts: Facts, index: EntityIndex): Parsed<GroundGoal, GoalCode> {
  const writer = new GoalWriter(facts, index);
  const ground = writer.write(formula);
  if (writer.refusal !== undefined) return writer.refusal;
  if (ground.kind === 'false')
    return refuse('GOAL_IMPOSSIBLE', 'the goal names nothing that this game has', PLACE);
  return ok(new GroundGoal(formula, ground));
}

class GoalWriter {
  refusal: Refused<GoalCode> | undefined;
  readonly #facts: Facts;
  readonly #index: EntityIndex;
  readonly #budget = new Budget(MAX_GOAL_STEPS);
  readonly #atoms = new Budget(MAX_GOAL_ATOMS);
  /** What the variables that are in scope stand for. */
  readonly #env = new Map<string, string>();

  constructor(facts: Facts, index: EntityIndex) {
    this.#facts = facts;
    this.#index = index;
  }

  #refuse(code: GoalCode, message: string): Ground {
    this.refusal ??= refuse(code, message, PLACE);
    return FALSE;
  }

  /** Counts steps before they are done; false where the goal is refused, and nothing more is to be done. */
  #spend(steps = 1): boolean {
    if (!this.#budget.spend(steps))
      this.#refuse(
        'GOAL_TOO_LARGE',
        `the goal takes more than ${MAX_GOAL_STEPS} steps to write out for the things of this game`,
      );
    return this.refusal === undefined;
  }

  write(expr: SExpr): Ground {
    if (!this.#spend()) return FALSE;
    if (typeof expr === 'string')
      return this.#refuse('GOAL_SHAPE', `the goal says ${shown(expr)} where a formula must stand`);
    const [head, ...rest] = expr;
    switch (head) {
      case undefined:
        return TRUE;
      case 'and':
        return this.#join('and', rest, (part) => this.write(part));
      case 'or':
        return this.#join('or', rest, (part) => this.write(part));
      case 'not':
        if (rest.length !== 1) return this.#shape(expr);
        return negate(this.write(rest[0] as SExpr));
      case 'imply': {
        if (rest.length !== 2) return this.#shape(expr);
        return this.#join('or', rest, (part, i) => (i === 0 ? negate(this.write(part)) : this.write(part)));
      }
      case 'exists':
      case 'forall':
        return this.#quantify(head, expr);
      case '=': {
        if (rest.length !== 2) return this.#shape(expr);
        const args = this.#arguments(rest);
        return args === undefined ? FALSE : args[0] === args[1] ? TRUE : FALSE;
      }
      default: {
        const atom = this.#atom(expr);
        if (atom.kind !== 'atom' || this.#atoms.spend()) return atom;
        return this.#refuse(
          'GOAL_TOO_LARGE',
          `the goal asks for more than ${MAX_GOAL_ATOMS} things of the state`,
        );
      }
    }
  }

  #shape(expr: SExpr): Ground {
    return this.#refuse('GOAL_SHAPE', `the goal's ${shown(expr)} has the wrong number of parts`);
  }

  #join(kind: 'and' | 'or', parts: readonly SExpr[], write: (part: SExpr, i: number) => Ground): Ground {
    const out: Ground[] = [];
    for (let i = 0; i < parts.length; i++) {
      const part = write(parts[i] as SExpr, i);
      if (part.kind === (kind === 'and' ? 'false' : 'true')) return part;
      if (part.kind !== 'true' && part.kind !== 'false') out.push(part);
    }
    return combine(kind, out);
  }

  #quantify(kind: 'exists' | 'forall', expr: readonly SExpr[]): Ground {
    const [, list, body] = expr;
    if (expr.length !== 3 || list === undefined || typeof list === 'string' || body === undefined)
      return this.#shape(expr);
    const variables: [string, string][] = [];
    let pending: string[] = [];
    for (let i = 0; i < list.length; i++) {
      const word = list[i];
      if (typeof word !== 'string') return this.#shape(expr);
      if (word === '-') {
        const type = String(list[++i] ?? '');
        for (const name of pending) variables.push([name, type]);
        pending = [];
      } else pending.push(word);
      if (this.#env.size + variables.length + pending.length > MAX_GOAL_VARIABLES)
        return this.#refuse(
          'GOAL_TOO_LARGE',
          `the goal binds more than ${MAX_GOAL_VARIABLES} variables at once`,
        );
    }
    for (const name of pending) variables.push([name, 'object']);
    // A variable of the same name further out is out of sight until this formula ends.
    const outer = variables.map(([name]) => [name, this.#env.get(name)] as const);
    for (const [name] of outer) this.#env.delete(name);
    const ground = this.#bind(kind, variables, body);
    for (const [name, id] of outer) if (id !== undefined) this.#env.set(name, id);
    return ground;
  }

  #bind(kind: 'exists' | 'forall', variables: readonly [string, string][], body: SExpr): Ground {
    const [first, ...rest] = variables;
    if (first === undefined) return this.write(body);
    const [name, type] = first;
    const decisive = kind === 'exists' ? 'true' : 'false';
    const out: Ground[] = [];
    for (const id of this.#candidates(kind, name, type, body)) {
      if (!this.#spend()) break;
      this.#env.set(name, id);
      if (kind === 'exists' && this.#refuted(body)) continue;
      const part = this.#bind(kind, rest, body);
      if (part.kind === decisive) {
        this.#env.delete(name);
        return part;
      }
      if (part.kind !== 'true' && part.kind !== 'false') out.push(part);
    }
    this.#env.delete(name);
    return this.refusal === undefined ? combine(kind === 'exists' ? 'or' : 'and', out) : FALSE;
  }

  /** What a variable can stand for: of its type, and for `exists` only what a fixed fact in the body allows. */
  #candidates(kind: 'exists' | 'forall', name: string, type: string, body: SExpr): readonly string[] {
    if (type !== 'object' && !['agent', 'location', 'receptacle', 'rtype', 'otype'].includes(type)) {
      this.#refuse(
        'GOAL_UNKNOWN_TYPE',
        `the goal speaks of the type ${shown(type)}, which the domain doesn't have`,
      );
      return [];
    }
    const fact = kind === 'exists' ? this.#pinning(name, body) : undefined;
    if (fact === undefined) return this.#facts.ofType(type);
    const at = fact.indexOf(name);
    const args = fact.map((arg) => this.#env.get(arg) ?? arg);
    const ids = new Set<string>();
    for (const candidate of this.#facts.all(fact[0] as string)) {
      if (!this.#spend()) return [];
      if (candidate.every((arg, i) => i === at || arg === args[i])) ids.add(candidate[at] as string);
    }
    return [...ids].filter((id) => type === 'object' || this.#facts.types.get(id) === type);
  }

  /** A fixed fact that must hold in the body and in which this variable alone is open. */
  #pinning(name: string, body: SExpr): readonly string[] | undefined {
    if (typeof body === 'string' || !this.#spend(body.length)) return undefined;
    const head = body[0];
    if (head === 'and') {
      for (let i = 1; i < body.length; i++) {
        const found = this.#pinning(name, body[i] as SExpr);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (head === 'exists') {
      const list = body[1];
      if (typeof list === 'string' || list === undefined || list.includes(name)) return undefined;
      return this.#pinning(name, body[2] ?? []);
    }
    if (!this.#isFixed(body)) return undefined;
    const open = body.slice(1).filter((arg) => String(arg).startsWith('?') && !this.#env.has(String(arg)));
    return open.length === 1 && open[0] === name ? (body as readonly string[]) : undefined;
  }

  #isFixed(expr: readonly SExpr[]): expr is readonly string[] {
    const head = expr[0];
    return (
      typeof head === 'string' &&
      Object.hasOwn(PREDICATES, head) &&
      !(DYNAMIC as readonly string[]).includes(head)
    );
  }

  /** Whether a conjunct that is already decided is false. */
  #refuted(body: SExpr): boolean {
    if (typeof body === 'string' || !this.#spend(body.length)) return false;
    const head = body[0];
    if (head === 'and') {
      for (let i = 1; i < body.length; i++) if (this.#refuted(body[i] as SExpr)) return true;
      return false;
    }
    if (typeof head !== 'string' || !Object.hasOwn(PREDICATES, head)) return false;
    const args = body.slice(1).map((arg) => this.#env.get(String(arg)) ?? String(arg));
    if (args.some((arg) => arg.startsWith('?'))) return false;
    return this.#atom(body).kind === 'false';
  }

  #arguments(list: readonly SExpr[]): string[] | undefined {
    const args: string[] = [];
    for (const arg of list) {
      const id = typeof arg === 'string' ? (this.#env.get(arg) ?? arg) : '';
      if (!this.#facts.types.has(id)) {
        this.#refuse('GOAL_UNKNOWN_ENTITY', `the goal names ${shown(arg)}, which isn't declared`);
        return undefined;
      }
      args.push(id);
    }
    return args;
  }

  #atom(expr: readonly SExpr[]): Ground {
    const predicate = typeof expr[0] === 'string' ? expr[0] : '';
    const signature = Object.hasOwn(PREDICATES, predicate) ? PREDICATES[predicate] : undefined;
    if (signature === undefined) {
      return this.#refuse(
        'GOAL_UNKNOWN_PREDICATE',
        `the goal uses ${shown(expr[0] ?? [])}, which the domain doesn't have`,
      );
    }
    if (expr.length !== signature.length + 1) return this.#shape(expr);
    const args = this.#arguments(expr.slice(1));
    if (args === undefined) return FALSE;
    if (!args.every((id, i) => this.#facts.types.get(id) === signature[i])) return FALSE;
    if (!(DYNAMIC as readonly string[]).includes(predicate))
      return this.#facts.has(predicate, ...args) ? TRUE : FALSE;
    return this.#dynamic(predicate as DynamicPredicate, args);
  }

  #dynamic(predicate: DynamicPredicate, args: readonly string[]): Ground {
    const [x = '', y = ''] = args;
    const { objects, receptacles, locations } = this.#index;
    const fixed = (): Ground => (this.#facts.has(predicate, ...args) ? TRUE : FALSE);
    const object = objects.get(predicate === 'holds' ? y : x);
    switch (predicate) {
      case 'atlocation':
        return { kind: 'atom', predicate, a: 0, b: locations.get(y) ?? -1 };
      case 'opened':
      case 'checked': {
        const receptacle = receptacles.get(x);
        return receptacle === undefined ? fixed() : { kind: 'atom', predicate, a: receptacle, b: 0 };
      }
      case 'inreceptacle': {
        // What can't be picked up stays where it is.
        const receptacle = receptacles.get(y);
        if (object === undefined || receptacle === undefined || !this.#facts.has('pickupable', x))
          return fixed();
        return { kind: 'atom', predicate, a: object, b: receptacle };
      }
      case 'objectatlocation': {
        const location = locations.get(y);
        return object === undefined || location === undefined
          ? fixed()
          : { kind: 'atom', predicate, a: object, b: location };
      }
      case 'holds':
        return object === undefined ? FALSE : { kind: 'atom', predicate, a: 0, b: object };
      case 'holdsany':
        return { kind: 'atom', predicate, a: 0, b: 0 };
      default:
        return object === undefined ? fixed() : { kind: 'atom', predicate, a: object, b: 0 };
    }
  }
}

function negate(ground: Ground): Ground {
  if (ground.kind === 'true') return FALSE;
  if (ground.kind === 'false') return TRUE;
  return { kind: 'not', part: ground };
}

function combine(kind: 'and' | 'or', parts: readonly Ground[]): Ground {
  if (parts.length === 0) return kind === 'and' ? TRUE : FALSE;
  return parts.length === 1 ? (parts[0] as Ground) : { kind, parts };
}
