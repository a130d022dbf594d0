/**
 * What a player can know of a home: a fold over (action, observation), nothing else. The teacher decides by it and
 * the page draws the house from it. Contents are as last seen; the world may have changed since, or list one object
 * in two places (1,557 of the official games do).
 */
import { typeOf } from './names.ts';
import {
  type ObjectState,
  type Observation,
  parseIntro,
  parseObservation,
  type View,
} from './observation.ts';

/** One receptacle, as far as it is known. */
export interface KnownPlace {
  readonly name: string;
  readonly type: string;
  /** `none`: it has no door; `unknown`: never looked at. */
  readonly door: 'unknown' | 'closed' | 'open' | 'none';
  /** Objects known to be there, as last seen, in the order of the text. */
  readonly contents: readonly string[];
  /** After how many steps the contents were last listed; undefined: never, there may be more in it. */
  readonly seenAt: number | undefined;
}

/** An object and the place where it was last seen. */
export interface Sighting {
  readonly object: string;
  readonly place: string;
}

/** One step of an episode, as a player has it. */
export interface ObservedStep {
  readonly action: string;
  readonly observation: string;
}

const GO = 'go to ';
const CONFLICTS: Partial<Record<ObjectState, ObjectState>> = { hot: 'cool', cool: 'hot' };

export class Belief {
  #task: string | undefined;
  #places = new Map<string, KnownPlace>();
  /** Spot number of each place that is known to share one; places of the same number are reached together. */
  #spots = new Map<string, Set<string>>();
  #states = new Map<string, Set<ObjectState>>();
  #lit = new Set<string>();
  #origins = new Map<string, string>();
  /** `teddybear on bed`: pairs of types of which the first couldn't be put into the second. */
  #rejected = new Set<string>();
  #here: string | undefined;
  #holding: string | undefined;
  #steps = 0;
  #last: { readonly action: string; readonly seen: Observation } | undefined;
  #arrivesAtNumbers = false;

  constructor(intro: string) {
    const { places, task } = parseIntro(intro);
    this.#task = task;
    for (const name of places) this.#place(name);
  }

  /** The task sentence of the intro. */
  get task(): string | undefined {
    return this.#task;
  }

  /** Receptacles in the order of the intro, then any that turned up later. */
  get places(): readonly KnownPlace[] {
    return [...this.#places.values()];
  }

  place(name: string): KnownPlace | undefined {
    return this.#places.get(name);
  }

  /** The receptacle at which the agent stands; undefined before the first move. */
  get here(): string | undefined {
    return this.#here;
  }

  get holding(): string | undefined {
    return this.#holding;
  }

  /** How many steps were observed. */
  get steps(): number {
    return this.#steps;
  }

  /** The last action and what its observation said. */
  get last(): { readonly action: string; readonly seen: Observation } | undefined {
    return this.#last;
  }

  /** Lamps that were turned on. */
  get lit(): ReadonlySet<string> {
    return this.#lit;
  }

  /** 'put x in/on y' is the way to put, since arrivals name a location number. */
  get putDialect(): boolean {
    return this.#arrivesAtNumbers;
  }

  /** What is known to have become of an object. */
  statesOf(object: string): ReadonlySet<ObjectState> {
    return this.#states.get(object) ?? NO_STATES;
  }

  /** Where an object was first taken from. */
  originOf(object: string): string | undefined {
    return this.#origins.get(object);
  }

  /** True if a place of this type wouldn't take such an object, though it was open and at hand. */
  rejects(place: string, object: string): boolean {
    return this.#rejected.has(`${typeOf(object)} on ${typeOf(place)}`);
  }

  /** True if the place can be used without moving. */
  isHere(place: string): boolean {
    return (
      this.#here !== undefined && (place === this.#here || this.#spots.get(this.#here)?.has(place) === true)
    );
  }

  /** Every sighting of an object of the type, in the order of places and lists. */
  find(type: string): Sighting[] {
    const found: Sighting[] = [];
    for (const { name, contents } of this.#places.values()) {
      for (const object of contents) if (typeOf(object) === type) found.push({ object, place: name });
    }
    return found;
  }

  /** Another one that knows the same, and learns by itself. */
  copy(): Belief {
    const copy = new Belief('');
    copy.#task = this.#task;
    copy.#places = new Map(this.#places);
    copy.#spots = new Map(this.#spots);
    copy.#states = new Map([...this.#states].map(([object, states]) => [object, new Set(states)]));
    copy.#lit = new Set(this.#lit);
    copy.#origins = new Map(this.#origins);
    copy.#rejected = new Set(this.#rejected);
    copy.#here = this.#here;
    copy.#holding = this.#holding;
    copy.#steps = this.#steps;
    copy.#last = this.#last;
    copy.#arrivesAtNumbers = this.#arrivesAtNumbers;
    return copy;
  }

  /** Takes in one step, whoever chose it. Never throws; a text that isn't the engine's changes nothing. */
  observe(action: string, observation: string): void {
    this.#steps++;
    const seen = parseObservation(observation);
    const command = action.trim();
    this.#last = { action: command, seen };
    switch (seen.kind) {
      case 'nothing':
        this.#refused(command);
        break;
      case 'arrive':
        this.#arrive(command, seen.at, seen.view);
        break;
      case 'open':
        this.#reach(seen.place);
        if (seen.view) this.#look(seen.view);
        break;
      case 'close':
        this.#reach(seen.place);
        this.#change(seen.place, { door: 'closed' });
        break;
      case 'take':
        this.#take(seen.object, seen.place);
        break;
      case 'put':
        this.#put(seen.object, seen.place);
        break;
      case 'treat':
        this.#reach(seen.place);
        this.#become(seen.object, seen.becomes);
        break;
      case 'slice':
        this.#become(seen.object, 'sliced');
        break;
      case 'use':
        this.#lit.add(seen.object);
        break;
      case 'inventory':
        this.#holding = seen.object;
        break;
      case 'facing':
        for (const place of seen.places) this.#reach(place);
        break;
      case 'view':
        this.#reach(seen.view.place);
        this.#look(seen.view);
        break;
      case 'state':
        for (const state of seen.states) this.#become(seen.object, state);
        break;
      case 'other':
        break;
    }
  }

  #place(name: string): KnownPlace {
    const known = this.#places.get(name);
    if (known) return known;
    const place: KnownPlace = { name, type: typeOf(name), door: 'unknown', contents: [], seenAt: undefined };
    this.#places.set(name, place);
    return place;
  }

