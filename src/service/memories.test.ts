/**
 * As many memories of one's own as may be kept are looked at without being read: what is counted here are the records,
 * trajectories and all, that each view asks the database for.
 */
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Once } from '../base/once.ts';
import { ok, unwrap } from '../base/result.ts';
import { SearchIndex } from '../memory/search-index.ts';
import { indexedDbStore } from '../storage/indexeddb-store.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry, sampleVector } from '../testing/sample.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { Memories } from './memories.ts';
import { mapOf } from './memory-map.ts';

vi.mock('../storage/archive-format.ts', async (original) => {
  const whole = await original<typeof import('../storage/archive-format.ts')>();
  return { ...whole, ARCHIVE_LIMITS: { ...whole.ARCHIVE_LIMITS, memories: 60 } };
});

const OWN = 59;
const embedder = sampleEmbedder();

/** Records of `user` and of `entries` that were read. */
let read: Record<string, number> = {};
const METHODS = ['get', 'getAll', 'openCursor'] as const;
const originals = [IDBObjectStore.prototype, IDBIndex.prototype].map(
  (prototype) => [prototype, METHODS.map((method) => prototype[method])] as const,
);

beforeEach(() => {
  vi.resetModules();
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal('navigator', {});
  for (const [prototype, methods] of originals) {
    for (const [i, method] of METHODS.entries()) {
      const before = methods[i] as (...words: unknown[]) => IDBRequest;
      prototype[method] = function (this: IDBObjectStore | IDBIndex, ...words: unknown[]) {
        const request = before.apply(this, words);
        const table = 'objectStore' in this ? this.objectStore.name : this.name;
        request.addEventListener('success', () => {
          const records = Array.isArray(request.result)
            ? request.result.length
            : Number(request.result != null);
          read[table] = (read[table] ?? 0) + records;
        });
        return request;
      } as never;
    }
  }
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const [prototype, methods] of originals) {
    for (const [i, method] of METHODS.entries()) prototype[method] = methods[i] as never;
  }
});

async function page() {
  const [userDb, own, storage, budget, records, deletions] = await Promise.all([
    import('../storage/user-db.ts'),
    import('../storage/own-memories.ts'),
    import('../storage/storage.ts'),
    import('../storage/budget.ts'),
    import('../storage/user-records.ts'),
    import('../storage/deletions.ts'),
  ]);
  const db = unwrap(await userDb.openUserDatabase());
  const store = indexedDbStore(db);
  const shipped = ['a', 'b', 'c'].map((id) => sampleEntry({ id, task: `shipped ${id}` }));
  await store.install(sampleBank('bank', shipped), '1');
  await store.remove('b');
  for (let i = 1; i < OWN; i++) {
    const entry = sampleEntry({ id: `own ${i}`, task: `task ${i}` });
    await store.write(entry, sampleVector(entry.task), SAMPLE_EMBEDDER);
  }
  // As MemoryService keeps it until something is written.
  const kept = new Once(async () => {
    const packed = await store.packed(SAMPLE_EMBEDDER);
    return packed.ok
      ? ok(new SearchIndex(packed.value.bank, packed.value.ownTasks, packed.value.changed))
      : packed;
  });
  const index = () => kept.get();
  const memories = new Memories({ open: async () => ok({ store, embedder }), index, changed: () => {} });
  read = {};
  return { ...own, ...storage, ...budget, ...records, ...deletions, db, store, memories, index };
}

test('searching reads what it shows, the map a memory for each shipped task, and counting reads none', async () => {
  const { memories, store, index, changedMemories, ownMemories, storageReport, takeRoom } = await page();
  const all = await memories.search('', 5);
  expect(all).toMatchObject({ ok: true, value: { total: OWN + 1, tasks: OWN + 1 } });
  expect(all.ok && all.value.groups.map(({ hits: [{ id, own }] }) => [id, own])).toEqual(
    [58, 57, 56, 55, 54].map((i) => [`own ${i}`, true]),
  );
  expect(read.user).toBe(5);
  const near = await memories.search('task 17', 5);
  expect(near.ok && near.value.groups[0]).toMatchObject({
    task: 'task 17',
    hits: [{ id: 'own 17', own: true }],
  });
  expect(read.user).toBe(10);
  expect((read.entries ?? 0) <= 10).toBe(true);

  read = { rows: read.rows ?? 0 };
  const found = unwrap(await index());
  const map = await mapOf(found, { store }, 20);
  expect(map).toMatchObject({ ok: true, value: { tasks: OWN + 1, dots: { length: 20 } } });
  expect(map.ok && map.value.dots.map(({ task }) => task)).toEqual(
    expect.arrayContaining(['shipped a', 'task 8']),
  );
  expect(await changedMemories(found.changed)).toEqual({
    ok: true,
    value: [{ id: 'b', task: 'shipped b', deleted: true }],
  });
  expect(await takeRoom('a trace')).toEqual({ ok: true, value: true });
  expect(read).toMatchObject({ entries: 3 });
  expect(read.user ?? 0).toBe(0);
  const report = await storageReport();
  expect(report).toMatchObject({ ok: true, value: { memories: { count: OWN - 1, deleted: 1 } } });
  expect(read.user ?? 0).toBe(0);
  // All of it took the rows once, which are one part; what was counted took none.
  expect(read.rows).toBe(1);
  // Practice reads the memories of its chore.
  expect(await ownMemories(({ game }) => game === 'train/own 7/trial_1')).toMatchObject({
    ok: true,
    value: [{ id: 'own 7' }],
  });
  expect(read.user).toBe(1);
});

