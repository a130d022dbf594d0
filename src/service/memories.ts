/** Searching, reading and changing memories, for the page's view of them. */
import { Latest } from '../base/latest.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { checkEntry, type MemoryEntry } from '../memory/entry.ts';
import type { SearchIndex } from '../memory/search-index.ts';
import type { MemoryHit, MemoryList, MemoryMap, SearchSpeed } from '../protocol/data.ts';
import type { Memory, MemoryKeeper } from './memory.ts';
import { mapOf } from './memory-map.ts';
import { searchSpeed } from './search-speed.ts';

type Keeper = Pick<MemoryKeeper, 'open' | 'index' | 'changed'>;

export class Memories {
  readonly #keeper: Keeper;
  readonly #measuring = new Latest();

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  async search(query: string, limit: number): Promise<Result<MemoryList>> {
    return this.#using(async ({ store, embedder }) => {
      const opened = await this.#keeper.index();
      if (!opened.ok) return opened;
      const index = opened.value;
      let similarity: ((position: number) => number) | undefined;
      // The user's own first, the newest before the others: they stand last in the index.
      let order: Iterable<number> = ownFirst(index);
      let searchMs = 0;
      if (query.trim() !== '') {
        const vectors = await embedder.embed([query.trim()]);
        if (!vectors.ok) return vectors;
        const start = performance.now();
        const comparison = index.compare(vectors.value[0] as Float32Array);
        order = take(comparison.nearest(), limit);
        searchMs = performance.now() - start;
        similarity = (position) => comparison.similarity(position);
      }
      const positions = [...take(order, limit)];
      const ids = positions.map((position) => index.bank.ids[position] as string);
      const [entries, retrievals] = [await store.entries(ids), await store.retrievals(ids)];
      if (!entries.ok) return entries;
      if (!retrievals.ok) return retrievals;
      const tasks = new Map(entries.value.map(({ id, task }) => [id, task]));
      const seen = new Set<string>();
      const hits = positions.map((position): MemoryHit => {
        const { ids, makers, homes, steps, scripts } = index.bank;
        const id = ids[position] as string;
        const script = scripts[position] as string;
        const duplicate = seen.has(script);
        seen.add(script);
        return {
          id,
          task: tasks.get(id) ?? '',
          similarity: similarity?.(position),
          maker: makers[position] as string,
          home: homes[position] === '' ? undefined : homes[position],
          steps: steps[position] as number,
          retrievals: retrievals.value.get(id) ?? 0,
          duplicate,
          own: position >= index.firstOwn,
        };
      });
      return ok({ hits, total: index.size, searchMs });
    });
  }

  map(): Promise<Result<MemoryMap>> {
    return this.#using(async (memory) => {
      const index = await this.#keeper.index();
      return index.ok ? mapOf(index.value, memory) : index;
    });
  }

  async measure(): Promise<Result<SearchSpeed>> {
    const signal = this.#measuring.begin();
    const index = await this.#keeper.index();
    return index.ok ? searchSpeed(index.value, signal) : index;
  }

  stopMeasuring(): void {
    this.#measuring.stop();
  }

  read(id: string): Promise<Result<MemoryEntry>> {
    return this.#using(async ({ store }) => {
      const entries = await store.entries([id]);
      if (!entries.ok) return entries;
      const [entry] = entries.value;
      return entry === undefined
        ? refuse('MEMORY_UNKNOWN', "This memory isn't here any more.", id)
        : ok(entry);
    });
  }

  save(entry: MemoryEntry): Promise<Result<true>> {
    return this.#using(async ({ store, embedder }) => {
      const checked = checkEntry(entry, '');
      if (!checked.ok) return checked;
      const vectors = await embedder.embed([checked.value.task]);
      if (!vectors.ok) return vectors;
      const written = await store.write(checked.value, vectors.value[0] as Float32Array, embedder.identity);
      this.#keeper.changed();
      return written;
    });
  }

  async #using<T>(work: (memory: Memory) => Promise<Result<T>>): Promise<Result<T>> {
    const memory = await this.#keeper.open();
    return memory.ok ? work(memory.value) : memory;
  }
}

function* ownFirst({ firstOwn, size }: SearchIndex): Generator<number> {
  for (let position = size - 1; position >= firstOwn; position--) yield position;
  for (let position = 0; position < firstOwn; position++) yield position;
}

function* take(positions: Iterable<number>, limit: number): Generator<number> {
  let left = limit;
  for (const position of positions) {
    if (left-- <= 0) return;
    yield position;
  }
}
