/**
 * The facts of a game's start by predicate, with the checks that make them safe to build on: every predicate is known,
 * every argument is declared and of the right type.
 */

import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import type { Problem } from './problem.ts';
import { shown } from './sexpr.ts';

/** Why it refuses. */
export type FactsCode =
  | 'BAD_NAME'
  | 'UNKNOWN_ENTITY'
  | 'UNKNOWN_PREDICATE'
  | 'UNKNOWN_TYPE'
  | 'WRONG_ARGUMENTS';

export type EntityType = 'agent' | 'location' | 'receptacle' | 'object' | 'rtype' | 'otype';

/** The domain's predicates and the types of their arguments. */
export const PREDICATES: Readonly<Record<string, readonly EntityType[]>> = table({
  atlocation: ['agent', 'location'],
  receptacleatlocation: ['receptacle', 'location'],
  objectatlocation: ['object', 'location'],
  openable: ['receptacle'],
  opened: ['receptacle'],
  inreceptacle: ['object', 'receptacle'],
  isreceptacleobject: ['object'],
  inreceptacleobject: ['object', 'object'],
  isreceptacleobjectfull: ['object'],
  wasinreceptacle: ['object', 'receptacle'],
  checked: ['receptacle'],
  examined: ['location'],
  receptacletype: ['receptacle', 'rtype'],
  cancontain: ['rtype', 'otype'],
  objecttype: ['object', 'otype'],
  holds: ['agent', 'object'],
  holdsany: ['agent'],
  holdsanyreceptacleobject: ['agent'],
  full: ['receptacle'],
  isclean: ['object'],
  cleanable: ['object'],
  ishot: ['object'],
  heatable: ['object'],
  iscool: ['object'],
  coolable: ['object'],
  pickupable: ['object'],
  moveable: ['object'],
  toggleable: ['object'],
  ison: ['object'],
  istoggled: ['object'],
  sliceable: ['object'],
  issliced: ['object'],
});

const TYPES: ReadonlySet<string> = new Set(['agent', 'location', 'receptacle', 'object', 'rtype', 'otype']);
/** Official ids have up to 87 characters. */
const ID = /^[a-z0-9_-]{1,250}$/;
const PLACE = 'pddl_problem';

export class Facts {
  /** Declared type by id. */
  readonly types: ReadonlyMap<string, EntityType>;
  readonly #byPredicate = new Map<string, (readonly string[])[]>();
  readonly #keys = new Map<string, Set<string>>();
  readonly #ofType = new Map<string, readonly string[]>();

  private constructor(types: ReadonlyMap<string, EntityType>) {
    this.types = types;
  }

  static read(problem: Problem): Parsed<Facts, FactsCode> {
    const types = new Map<string, EntityType>();
    for (const [id, type] of problem.objects) {
      if (!TYPES.has(type))
        return refuse(
          'UNKNOWN_TYPE',
          `${shown(id)} is of the type ${shown(type)}, which the domain doesn't have`,
          PLACE,
        );
      if (!ID.test(id))
        return refuse(
          'BAD_NAME',
          `${JSON.stringify(shown(id))} isn't a name made of at most 250 letters, digits, - and _`,
          PLACE,
        );
      types.set(id, type as EntityType);
    }
    const facts = new Facts(types);
    for (const fact of problem.init) {
      const problemWith = facts.#add(fact);
      if (problemWith !== undefined) return problemWith;
    }
    return ok(facts);
  }

  #add(fact: readonly string[]): Refused<FactsCode> | undefined {
    const predicate = fact[0] as string;
    const signature = Object.hasOwn(PREDICATES, predicate) ? PREDICATES[predicate] : undefined;
    if (signature === undefined) {
      return refuse(
        'UNKNOWN_PREDICATE',
        `the fact ${shown(fact)} has a predicate that the domain doesn't have`,
        PLACE,
      );
    }
    if (fact.length !== signature.length + 1) {
      return refuse('WRONG_ARGUMENTS', `the fact ${shown(fact)} needs ${signature.length} arguments`, PLACE);
    }
    for (let i = 1; i < fact.length; i++) {
      const type = this.types.get(fact[i] as string);
      if (type === undefined)
        return refuse(
          'UNKNOWN_ENTITY',
          `the fact ${shown(fact)} names ${shown(fact[i] ?? '')}, which isn't declared`,
          PLACE,
        );
      if (type !== signature[i - 1]) {
        return refuse(
          'WRONG_ARGUMENTS',
          `in the fact ${shown(fact)}, ${fact[i]} isn't of the type ${signature[i - 1]}`,
          PLACE,
        );
      }
    }
    const list = this.#byPredicate.get(predicate);
    if (list === undefined) this.#byPredicate.set(predicate, [fact]);
    else list.push(fact);
    return undefined;
  }

  /** All facts of a predicate, each with the predicate in front, in the order of the file. */
  all(predicate: string): readonly (readonly string[])[] {
    return this.#byPredicate.get(predicate) ?? [];
  }

  has(predicate: string, ...args: readonly string[]): boolean {
    let keys = this.#keys.get(predicate);
    if (keys === undefined) {
      keys = new Set(this.all(predicate).map((fact) => fact.slice(1).join(' ')));
      this.#keys.set(predicate, keys);
    }
    return keys.has(args.join(' '));
  }

  /** Ids that occur in at least one fact. */
  mentioned(): Set<string> {
    const ids = new Set<string>();
    for (const list of this.#byPredicate.values()) {
      for (const fact of list) for (let i = 1; i < fact.length; i++) ids.add(fact[i] as string);
    }
    return ids;
  }

  /** Ids of a type in the order of the file; `object` is every type's ancestor in PDDL. */
  ofType(type: string): readonly string[] {
    let ids = this.#ofType.get(type);
    if (ids === undefined) {
      ids = [...this.types].flatMap(([id, own]) => (own === type || type === 'object' ? [id] : []));
      this.#ofType.set(type, ids);
    }
    return ids;
  }
}
