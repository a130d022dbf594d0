import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createInMemoryStore } from './in-memory-store.ts';
import { DATABASE, DATABASE_VERSION, openIndexedDbStore } from './indexeddb-store.ts';
import { sampleBank, sampleEntry } from './sample.ts';
import type { MemoryStore } from './store.ts';
import { STORE_CHECKS, type StoreMaker } from './store-contract.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function openDatabase(): Promise<MemoryStore> {
  const store = await openIndexedDbStore();
  if (!store.ok) throw new Error(store.error.message);
  return store.value;
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
});
