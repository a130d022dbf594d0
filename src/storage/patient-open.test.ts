import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unwrap } from '../base/result.ts';
import { attempt, type Database, openDatabase, writing } from './database.ts';
import { withLock } from './lock.ts';
import { readModel, readModels } from './models-db.ts';
import { deletePatiently, REQUEST_PATIENCE, STORE_PATIENCE } from './patient-open.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  // fake-indexeddb answers by setImmediate.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
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
  for (const asked of [openDatabase(), attempt(() => deletePatiently('older'))] as Promise<unknown>[]) {
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

async function opened(): Promise<Database> {
  return unwrap(await openDatabase());
}

const SILENT = {
  ok: false,
  error: {
    code: 'STORE_FAILED',
    message: expect.stringMatching(/didn't answer for 120 seconds: close the other tabs/),
  },
};

test('a database that is open and answers no request any more is said to be silent', async () => {
  const db = await opened();
  // A disk that fails keeps what it is asked.
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(() => new IDBRequest());
  expect(
    await after(
      REQUEST_PATIENCE,
      attempt(() => db.get('hidden', 'a')),
    ),
  ).toMatchObject(SILENT);
  expect(await after(REQUEST_PATIENCE, readModel('a'))).toMatchObject({
    error: { message: expect.stringMatching(/didn't answer for 120 seconds/) },
  });
  vi.restoreAllMocks();
  expect(vi.getTimerCount()).toBe(0);
  expect(await attempt(() => db.get('hidden', 'a'))).toEqual({ ok: true, value: undefined });
  db.close();
});

test('what was to be written into a silent database is taken back', async () => {
  const db = await opened();
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => new IDBRequest());
  const abort = vi.spyOn(IDBTransaction.prototype, 'abort');
  const written = writing(db, ['hidden'], async (transaction) => {
    await transaction.objectStore('hidden').put(true, 'a');
  });
  // Here a transaction that is asked for nothing ends, which is an answer.
  expect(await after(2 * REQUEST_PATIENCE, written)).toMatchObject(SILENT);
  expect(abort).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
  db.close();
});

test('a database that answers may take as long as it takes', async () => {
  const db = await opened();
  let answered = 0;
  const asked = attempt(async () => {
    for (; answered < 6; answered++) {
      await new Promise((resolve) => setTimeout(resolve, REQUEST_PATIENCE * 0.7));
      await db.get('hidden', 'a');
    }
    return answered;
  });
  for (let i = 0; i < 6; i++) await after(REQUEST_PATIENCE * 0.7, Promise.resolve());
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(await asked).toEqual({ ok: true, value: 6 });
  expect(vi.getTimerCount()).toBe(0);
  db.close();
});

test("a database that comes too late is closed again, so that it stands in nobody's way", async () => {
  const blocking = indexedDB.open('duomem-memory', 1);
  const older = await new Promise<IDBDatabase>((resolve) => {
    blocking.onsuccess = () => resolve(blocking.result);
  });
  expect(await after(STORE_PATIENCE, openDatabase())).toMatchObject({ ok: false });
  older.close();
  vi.useRealTimers();
  await deletePatiently('duomem-memory');
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
