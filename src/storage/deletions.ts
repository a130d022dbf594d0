/**
 * What the user deletes can be brought back as long as this worker lives: its records are held here, and what lies
 * under them (a set's games, a run's traces) stays in the database, seen by nobody, until the deletion is final. So do
 * all memories, which are more than a tab holds.
 */
import { randomId } from '../base/random-id.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { UserRecord } from '../memory/store.ts';
import { isWritten, rowOf } from '../memory/user-rows.ts';
import { countAnew } from './budget.ts';
import {
  attempt,
  type Database,
  type GameSetRecord,
  keysUnder,
  PART,
  type StoredRun,
  type TableName,
  type Writing,
  writing,
} from './database.ts';
import { holdOrphans, sweepOrphans } from './orphans.ts';
import { openUserDatabase } from './user-db.ts';
import { appendRows, changeRows, deleteRow, readRows } from './user-records.ts';

/** A record as it was before the deletion. */
interface Taken {
  readonly table: TableName;
  readonly key: IDBValidKey;
  /** Undefined where there was none: then the deletion left one (a shipped memory's is a mark that hides it). */
  readonly record: unknown;
}

interface Deletion {
  readonly tables: TableName[];
  readonly taken: readonly Taken[];
  /** The memories that lie in `removed`: the first part of their keys, and in how many records. */
  readonly aside: Aside;
  /** Lets go of what lies under the records. */
  readonly release: () => void;
}

interface Aside {
  readonly id: string;
  readonly records: number;
}

/** Takes records out of their tables, and notes what they were. */
class Taking {
  readonly transaction: Writing;
  readonly taken: Taken[] = [];
  /** Undefined where there is no room to lay anything aside. */
  aside: Aside | undefined;

  constructor(transaction: Writing, aside: Aside | undefined) {
    this.transaction = transaction;
    this.aside = aside;
  }

  /** Every record of a table, or those under a key. */
  async all(table: TableName, query?: IDBValidKey): Promise<void> {
    if (table === 'user' && query === undefined && this.aside !== undefined)
      return this.#layAside(this.aside);
    const records = this.transaction.objectStore(table) as unknown as AnyTable;
    const [keys, values] = [await records.getAllKeys(query), await records.getAll(query)];
    for (const [i, key] of keys.entries()) this.taken.push({ table, key, record: values[i] });
    if (query === undefined) await records.clear();
    else await records.delete(query);
    if (table !== 'user') return;
    if (query === undefined) await this.transaction.objectStore('rows').clear();
    else for (const key of keys) await deleteRow(this.transaction, key as string);
  }

  async #layAside({ id }: Aside): Promise<void> {
    const user = this.transaction.objectStore('user');
    let records = await user.getAll(undefined, PART);
    let parts = 0;
    for (let last = records.at(-1); last !== undefined; last = records.at(-1)) {
      await this.transaction.objectStore('removed').put(records, [id, parts++]);
      records = await user.getAll(IDBKeyRange.lowerBound(last.id, true), PART);
    }
    await user.clear();
    await this.transaction.objectStore('rows').clear();
    this.aside = { id, records: parts };
  }

  /** Deletes a record, or leaves a mark in its place; where such a mark stands there is nothing to take. */
  async one(table: TableName, key: IDBValidKey, remove: () => Promise<unknown>): Promise<void> {
    const records = this.transaction.objectStore(table) as unknown as AnyTable;
    const record = await records.get(key);
    if (record !== undefined && isMark(table, record)) return;
    await remove();
    const removed = record !== undefined || (await records.get(key)) !== undefined;
    if (removed) this.taken.push({ table, key, record });
  }
}

/** Whether it stands for something of the page that was deleted; all of `hidden` does. */
function isMark(table: TableName, record: unknown): boolean {
  return table === 'hidden' || (table === 'user' && (record as UserRecord).entry === undefined);
}

/** A table whatever its records are. */
interface AnyTable {
  readonly keyPath: string | null;
  get(key: IDBValidKey): Promise<unknown>;
  getAll(query?: IDBValidKey): Promise<unknown[]>;
  getAllKeys(query?: IDBValidKey): Promise<IDBValidKey[]>;
  put(record: unknown, key?: IDBValidKey): Promise<unknown>;
  delete(query: IDBValidKey): Promise<void>;
  clear(): Promise<void>;
}

const deletions = new Map<number, Deletion>();
let last = 0;

/**
 * Deletes in one transaction: all of it or nothing. Codes: those of the database.
 * @returns the number under which it can be brought back or made final; undefined where nothing was left to delete (who
 *   presses twice deletes once, and a list of another tab may be older than a deletion)
 */
