/**
 * The games that training draws from: official games of one split, and games of generated homes. Homes whose seed is
 * at least {@link FIRST_TRAINING_HOME} are for training; evaluations take smaller seeds, so that they never meet.
 */
import { openGames } from '../../src/cli/files/open-games.ts';
import type { GameListing, GameSet } from '../../src/engine/import/index.ts';
import { parseGame, type Random, type Result, type World } from '../../src/engine/index.ts';
import {
  generateHome,
  type Home,
  type HomeOptions,
  parseHomeKey,
  ROOM_KINDS,
  roomId,
} from '../../src/homes/index.ts';

export const FIRST_TRAINING_HOME = 1_000_000;

export interface Game {
  /** `<split>/<task>/<trial>` */
  readonly key: string;
  readonly world: World;
  /** The home's and the room's id, for games of a home with habits: others have nothing to remember. */
  readonly home?: string;
}

/** Official games of one split; parsed when first asked for, and kept. */
export class OfficialGames {
  readonly #set: GameSet;
  readonly #listings: readonly GameListing[];
  readonly #worlds = new Map<number, World>();

  private constructor(set: GameSet, listings: readonly GameListing[]) {
    this.#set = set;
    this.#listings = listings;
  }

  static async open(path: string, split: string): Promise<Result<OfficialGames>> {
    const set = await openGames(path);
    if (!set.ok) return set;
    return { ok: true, value: new OfficialGames(set.value, set.value.ofSplit(split)) };
  }

  get count(): number {
    return this.#listings.length;
  }

  /** One of them, by its place in the order of keys; undefined for a game that can't be read or parsed. */
  async at(index: number): Promise<Game | undefined> {
    const listing = this.#listings[index];
    if (listing === undefined) return undefined;
    let world = this.#worlds.get(index);
    if (world === undefined) {
      const text = await this.#set.read(listing.key);
      const parsed = text.ok ? parseGame(text.value) : text;
      if (!parsed.ok) return undefined;
      world = parsed.value;
      this.#worlds.set(index, world);
    }
    return { key: listing.key, world };
  }
}

/** A home's first tasks, played as a household would be lived in; they are generated once and shared. */
export interface Household {
  readonly home: Home;
  readonly games: readonly Game[];
  /** The task index from which on the home's habits are others; Infinity for never. */
  readonly change: number;
}

/**
 * How training homes vary: half of them official-like in places, all degrees of straying and of habits. Many are a
 * single room, so that its few tasks tell of each other.
 */
export function drawHomeOptions(random: Random, tasks: number): HomeOptions {
  const habits = random.chance(0.4) ? 0 : random.pick([0.5, 0.8, 1, 1]);
  const stray = random.chance(0.25) ? 0 : random.pick([0.2, 0.4, 0.6, 0.8, 1]);
  const change = habits > 0 && random.chance(0.35) ? { habitChange: 1 + random.int(tasks - 1) } : {};
  const rooms = random.chance(0.6) ? { rooms: [random.pick(ROOM_KINDS)] } : {};
  return { habits, stray, routine: random.pick([0, 0.5, 1]), split: 'training', ...change, ...rooms };
}

/** Makes the household of a seed. */
export function makeHousehold(seed: number, tasks: number, random: Random): Household {
  const options = drawHomeOptions(random, tasks);
  const home = generateHome(FIRST_TRAINING_HOME + seed, options);
  const games: Game[] = [];
  for (let index = 0; index < tasks; index++) {
    const { key, text } = home.game(index);
    const world = parseGame(text);
    const made = parseHomeKey(key);
    const remembers = made !== undefined && made.habits > 0 ? { home: roomId(made) } : {};
    if (world.ok) games.push({ key, world: world.value, ...remembers });
  }
  return { home, games, change: options.habitChange ?? Number.POSITIVE_INFINITY };
}
