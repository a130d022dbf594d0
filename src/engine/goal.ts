/**
 * The goal as the file states it: any formula of and, or, not, imply, exists, forall and = over the domain's
 * predicates. It is written out once for the things of the game (whatever can't change is decided then), and what is
 * left is a small tree over the state.
 */

import { ok, type Result, refuse } from '../base/result.ts';
import { type Facts, PREDICATES } from './facts.ts';
import { formatSExpr, type SExpr } from './sexpr.ts';
import { CHECKED, CLEAN, COOL, HOT, ON, OPENED, SLICED, type State, TOGGLED } from './state.ts';

/** A statement about the state; a and b are indices of the predicate's kind of entity. */
export interface Atom {
  readonly kind: 'atom';
  readonly predicate: DynamicPredicate;
  readonly a: number;
  readonly b: number;
}

export type Ground =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | Atom
  | { readonly kind: 'not'; readonly part: Ground }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Ground[] };

const DYNAMIC = [
  'atlocation',
  'objectatlocation',
  'opened',
  'checked',
  'inreceptacle',
  'holds',
  'holdsany',
  'isclean',
  'ishot',
  'iscool',
  'issliced',
  'istoggled',
  'ison',
] as const;
export type DynamicPredicate = (typeof DYNAMIC)[number];

/** Where entities stand in the world's lists. */
export interface EntityIndex {
  readonly objects: ReadonlyMap<string, number>;
  readonly receptacles: ReadonlyMap<string, number>;
  readonly locations: ReadonlyMap<string, number>;
}

/** How many steps writing out a goal may take; official goals need at most some thousands. */
export const MAX_GOAL_STEPS = 500_000;

const TRUE: Ground = { kind: 'true' };
const FALSE: Ground = { kind: 'false' };
const PLACE = 'pddl_problem, goal';

export class Goal {
  readonly formula: SExpr;
  readonly ground: Ground;
  /** Whether walking alone can change it. */
  readonly readsLocation: boolean;

  constructor(formula: SExpr, ground: Ground) {
    this.formula = formula;
    this.ground = ground;
    this.readsLocation = reads(ground, 'atlocation');
  }

  holds(state: State): boolean {
    return evaluate(this.ground, state);
  }
}

/** Codes: GOAL_SHAPE, GOAL_UNKNOWN_PREDICATE, GOAL_UNKNOWN_ENTITY, GOAL_UNKNOWN_TYPE, GOAL_TOO_LARGE, GOAL_IMPOSSIBLE. */
export function parseGoal(formula: SExpr, facts: Facts, index: EntityIndex): Result<Goal> {
  const writer = new GoalWriter(facts, index);
  const ground = writer.write(formula, new Map());
  if (writer.refusal !== undefined) return writer.refusal;
  if (ground.kind === 'false')
    return refuse('GOAL_IMPOSSIBLE', 'the goal names nothing that this game has', PLACE);
  return ok(new Goal(formula, ground));
}

export function evaluate(ground: Ground, state: State): boolean {
  switch (ground.kind) {
    case 'atom':
      return evaluateAtom(ground, state);
    case 'and':
      for (const part of ground.parts) if (!evaluate(part, state)) return false;
      return true;
    case 'or':
      for (const part of ground.parts) if (evaluate(part, state)) return true;
      return false;
    case 'not':
      return !evaluate(ground.part, state);
    default:
      return ground.kind === 'true';
  }
}

function evaluateAtom({ predicate, a, b }: Atom, state: State): boolean {
  switch (predicate) {
    case 'inreceptacle':
      return state.contents[b]?.has(a) ?? false;
    case 'isclean':
      return flag(state.objects, a, CLEAN);
    case 'ishot':
      return flag(state.objects, a, HOT);
    case 'iscool':
      return flag(state.objects, a, COOL);
    case 'issliced':
      return flag(state.objects, a, SLICED);
    case 'istoggled':
      return flag(state.objects, a, TOGGLED);
    case 'ison':
      return flag(state.objects, a, ON);
    case 'opened':
      return flag(state.receptacles, a, OPENED);
    case 'checked':
      return flag(state.receptacles, a, CHECKED);
    case 'atlocation':
      return state.location === b;
    case 'objectatlocation':
      return state.present[b]?.includes(a) ?? false;
    case 'holds':
      return state.held === b;
    case 'holdsany':
      return state.held >= 0;
  }
}

