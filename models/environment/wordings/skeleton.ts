/** A sentence without its exchangeable words, so that what is held out can be shown to be new by more than those. */
import { LAMPS, PLACES, pluralOf, THINGS } from '../../../src/player/lexicon.ts';
import { escapePattern } from '../../../src/students/pocket/tokenizer.ts';
import { TRAINING } from './words.ts';

const { put, get, look, light, two, treat } = TRAINING;
const treating = Object.values(treat);
const verbs = treating.flatMap((one) => one.verbs);
const things = Object.values(THINGS).flat();

/** The later ones leave alone what the earlier ones have found. */
const CLASSES: readonly (readonly [sign: string, words: readonly string[]])[] = [
  ['PLACE', Object.values(PLACES).flat()],
  ['LAMP', Object.values(LAMPS).flat()],
  ['THING', [...things, ...things.map(pluralOf)]],
  ['STATE', treating.flatMap(({ states }) => states)],
  ['TREAT', verbs.flatMap(({ bare, gerund, done }) => [bare, gerund, done])],
  ['LIGHT', light],
  ['PUT', put.flatMap(({ bare, gerund, done }) => [bare, gerund, done])],
  ['GET', get],
  ['LOOK', look],
  ['TWO', two],
  ['IN', ['on top of', 'in', 'into', 'inside', 'on', 'onto']],
];
const PATTERNS = CLASSES.map(([sign, words]) => {
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length);
  return [sign, new RegExp(`\\b(?:${longestFirst.map(escapePattern).join('|')})\\b`, 'g')] as const;
});

/** `could you TREAT THING and PUT it IN PLACE`. Articles, marks, particles and politeness don't count. */
export function skeletonOf(sentence: string): string {
  let text = sentence.toLowerCase();
  for (const [sign, pattern] of PATTERNS) text = text.replace(pattern, sign);
  return text
    .replace(/\b(?:an?|the|some|my|please|thanks|up|off|down)\b/g, ' ')
    .replace(/[^\w]+/g, ' ')
    .trim();
}
