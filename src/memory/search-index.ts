/**
 * Exact nearest neighbours in a packed bank: every similarity is computed, then entries come out nearest first, as
 * many as are asked for. Rows are sorted into narrow bands of similarity first and only the bands that are reached are
 * sorted inside, which is several times faster than sorting everything.
 */
import type { PackedBank } from './packed-bank.ts';
import type { ChangedEntry } from './store.ts';
import { similarities } from './vectors.ts';

/** Bands between similarity -1 and 1. */
const BANDS = 2048;

export class SearchIndex {
  readonly bank: PackedBank;
  readonly #ownTasks: readonly string[];
  /** Entries of row r: #entries[#first[r]] up to #entries[#first[r + 1]], in the bank's order. */
  readonly #first: Uint32Array;
  readonly #entries: Uint32Array;
  readonly #homes = new Map<string, number[]>();
  /** The shipped entries that the user deleted or replaced, in the order in which it was done. */
  readonly changed: readonly ChangedEntry[];

  /** @param ownTasks of the user's entries, which stand last in the bank */
  constructor(bank: PackedBank, ownTasks: readonly string[] = [], changed: readonly ChangedEntry[] = []) {
    this.bank = bank;
    this.changed = changed;
    this.#ownTasks = ownTasks;
    const rows = bank.vectors.scales.length;
    [this.#first, this.#entries] = groupBy(bank.rows, rows);
    bank.homes.forEach((home, position) => {
      if (home === '') return;
      const known = this.#homes.get(home);
      if (known === undefined) this.#homes.set(home, [position]);
      else known.push(position);
    });
  }

  get size(): number {
    return this.bank.ids.length;
  }

  /** Where the user's entries begin: they stand last. */
  get firstOwn(): number {
    return this.size - this.#ownTasks.length;
  }

  /** The task of an entry of the user's; undefined for a shipped one. */
  ownTask(position: number): string | undefined {
    return this.#ownTasks[position - this.firstOwn];
  }

  /** Positions of a home's entries, oldest first. */
  ofHome(home: string): readonly number[] {
    return this.#homes.get(home) ?? [];
  }

  /**
   * Compares a query with everything.
   * @param query a sentence vector of the bank's dimension and embedding model; its length doesn't matter.
   */
  compare(query: Float32Array): Comparison {
    const scores = new Float64Array(this.bank.vectors.scales.length);
    similarities(this.bank.vectors, query, scores);
    return new Comparison(this.bank.rows, scores, this.#first, this.#entries);
  }
}

/** One query's similarities to every entry of an index. */
export class Comparison {
  readonly #rows: Uint32Array;
  readonly #scores: Float64Array;
  readonly #first: Uint32Array;
  readonly #entries: Uint32Array;

  constructor(rows: Uint32Array, scores: Float64Array, first: Uint32Array, entries: Uint32Array) {
    this.#rows = rows;
    this.#scores = scores;
    this.#first = first;
    this.#entries = entries;
  }

  /** Cosine similarity of the entry at a position. */
  similarity(position: number): number {
    return this.#scores[this.#rows[position] as number] as number;
  }

  /** Positions, nearest first; equally near ones in the bank's order. */
  *nearest(): Generator<number> {
    const scores = this.#scores;
    const band = new Uint32Array(scores.length);
    for (let row = 0; row < scores.length; row++) {
      const b = ((1 - (scores[row] as number)) * (BANDS / 2)) | 0;
      band[row] = b < 0 ? 0 : b >= BANDS ? BANDS - 1 : b;
    }
    const [start, rows] = groupBy(band, BANDS);
    for (let b = 0; b < BANDS; b++) {
      const some = rows.subarray(start[b] as number, start[b + 1] as number);
      if (some.length === 0) continue;
      // Stable: equally similar rows keep their order.
      some.sort((x, y) => (scores[y] as number) - (scores[x] as number));
      let from = 0;
      while (from < some.length) {
        let to = from + 1;
        while (to < some.length && scores[some[to] as number] === scores[some[from] as number]) to++;
        yield* this.#entriesOf(some.subarray(from, to));
        from = to;
      }
    }
  }

  /** The entries of equally similar rows, in the bank's order. */
  #entriesOf(rows: Uint32Array): Iterable<number> {
    const lists = Array.from(rows, (row) =>
      this.#entries.subarray(this.#first[row] as number, this.#first[row + 1] as number),
    );
    const [only] = lists;
    if (lists.length === 1 && only !== undefined) return only;
    return lists.flatMap((list) => [...list]).sort((x, y) => x - y);
  }
}

/** Counting sort of 0..keys.length-1 by key: [where each key's items start, the items]. Stable. */
function groupBy(keys: Uint32Array, count: number): [Uint32Array, Uint32Array] {
  const start = new Uint32Array(count + 1);
  for (let item = 0; item < keys.length; item++) {
    const after = (keys[item] as number) + 1;
    start[after] = (start[after] as number) + 1;
  }
  for (let i = 0; i < count; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const next = start.slice(0, count);
  const items = new Uint32Array(keys.length);
  for (let item = 0; item < keys.length; item++) {
    const key = keys[item] as number;
    const at = next[key] as number;
    items[at] = item;
    next[key] = at + 1;
  }
  return [start, items];
}