export async function deleting(
  from: TableName[],
  take: (taking: Taking) => Promise<void>,
): Promise<Result<number | undefined>> {
  const tables: TableName[] = from.includes('user') ? [...from, 'rows', 'removed'] : from;
  const db = await openUserDatabase();
  if (!db.ok) return db;
  const held = await attempt(holdOrphans);
  if (!held.ok) return held;
  const release = held.value;
  const nothing = { id: randomId(), records: 0 };
  let [taken, aside]: [readonly Taken[], Aside] = [[], nothing];
  const attempted = (room: Aside | undefined): Promise<Result<true>> =>
    writing(db.value, tables, async (transaction) => {
      const taking = new Taking(transaction, room);
      await take(taking);
      [taken, aside] = [taking.taken, taking.aside ?? nothing];
    });
  let done = await attempted(nothing);
  // A full device is why one deletes: then they are held here.
  if (!done.ok && done.error.code === 'STORE_QUOTA') done = await attempted(undefined);
  const nothingTaken = taken.length === 0 && aside.records === 0;
  if (!done.ok || nothingTaken) {
    release();
    return done.ok ? ok(undefined) : done;
  }
  countAnew();
  deletions.set(++last, { tables, taken, aside, release });
  return ok(last);
}

/**
 * Brings back what was deleted: all of it or nothing. Codes: UNDO_GONE (it is final by now), UNDO_TAKEN (something else
 * stands in its place), and those of the database.
 */
export async function bringBack(number: number): Promise<Result<true>> {
  const deletion = deletions.get(number);
  if (deletion === undefined) return GONE;
  const db = await openUserDatabase();
  if (!db.ok) return db;
  const fault = await attempt(() => obstacle(db.value, deletion));
  if (!fault.ok) return fault;
  if (fault.value !== undefined) return fault.value;
  const done = await writing(db.value, deletion.tables, async (transaction) => {
    const user = new Map<string, UserRecord | undefined>();
    for (const { table, key, record } of deletion.taken) {
      if (table === 'user') user.set(key as string, record as UserRecord | undefined);
      const records = transaction.objectStore(table) as unknown as AnyTable;
      if (record === undefined) await records.delete(key);
      else await records.put(record, ...(records.keyPath === null ? [key] : []));
    }
    if (user.size > 0) await changeRows(transaction, user);
    await bringFromAside(transaction, deletion.aside);
  });
  if (!done.ok) return done;
  countAnew();
  deletions.delete(number);
  deletion.release();
  return done;
}

async function bringFromAside(transaction: Writing, { id, records: parts }: Aside): Promise<void> {
  if (parts === 0) return;
  const [user, removed] = [transaction.objectStore('user'), transaction.objectStore('removed')];
  // Marks that hide shipped memories, or nothing: obstacle() has looked.
  const here = new Set(await user.getAllKeys());
  for (let n = 0; n < parts; n++) {
    const records = (await removed.get([id, n])) ?? [];
    for (const one of records) if (here.has(one.id)) await deleteRow(transaction, one.id);
    await Promise.all(records.map((record) => user.put(record)));
    await appendRows(transaction, records.map(rowOf));
  }
  await removed.delete(keysUnder(id));
}

/** Makes a deletion final: what lay under its records makes room. */
export async function forgetDeletion(number: number): Promise<Result<true>> {
  deletions.get(number)?.release();
  deletions.delete(number);
  const db = await openUserDatabase();
  if (!db.ok) return db;
  return attempt(async () => {
    await sweepOrphans(db.value);
    return true as const;
  });
}

const GONE = refuse('UNDO_GONE', "This can't be restored any more: its space was freed.");
const TAKEN = refuse('UNDO_TAKEN', "This can't be restored: something else has taken its place.");

/** Why records can't be brought back; undefined where nothing is in the way. */
async function obstacle(db: Database, { taken, aside }: Deletion) {
  if ((await db.count('removed', keysUnder(aside.id))) < aside.records) return GONE;
  const written = aside.records === 0 ? [] : (await readRows(db)).filter(isWritten);
  if (written.length > 0) {
    const since = new Set(written.map(({ id }) => id));
    for (let n = 0; n < aside.records; n++) {
      if (((await db.get('removed', [aside.id, n])) ?? []).some(({ id }) => since.has(id))) return TAKEN;
    }
  }
  for (const { table, key, record } of taken) {
    const now: unknown = await db.get(table, key as never);
    // In place of a memory may stand the mark that hides it, and nothing else.
    if (now !== undefined && !isMark(table, now)) return TAKEN;
    if (table === 'sets') {
      const { id, name, games } = record as GameSetRecord;
      if ((await db.getAll('sets')).some((set) => set.name === name)) return TAKEN;
      if ((await db.count('games', keysUnder(id))) < games) return GONE;
    }
    if (table === 'runs') {
      const { id, results } = record as StoredRun & { readonly results: readonly unknown[] };
      if ((await db.count('traces', keysUnder(id))) < results.length) return GONE;
    }
  }
  return undefined;
}
