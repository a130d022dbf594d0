import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unwrap } from '../base/result.ts';
import { adoptOlder, OLDER } from './adopt.ts';
import { type Database, openDatabase } from './database.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => vi.restoreAllMocks());

/** The database of games and runs as the first version left it; this is what visitors have, and must never change. */
async function writeOlder(): Promise<void> {
  const request = indexedDB.open('duomem-user', 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    const sets = db.createObjectStore('sets', { keyPath: 'name' });
    sets.put({ name: 'official', games: 120, bytes: 360, bySplit: { valid: 120 } });
    const games = db.createObjectStore('games');
    games.createIndex('key', 'key');
    for (let i = 0; i < 120; i++) {
      const key = `valid/task-${i}/trial`;
      games.put({ key, split: 'valid', taskType: 'task', task: 'a task', text: `{${i}}` }, ['official', key]);
    }
    games.put({ key: 'x', split: 'valid', taskType: 'task', task: 'cut off', text: '' }, [
      'broken import',
      'x',
    ]);
    db.createObjectStore('runs', { keyPath: 'id' }).put({
      id: 'run',
      results: [{ game: 'x' }],
      traces: ['t'],
    });
  };
  await new Promise((resolve) => {
    request.onsuccess = resolve;
  });
  request.result.close();
}

async function open(): Promise<Database> {
  return unwrap(await openDatabase());
}

async function expectAdopted(db: Database): Promise<void> {
  expect(await db.getAll('sets')).toEqual([
    { id: 'official', name: 'official', games: 120, bytes: 360, bySplit: { valid: 120 } },
  ]);
  expect(await db.count('games')).toBe(120);
  expect(await db.get('games', ['official', 'valid/task-77/trial'])).toMatchObject({ text: '{77}' });
  expect(await db.getAll('runs')).toEqual([{ id: 'run', results: [{ game: 'x' }] }]);
  expect(await db.get('traces', ['run', 'x'])).toBe('t');
  expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(OLDER);
}

test('games and runs of the first version move over, and the old database goes', async () => {
  await writeOlder();
  const db = await open();
  expect(await adoptOlder(db)).toEqual({ ok: true, value: true });
  await expectAdopted(db);
  expect(await adoptOlder(db)).toEqual({ ok: true, value: true });
  await expectAdopted(db);
});

test.each([1, 60, 122])('a start that is cut off at write %i begins again', async (stop) => {
  await writeOlder();
  const db = await open();
  const put = IDBObjectStore.prototype.put;
  let puts = 0;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (++puts === stop) throw new DOMException('gone', 'AbortError');
    return put.apply(this, args as Parameters<typeof put>);
  });
  expect((await adoptOlder(db)).ok).toBe(false);
  vi.restoreAllMocks();
  expect(await db.getAll('sets')).toEqual([]);
  expect(await adoptOlder(db)).toEqual({ ok: true, value: true });
  await expectAdopted(db);
});
