/** Searching, reading and changing memories, for the page's view of them. */
import { Latest } from '../base/latest.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { checkEntry, type MemoryEntry } from '../memory/entry.ts';
import type { SearchIndex } from '../memory/search-index.ts';
import type { PackedVectors } from '../memory/vectors.ts';
import type {
  MemoryGroup,
  MemoryHit,
  MemoryList,
  MemoryMap,
  MemoryUse,
  RememberedHome,
  SearchSpeed,
} from '../protocol/data.ts';
import type { Memory, MemoryService } from './memory.ts';
import { mapOf } from './memory-map.ts';
import { MemoryRecord } from './memory-record.ts';
import { searchSpeed } from './search-speed.ts';

type Service = Pick<MemoryService, 'open' | 'index' | 'changed'>;

export class Memories {
  readonly #service: Service;
  readonly #record = new MemoryRecord();
  readonly #measuring = new Latest();

  constructor(service: Service) {
    this.#service = service;
  }

  async search(query: string, limit: number): Promise<Result<MemoryList>> {
    return this.#using(async ({ store, embedder }) => {
      const opened = await this.#service.index();
      if (!opened.ok) return opened;
      const index = opened.value;
      const tasks = tasksOf(index);
      const { ids, homes, makers, steps, scripts } = index.bank;
      let similarity: ((position: number) => number) | undefined;
      // The user's own first, the newest before the others: they stand last in the index.
      let order: Iterable<number> = ownFirst(index);
      let searchMs = 0;
      if (query.trim() !== '') {
        const vectors = await embedder.embed([query.trim()]);
        if (!vectors.ok) return vectors;
        const start = performance.now();
        const comparison = index.compare(vectors.value[0] as Float32Array);
        // Memories of one task are equally near, so they come one after the other.
        order = untilTasks(tasks.ofPosition, comparison.nearest(), limit);
        searchMs = performance.now() - start;
        similarity = (position) => comparison.similarity(position);
      }
      const isOwn = (position: number): boolean => position >= index.firstOwn;
      const listed = groupBy(tasks.ofPosition, order).slice(0, limit);
      for (const group of listed) group.sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
      const idOf = (position: number): string => ids[position] as string;
      const [entries, retrievals] = [
        await store.entries(listed.map(([head]) => idOf(head))),
        await store.retrievals(listed.flat().map(idOf)),
      ];
      if (!entries.ok) return entries;
      if (!retrievals.ok) return retrievals;
      const uses = await this.#record.read(store);
      // A browser that keeps nothing has kept no episode.
      const use = uses.ok ? uses.value : new Map<string, MemoryUse>();
      const byId = new Map(entries.value.map((entry) => [entry.id, entry]));
      const seen = new Set<string>();
      const hitOf = (position: number): MemoryHit => {
        const id = idOf(position);
        const script = scripts[position] as string;
        const duplicate = seen.has(script);
        seen.add(script);
        return {
          id,
          maker: makers[position] as string,
          home: homes[position] === '' ? undefined : homes[position],
          steps: steps[position] as number,
          retrievals: retrievals.value.get(id) ?? 0,
          duplicate,
          own: isOwn(position),
          use: use.get(id),
        };
      };
      return ok({
        groups: listed.map(([head, ...more]): MemoryGroup => {
          const entry = byId.get(idOf(head));
          return {
            task: entry?.task ?? '',
            similarity: similarity?.(head),
            says: entry?.script.guidelines ?? '',
            hits: [hitOf(head), ...more.map(hitOf)],
          };
        }),
        total: index.size,
        tasks: tasks.count,
        homes: homesIn(index),
        searchMs,
      });
    });
  }

  map(): Promise<Result<MemoryMap>> {
    return this.#using(async (memory) => {
      const index = await this.#service.index();
      return index.ok ? mapOf(index.value, memory) : index;
    });
  }

  async measure(): Promise<Result<SearchSpeed>> {
    const signal = this.#measuring.begin();
    const index = await this.#service.index();
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
      this.#service.changed();
      return written;
    });
  }

  async #using<T>(work: (memory: Memory) => Promise<Result<T>>): Promise<Result<T>> {
    const memory = await this.#service.open();
    return memory.ok ? work(memory.value) : memory;
  }
}

function* ownFirst({ firstOwn, size }: SearchIndex): Generator<number> {
  for (let position = size - 1; position >= firstOwn; position--) yield position;
  for (let position = 0; position < firstOwn; position++) yield position;
}

/** Tasks of an index: how many, and the number of each position's. */
interface Tasks {
  readonly count: number;
  readonly ofPosition: Uint32Array;
}

const known = new WeakMap<SearchIndex, Tasks>();

/** Each bank has vectors of its own, so one task may have several, all the same: they tell it. */
function tasksOf(index: SearchIndex): Tasks {
  let tasks = known.get(index);
  if (tasks === undefined) {
    const { rows, vectors } = index.bank;
    const numbers = new Map<number, number>();
    const ofRow = Uint32Array.from(vectors.scales, (_, row) => {
      const print = printOf(vectors, row);
      const number = numbers.get(print) ?? numbers.size;
      numbers.set(print, number);
      return number;
    });
    const ofPosition = rows.map((row) => ofRow[row] as number);
    tasks = { count: new Set(ofPosition).size, ofPosition };
    known.set(index, tasks);
  }
  return tasks;
}

/** 53 bits of a vector's bytes, as many as a number holds: of two sums (FNV-1a) from different starts. */
function printOf({ dimension, matrix }: PackedVectors, row: number): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = row * dimension; i < (row + 1) * dimension; i++) {
    const byte = (matrix[i] as number) & 0xff;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193);
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}

/** Positions in their order, as long as they're of the first so many tasks. */
function untilTasks(tasks: Uint32Array, positions: Iterable<number>, most: number): number[] {
  const seen = new Set<number>();
  const taken: number[] = [];
  for (const position of positions) {
    seen.add(tasks[position] as number);
    if (seen.size > most) break;
    taken.push(position);
  }
  return taken;
}

/** The positions of each task, in their order. */
function groupBy(tasks: Uint32Array, positions: Iterable<number>): [number, ...number[]][] {
  const groups = new Map<number, [number, ...number[]]>();
  for (const position of positions) {
    const task = tasks[position] as number;
    const group = groups.get(task);
    if (group === undefined) groups.set(task, [position]);
    else group.push(position);
  }
  return [...groups.values()];
}

/** The homes that are remembered, the ones with most memories first. */
function homesIn({ bank: { homes } }: SearchIndex): RememberedHome[] {
  const counts = new Map<string, number>();
  for (const home of homes) if (home !== '') counts.set(home, (counts.get(home) ?? 0) + 1);
  return [...counts].map(([home, memories]) => ({ home, memories })).sort((a, b) => b.memories - a.memories);
}
