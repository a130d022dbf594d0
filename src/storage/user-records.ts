/**
 * What the user did to memories: each record, and its row (src/memory/user-rows.ts) beside it, are written and deleted
 * together. Rows lie in parts of some hundreds: a browser hands out records one by one, and a hundred thousand of them
 * take it ten times as long as the same rows in parts.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import type { UserRecord } from '../memory/store.ts';
import { rowOf, type UserRow } from '../memory/user-rows.ts';
import { ARCHIVE_LIMITS } from './archive-format.ts';
import { attempt, type Database, nextSequence, type UserPart, type Writing } from './database.ts';

/** Both tables, for a transaction that writes. */
export const USER_TABLES = ['user', 'userParts'] as const;

/** Rows in a part, and records that are held in memory at once. */
const PART = 500;
/** Changes of rows from which on all parts are written anew. */
const MANY = 20;

/** All rows in the order of writing. */
export function rowsIn(parts: readonly UserPart[]): UserRow[] {
  return parts.flatMap(({ rows }) => rows).sort((a, b) => a.sequence - b.sequence);
}

export async function readRows(db: Database): Promise<UserRow[]> {
  return rowsIn(await db.getAll('userParts'));
}

export async function putRecord(transaction: Writing, record: UserRecord): Promise<void> {
  await transaction.objectStore('user').put(record);
  await putRow(transaction, rowOf(record));
}

export async function deleteRecord(transaction: Writing, id: string): Promise<void> {
  await transaction.objectStore('user').delete(id);
  await deleteRow(transaction, id);
}

/** Deletes an entry; a shipped one is hidden. The transaction must reach banks, entries and {@link USER_TABLES}. */
export async function removeEntry(transaction: Writing, id: string): Promise<void> {
  const entries = transaction.objectStore('entries');
  const names = await transaction.objectStore('banks').getAllKeys();
  const keys = await Promise.all(names.map((name) => entries.getKey([name, id])));
  if (keys.every((key) => key === undefined)) await deleteRecord(transaction, id);
  else await putRecord(transaction, { id, sequence: await nextSequence(transaction), entry: undefined });
}

/** Brings rows in line with records that were written (or deleted: undefined) by their id. */
export async function changeRows(
  transaction: Writing,
  changes: ReadonlyMap<string, UserRecord | undefined>,
): Promise<void> {
  if (changes.size <= MANY) {
    for (const [id, record] of changes)
      await (record === undefined ? deleteRow(transaction, id) : putRow(transaction, rowOf(record)));
    return;
  }
  const parts = transaction.objectStore('userParts');
  const rows = new Map(rowsIn(await parts.getAll()).map((row) => [row.id, row]));
  for (const [id, record] of changes) {
    if (record === undefined) rows.delete(id);
    else rows.set(id, rowOf(record));
  }
  await parts.clear();
  const all = [...rows.values()];
  for (let at = 0; at < all.length; at += PART) await parts.put(partOf(all.slice(at, at + PART)), at / PART);
}

async function putRow(transaction: Writing, row: UserRow): Promise<void> {
  const parts = transaction.objectStore('userParts');
  const known = await parts.index('ids').getKey(row.id);
  const last = (await parts.openKeyCursor(null, 'prev'))?.key ?? 0;
  let key = known ?? last;
  let rows = (await parts.get(key))?.rows ?? [];
  if (known === undefined && rows.length >= PART) [key, rows] = [last + 1, []];
  await parts.put(partOf([...rows.filter(({ id }) => id !== row.id), row]), key);
}

export async function deleteRow(transaction: Writing, id: string): Promise<void> {
  const parts = transaction.objectStore('userParts');
  const key = await parts.index('ids').getKey(id);
  if (key === undefined) return;
  const left = ((await parts.get(key))?.rows ?? []).filter((row) => row.id !== id);
  if (left.length === 0) await parts.delete(key);
  else await parts.put(partOf(left), key);
}

function partOf(rows: readonly UserRow[]): UserPart {
  return {
    ids: rows.map(({ id }) => id),
    homes: [...new Set(rows.map(({ found }) => found?.home ?? ''))],
    rows,
  };
}

/** The user's records in the order of writing, a few at a time. */
export async function* userRecords(db: Database): AsyncGenerator<UserRecord> {
  const ids = await db.getAllKeysFromIndex('user', 'sequence');
  for (let at = 0; at < ids.length; at += PART) {
    const { store } = db.transaction('user');
    const records = await Promise.all(ids.slice(at, at + PART).map((id) => store.get(id)));
    yield* records.filter((record) => record !== undefined);
  }
}

/** Writes the rows that are missing: an older version of the page kept none. Codes: STORE_FAILED, STORE_QUOTA. */
export function completeRows(db: Database): Promise<Result<true>> {
  return attempt(async () => {
    if ((await db.count('user')) === (await db.countFromIndex('userParts', 'ids'))) return true as const;
    let range: IDBKeyRange | undefined;
    for (;;) {
      const transaction = db.transaction(USER_TABLES, 'readwrite');
      const records = await transaction.objectStore('user').getAll(range, PART);
      const parts = transaction.objectStore('userParts');
      // Asked within the transaction: another tab or worker may be writing the same rows.
      const keys = await Promise.all(records.map(({ id }) => parts.index('ids').getKey(id)));
      const rows = records.filter((_, i) => keys[i] === undefined).map(rowOf);
      const last = (await parts.openKeyCursor(null, 'prev'))?.key ?? 0;
      if (rows.length > 0) await parts.put(partOf(rows), last + 1);
      await transaction.done;
      const end = records.at(-1);
      if (end === undefined) return true as const;
      range = IDBKeyRange.lowerBound(end.id, true);
    }
  });
}

/** Code MEMORIES_FULL: a backup with one more couldn't be read again. */
export async function requireRoom(db: Database, id: string): Promise<Result<true>> {
  const fits = await attempt(
    async () =>
      (await db.count('user')) < ARCHIVE_LIMITS.memories || (await db.getKey('user', id)) !== undefined,
  );
  if (!fits.ok) return fits;
  if (fits.value) return ok(true);
  const most = ARCHIVE_LIMITS.memories.toLocaleString('en');
  return refuse('MEMORIES_FULL', `At most ${most} memories of your own are kept; delete some first.`);
}
