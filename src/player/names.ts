/**
 * Names of things in the texts of the games: a type and a number, `mug 1`, `sinkbasin 1`. The engine lower-cases
 * them and numbers them per type, so the type is all before the last space.
 */

import { wordsIn } from '../base/table.ts';

/** `mug` of `mug 1`; a text without a number is its own type. */
export function typeOf(name: string): string {
  const space = name.lastIndexOf(' ');
  return space < 0 ? name : name.slice(0, space);
}

/** Types of receptacles of which one says 'in'; of all others 'on'. */
const INSIDE: ReadonlySet<string> = new Set(
  wordsIn('bathtubbasin box cabinet drawer fridge garbagecan laundryhamper microwave safe sinkbasin'),
);

/** `in` or `on`, for a receptacle's name or type. */
export function preposition(place: string): 'in' | 'on' {
  return INSIDE.has(typeOf(place)) || INSIDE.has(place) ? 'in' : 'on';
}

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const;

/** A count as a word: `two`; figures above ten. */
export function countWord(count: number): string {
  return COUNTS[count] ?? String(count);
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
