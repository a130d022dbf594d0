/**
 * Memories in IndexedDB (through idb): what a browser keeps. The only file that knows these tables.
 *
 *     banks       name         → InstalledBank    written last in a bank's transaction: without it the bank isn't there
 *     packed      name         → PackedBank       one record a bank, read in one go for a search
 *     entries     [name, id]   → MemoryEntry      read for what was found
 *     user        id           → UserRecord       index sequence: the order of writing
 *     retrievals  id           → number
 *
 * A bank is installed in one transaction, so an interrupted start leaves nothing behind and the next one installs it
 * again. Later versions of the tables append a step to MIGRATIONS and never change an earlier one.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { ok, type Result, refuse } from '../engine/result.ts';
import { packBank } from './bank.ts';
import type { MemoryEntry } from './entry.ts';
import type { PackedBank } from './packed-bank.ts';
import {
  composePacked,
  type InstalledBank,
  type MemoryStore,
  storeRefusal,
  type UserRecord,
  writtenEntry,
} from './store.ts';

/** Never change this name: users' memories live under it. */
export const DATABASE = 'duomem-memory';

interface Tables extends DBSchema {
  banks: { key: string; value: InstalledBank };
  packed: { key: string; value: PackedBank };
  entries: { key: [string, string]; value: MemoryEntry };
  user: { key: string; value: UserRecord; indexes: { sequence: number } };
  retrievals: { key: string; value: number };
}

type Database = IDBPDatabase<Tables>;
type TableName = 'banks' | 'packed' | 'entries' | 'user' | 'retrievals';
type Writing = IDBPTransaction<Tables, TableName[], 'readwrite'>;
type Upgrade = IDBPTransaction<Tables, TableName[], 'versionchange'>;

/** MIGRATIONS[n] makes version n + 1 out of version n. */
const MIGRATIONS: readonly ((db: Database, transaction: Upgrade) => void)[] = [
  (db) => {
    db.createObjectStore('banks', { keyPath: 'name' });
    db.createObjectStore('packed');
    db.createObjectStore('entries');
    db.createObjectStore('user', { keyPath: 'id' }).createIndex('sequence', 'sequence');
    db.createObjectStore('retrievals');
  },
];

export const DATABASE_VERSION = MIGRATIONS.length;

export interface IndexedDbOptions {
  readonly database?: string;
  /** Another tab holds an older version open: it has to be closed or reloaded before this one can go on. */
  readonly onBlocked?: () => void;
  /** This store was closed, because another tab needs a newer version or the browser took the storage away. */
  readonly onClosed?: () => void;
}

/** Opens the store, making or migrating its tables. Codes: STORE_FAILED, STORE_QUOTA, STORE_NEWER. */
export async function openIndexedDbStore(options: IndexedDbOptions = {}): Promise<Result<MemoryStore>> {
  try {
    const db: Database = await openDB<Tables>(options.database ?? DATABASE, DATABASE_VERSION, {
      upgrade: (database, from, _to, transaction) => {
        for (const migrate of MIGRATIONS.slice(from)) migrate(database, transaction);
      },
      blocked: () => options.onBlocked?.(),
      blocking: () => {
        db.close();
        options.onClosed?.();
      },
      terminated: () => options.onClosed?.(),
    });
    return ok(storeOn(db));
  } catch (error) {
    if (error instanceof Error && error.name === 'VersionError') {
      return refuse(
        'STORE_NEWER',
        'The memories on this device were written by a newer version of this page; reload it.',
      );
    }
    return storeRefusal(error);
  }
}

/** Deletes the whole database, the user's entries included. */
export async function deleteIndexedDbStore(database = DATABASE): Promise<Result<true>> {
  try {
    await deleteDB(database);
    return ok(true);
  } catch (error) {
    return storeRefusal(error);
  }
}

