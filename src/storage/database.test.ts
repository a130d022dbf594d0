import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { DATABASE_VERSION, type Database, openDatabase } from './database.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/**
 * What each version left behind, written without the code under test. This is what visitors have: a fixture never
 * changes, and a new version adds one.
 */
const FIXTURES: readonly ((db: IDBDatabase) => void)[] = [
  (db) => {
    db.createObjectStore('banks', { keyPath: 'name' }).put({ name: 'bank', build: '1', entries: 1 });
    db.createObjectStore('packed').put({ ids: ['a'] }, 'bank');
    db.createObjectStore('entries').put({ id: 'a' }, ['bank', 'a']);
    const user = db.createObjectStore('user', { keyPath: 'id' });
    user.createIndex('sequence', 'sequence');
    user.put({ id: 'mine', sequence: 7, entry: { id: 'mine' } });
    db.createObjectStore('retrievals').put(4, 'a');
  },
  (db) => {
    FIXTURES[0]?.(db);
    db.createObjectStore('sets', { keyPath: 'id' }).put({ id: 'set 1', name: 'set', games: 1 });
    const games = db.createObjectStore('games');
    games.createIndex('key', 'key');
    games.put({ key: 'valid/a/b', text: '{}' }, ['set 1', 'valid/a/b']);
    db.createObjectStore('runs', { keyPath: 'id' }).put({ id: 'run' });
    db.createObjectStore('traces').put('a trace', ['run', 'valid/a/b']);
    db.createObjectStore('episodes', { keyPath: 'id' }).put({ id: 'episode', trace: 'text' });
  },
  (db) => {
    FIXTURES[1]?.(db);
    const parts = db.createObjectStore('userParts');
    parts.createIndex('ids', 'ids', { multiEntry: true });
    parts.createIndex('homes', 'homes', { multiEntry: true });
    parts.put({ ids: ['mine'], homes: ['here'], rows: [{ id: 'mine', sequence: 7 }] }, 3);
  },
  (db) => {
    FIXTURES[2]?.(db);
    db.createObjectStore('hidden').put(true, 'a run of the page');
  },
  (db) => {
    FIXTURES[3]?.(db);
    const rows = db.createObjectStore('rows');
    rows.createIndex('ids', 'ids', { multiEntry: true });
    rows.createIndex('homes', 'homes', { multiEntry: true });
    rows.createIndex('totals', 'totals');
    rows.put({ ids: ['mine'], homes: ['here'], totals: [1, 0, 20] }, 0);
    db.createObjectStore('removed').put([{ id: 'gone', sequence: 6 }], ['a deletion', 0]);
  },
];

function succeeded(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve) => {
    request.onsuccess = resolve;
  });
}

async function writeFixture(version: number): Promise<void> {
  const request = indexedDB.open('duomem-memory', version);
  request.onupgradeneeded = () => FIXTURES[version - 1]?.(request.result);
  await succeeded(request);
  request.result.close();
}

async function open(): Promise<Database> {
  return unwrap(await openDatabase());
}

test('every version has a fixture', () => expect(FIXTURES.length).toBe(DATABASE_VERSION));

test.each(FIXTURES.map((_, i) => i + 1))(
  'what version %i wrote is there, and new things can be kept',
  async (version) => {
    await writeFixture(version);
    const db = await open();
    expect(await db.getAll('banks')).toEqual([{ name: 'bank', build: '1', entries: 1 }]);
    expect(await db.get('packed', 'bank')).toEqual({ ids: ['a'] });
    expect(await db.get('entries', ['bank', 'a'])).toEqual({ id: 'a' });
    expect(await db.getAllFromIndex('user', 'sequence')).toEqual([
      { id: 'mine', sequence: 7, entry: { id: 'mine' } },
    ]);
    expect(await db.get('retrievals', 'a')).toBe(4);
    const later = version >= 2;
    expect(await db.getAll('sets')).toEqual(later ? [{ id: 'set 1', name: 'set', games: 1 }] : []);
    expect(await db.getAllFromIndex('games', 'key', 'valid/a/b')).toHaveLength(later ? 1 : 0);
    expect(await db.getAll('runs')).toEqual(later ? [{ id: 'run' }] : []);
    expect(await db.getAll('traces')).toEqual(later ? ['a trace'] : []);
    expect(await db.get('episodes', 'episode')).toEqual(later ? { id: 'episode', trace: 'text' } : undefined);
    // What a search needs is made anew where it's missing.
    const queued = { ids: ['mine'], homes: [], rows: [] };
    const part = { ids: ['mine'], homes: ['here'], rows: [{ id: 'mine', sequence: 7 }] };
    expect(await db.getAllFromIndex('userParts', 'ids', 'mine')).toEqual([version < 3 ? queued : part]);
    expect(await db.countFromIndex('rows', 'ids', 'mine')).toBe(version >= 5 ? 1 : 0);
    expect(await db.countFromIndex('rows', 'totals', [1, 0, 20])).toBe(version >= 5 ? 1 : 0);
    expect(await db.getAllKeys('removed')).toEqual(version >= 5 ? [['a deletion', 0]] : []);
    expect(await db.getAllKeys('hidden')).toEqual(version >= 4 ? ['a run of the page'] : []);
    await db.put('hidden', true, 'another');
    await db.put('episodes', { id: 'new', trace: '' });
    expect(await db.count('episodes')).toBe(later ? 2 : 1);
  },
);

test('records without a row, as an upgrade to version 3 left them that was cut off, are all made searchable', async () => {
  await writeFixture(3);
  const request = indexedDB.open('duomem-memory', 3);
  await succeeded(request);
  const writing = request.result.transaction('user', 'readwrite');
  writing.objectStore('user').put({ id: 'another', sequence: 8, entry: { id: 'another' } });
  await new Promise((resolve) => {
    writing.oncomplete = resolve;
  });
  request.result.close();
  const db = await open();
  expect(await db.getAll('userParts')).toEqual([{ ids: ['another', 'mine'], homes: [], rows: [] }]);
});

test('an upgrade that is cut off is done again on the next start', async () => {
  await writeFixture(1);
  const create = IDBDatabase.prototype.createObjectStore;
  IDBDatabase.prototype.createObjectStore = function (this: IDBDatabase, ...args: Parameters<typeof create>) {
    const store = create.apply(this, args);
    // As when the tab is closed while the tables are being made.
    if (args[0] === 'runs') store.transaction.abort();
    return store;
  };
  const interrupted = await openDatabase();
  IDBDatabase.prototype.createObjectStore = create;
  expect(interrupted.ok).toBe(false);
  const db = await open();
  expect([...db.objectStoreNames]).toContain('episodes');
  expect(await db.count('user')).toBe(1);
});

test('an upgrade that another tab blocks is refused with what to do, and goes through once that tab lets go', async () => {
  await writeFixture(1);
  const request = indexedDB.open('duomem-memory', 1);
  await succeeded(request);
  // An older page that hears nothing.
  const refused = await openDatabase();
  expect(refused).toMatchObject({ ok: false, error: { code: 'STORE_BLOCKED' } });
  request.result.close();
  (await open()).close();
});
