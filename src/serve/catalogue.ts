/**
 * Which games there are to play, and which one a client means. Games come from sets that are opened elsewhere; where
 * there are none, and always by their own keys, from generated homes.
 */
import { ok, Random, type Result, refuse } from '../engine/index.ts';
import { generateHome, regenerate } from '../homes/index.ts';
import type { Pick } from './request.ts';

/** A set of games; the engine's GameSet is one. */
export interface ServedGames {
  readonly games: readonly { readonly key: string; readonly split: string }[];
  has(key: string): boolean;
  read(key: string): Promise<Result<string>>;
}

/** A game by its key, with the text of its file where choosing it made that. */
export interface ChosenGame {
  readonly key: string;
  readonly text?: string;
}

/** Homes that a seed draws from where no sets are served. */
const HOMES = 1_000_000;
const TASKS = 100;
const KEPT = 1_000;

export class Catalogue {
  readonly #sources: readonly ServedGames[];
  readonly #keys: readonly string[];
  readonly #bySplit = new Map<string, string[]>();
  /** Keys of homes' games that were made lately: making one takes milliseconds. */
  readonly #homes = new Map<string, string>();

  /** @param sources of two games with one key the first source's counts */
  constructor(sources: readonly ServedGames[]) {
    this.#sources = sources;
    const keys = new Set<string>();
    for (const { games } of sources) {
      for (const { key, split } of games) {
        if (keys.has(key)) continue;
        keys.add(key);
        const list = this.#bySplit.get(split);
        if (list === undefined) this.#bySplit.set(split, [key]);
        else list.push(key);
      }
    }
    this.#keys = [...keys];
  }

  /** How many games each split has. */
  get splits(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#bySplit].map(([split, keys]) => [split, keys.length]));
  }

  /** Keys of a split or of all, in order. Refuses with SPLIT_UNKNOWN. */
  keys(split: string | undefined): Result<readonly string[]> {
    if (split === undefined) return ok(this.#keys);
    const keys = this.#bySplit.get(split);
    const known = [...this.#bySplit.keys()].join(', ') || 'none';
    return keys === undefined
      ? refuse('SPLIT_UNKNOWN', `there is no split ${JSON.stringify(split)}; there is ${known}`, 'split')
      : ok(keys);
  }

  /** The game that a pick means; its text too where choosing made it. Codes: SPLIT_UNKNOWN, INDEX_RANGE. */
  choose(pick: Pick): Result<ChosenGame> {
    const { game, split, home, seed, index = 0, task = 0 } = pick;
    if (game !== undefined) return ok({ key: game });
    if (home !== undefined) return ok(this.#home(home, task));
    if (this.#keys.length === 0 && split === undefined) {
      const random = new Random(`serve ${seed}`);
      return ok(
        seed === undefined ? this.#home(index + 1, 0) : this.#home(1 + random.int(HOMES), random.int(TASKS)),
      );
    }
    const keys = this.keys(split);
    if (!keys.ok) return keys;
    const key = seed === undefined ? keys.value[index] : new Random(`serve ${seed}`).pick(keys.value);
    if (key !== undefined) return ok({ key });
    return refuse('INDEX_RANGE', `there are ${keys.value.length} games here, counted from 0`, 'index');
  }

  #home(home: number, task: number): ChosenGame {
    const name = `${home}/${task}`;
    const known = this.#homes.get(name);
    if (known !== undefined) return { key: known };
    const made = generateHome(home).game(task);
    const [oldest] = this.#homes.keys();
    if (this.#homes.size >= KEPT && oldest !== undefined) this.#homes.delete(oldest);
    this.#homes.set(name, made.key);
    return made;
  }

  /** A game file by its key; the key of a generated home makes it again. Codes: GAME_UNKNOWN, and the set's. */
  async read(key: string): Promise<Result<string>> {
    for (const source of this.#sources) if (source.has(key)) return source.read(key);
    const made = regenerate(key);
    return made?.key === key
      ? ok(made.text)
      : refuse('GAME_UNKNOWN', 'there is no game with this key', 'game');
  }
}
