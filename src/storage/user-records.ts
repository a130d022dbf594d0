/**
 * What the user did to memories: each record, and its row (src/memory/user-rows.ts) beside it, are written and deleted
 * together. Rows lie in parts of some hundreds: a browser hands out records one by one, and a hundred thousand of them
 * take it ten times as long as the same rows in parts.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import type { UserRecord } from '../memory/store.ts';
import { rowOf, type UserRow } from '../memory/user-rows.ts';
import { ARCHIVE_LIMITS } from './archive-format.ts';
import { attempt, type Database, nextSequence, PART, type TableName, type Writing } from './database.ts';
import { packPart, type Totals, type UserPart, unpackPart } from './user-part.ts';

/** Both tables, for a transaction that writes. */
export const USER_TABLES = ['user', 'rows'] as const;

/** Changes of rows from which on all parts are written anew. */
const MANY = 20;

/** All rows in the order of writing. */
export function rowsIn(parts: readonly UserPart[]): UserRow[] {
  return parts.flatMap(unpackPart).sort((a, b) => a.sequence - b.sequence);
}

export async function readRows(db: Database): Promise<UserRow[]> {
  return rowsIn(await db.getAll('rows'));
}

/** Counted without reading a row. */
export async function totalsOf(db: Database): Promise<Totals> {
  const sums: Totals = [0, 0, 0];
  let cursor = await db.transaction('rows').store.index('totals').openKeyCursor();
  while (cursor !== null) {
    for (const [i, part] of cursor.key.entries()) sums[i] = (sums[i] as number) + part;
    cursor = await cursor.continue();
  }
  return sums;
}

export async function putRecord(transaction: Writing, record: UserRecord): Promise<void> {
  await transaction.objectStore('user').put(record);
  await putRow(transaction, rowOf(record));
}

async function deleteRecord(transaction: Writing, id: string): Promise<void> {
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
  const parts = transaction.objectStore('rows');
  const rows = new Map(rowsIn(await parts.getAll()).map((row) => [row.id, row]));
  for (const [id, record] of changes) {
    if (record === undefined) rows.delete(id);
    else rows.set(id, rowOf(record));
  }
  await parts.clear();
  await appendRows(transaction, [...rows.values()]);
}

/** Puts rows behind the others; none of their ids may have one. */
export async function appendRows(transaction: Writing, rows: readonly UserRow[]): Promise<void> {
  const parts = transaction.objectStore('rows');
  const first = ((await parts.openKeyCursor(null, 'prev'))?.key ?? -1) + 1;
  for (let at = 0; at < rows.length; at += PART)
    await parts.put(packPart(rows.slice(at, at + PART)), first + at / PART);
}

async function putRow(transaction: Writing, row: UserRow): Promise<void> {
  const parts = transaction.objectStore('rows');
  const known = await parts.index('ids').getKey(row.id);
  const last = (await parts.openKeyCursor(null, 'prev'))?.key ?? 0;
  let key = known ?? last;
  let rows = rowsOf(await parts.get(key));
  if (known === undefined && rows.length >= PART) [key, rows] = [last + 1, []];
  await parts.put(packPart([...rows.filter(({ id }) => id !== row.id), row]), key);
}

export async function deleteRow(transaction: Writing, id: string): Promise<void> {
  const parts = transaction.objectStore('rows');
  const key = await parts.index('ids').getKey(id);
  if (key === undefined) return;
  const left = rowsOf(await parts.get(key)).filter((row) => row.id !== id);
  if (left.length === 0) await parts.delete(key);
  else await parts.put(packPart(left), key);
}

function rowsOf(part: UserPart | undefined): UserRow[] {
  return part === undefined ? [] : unpackPart(part);
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

/**
 * Makes rows of what earlier versions of the page kept (database.ts queues it in userParts), a part a transaction: whoever
 * starts beside it, or after it was cut off, goes on with what is left. Codes: STORE_FAILED, STORE_QUOTA.
 */
export function completeRows(db: Database): Promise<Result<true>> {
  return attempt(async () => {
    while ((await db.count('userParts')) > 0) {
      const tables: TableName[] = [...USER_TABLES, 'userParts'];
      const transaction = db.transaction(tables, 'readwrite');
      const cursor = await transaction.objectStore('userParts').openCursor();
      if (cursor !== null) {
        const { ids, rows } = cursor.value;
        const known = new Set(rows.map(({ id }) => id));
        const user = transaction.objectStore('user');
        const records = await Promise.all(ids.filter((id) => !known.has(id)).map((id) => user.get(id)));
        const made = records.filter((record) => record !== undefined).map(rowOf);
        await appendRows(transaction, [...rows, ...made]);
        await cursor.delete();
      }
      await transaction.done;
    }
    return true as const;
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
