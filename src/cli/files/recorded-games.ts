/**
 * The games that recorded episodes were played in, found by the key that an episode names.
 *
 * A key is `<split>/<task>/<trial>`; in front of it stands `legacy/` where the game is of the older dialect, since the
 * same trials exist in both.
 */
import { ok, type Result, refuse } from '../../base/result.ts';
import type { GameSet, Telling } from '../../engine/import/index.ts';
import { parseGame, type World } from '../../engine/index.ts';
import { openGames } from './open-games.ts';

/** Worlds kept at a time: parsing one takes milliseconds, and episodes of a game mostly stand together. */
const KEPT = 300;

export class RecordedGames {
  readonly #sets: readonly GameSet[];
  readonly #worlds = new Map<string, World>();

  private constructor(sets: readonly GameSet[]) {
    this.#sets = sets;
  }

  /** Opens folders and zips of games; close them after use. Refuses as openGames does. */
  static async open(
    paths: readonly string[],
    signal: AbortSignal,
    telling: Telling = {},
  ): Promise<Result<RecordedGames>> {
    const sets: GameSet[] = [];
    for (const path of paths) {
      const set = await openGames(path, telling, { signal });
      if (!set.ok) {
        for (const opened of sets) await opened.close();
        return set;
      }
      sets.push(set.value);
    }
    return ok(new RecordedGames(sets));
  }

  /** The world of an episode's game. Codes: GAME_UNKNOWN, and those of reading and parsing a game. */
  async find(name: string): Promise<Result<World>> {
    const known = this.#worlds.get(name);
    if (known !== undefined) return ok(known);
    const legacy = name.startsWith('legacy/');
    const key = legacy ? name.slice('legacy/'.length) : name;
    for (const set of this.#sets) {
      if (!set.has(key)) continue;
      const text = await set.read(key);
      if (!text.ok) return text;
      const world = parseGame(text.value);
      if (!world.ok)
        return refuse(world.error.code, `The game ${key} can't be played: ${world.error.message}.`);
      if (legacy && world.value.dialect !== 'put') continue;
      if (this.#worlds.size >= KEPT) this.#worlds.clear();
      this.#worlds.set(name, world.value);
      return world;
    }
    return refuse(
      'GAME_UNKNOWN',
      `The given games don't hold ${legacy ? `${key} in the older dialect` : key}.`,
    );
  }

  async close(): Promise<void> {
    for (const set of this.#sets) await set.close();
  }
}
