/**
 * Which memories go into a prompt.
 *
 * The rule: cosine similarity of the task descriptions, exact, nearest first (paper, section 3.2), with four additions.
 *  1. Never an entry that was made from the game that is being played.
 *  2. Own home first. Where the player's home is known, up to half of the k places (rounded up) belong to the home's own
 *     entries, the nearest of them; only they can tell where this home keeps its things, and among thousands of entries
 *     from elsewhere they would hardly ever come up. They stand first. What they don't fill, and the other half, is
 *     open to every entry, the home's further ones included.
 *  3. No script twice: of entries whose scripts say the same, only the first is taken.
 *  4. Ties: of a home's own entries the newest, since habits change; of others the one that stands first in the bank.
 */
import type { Maker } from './entry.ts';
import { gameIdentity } from './packed-bank.ts';
import type { Comparison, SearchIndex } from './search-index.ts';

export interface Filter {
  /** Key of the game that is being played: nothing made from it comes back. */
  readonly game?: string | undefined;
  /** The home that is being played in. */
  readonly home?: string | undefined;
  /** Whose scripts; everyone's where it isn't given. */
  readonly makers?: readonly Maker[] | undefined;
  /** Further condition on an entry, by its position in the index. */
  readonly accept?: ((position: number) => boolean) | undefined;
}

export interface RetrieveOptions extends Filter {
  /** How many scripts; the paper's k is 10. */
  readonly k: number;
  /** The share of the k places kept for the home's own entries. */
  readonly homeShare?: number | undefined;
}

/** One found memory. */
export interface Hit {
  readonly id: string;
  /** Position in the index's columns. */
  readonly position: number;
  /** Cosine of the task descriptions. */
  readonly similarity: number;
  /** Whether it came from the home that is being played in. */
  readonly ownHome: boolean;
}

const HOME_SHARE = 0.5;

/** At most k memories for a task, by the rule above. */
export function retrieve(index: SearchIndex, query: Float32Array, options: RetrieveOptions): Hit[] {
  const { k, home, homeShare = HOME_SHARE } = options;
  const comparison = index.compare(query);
  const allowed = filterOf(index, options);
  const taken = new Set<string>();
  const hits: Hit[] = [];
  const take = (positions: Iterable<number>, limit: number): void => {
    for (const position of positions) {
      if (hits.length >= limit) return;
      const script = index.bank.scripts[position] as string;
      if (taken.has(script) || !allowed(position)) continue;
      taken.add(script);
      hits.push(hitAt(index, comparison, position, home));
    }
  };
  if (home !== undefined) take(ownNearest(index, comparison, home), Math.ceil(k * homeShare));
  take(comparison.nearest(), k);
  return hits;
}

/** The condition that a filter puts on positions of an index. */
export function filterOf(
  { bank }: SearchIndex,
  { game, makers, accept }: Filter,
): (position: number) => boolean {
  const playing = game === undefined ? '' : gameIdentity(game);
  const whose = makers === undefined ? undefined : new Set<string>(makers);
  return (position) =>
    (playing === '' || bank.games[position] !== playing) &&
    (whose === undefined || whose.has(bank.makers[position] as string)) &&
    (accept === undefined || accept(position));
}

/** A home's entries, nearest first, the newest first among equals. */
export function ownNearest(index: SearchIndex, comparison: Comparison, home: string): number[] {
  return [...index.ofHome(home)].sort((a, b) => comparison.similarity(b) - comparison.similarity(a) || b - a);
}

function hitAt(index: SearchIndex, comparison: Comparison, position: number, home: string | undefined): Hit {
  return {
    id: index.bank.ids[position] as string,
    position,
    similarity: comparison.similarity(position),
    ownHome: home !== undefined && index.bank.homes[position] === home,
  };
}
