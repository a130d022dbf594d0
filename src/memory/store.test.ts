import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { DATABASE, DATABASE_VERSION } from '../storage/database.ts';
import { openIndexedDbStore } from '../storage/indexeddb-store.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry } from '../testing/sample.ts';
import { STORE_CHECKS, type StoreMaker } from '../testing/store-contract.ts';
import type { MemoryEntry } from './entry.ts';
import { createInMemoryStore } from './in-memory-store.ts';
import type { MemoryStore } from './store.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function openDatabase(): Promise<MemoryStore> {
  return unwrap(await openIndexedDbStore());
}

const makers: Record<string, StoreMaker> = {
  'in memory': { open: async () => ({ store: createInMemoryStore() }) },
  IndexedDB: { open: async () => ({ store: await openDatabase(), again: openDatabase }) },
};

for (const [name, maker] of Object.entries(makers)) {
  describe(`the store ${name}`, () => {
    it.each(Object.entries(STORE_CHECKS))('%s', async (_name, check) => {
      expect(await check(maker)).toEqual([]);
    });
  });
}

describe('IndexedDB', () => {
  it('installs a bank in one transaction whose last write is the commit record', async () => {
    const store = await openDatabase();
    const writes: string[] = [];
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      writes.push(this.name);
      return put.apply(this, args);
    };
    await store.install(sampleBank('bank', [sampleEntry({ id: 'a' }), sampleEntry({ id: 'b' })]), '1');
    IDBObjectStore.prototype.put = put;
    expect(writes).toEqual(['entries', 'entries', 'packed', 'banks']);
  });

  it('has nothing after a start that was interrupted, and heals on the next', async () => {
    const store = await openDatabase();
    const bank = sampleBank('bank', [sampleEntry({ id: 'a' }), sampleEntry({ id: 'b' })]);
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      const request = put.apply(this, args);
      // As when the tab is closed while the bank is being written.
      if (this.name === 'packed') this.transaction.abort();
      return request;
    };
    const interrupted = await store.install(bank, '1');
    IDBObjectStore.prototype.put = put;
    store.close();
    expect(interrupted.ok).toBe(false);
    const next = await openDatabase();
    expect(await next.banks()).toEqual({ ok: true, value: [] });
    expect(await next.all()).toEqual({ ok: true, value: [] });
    expect((await next.install(bank, '1')).ok).toBe(true);
    expect(await next.all()).toEqual({ ok: true, value: bank.entries });
  });

  it('says that the device is full, and keeps what was there', async () => {
    const store = await openDatabase();
    const first = sampleBank('bank', [sampleEntry({ id: 'a' })]);
    await store.install(first, '1');
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const full = await store.install(sampleBank('bank', [sampleEntry({ id: 'b' })]), '2');
    IDBObjectStore.prototype.put = put;
    expect(full).toMatchObject({ ok: false, error: { code: 'STORE_QUOTA' } });
    expect(await store.all()).toEqual({ ok: true, value: first.entries });
  });

  it('refuses tables of a newer version', async () => {
    await new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, DATABASE_VERSION + 1);
      request.onsuccess = () => {
        request.result.close();
        resolve(undefined);
      };
      request.onerror = reject;
    });
    expect(await openIndexedDbStore()).toMatchObject({ ok: false, error: { code: 'STORE_NEWER' } });
  });

  it('makes way for a newer version in another tab', async () => {
    let closed = false;
    const store = await openIndexedDbStore({
      onClosed: () => {
        closed = true;
      },
    });
    await new Promise((resolve) => {
      indexedDB.open(DATABASE, DATABASE_VERSION + 1).onsuccess = resolve;
    });
    expect(closed).toBe(true);
    expect(store.ok && (await store.value.banks())).toMatchObject({
      ok: false,
      error: { code: 'STORE_FAILED' },
    });
  });

  it('opens what version 1 wrote', async () => {
    const a = sampleEntry({ id: 'a', task: 'task a' });
    const b = sampleEntry({ id: 'b', task: 'task b' });
    const c = sampleEntry({ id: 'c', task: 'task c' });
    await writeVersion1({ a, b, c });
    const store = await openDatabase();
    expect(await store.banks()).toMatchObject({
      ok: true,
      value: [{ name: 'bank', build: '1', entries: 2 }],
    });
    expect(await store.all()).toEqual({ ok: true, value: [b, c] });
    expect(await store.entries(['a', 'b', 'c'])).toEqual({ ok: true, value: [b, c] });
    expect(await store.packed(SAMPLE_EMBEDDER)).toMatchObject({
      ok: true,
      value: { bank: { ids: ['b', 'c'] } },
    });
    expect(await store.retrievals(['a', 'b'])).toEqual({ ok: true, value: new Map([['b', 4]]) });
  });
});

/**
 * A database as version 1 left it, written without the code under test: a bank of a and b, of which the user deleted a
 * and to which they added c. This is what visitors have; it must never change.
 */
async function writeVersion1({ a, b, c }: Record<'a' | 'b' | 'c', MemoryEntry>): Promise<void> {
  const embedder = { name: 'sample', hash: '0123456789abcdef', dimension: 8 };
  const vectors = (rows: number) => ({
    dimension: 8,
    matrix: new Int8Array(rows * 8).fill(3),
    scales: new Float32Array(rows).fill(0.01),
  });
  const packed = {
    vectors: vectors(2),
    rows: Uint32Array.of(0, 1),
    steps: Uint16Array.of(1, 1),
    ids: ['a', 'b'],
    games: ['a/trial_1', 'b/trial_1'],
    homes: ['', ''],
    taskTypes: ['pick_and_place_simple', 'pick_and_place_simple'],
    makers: ['teacher', 'teacher'],
    scripts: ['0000000000000001', '0000000000000002'],
  };
  const request = indexedDB.open('duomem-memory', 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore('banks', { keyPath: 'name' }).put({
      name: 'bank',
      build: '1',
      embedder,
      entries: 2,
    });
    db.createObjectStore('packed').put(packed, 'bank');
    const entries = db.createObjectStore('entries');
    entries.put(a, ['bank', 'a']);
    entries.put(b, ['bank', 'b']);
    const user = db.createObjectStore('user', { keyPath: 'id' });
    user.createIndex('sequence', 'sequence');
    user.put({ id: 'a', sequence: 0, entry: undefined });
    user.put({ id: 'c', sequence: 1, entry: c, embedder, vector: vectors(1) });
    db.createObjectStore('retrievals').put(4, 'b');
  };
  await new Promise((resolve) => {
    request.onsuccess = resolve;
  });
  request.result.close();
}
