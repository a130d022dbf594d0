/**
 * Memories in IndexedDB: what a browser keeps, in the tables of database.ts.
 *
 * A bank is installed in one transaction, so an interrupted start leaves nothing behind and the next one installs it
 * again.
 */
import { ok, type Result } from '../base/result.ts';
import { packBank } from '../memory/bank.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type { PackedBank } from '../memory/packed-bank.ts';
import { composePacked, type MemoryStore, type UserRecord, writtenEntry } from '../memory/store.ts';
import {
  attempt,
  type Database,
  type DatabaseOptions,
  keysUnder,
  nextSequence,
  openDatabase,
  type TableName,
  type Writing,
  writing as writingTo,
} from './database.ts';

/** Opens the database and the store on it. Codes: those of openDatabase. */
export async function openIndexedDbStore(options: DatabaseOptions = {}): Promise<Result<MemoryStore>> {
  const db = await openDatabase(options);
  return db.ok ? ok(indexedDbStore(db.value)) : db;
}

/** The store on an open database; closing it closes the database. */
export function indexedDbStore(db: Database): MemoryStore {
  const reading = <T>(read: () => Promise<T>): Promise<Result<T>> => attempt(read);
  const writing = (
    tables: TableName[],
    write: (transaction: Writing) => Promise<void>,
  ): Promise<Result<true>> => writingTo(db, tables, write);

  return {
    banks: () => reading(() => db.getAll('banks')),

    install: async (bank, build) => {
      const about = { name: bank.name, build, embedder: bank.embedder, entries: bank.entries.length };
      const packed = packBank(bank);
      const done = await writing(['banks', 'packed', 'entries'], async (transaction) => {
        await transaction.objectStore('banks').delete(bank.name);
        const entries = transaction.objectStore('entries');
        await entries.delete(keysUnder(bank.name));
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
        await transaction.objectStore('entries').delete(keysUnder(name));
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

    remove: (id) => writing(['banks', 'entries', 'user'], (transaction) => removeEntry(transaction, id)),

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

/** Deletes an entry; a shipped one is hidden. The transaction must reach banks, entries and user. */
export async function removeEntry(transaction: Writing, id: string): Promise<void> {
  const entries = transaction.objectStore('entries');
  const names = await transaction.objectStore('banks').getAllKeys();
  const keys = await Promise.all(names.map((name) => entries.getKey([name, id])));
  const user = transaction.objectStore('user');
  if (keys.every((key) => key === undefined)) await user.delete(id);
  else await user.put({ id, sequence: await nextSequence(transaction), entry: undefined });
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