test('memories of one task are one row, whoever wrote them, and no more of them is read', async () => {
  const { memories, store } = await page();
  await store.write(
    sampleEntry({ id: 'again', task: 'shipped a' }),
    sampleVector('shipped a'),
    SAMPLE_EMBEDDER,
  );
  read = {};
  const near = unwrap(await memories.search('shipped a', 2));
  expect(near.groups).toHaveLength(2);
  const [first] = near.groups;
  expect(first?.task).toBe('shipped a');
  // One's own first.
  expect(first?.hits.map(({ id, own }) => [id, own])).toEqual([
    ['again', true],
    ['a', false],
  ]);
  expect(near).toMatchObject({ total: OWN + 2, tasks: OWN + 1 });
  const all = await memories.search('', 3);
  expect(all.ok && all.value.groups.map(({ hits }) => hits.length)).toEqual([2, 1, 1]);
  expect(read.user).toBeLessThanOrEqual(5);
});

test('one memory more than a backup holds is refused; one of those that are there can be written anew', async () => {
  const { store } = await page();
  const write = (id: string) =>
    store
      .write(sampleEntry({ id }), sampleVector(id), SAMPLE_EMBEDDER)
      .then((done) => done.ok || done.error.code);
  expect(await write('the last')).toBe(true);
  expect(await write('one more')).toBe('MEMORIES_FULL');
  expect(await write('own 7')).toBe(true);
});

test('all of them are deleted and come back at once, beside what was written since', async () => {
  const { db, store, deleteOwn, bringBack, readRows } = await page();
  const before = await readRows(db);
  const deleted = unwrap(await deleteOwn(['memories']));
  expect(await readRows(db)).toEqual([]);
  await store.write(sampleEntry({ id: 'since' }), sampleVector('since'), SAMPLE_EMBEDDER);
  expect(await bringBack(deleted ?? 0)).toEqual({ ok: true, value: true });
  const after = await readRows(db);
  expect(after.filter(({ id }) => id !== 'since')).toEqual(before);
  expect(after).toHaveLength(OWN + 1);
  expect((await db.getAll('rows')).flatMap(({ ids }) => ids).sort()).toEqual(
    (await db.getAllKeys('user')).sort(),
  );
});

test('what an older version of the page kept is made searchable, in parts, and a start that was cut off goes on', async () => {
  const { db, store, completeRows, readRows } = await page();
  const before = await readRows(db);
  const queue = async (some: typeof before): Promise<void> => {
    await db.clear('rows');
    await db.put('userParts', { ids: before.map(({ id }) => id), homes: [''], rows: some }, 0);
  };
  // Rows of half of them are there, and a memory was deleted on the way.
  await queue(before.slice(30));
  await db.delete('user', before[0]?.id ?? '');
  const transactions = vi.spyOn(db, 'transaction');
  expect(await completeRows(db)).toEqual({ ok: true, value: true });
  expect(transactions.mock.calls.filter(([, mode]) => mode === 'readwrite')).toHaveLength(1);
  expect(await readRows(db)).toEqual(before.slice(1));
  expect(await db.count('userParts')).toBe(0);
  // From then on a start neither reads nor counts them.
  read = {};
  const counts = vi.spyOn(IDBObjectStore.prototype, 'count');
  await completeRows(db);
  expect(read).toEqual({});
  expect(counts.mock.contexts.map((table) => (table as IDBObjectStore).name)).toEqual(['userParts']);
  expect(await store.packed(SAMPLE_EMBEDDER)).toMatchObject({
    ok: true,
    value: { ownTasks: { length: OWN - 1 } },
  });
  // Two workers, or two tabs, that start at once.
  await queue([]);
  await Promise.all([completeRows(db), completeRows(db)]);
  expect(await readRows(db)).toEqual(before.slice(1));
});
