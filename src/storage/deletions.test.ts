import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { type Result, unwrap } from '../base/result.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry, sampleVector } from '../testing/sample.ts';
import type { Database, TableName } from './database.ts';
import { indexedDbStore } from './indexeddb-store.ts';

const TABLES: readonly TableName[] = [
  'user',
  'removed',
  'retrievals',
  'sets',
  'games',
  'runs',
  'traces',
  'episodes',
  'hidden',
];

/** A page as it is after a load: other modules, the same database. */
async function load() {
  vi.resetModules();
  const [deletions, imports, runs, episodes, storage, memories, hidden, userDb] = await Promise.all([
    import('./deletions.ts'),
    import('./imports.ts'),
    import('./runs.ts'),
    import('./episodes.ts'),
    import('./storage.ts'),
    import('./own-memories.ts'),
    import('./hidden.ts'),
    import('./user-db.ts'),
  ]);
  const db = unwrap(await userDb.openUserDatabase());
  return { ...deletions, ...imports, ...runs, ...episodes, ...storage, ...memories, ...hidden, db };
}

type Page = Awaited<ReturnType<typeof load>>;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
});

/** Everything that is the user's. */
async function everything(db: Database): Promise<unknown> {
  const tables = TABLES.map(async (table) => [table, await db.getAllKeys(table), await db.getAll(table)]);
  return Promise.all(tables);
}

async function fill(db: Database): Promise<void> {
  const store = indexedDbStore(db);
  await store.install(
    sampleBank('bank', [sampleEntry({ id: 'shipped' }), sampleEntry({ id: 'other' })]),
    '1',
  );
  await store.write(sampleEntry({ id: 'mine' }), sampleVector('mine'), SAMPLE_EMBEDDER);
  await store.write(sampleEntry({ id: 'other', task: 'my words' }), sampleVector('other'), SAMPLE_EMBEDDER);
  await store.countRetrievals(['mine']);
  await db.put('sets', { id: 'games 1', name: 'games', games: 2, bytes: 10, bySplit: { valid: 2 } });
  for (const key of ['a', 'b']) {
    await db.put('games', { key, split: 'valid', taskType: 't', task: 'task', text: '{}' }, ['games 1', key]);
  }
  const run = { id: 'run 1', title: 'run', student: 'scripted', settings: DEFAULT_SETTINGS, games: [] };
  await db.put('runs', { ...run, results: [{ game: 'a' }] } as never);
  await db.put('traces', 'a trace', ['run 1', 'a']);
  await db.put('episodes', { id: 'episode 1', trace: 'another' });
}

const numberOf = (deleted: Result<number | undefined>): number => {
  const number = unwrap(deleted);
  if (number === undefined) throw new Error('nothing was deleted');
  return number;
};

const DELETIONS: readonly [what: string, remove: (page: Page) => Promise<Result<number | undefined>>][] = [
  ['a memory', (page) => page.deleteMemory('mine')],
  ['a shipped memory', (page) => page.deleteMemory('shipped')],
  ["a shipped memory in the user's words", (page) => page.deleteMemory('other')],
  ["the user's words", (page) => page.restoreMemories(['other'])],
  ['a set of games', (page) => page.deleteSet('games')],
  ['a run', (page) => page.deleteRun('run 1')],
  ['an episode', (page) => page.deleteEpisode('episode 1')],
  ['something that came with the page', (page) => page.hide('a sample')],
  ['all memories', (page) => page.deleteOwn(['memories'])],
  ['everything', (page) => page.deleteOwn(['memories', 'sets', 'runs', 'episodes'])],
];

test.each(DELETIONS)('%s comes back as it was, once', async (_, remove) => {
  const page = await load();
  await fill(page.db);
  const before = await everything(page.db);
  const number = numberOf(await remove(page));
  expect(await everything(page.db)).not.toEqual(before);
  expect(await page.bringBack(number)).toEqual({ ok: true, value: true });
  expect(await everything(page.db)).toEqual(before);
  expect(await page.bringBack(number)).toMatchObject({ ok: false, error: { code: 'UNDO_GONE' } });
});

test.each(DELETIONS)('%s is deleted once by two clicks, and comes back by one undo', async (_, remove) => {
  const page = await load();
  await fill(page.db);
  const before = await everything(page.db);
  const [first, second] = await Promise.all([remove(page), remove(page)]);
  const after = await everything(page.db);
  // A third comes late, as from a list of another tab.
  expect([second, await remove(page)]).toEqual([
    { ok: true, value: undefined },
    { ok: true, value: undefined },
  ]);
  expect(await everything(page.db)).toEqual(after);
  expect(await page.bringBack(numberOf(first))).toEqual({ ok: true, value: true });
  expect(await everything(page.db)).toEqual(before);
});

