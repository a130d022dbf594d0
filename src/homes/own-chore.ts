/**
 * Chores that a person makes up: a name of their own, and what is to be done at the time of that name. They are written as one word,
 * which stands in addresses and, as the first folder, in the keys of their games, so that a game can be made again
 * from its key alone:
 *
 *     boots_1_clean-heat                one thing, cleaned, then heated; the sentence says where it goes
 *     Sunday.lunch_2_clean_CounterTop   two of it, cleaned, on the counter; the sentence doesn't say where
 */

import { ok, type Parsed, refuse } from '../base/result.ts';
import { ALL_TREATMENTS } from '../base/task-types.ts';

/** Words with a blank between them; a name without a letter would read as a number of the game's. */
const NAME = /^(?=.*\p{L})[\p{L}\p{M}\p{N}]+(?: [\p{L}\p{M}\p{N}]+)*$/u;
/** UTF-16 units: keys of games have it twice, and a folder's name may have 255 bytes. */
const LONGEST = 40;

/**
 * A chore's name of what a person calls it, in any letters: `Tea` of `Tea time!`, `Omas Kaffee`. Marks that would end
 * a word in a sentence or a key are left out. Code CHORE_NAME.
 */
export function choreName(text: string): Parsed<string, 'CHORE_NAME'> {
  const name = text
    .normalize('NFC')
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .replace(/ time$/i, '');
  return NAME.test(name) && name.length <= LONGEST
    ? ok(name)
    : refuse('CHORE_NAME', `Give it a name of letters, ${LONGEST} at most, such as tea time.`);
}

/** Where things may go without the sentence saying so: types as in the files. */
export const CHORE_PLACES = [
  'CounterTop',
  'SideTable',
  'Shelf',
  'Cabinet',
  'Fridge',
  'DiningTable',
  'Sofa',
  'Bed',
] as const;

export interface OwnChore {
  /** As {@link choreName} makes it. */
  readonly called: string;
  /** 1 or 2. */
  readonly count: number;
  /** In this order. */
  readonly treatments: readonly (typeof ALL_TREATMENTS)[number][];
  readonly place?: (typeof CHORE_PLACES)[number];
}

/** Folder of such games; no other set has one that starts like this. */
const SPLIT = 'chore_';

export function formatChore({ called, count, treatments, place }: OwnChore): string {
  const done = treatments.length === 0 ? 'nothing' : treatments.join('-');
  return [called.replaceAll(' ', '.'), count, done, ...(place === undefined ? [] : [place])].join('_');
}

/** Codes: CHORE_UNKNOWN; CHORE_NOTHING where nothing would be asked for that the sentence doesn't say. */
export function parseChore(text: string): Parsed<OwnChore, 'CHORE_NAME' | 'CHORE_UNKNOWN' | 'CHORE_NOTHING'> {
  const [word = '', number, done = '', where, ...rest] = text.split('_');
  const called = word.replaceAll('.', ' ');
  const count = [1, 2].find((one) => String(one) === number);
  const treatments =
    done === 'nothing' ? [] : done.split('-').map((word) => ALL_TREATMENTS.find((one) => one === word));
  const place = CHORE_PLACES.find((one) => one === where);
  const known = treatments.filter((treatment) => treatment !== undefined);
  const twice = new Set(known).size < known.length;
  if (
    !NAME.test(called) ||
    called.length > LONGEST ||
    count === undefined ||
    known.length < treatments.length ||
    known.length > 2 ||
    twice ||
    (where !== undefined && place === undefined) ||
    rest.length > 0
  ) {
    return refuse('CHORE_UNKNOWN', "This isn't a chore that the page can make.");
  }
  if (known.length === 0 && count === 1 && place === undefined) {
    return refuse('CHORE_NOTHING', 'Choose something that is to be done, or a place where it goes.');
  }
  return ok({ called, count, treatments: known, ...(place === undefined ? {} : { place }) });
}

/** The first folder of a chore's games. */
export function splitOf(chore: string): string {
  return SPLIT + chore;
}

/** The chore of a game's first folder; undefined where it has none. */
export function choreOfSplit(split: string): string | undefined {
  if (!split.startsWith(SPLIT)) return undefined;
  const text = split.slice(SPLIT.length);
  return parseChore(text).ok ? text : undefined;
}