  #change(name: string, change: Partial<KnownPlace>): void {
    this.#places.set(name, { ...this.#place(name), ...change });
  }

  /** The place was used from where the agent stands: both share a spot. */
  #reach(place: string): void {
    this.#place(place);
    if (this.#here === undefined) {
      this.#here = place;
    } else if (!this.isHere(place)) {
      const together = new Set([
        ...(this.#spots.get(this.#here) ?? [this.#here]),
        ...(this.#spots.get(place) ?? [place]),
      ]);
      for (const name of together) this.#spots.set(name, together);
    }
  }

  #refused(command: string): void {
    // Going to a known place does nothing only if one is there already.
    const target = command.startsWith(GO) ? command.slice(GO.length) : undefined;
    if (target !== undefined && this.#here !== undefined && this.#places.has(target)) this.#reach(target);
    // What doesn't go into an open place at hand doesn't go into any of its type.
    const [, object, into = ''] = /^(?:move|put) (.+) (?:to|in\/on) (.+)$/.exec(command) ?? [];
    if (object !== undefined && object === this.#holding && this.isHere(into)) {
      const door = this.#places.get(into)?.door;
      if (door === 'open' || door === 'none') this.#rejected.add(`${typeOf(object)} on ${typeOf(into)}`);
    }
    // What can't be taken from an open place at hand isn't there (it is listed in two places).
    const take = /^take (.+) from (.+)$/.exec(command);
    if (!take || this.#holding !== undefined) return;
    const place = this.#places.get(take[2] as string);
    if (place !== undefined && place.door !== 'closed' && this.isHere(place.name)) {
      this.#change(place.name, { contents: place.contents.filter((object) => object !== take[1]) });
    }
  }

  #arrive(command: string, at: string, view: View | undefined): void {
    const isNumber = at.startsWith('loc ');
    if (isNumber) this.#arrivesAtNumbers = true;
    const target = command.startsWith(GO) ? command.slice(GO.length) : undefined;
    const named = isNumber
      ? (view?.place ?? (target !== undefined && this.#places.has(target) ? target : undefined))
      : at;
    if (named === undefined) return;
    this.#place(named);
    this.#here = named;
    if (view) {
      this.#reach(view.place);
      this.#look(view);
    }
  }

  #look(view: View): void {
    if (view.contents === undefined) this.#change(view.place, { door: view.door });
    else this.#change(view.place, { door: view.door, contents: view.contents, seenAt: this.#steps });
  }

  #take(object: string, from: string): void {
    this.#reach(from);
    this.#holding = object;
    if (!this.#origins.has(object)) this.#origins.set(object, from);
    const { door, contents } = this.#place(from);
    const rest = contents.filter((other) => other !== object);
    this.#change(from, { door: door === 'closed' || door === 'unknown' ? 'open' : door, contents: rest });
  }

  #put(object: string, into: string): void {
    this.#reach(into);
    this.#holding = undefined;
    const { door, contents } = this.#place(into);
    const change = { door: door === 'closed' || door === 'unknown' ? ('open' as const) : door };
    if (contents.includes(object)) this.#change(into, change);
    else this.#change(into, { ...change, contents: [...contents, object] });
  }

  #become(object: string, state: ObjectState): void {
    const states = this.#states.get(object) ?? new Set();
    this.#states.set(object, states);
    const opposite = CONFLICTS[state];
    if (opposite) states.delete(opposite);
    states.add(state);
  }
}

const NO_STATES: ReadonlySet<ObjectState> = new Set();

/** The belief after a whole history. */
export function beliefAfter(intro: string, steps: readonly ObservedStep[]): Belief {
  const belief = new Belief(intro);
  for (const { action, observation } of steps) belief.observe(action, observation);
  return belief;
}
