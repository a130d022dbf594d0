/**
 * Tells whether a PDDL domain means what this engine does. Actions are compared by meaning: comments, blanks, case,
 * the order of conjuncts, costs and branches that can never hold don't count. Parameter names do, because the
 * grammar of the game's texts refers to them.
 */

import { compareCodePoints } from '../base/order.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { wordsIn } from '../base/table.ts';
import { CLEANING_PLACE, DOMAIN_TEXT, OLDER_CLEANING_PLACE } from './domain-text.ts';
import { type PddlCode, parseSExpr, type SExpr, section, shown, unsupported } from './sexpr.ts';

/** Why it refuses. */
export type DomainCode =
  | 'DOMAIN_ACTION_DIFFERS'
  | 'DOMAIN_ACTION_MISSING'
  | 'DOMAIN_ACTION_UNKNOWN'
  | 'DOMAIN_SHAPE'
  | 'PDDL_UNSUPPORTED'
  | PddlCode;

export interface Domain {
  /** Whether the command `help` exists (it doesn't in the older dialect). */
  readonly help: boolean;
  /** Types of the receptacles in which things can be cleaned. */
  readonly cleaningTypes: readonly string[];
}

interface Actions {
  readonly byName: ReadonlyMap<string, string>;
}

const PLACE = 'pddl_domain';
/** What a domain may consist of. A section that this engine doesn't know could change what holds, so it's refused. */
const SECTIONS: ReadonlySet<unknown> = new Set(
  wordsIn('domain :requirements :types :predicates :functions :action'),
);
/** Parts of PDDL that actions, goals and costs of these games are made of. */
const REQUIREMENTS: ReadonlySet<unknown> = new Set(
  wordsIn(`:strips :typing :adl :action-costs :equality :negative-preconditions :disjunctive-preconditions
   :existential-preconditions :universal-preconditions :quantified-preconditions
   :conditional-effects`),
);
const ACTION_PARTS: ReadonlySet<unknown> = new Set([':parameters', ':precondition', ':effect']);
let known: ReadonlyMap<string, string> | undefined;
let olderCleaning: string | undefined;
/** The domains read last: all games of a set share one, so it's nearly always the next one too. */
const recent: { readonly text: string; readonly result: Parsed<Domain, DomainCode> }[] = [];
const RECENT = 4;

/** The domain, where it means what ALFWorld's does. */
export function recogniseDomain(text: string): Parsed<Domain, DomainCode> {
  let known = recent.find((one) => one.text === text);
  if (known === undefined) {
    known = { text, result: compareDomain(text) };
    recent.unshift(known);
    recent.length = Math.min(recent.length, RECENT);
  }
  return known.result;
}

function compareDomain(text: string): Parsed<Domain, DomainCode> {
  known ??= ownActions(DOMAIN_TEXT);
  olderCleaning ??= ownActions(DOMAIN_TEXT.replace(CLEANING_PLACE, OLDER_CLEANING_PLACE)).get('cleanobject');
  const actions = canonicalActions(text);
  if (!actions.ok) return actions;
  const theirs = actions.value.byName;
  for (const [name, meaning] of theirs) {
    const expected = known.get(name);
    if (expected === undefined) {
      return refuse(
        'DOMAIN_ACTION_UNKNOWN',
        `the domain has an action ${name} that this engine doesn't know`,
        PLACE,
      );
    }
    const older = name === 'cleanobject' && meaning === olderCleaning;
    if (meaning !== expected && !older) {
      return refuse(
        'DOMAIN_ACTION_DIFFERS',
        `the domain's action ${name} does something else than ALFWorld's`,
        PLACE,
      );
    }
  }
  for (const name of known.keys()) {
    if (name !== 'help' && !theirs.has(name)) {
      return refuse('DOMAIN_ACTION_MISSING', `the domain lacks the action ${name}`, PLACE);
    }
  }
  const older = theirs.get('cleanobject') === olderCleaning;
  return ok({
    help: theirs.has('help'),
    cleaningTypes: older ? ['sinktype', 'sinkbasintype'] : ['sinkbasintype'],
  });
}

function ownActions(text: string): ReadonlyMap<string, string> {
  const own = canonicalActions(text);
  if (!own.ok) throw new Error(`the engine's own domain doesn't parse: ${own.error.message}`);
  return own.value.byName;
}

