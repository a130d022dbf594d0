/**
 * A memory that grows while a player lives in a home: what was solved is written into the store, older memories are
 * kept fit (src/memory/upkeep.ts), and the next episode finds it. Of what was lost there is no way to tell, but where one
 * looked is kept as long as the home is lived in: next time one looks elsewhere.
 */
import { ok, type Result } from '../base/result.ts';
import type { Embedder } from '../memory/embedder.ts';
import type { MemoryEntry, Provenance, Script, Trajectory } from '../memory/entry.ts';
import { distinctTasks } from '../memory/packed-bank.ts';
import type { MemoryStore } from '../memory/store.ts';
import { HOME_LIMIT, upkeep } from '../memory/upkeep.ts';
import type { Recall } from './recall.ts';
import { type LostGame, openStoreRecall } from './store-recall.ts';
import { type Trace, toldIntro } from './trace.ts';

/** What was played, as far as a memory tells of it. */
interface PlayedGame {
  readonly key: string;
  readonly task: string;
  readonly taskType: string;
  readonly home?: string | undefined;
}

/** The trajectory of a trace. */
export function trajectoryOf({ header, steps }: Trace): Trajectory {
  return {
    intro: toldIntro(header),
    steps: steps.map(({ thought, action, observation }) => ({ thought, action, observation })),
  };
}

/** What is kept of a solved game. The same game by the same player has the same id. */
export function memoryOfGame(
  { key, task, taskType, home }: PlayedGame,
  trajectory: Trajectory,
  script: Script,
  { maker, name }: Pick<Provenance, 'maker' | 'name'>,
): MemoryEntry {
  return {
    id: `${name}:${key}`,
    task,
    taskType,
    ...(home === undefined ? {} : { home }),
    script,
    trajectory,
    provenance: { maker, name, game: key, seed: 0 },
  };
}

export class LivedMemory {
  readonly #store: MemoryStore;
  readonly #embedder: Embedder;
  readonly #limit: number;
  /** The oldest first. */
  #own: MemoryEntry[];
  #lost: LostGame[] = [];

  /**
   * @param limit memories that a home may have
   * @param own what was learnt earlier and lies in the store, the oldest first
   */
  constructor(store: MemoryStore, embedder: Embedder, limit = HOME_LIMIT, own: readonly MemoryEntry[] = []) {
    this.#store = store;
    this.#embedder = embedder;
    this.#limit = limit;
    this.#own = [...own];
  }

  /** What was learnt so far and is still there, the oldest first. */
  get own(): readonly MemoryEntry[] {
    return this.#own;
  }

  /** The memories as they are now. Codes: those of the store. */
  recall(): Promise<Result<Recall>> {
    return openStoreRecall(this.#store, this.#embedder, undefined, this.#lost);
  }

  /** Adds a memory and brings the older ones up to date. Codes: those of the store and the embedder. */
  learn(entry: MemoryEntry): Promise<Result<true>> {
    return this.learnAll([entry]);
  }

  /** {@link learn}s one after the other; what their tasks mean is asked of the embedder in one call. */
  async learnAll(entries: readonly MemoryEntry[]): Promise<Result<true>> {
    const tasks = distinctTasks(entries);
    const vectors = await this.#embedder.embed(tasks);
    if (!vectors.ok) return vectors;
    const known = new Map(tasks.map((task, i) => [task, vectors.value[i] as Float32Array]));
    for (const entry of entries) {
      const learnt = await this.#learn(entry, known);
      if (!learnt.ok) return learnt;
    }
    return ok(true);
  }

  async #learn(entry: MemoryEntry, known: ReadonlyMap<string, Float32Array>): Promise<Result<true>> {
    const { removed, amended } = upkeep(this.#own, entry, this.#limit);
    for (const id of removed) {
      const gone = await this.forget(id);
      if (!gone.ok) return gone;
    }
    for (const changed of [...amended, entry]) {
      const written = await this.#write(changed, known.get(changed.task));
      if (!written.ok) return written;
    }
    const news = new Map(amended.map((changed) => [changed.id, changed]));
    this.#own = [
      ...this.#own.filter(({ id }) => id !== entry.id).map((old) => news.get(old.id) ?? old),
      entry,
    ];
    return ok(true);
  }

  /** Keeps where one looked in a game that was lost. */
  keepLost(game: LostGame): void {
    this.#lost.push(game);
  }

  /** Forgets where one looked in lost games of these keys. */
  forgetLost(isForgotten: (key: string) => boolean): void {
    this.#lost = this.#lost.filter(({ key }) => !isForgotten(key));
  }

  async forget(id: string): Promise<Result<true>> {
    this.#own = this.#own.filter((entry) => entry.id !== id);
    return this.#store.remove(id);
  }

  async #write(entry: MemoryEntry, known: Float32Array | undefined): Promise<Result<true>> {
    const { identity } = this.#embedder;
    if (known !== undefined) return this.#store.write(entry, known, identity);
    const vectors = await this.#embedder.embed([entry.task]);
    if (!vectors.ok) return vectors;
    return this.#store.write(entry, vectors.value[0] as Float32Array, identity);
  }
}
