/** What the user did to memories: each record and its row (src/memory/user-rows.ts) are written and deleted together. */
import { ok, type Result, refuse } from '../base/result.ts';
import type { UserRecord } from '../memory/store.ts';
import { rowOf } from '../memory/user-rows.ts';
import { ARCHIVE_LIMITS } from './archive-format.ts';
import { attempt, type Database, nextSequence, type Writing } from './database.ts';

/** Both tables, for a transaction that writes. */
export const USER_TABLES = ['user', 'userRows'] as const;

/** Records that are held in memory at once. */
const BATCH = 200;

export async function putRecord(transaction: Writing, record: UserRecord): Promise<void> {
  await transaction.objectStore('user').put(record);
  await transaction.objectStore('userRows').put(rowOf(record));
}

export async function deleteRecord(transaction: Writing, id: string): Promise<void> {
  await transaction.objectStore('user').delete(id);
  await transaction.objectStore('userRows').delete(id);
}

/** Deletes an entry; a shipped one is hidden. The transaction must reach banks, entries and {@link USER_TABLES}. */
export async function removeEntry(transaction: Writing, id: string): Promise<void> {
  const entries = transaction.objectStore('entries');
  const names = await transaction.objectStore('banks').getAllKeys();
  const keys = await Promise.all(names.map((name) => entries.getKey([name, id])));
  if (keys.every((key) => key === undefined)) await deleteRecord(transaction, id);
  else await putRecord(transaction, { id, sequence: await nextSequence(transaction), entry: undefined });
}

/** The user's records in the order of writing, a few at a time. */
export async function* userRecords(db: Database): AsyncGenerator<UserRecord> {
  const ids = await db.getAllKeysFromIndex('user', 'sequence');
  for (let at = 0; at < ids.length; at += BATCH) {
    const { store } = db.transaction('user');
    const records = await Promise.all(ids.slice(at, at + BATCH).map((id) => store.get(id)));
    yield* records.filter((record) => record !== undefined);
  }
}

/** Writes the rows that are missing: an older version of the page kept none. Codes: STORE_FAILED, STORE_QUOTA. */
export function completeRows(db: Database): Promise<Result<true>> {
  return attempt(async () => {
    if ((await db.count('user')) === (await db.count('userRows'))) return true as const;
    const there = new Set(await db.getAllKeys('userRows'));
    let range: IDBKeyRange | undefined;
    for (;;) {
      const transaction = db.transaction(USER_TABLES, 'readwrite');
      const records = await transaction.objectStore('user').getAll(range, BATCH);
      const missing = records.filter(({ id }) => !there.has(id));
      const writes = missing.map((record) => transaction.objectStore('userRows').put(rowOf(record)));
      await Promise.all([...writes, transaction.done]);
      const last = records.at(-1);
      if (last === undefined) break;
      range = IDBKeyRange.lowerBound(last.id, true);
    }
    return true as const;
  });
}

/** Code MEMORIES_FULL: a backup with one more couldn't be read again. */
export async function requireRoom(db: Database, id: string): Promise<Result<true>> {
  const fits = await attempt(
    async () =>
      (await db.count('userRows')) < ARCHIVE_LIMITS.memories ||
      (await db.getKey('userRows', id)) !== undefined,
  );
  if (!fits.ok) return fits;
  if (fits.value) return ok(true);
  const most = ARCHIVE_LIMITS.memories.toLocaleString('en');
  return refuse('MEMORIES_FULL', `At most ${most} memories of your own are kept; delete some first.`);
}