function canonicalActions(text: string): Parsed<Actions, DomainCode> {
  const parsed = parseSExpr(text, PLACE);
  if (!parsed.ok) return parsed;
  const expr = parsed.value;
  if (expr[0] !== 'define') return refuse('DOMAIN_SHAPE', "the domain doesn't start with (define", PLACE);
  const unknown = unsupported(expr, SECTIONS, PLACE);
  if (unknown !== undefined) return unknown;
  for (const need of section(expr, ':requirements')?.slice(1) ?? []) {
    if (!REQUIREMENTS.has(need))
      return refuse(
        'PDDL_UNSUPPORTED',
        `the domain requires ${shown(need)}, which this engine doesn't do`,
        PLACE,
      );
  }
  const types = new Set<string>(['object']);
  for (const type of section(expr, ':types')?.slice(1) ?? []) {
    if (typeof type !== 'string' || type === '-')
      return refuse('PDDL_UNSUPPORTED', "the domain has types of types, which this engine doesn't do", PLACE);
    types.add(type);
  }
  const byName = new Map<string, string>();
  for (const part of expr) {
    if (typeof part === 'string' || part[0] !== ':action') continue;
    const name = part[1];
    if (typeof name !== 'string')
      return refuse('DOMAIN_SHAPE', 'the domain has an action without a name', PLACE);
    if (byName.has(name)) return refuse('DOMAIN_SHAPE', `the domain defines the action ${name} twice`, PLACE);
    const fields = new Map<unknown, SExpr>();
    for (let i = 2; i < part.length; i += 2) {
      const [key, value] = [part[i] as SExpr, part[i + 1]];
      if (!ACTION_PARTS.has(key))
        return refuse(
          'PDDL_UNSUPPORTED',
          `the domain's action ${name} has a part ${shown(key)}, which this engine doesn't do`,
          PLACE,
        );
      if (value === undefined || fields.has(key))
        return refuse('DOMAIN_SHAPE', `the domain's action ${name} needs exactly one ${shown(key)}`, PLACE);
      fields.set(key, value);
    }
    const parameters = fields.get(':parameters') ?? [];
    const condition = canonical(fields.get(':precondition') ?? [], types);
    const effect = canonical(fields.get(':effect') ?? [], types);
    byName.set(name, `${flat(parameters)} ${condition} ${effect}`);
  }
  if (byName.size === 0) return refuse('DOMAIN_SHAPE', 'the domain defines no action', PLACE);
  return ok({ byName });
}

/** A formula or effect in one agreed spelling; undefined stands for a branch that never holds. */
function canonical(expr: SExpr, types: ReadonlySet<string>): string | undefined {
  if (typeof expr === 'string') return expr;
  const head = expr[0];
  if (head === undefined) return '(and)';
  if (head === 'increase') return '(and)';
  if (head === 'and' || head === 'or') {
    const parts = new Set<string>();
    collect(expr, head, types, parts);
    const sorted = [...parts].sort(compareCodePoints);
    return sorted.length === 1 ? sorted[0] : `(${[head, ...sorted].join(' ')})`;
  }
  if (head === 'exists' || head === 'forall') {
    // A variable of a type that isn't declared has nothing to range over.
    if (head === 'exists' && mentionsUndeclaredType(expr[1], types)) return undefined;
    return `(${head} ${flat(expr[1] ?? [])} ${canonical(expr[2] ?? [], types)})`;
  }
  return `(${expr.map((part) => canonical(part, types)).join(' ')})`;
}

function collect(expr: readonly SExpr[], head: string, types: ReadonlySet<string>, into: Set<string>): void {
  for (let i = 1; i < expr.length; i++) {
    const part = expr[i] as SExpr;
    if (typeof part !== 'string' && part[0] === head) {
      collect(part, head, types, into);
      continue;
    }
    const text = canonical(part, types);
    if (text !== undefined && text !== '(and)') into.add(text);
  }
}

function mentionsUndeclaredType(list: SExpr | undefined, types: ReadonlySet<string>): boolean {
  if (list === undefined || typeof list === 'string') return false;
  return list.some((part, i) => list[i - 1] === '-' && typeof part === 'string' && !types.has(part));
}

function flat(expr: SExpr): string {
  return typeof expr === 'string' ? expr : `(${expr.map(flat).join(' ')})`;
}
