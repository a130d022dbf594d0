/** The goal of a game: the formula of the file, and what is left of it over the state (ground-goal.ts writes that). */

import type { SExpr } from './sexpr.ts';
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

/** The predicates whose facts change while a game is played. */
export const DYNAMIC = [
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

export class GroundGoal {
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
    return isTrue(this.ground, state);
  }
}

export function isTrue(ground: Ground, state: State): boolean {
  switch (ground.kind) {
    case 'atom':
      return evaluateAtom(ground, state);
    case 'and':
      for (const part of ground.parts) if (!isTrue(part, state)) return false;
      return true;
    case 'or':
      for (const part of ground.parts) if (isTrue(part, state)) return true;
      return false;
    case 'not':
      return !isTrue(ground.part, state);
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
