/**
 * General knowledge of households: how likely a receptacle of a type holds an object of a type, and how likely a
 * receptacle of a type has a door. Estimated from the initial states of the training games only (fit-prior.ts) and
 * committed as search-prior.stats.json, which the page ships too.
 */
import stored from './search-prior.stats.json' with { type: 'json' };

export interface SearchPrior {
  readonly version: 1;
  /** How the numbers were made, for people. */
  readonly made: string;
  /** Per receptacle type: thousandths of its receptacles that have a door. */
  readonly doors: Readonly<Record<string, number>>;
  /** Per object type, per receptacle type: ten-thousandths of the receptacles that hold such an object. */
  readonly holds: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The chance for a pair that training never showed. */
const UNSEEN = 0.0005;

export const searchPrior = stored as SearchPrior;

/** P(a receptacle of the type holds at least one object of the type), in (0, 1). */
export function chanceOfHolding(prior: SearchPrior, object: string, place: string): number {
  const places = Object.hasOwn(prior.holds, object) ? prior.holds[object] : undefined;
  const share = places && Object.hasOwn(places, place) ? places[place] : undefined;
  return share === undefined ? UNSEEN : Math.max(share / 10000, UNSEEN);
}

/** True if training showed such an object anywhere. */
export function isThing(prior: SearchPrior, type: string): boolean {
  return Object.hasOwn(prior.holds, type);
}

/** True if training showed an object of the type in a receptacle of the type. */
export function hasHeld(prior: SearchPrior, object: string, place: string): boolean {
  return chanceOfHolding(prior, object, place) > UNSEEN;
}

/** P(a receptacle of the type has a door). */
export function chanceOfDoor(prior: SearchPrior, place: string): number {
  return Object.hasOwn(prior.doors, place) ? (prior.doors[place] as number) / 1000 : 0;
}
