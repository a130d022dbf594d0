/**
 * What changes in an episode. Lists are replaced, never changed in place, so that a copy shares them; only the small
 * typed arrays are copied.
 */
import type { Contents } from './contents.ts';

export const CLEAN = 1;
export const HOT = 2;
export const COOL = 4;
export const SLICED = 8;
export const TOGGLED = 16;
export const ON = 32;

export const OPENED = 1;
export const CHECKED = 2;

export interface State {
  /** Location index of the agent. */
  location: number;
  /** Object index, or -1. */
  held: number;
  /** By receptacle: {@link OPENED}, {@link CHECKED}. */
  receptacles: Uint8Array;
  /** By object: {@link CLEAN} and so on. */
  objects: Uint8Array;
  /** By receptacle: what lies in it. */
  contents: Contents[];
  /** By receptacle: objects taken from it and not put back, ascending. `look` speaks of them. */
  missed: (readonly number[])[];
  /** By location: objects recorded there (objectAtLocation), ascending. Can be stale, as in the real engine. */
  present: (readonly number[])[];
}

export function copyState(state: State): State {
  return {
    location: state.location,
    held: state.held,
    receptacles: state.receptacles.slice(),
    objects: state.objects.slice(),
    contents: state.contents.slice(),
    missed: state.missed.slice(),
    present: state.present.slice(),
  };
}

/** A sorted list with one more member (the same list if it is there already). */
export function withMember(list: readonly number[], member: number): readonly number[] {
  return list.includes(member) ? list : [...list, member].sort((a, b) => a - b);
}

/** A sorted list with one member less. */
export function withoutMember(list: readonly number[], member: number): readonly number[] {
  return list.includes(member) ? list.filter((x) => x !== member) : list;
}