function flag(flags: Uint8Array, index: number, bit: number): boolean {
  return ((flags[index] as number) & bit) !== 0;
}

function reads(ground: Ground, predicate: DynamicPredicate): boolean {
  if (ground.kind === 'atom') return ground.predicate === predicate;
  if (ground.kind === 'not') return reads(ground.part, predicate);
  return ground.kind === 'and' || ground.kind === 'or'
    ? ground.parts.some((part) => reads(part, predicate))
    : false;
}

type Env = ReadonlyMap<string, string>;

class GoalWriter {
  refusal: ReturnType<typeof refuse> | undefined;
  readonly #facts: Facts;
  readonly #index: EntityIndex;
  #steps = 0;

  constructor(facts: Facts, index: EntityIndex) {
    this.#facts = facts;
    this.#index = index;
  }

  #refuse(code: string, message: string): Ground {
    this.refusal ??= refuse(code, message, PLACE);
    return FALSE;
  }

  write(expr: SExpr, env: Env): Ground {
    if (this.refusal !== undefined) return FALSE;
    if (++this.#steps > MAX_GOAL_STEPS) {
      return this.#refuse(
        'GOAL_TOO_LARGE',
        `the goal takes more than ${MAX_GOAL_STEPS} steps to write out for the things of this game`,
      );
    }
    if (typeof expr === 'string')
      return this.#refuse('GOAL_SHAPE', `the goal says ${expr} where a formula must stand`);
    const [head, ...rest] = expr;
    switch (head) {
      case undefined:
        return TRUE;
      case 'and':
        return this.#join('and', rest, (part) => this.write(part, env));
      case 'or':
        return this.#join('or', rest, (part) => this.write(part, env));
      case 'not':
        if (rest.length !== 1) return this.#shape(expr);
        return negate(this.write(rest[0] as SExpr, env));
      case 'imply': {
        if (rest.length !== 2) return this.#shape(expr);
        return this.#join('or', rest, (part, i) =>
          i === 0 ? negate(this.write(part, env)) : this.write(part, env),
        );
      }
      case 'exists':
      case 'forall':
        return this.#quantify(head, expr, env);
      case '=': {
        if (rest.length !== 2) return this.#shape(expr);
        const args = this.#arguments(rest, env);
        return args === undefined ? FALSE : args[0] === args[1] ? TRUE : FALSE;
      }
      default:
        return this.#atom(expr, env);
    }
  }

  #shape(expr: SExpr): Ground {
    return this.#refuse(
      'GOAL_SHAPE',
      `the goal's ${formatSExpr(expr).slice(0, 80)} has the wrong number of parts`,
    );
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

  #quantify(kind: 'exists' | 'forall', expr: readonly SExpr[], env: Env): Ground {
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
    }
    for (const name of pending) variables.push([name, 'object']);
    return this.#bind(kind, variables, body, env);
  }

  #bind(kind: 'exists' | 'forall', variables: readonly [string, string][], body: SExpr, env: Env): Ground {
    const [first, ...rest] = variables;
    if (first === undefined) return this.write(body, env);
    const [name, type] = first;
    const candidates = this.#candidates(kind, name, type, body, env);
    const out: Ground[] = [];
    for (const id of candidates) {
      if (this.refusal !== undefined) return FALSE;
      const bound = new Map(env).set(name, id);
      if (kind === 'exists' && this.#refuted(body, bound)) continue;
      const part = this.#bind(kind, rest, body, bound);
      if (part.kind === (kind === 'exists' ? 'true' : 'false')) return part;
      if (part.kind !== 'true' && part.kind !== 'false') out.push(part);
    }
    return combine(kind === 'exists' ? 'or' : 'and', out);
  }

  /** What a variable can stand for: of its type, and for `exists` only what a fixed fact in the body allows. */
  #candidates(
    kind: 'exists' | 'forall',
    name: string,
    type: string,
    body: SExpr,
    env: Env,
  ): readonly string[] {
    if (type !== 'object' && !['agent', 'location', 'receptacle', 'rtype', 'otype'].includes(type)) {
      this.#refuse('GOAL_UNKNOWN_TYPE', `the goal speaks of the type ${type}, which the domain doesn't have`);
      return [];
    }
    const fact = kind === 'exists' ? this.#pinning(name, body, env) : undefined;
    if (fact === undefined) return this.#facts.ofType(type);
    const at = fact.indexOf(name);
    const args = fact.map((arg) => env.get(arg) ?? arg);
    const ids = new Set<string>();
    for (const candidate of this.#facts.all(fact[0] as string)) {
      this.#steps++;
      if (candidate.every((arg, i) => i === at || arg === args[i])) ids.add(candidate[at] as string);
    }
    return [...ids].filter((id) => type === 'object' || this.#facts.types.get(id) === type);
  }

  /** A fixed fact that must hold in the body and in which this variable alone is open. */
  #pinning(name: string, body: SExpr, env: Env): readonly string[] | undefined {
    if (typeof body === 'string') return undefined;
    const head = body[0];
    if (head === 'and') {
      for (const part of body.slice(1)) {
        const found = this.#pinning(name, part, env);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (head === 'exists') {
      const list = body[1];
      if (typeof list === 'string' || list === undefined || list.includes(name)) return undefined;
      return this.#pinning(name, body[2] ?? [], env);
    }
    if (!this.#isFixed(body)) return undefined;
    const open = body.slice(1).filter((arg) => String(arg).startsWith('?') && !env.has(String(arg)));
    return open.length === 1 && open[0] === name ? (body as readonly string[]) : undefined;
  }

  #isFixed(expr: SExpr): expr is readonly string[] {
    if (typeof expr === 'string') return false;
    const head = expr[0];
    return (
      typeof head === 'string' &&
      Object.hasOwn(PREDICATES, head) &&
      !(DYNAMIC as readonly string[]).includes(head)
    );
  }

  /** Whether a conjunct that is already decided is false. */
  #refuted(body: SExpr, env: Env): boolean {
    if (typeof body === 'string') return false;
    this.#steps++;
    if (body[0] === 'and') return body.slice(1).some((part) => this.#refuted(part, env));
    const head = body[0];
    if (typeof head !== 'string' || !Object.hasOwn(PREDICATES, head)) return false;
    const args = body.slice(1).map((arg) => env.get(String(arg)) ?? String(arg));
    if (args.some((arg) => arg.startsWith('?'))) return false;
    return this.#atom(body, env).kind === 'false';
  }

  #arguments(list: readonly SExpr[], env: Env): string[] | undefined {
    const args: string[] = [];
    for (const arg of list) {
      const id = typeof arg === 'string' ? (env.get(arg) ?? arg) : '';
      if (!this.#facts.types.has(id)) {
        this.#refuse('GOAL_UNKNOWN_ENTITY', `the goal names ${formatSExpr(arg)}, which isn't declared`);
        return undefined;
      }
      args.push(id);
    }
    return args;
  }

  #atom(expr: readonly SExpr[], env: Env): Ground {
    const predicate = String(expr[0]);
    const signature = Object.hasOwn(PREDICATES, predicate) ? PREDICATES[predicate] : undefined;
    if (signature === undefined) {
      return this.#refuse(
        'GOAL_UNKNOWN_PREDICATE',
        `the goal uses ${predicate}, which the domain doesn't have`,
      );
    }
    if (expr.length !== signature.length + 1) return this.#shape(expr);
    const args = this.#arguments(expr.slice(1), env);
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