test('what was never there is deleted by nobody', async () => {
  const page = await load();
  const nothing = { ok: true, value: undefined };
  expect(await page.deleteMemory('mine')).toEqual(nothing);
  expect(await page.deleteSet('games')).toEqual(nothing);
  expect(await page.deleteOwn(['memories', 'runs'])).toEqual(nothing);
  expect(await page.db.count('user')).toBe(0);
});

test('all memories at once are laid aside in pieces, not held; what is made final, or left by a closed page, is gone', async () => {
  const page = await load();
  const store = indexedDbStore(page.db);
  const { PART } = await import('./database.ts');
  for (let i = 0; i < PART + 3; i++)
    await page.db.put('user', { id: `own ${i}`, sequence: i, entry: undefined });
  const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll');
  const number = numberOf(await page.deleteOwn(['memories']));
  const ofUser = getAll.mock.calls.filter(
    (_, i) => (getAll.mock.contexts[i] as IDBObjectStore).name === 'user',
  );
  expect(ofUser.map(([, most]) => most)).toEqual([PART, PART, PART]);
  expect([await page.db.count('user'), await page.db.count('removed')]).toEqual([0, 2]);
  await page.forgetDeletion(number);
  expect(await page.db.count('removed')).toBe(0);
  expect(await page.bringBack(number)).toMatchObject({ ok: false, error: { code: 'UNDO_GONE' } });
  await store.write(sampleEntry({ id: 'mine' }), sampleVector('mine'), SAMPLE_EMBEDDER);
  await page.deleteOwn(['memories']);
  page.db.close();
  expect(await (await load()).db.count('removed')).toBe(0);
});

test('on a full device all memories can still be deleted, and come back', async () => {
  const page = await load();
  await fill(page.db);
  const before = await everything(page.db);
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
    if (this.name === 'removed') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, args);
  };
  const deleted = await page.deleteOwn(['memories']);
  IDBObjectStore.prototype.put = put;
  const number = numberOf(deleted);
  expect(await page.db.count('user')).toBe(0);
  expect(await page.bringBack(number)).toEqual({ ok: true, value: true });
  expect(await everything(page.db)).toEqual(before);
});

test('a memory that was written anew since all were deleted is in their way', async () => {
  const page = await load();
  await fill(page.db);
  const number = numberOf(await page.deleteOwn(['memories']));
  await indexedDbStore(page.db).write(sampleEntry({ id: 'mine' }), sampleVector('mine'), SAMPLE_EMBEDDER);
  expect(await page.bringBack(number)).toMatchObject({ ok: false, error: { code: 'UNDO_TAKEN' } });
});

test('what was made final is gone with what lay under it, and nothing else is', async () => {
  const page = await load();
  await fill(page.db);
  const [set, run] = [numberOf(await page.deleteSet('games')), numberOf(await page.deleteRun('run 1'))];
  expect([await page.db.count('games'), await page.db.count('traces')]).toEqual([2, 1]);
  await page.forgetDeletion(set);
  await page.forgetDeletion(run);
  expect([await page.db.count('games'), await page.db.count('traces')]).toEqual([0, 0]);
  expect(await page.bringBack(set)).toMatchObject({ ok: false, error: { code: 'UNDO_GONE' } });
  expect(await page.db.count('episodes')).toBe(1);
});

test('what was deleted before the page was closed makes room when it is opened again', async () => {
  const page = await load();
  await fill(page.db);
  await page.deleteSet('games');
  page.db.close();
  const next = await load();
  expect(await next.db.count('games')).toBe(0);
  expect(await next.db.count('traces')).toBe(1);
});

test("what came in its place meanwhile isn't overwritten", async () => {
  const page = await load();
  await fill(page.db);
  const memory = numberOf(await page.deleteMemory('shipped'));
  const mine = sampleEntry({ id: 'shipped', task: 'written since' });
  await indexedDbStore(page.db).write(mine, sampleVector('since'), SAMPLE_EMBEDDER);
  const set = numberOf(await page.deleteSet('games'));
  await page.db.put('sets', { id: 'games 2', name: 'games', games: 0, bytes: 0, bySplit: {} });
  const before = await everything(page.db);
  for (const number of [memory, set]) {
    expect(await page.bringBack(number)).toMatchObject({ ok: false, error: { code: 'UNDO_TAKEN' } });
  }
  expect(await everything(page.db)).toEqual(before);
});

test('what the user did to shipped memories is listed, the latest first', async () => {
  const page = await load();
  await fill(page.db);
  await page.deleteMemory('shipped');
  const { task } = sampleEntry({ id: 'shipped' });
  const packed = unwrap(await indexedDbStore(page.db).packed(SAMPLE_EMBEDDER));
  expect(await page.changedMemories(packed.changed)).toEqual({
    ok: true,
    value: [
      { id: 'shipped', task, deleted: true },
      { id: 'other', task, deleted: false },
    ],
  });
});

test('a packed vector takes its bytes, not the digits that JSON makes of it', async () => {
  const { sizeOf } = await load();
  expect(sizeOf({ vector: new Float32Array(384) })).toBe('{"vector":null}'.length + 4 * 384);
});
