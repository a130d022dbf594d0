/**
 * The memory of the page: the teacher's shipped bank, installed into IndexedDB on first start, the student's own, which
 * is installed when its scripts are first asked for, and what the user and the teacher added since. One tab at a time
 * installs.
 */
import type { Recall } from '../agent/recall.ts';
import type { ScriptSource } from '../agent/settings.ts';
import { openStoreRecall, readIndex } from '../agent/store-recall.ts';
import { Once } from '../base/once.ts';
import { ok, type Refusal, type Result } from '../base/result.ts';
import { parseBank } from '../memory/bank-file.ts';
import type { Embedder } from '../memory/embedder.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import type { SearchIndex } from '../memory/search-index.ts';
import { type MemoryStore, withoutWriting } from '../memory/store.ts';
import { loadShippedEmbedder } from '../memory/transformers-embedder.ts';
import { openIndexedDbStore } from '../storage/indexeddb-store.ts';
import { withLock } from '../storage/lock.ts';
import { type PageAddress, readChecked, readShippedText, runtimePaths, shippedFiles } from './shipped.ts';

const BANKS = 'models/memory/';
/** The paper's baseline: the same tasks, in the student's own words. Few ask for it, so nobody waits for it. */
const STUDENT_BANK = { path: `${BANKS}student.bank`, name: 'student' };
const EMBEDDER = 'models/embedder';
/** The database is refused, or has no room: the banks are read from the page's files instead. */
const UNKEPT: readonly string[] = ['STORE_FAILED', 'STORE_QUOTA'];

export interface Memory {
  readonly store: MemoryStore;
  readonly embedder: Embedder;
  /** Why this browser keeps nothing: then only what came with the page is remembered, and nothing can be added. */
  readonly unkept?: Refusal;
}

export class MemoryService {
  readonly #page: PageAddress;
  readonly #memory = new Once(() => this.#open());
  readonly #recall = new Once(() => this.#openRecall());
  readonly #index = new Once(() => this.#readIndex());
  #unkept = false;

  /** Other workers and tabs say here that they have written. */
  readonly #channel = new BroadcastChannel('duomem-memory');

  constructor(page: PageAddress) {
    this.#page = page;
    this.#channel.onmessage = () => this.#forget();
  }

  /** Store and embedder, opened once. */
  open(): Promise<Result<Memory>> {
    return this.#memory.get();
  }

  /** The memory as an episode asks it that wants scripts of the teacher's, or of the student's. */
  async recall(scripts: ScriptSource): Promise<Result<Recall>> {
    if (scripts === 'student') {
      const memory = await this.open();
      if (!memory.ok) return memory;
      const installed = await this.#install(memory.value.store, true);
      if (!installed.ok) return installed;
      if (installed.value > 0) this.changed();
    }
    return this.#recall.get();
  }

  async #openRecall(): Promise<Result<Recall>> {
    const [memory, index] = [await this.open(), await this.index()];
    if (!memory.ok) return memory;
    return index.ok ? openStoreRecall(memory.value.store, memory.value.embedder, index.value) : index;
  }

  /** Something was written: the next episode reads the memories anew, here and in every other tab. */
  changed(): void {
    this.#forget();
    this.#channel.postMessage('changed');
  }

  /** The memories as they can be searched; kept until something is written. */
  index(): Promise<Result<SearchIndex>> {
    return this.#index.get();
  }

  async #readIndex(): Promise<Result<SearchIndex>> {
    const memory = await this.open();
    return memory.ok ? readIndex(memory.value.store, memory.value.embedder) : memory;
  }

  #forget(): void {
    this.#recall.forget();
    this.#index.forget();
    // There may be room by now.
    if (this.#unkept) this.#memory.forget();
  }

  async #open(): Promise<Result<Memory>> {
    const store = await openIndexedDbStore({
      onClosed: () => {
        this.#memory.forget();
        this.#forget();
      },
    });
    const kept = store.ok ? await this.#installed(store.value) : store;
    this.#unkept = !kept.ok && UNKEPT.includes(kept.error.code);
    if (!kept.ok && !this.#unkept) return kept;
    const own = kept.ok ? kept : await this.#installed(withoutWriting(createInMemoryStore(), kept.error));
    if (!own.ok) return own;
    const embedder = await loadShippedEmbedder({
      folder: new URL(EMBEDDER, this.#page).href,
      readText: async (path) => {
        const text = await readShippedText(this.#page, path);
        if (!text.ok) throw new Error(text.error.message);
        return text.value;
      },
      wasmPaths: runtimePaths(this.#page),
    });
    if (!embedder.ok) return embedder;
    return ok({
      store: own.value,
      embedder: embedder.value,
      ...(kept.ok ? {} : { unkept: kept.error }),
    });
  }

  /** The store with the teacher's bank in it. */
  async #installed(store: MemoryStore): Promise<Result<MemoryStore>> {
    const installed = await this.#install(store, false);
    return installed.ok ? ok(store) : installed;
  }

  /**
   * Installs the shipped banks, and says how many weren't there before.
   * @param students whether the student's is wanted too. Once it is there it is kept up to date like the other: a bank of
   * an older embedding model can't be searched.
   */
  async #install(store: MemoryStore, students: boolean): Promise<Result<number>> {
    const shipped = await shippedFiles(this.#page);
    if (!shipped.ok) return shipped;
    return withLock('duomem-install', async () => {
      const banks = await store.banks();
      if (!banks.ok) return banks;
      const there = new Set(banks.value.map(({ build }) => build));
      const all = students || banks.value.some(({ name }) => name === STUDENT_BANK.name);
      let count = 0;
      for (const file of shipped.value) {
        const { path, sha256 } = file;
        if (!path.startsWith(BANKS) || there.has(sha256)) continue;
        if (path === STUDENT_BANK.path && !all) continue;
        const bytes = await readChecked(this.#page, file);
        if (!bytes.ok) return bytes;
        const bank = await parseBank(bytes.value);
        if (!bank.ok) return bank;
        const installed = await store.install(bank.value, sha256);
        if (!installed.ok) return installed;
        count++;
      }
      return ok(count);
    });
  }
}
