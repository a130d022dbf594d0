/**
 * Makes the search prior from the initial states of training games. The teacher sees hidden state
 * nowhere else (scripts/imports.test.mjs), and here of training games, before any episode.
 *
 * Every object type is counted in all games that have one, and once more in the games whose task asks for it: those
 * say better where ALFRED puts an object that is to be found (expected search cost on train 2.60 without, 2.48 with).
 */
import { nameEntities } from '../engine/names.ts';
import type { Problem } from '../engine/problem.ts';
import type { Goal } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import type { SearchPrior } from './prior.ts';

/** How many receptacles' worth the general count weighs against the count in games that ask for the object. */
const GENERAL_WEIGHT = 20;
/** Smoothing of the general count: this many receptacles with the chance of a pair never seen. */
const FLOOR_WEIGHT = 8;
const FLOOR = 0.002;

interface Count {
  places: number;
  holding: number;
}

/** One game for the fit. */
export interface PriorGame {
  readonly problem: Problem;
  readonly goal: Goal;
}

export class PriorFit {
  readonly #doors = new Map<string, Count>();
  readonly #general = new Map<string, Map<string, Count>>();
  readonly #asked = new Map<string, Map<string, Count>>();
  #games = 0;

  add({ problem, goal }: PriorGame): void {
    this.#games++;
    const names = nameEntities(new Set(problem.init.flatMap((fact) => fact.slice(1))));
    const typeOfId = (id: string | undefined): string => typeOf(names.get(id ?? '') ?? '');
    const receptacles = new Set<string>();
    const withDoor = new Set<string>();
    const held = new Map<string, Set<string>>();
    for (const [predicate, first = '', second = ''] of problem.init) {
      if (predicate === 'receptacletype') receptacles.add(first);
      else if (predicate === 'openable') withDoor.add(first);
      else if (predicate === 'inreceptacle')
        held.set(second, (held.get(second) ?? new Set()).add(typeOfId(first)));
    }
    const numbers = new Map<string, number>();
    const holding = new Map<string, Map<string, number>>();
    for (const id of receptacles) {
      const type = typeOfId(id);
      numbers.set(type, (numbers.get(type) ?? 0) + 1);
      addTo(this.#doors, type, 1, withDoor.has(id) ? 1 : 0);
      for (const object of held.get(id) ?? []) {
        const places = holding.get(object) ?? new Map<string, number>();
        holding.set(object, places.set(type, (places.get(type) ?? 0) + 1));
      }
    }
    for (const [object, places] of holding) {
      const asked = object === goal.object || object === goal.lamp;
      for (const [type, number] of numbers) {
        addTo(table(this.#general, object), type, number, places.get(type) ?? 0);
        if (asked) addTo(table(this.#asked, object), type, number, places.get(type) ?? 0);
      }
    }
  }

  /** The prior; `source` says which games it was made from. */
  result(source: string): SearchPrior {
    const doors: Record<string, number> = {};
    for (const [type, { places, holding }] of sorted(this.#doors))
      doors[type] = Math.round((1000 * holding) / places);
    const holds: Record<string, Record<string, number>> = {};
    for (const [object, general] of sorted(this.#general)) {
      const shares: Record<string, number> = {};
      for (const [type, count] of sorted(general)) {
        const asked = this.#asked.get(object)?.get(type) ?? { places: 0, holding: 0 };
        if (count.holding === 0) continue;
        const share = (count.holding + FLOOR_WEIGHT * FLOOR) / (count.places + FLOOR_WEIGHT);
        const blend = (asked.holding + GENERAL_WEIGHT * share) / (asked.places + GENERAL_WEIGHT);
        shares[type] = Math.max(1, Math.round(10000 * blend));
      }
      holds[object] = shares;
    }
    return { version: 1, made: `${source}, ${this.#games} games`, doors, holds };
  }
}

function table(tables: Map<string, Map<string, Count>>, key: string): Map<string, Count> {
  const known = tables.get(key) ?? new Map<string, Count>();
  tables.set(key, known);
  return known;
}

function addTo(counts: Map<string, Count>, key: string, places: number, holding: number): void {
  const count = counts.get(key) ?? { places: 0, holding: 0 };
  counts.set(key, { places: count.places + places, holding: count.holding + holding });
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