function storeOn(db: Database): MemoryStore {
  const reading = <T>(read: () => Promise<T>): Promise<Result<T>> => attempt(read);
  /** Runs a write in one transaction: all of it or nothing. */
  const writing = async (
    tables: TableName[],
    write: (transaction: Writing) => Promise<void>,
  ): Promise<Result<true>> =>
    attempt(async () => {
      const transaction = db.transaction(tables, 'readwrite');
      // An aborted transaction rejects twice, here and in the request that failed; one report is enough.
      transaction.done.catch(() => {});
      try {
        await write(transaction);
      } catch (error) {
        abort(transaction);
        throw error;
      }
      await transaction.done;
      return true as const;
    });

  return {
    banks: () => reading(() => db.getAll('banks')),

    install: async (bank, build) => {
      const about = { name: bank.name, build, embedder: bank.embedder, entries: bank.entries.length };
      const packed = packBank(bank);
      const done = await writing(['banks', 'packed', 'entries'], async (transaction) => {
        await transaction.objectStore('banks').delete(bank.name);
        const entries = transaction.objectStore('entries');
        await entries.delete(rangeOf(bank.name));
        let last: Promise<unknown> = Promise.resolve();
        for (const entry of bank.entries) {
          last = entries.put(entry, [bank.name, entry.id]);
          // One that fails aborts the transaction, which is noticed at its end.
          last.catch(() => {});
        }
        await last;
        await transaction.objectStore('packed').put(packed, bank.name);
        await transaction.objectStore('banks').put(about);
      });
      return done.ok ? ok(about) : done;
    },

    uninstall: (name) =>
      writing(['banks', 'packed', 'entries'], async (transaction) => {
        await transaction.objectStore('banks').delete(name);
        await transaction.objectStore('packed').delete(name);
        await transaction.objectStore('entries').delete(rangeOf(name));
      }),

    packed: async (embedder) => {
      const parts = await reading(async () => {
        const transaction = db.transaction(['banks', 'packed', 'user']);
        const [about, packed, user] = await Promise.all([
          transaction.objectStore('banks').getAll(),
          transaction.objectStore('packed').getAll(),
          transaction.objectStore('user').index('sequence').getAll(),
        ]);
        // Both tables are written together and sorted by the bank's name.
        return { banks: about.map((bank, i) => ({ about: bank, packed: packed[i] as PackedBank })), user };
      });
      return parts.ok ? composePacked(parts.value, embedder) : parts;
    },

    entries: (ids) =>
      reading(async () => {
        const transaction = db.transaction(['banks', 'entries', 'user']);
        const names = await transaction.objectStore('banks').getAllKeys();
        const found = await Promise.all(
          ids.map((id) =>
            findEntry(transaction.objectStore('user'), transaction.objectStore('entries'), names, id),
          ),
        );
        return found.filter((entry) => entry !== undefined);
      }),

    all: () =>
      reading(async () => {
        const transaction = db.transaction(['packed', 'entries', 'user']);
        const [packed, shipped, user] = await Promise.all([
          transaction.objectStore('packed').getAll(),
          transaction.objectStore('entries').getAll(),
          transaction.objectStore('user').index('sequence').getAll(),
        ]);
        const changed = new Set(user.map((record) => record.id));
        // The table has them by id; `packed` knows the bank's own order. Of two banks' equal ids the first stays.
        const byId = new Map(shipped.reverse().map((entry) => [entry.id, entry]));
        const order = new Set(packed.flatMap((bank) => bank.ids));
        const visible = [...order].filter((id) => !changed.has(id)).flatMap((id) => byId.get(id) ?? []);
        return [...visible, ...user.flatMap((record) => record.entry ?? [])];
      }),

    write: (entry, vector, embedder) =>
      writing(['user'], async (transaction) => {
        const user = transaction.objectStore('user');
        await user.put(writtenEntry(entry, vector, embedder, await nextSequence(transaction)));
      }),

    remove: (id) =>
      writing(['banks', 'entries', 'user'], async (transaction) => {
        const entries = transaction.objectStore('entries');
        const names = await transaction.objectStore('banks').getAllKeys();
        const keys = await Promise.all(names.map((name) => entries.getKey([name, id])));
        const user = transaction.objectStore('user');
        if (keys.every((key) => key === undefined)) await user.delete(id);
        else await user.put({ id, sequence: await nextSequence(transaction), entry: undefined });
      }),

    restore: (id) => writing(['user'], (transaction) => transaction.objectStore('user').delete(id)),

    changes: () => reading(() => db.getAllFromIndex('user', 'sequence')),

    countRetrievals: (ids) =>
      writing(['retrievals'], async (transaction) => {
        const counts = transaction.objectStore('retrievals');
        for (const id of ids) await counts.put(((await counts.get(id)) ?? 0) + 1, id);
      }),

    retrievals: () =>
      reading(async () => {
        const transaction = db.transaction('retrievals');
        const [ids, counts] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
        return new Map(ids.map((id, i) => [id, counts[i] as number]));
      }),

    close: () => db.close(),
  };
}

/** Every key of a bank in `entries`: an array sorts after every text. */
function rangeOf(bank: string): IDBKeyRange {
  return IDBKeyRange.bound([bank], [bank, []]);
}

interface Lookup<Key, Value> {
  get(key: Key): Promise<Value | undefined>;
}

async function findEntry(
  user: Lookup<string, UserRecord>,
  entries: Lookup<[string, string], MemoryEntry>,
  banks: readonly string[],
  id: string,
): Promise<MemoryEntry | undefined> {
  const record = await user.get(id);
  if (record !== undefined) return record.entry;
  for (const bank of banks) {
    const entry = await entries.get([bank, id]);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

async function nextSequence(transaction: Writing): Promise<number> {
  const last = await transaction.objectStore('user').index('sequence').openKeyCursor(null, 'prev');
  return last === null ? 0 : last.key + 1;
}

function abort(transaction: Writing): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already, by the error that brought us here.
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    return storeRefusal(error);
  }
}
