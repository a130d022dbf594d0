import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deleteDatabase, openDatabase } from './database.ts';
import { withLock } from './lock.ts';
import { readModels } from './models-db.ts';
import { STORE_PATIENCE } from './patient-open.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  // fake-indexeddb answers by setImmediate.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets time pass until there is an answer. */
async function after<T>(ms: number, asked: Promise<T>): Promise<T> {
  // What is asked first may need a moment to begin.
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(ms);
  return asked;
}

test("a database that another tab doesn't let go of, or that never answers, is said to be silent", async () => {
  const request = (): IDBOpenDBRequest => new IDBOpenDBRequest();
  vi.stubGlobal('indexedDB', { open: request, deleteDatabase: request });
  for (const asked of [openDatabase(), deleteDatabase()] as Promise<unknown>[]) {
    expect(await after(STORE_PATIENCE, asked)).toMatchObject({
      ok: false,
      error: {
        code: 'STORE_FAILED',
        message: expect.stringMatching(/didn't answer for 20 seconds: close the other tabs/),
      },
    });
  }
  expect(await after(STORE_PATIENCE, readModels())).toMatchObject({
    ok: false,
    error: { message: expect.stringMatching(/didn't answer for 20 seconds/) },
  });
});

test("a database that comes too late is closed again, so that it stands in nobody's way", async () => {
  const blocking = indexedDB.open('duomem-memory', 1);
  const older = await new Promise<IDBDatabase>((resolve) => {
    blocking.onsuccess = () => resolve(blocking.result);
  });
  expect(await after(STORE_PATIENCE, openDatabase())).toMatchObject({ ok: false });
  older.close();
  vi.useRealTimers();
  expect(await deleteDatabase()).toEqual({ ok: true, value: true });
});

test('a tab that was put to sleep while it held a lock stops the others for a minute, not for ever', async () => {
  let work = 0;
  const query = async () => ({});
  vi.stubGlobal('navigator', { locks: { query, request: () => new Promise(() => {}) } });
  const asked = withLock('a', async () => ({ ok: true, value: ++work }) as const);
  expect(await after(60_000, asked)).toMatchObject({ ok: false, error: { code: 'LOCK_HELD' } });
  expect(work).toBe(0);
  vi.stubGlobal('navigator', {
    locks: { query, request: (_: string, _options: object, granted: () => unknown) => granted() },
  });
  expect(await withLock('a', async () => ({ ok: true, value: ++work }) as const)).toEqual({
    ok: true,
    value: 1,
  });
  expect(vi.getTimerCount()).toBe(0);
});
