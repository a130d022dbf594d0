/**
 * Chores that a person makes up: a name of their own, and what is to be done at the time of that name. They are written as one word,
 * which stands in addresses and, as the first folder, in the keys of their games, so that a game can be made again
 * from its key alone:
 *
 *     boots_1_clean-heat                one thing, cleaned, then heated; the sentence says where it goes
 *     candle_2_clean_CounterTop         two of it, cleaned, on the counter; the sentence doesn't say where
 */
import { ok, type Result, refuse } from '../base/result.ts';

/** The games write names in one word of small letters, as they do with `diningtable`. */
const NAME = /^[a-z]{1,24}$/;

/**
 * A chore's name of what a person calls it: `tea` of `Tea time`, and of several words the last one, as the games name
 * everything in one word: `lunch` of `Our Sunday lunch`. Code CHORE_NAME.
 */
export function choreName(text: string): Result<string> {
  const words = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z\s]/g, '')
    .trim();
  const name =
    words
      .replace(/\s+time$/, '')
      .split(/\s+/)
      .at(-1) ?? '';
  return NAME.test(name)
    ? ok(name)
    : refuse('CHORE_NAME', 'Give it a name in letters from a to z, such as tea time.');
}

export const CHORE_TREATMENTS = ['clean', 'heat', 'cool', 'slice'] as const;
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
  readonly treatments: readonly (typeof CHORE_TREATMENTS)[number][];
  readonly place?: (typeof CHORE_PLACES)[number];
}

/** Folder of such games; no other set has one that starts like this. */
const SPLIT = 'chore_';

export function formatChore({ called, count, treatments, place }: OwnChore): string {
  const done = treatments.length === 0 ? 'nothing' : treatments.join('-');
  return [called, count, done, ...(place === undefined ? [] : [place])].join('_');
}

/** Codes: CHORE_UNKNOWN; CHORE_NOTHING where nothing would be asked for that the sentence doesn't say. */
export function parseChore(text: string): Result<OwnChore> {
  const [called = '', number, done = '', where, ...rest] = text.split('_');
  const count = [1, 2].find((one) => String(one) === number);
  const treatments =
    done === 'nothing' ? [] : done.split('-').map((word) => CHORE_TREATMENTS.find((one) => one === word));
  const place = CHORE_PLACES.find((one) => one === where);
  const known = treatments.filter((treatment) => treatment !== undefined);
  const twice = new Set(known).size < known.length;
  if (
    !NAME.test(called) ||
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
