/**
 * Memories in IndexedDB: what a browser keeps, in the tables of database.ts.
 *
 * A bank is installed in one transaction, so an interrupted start leaves nothing behind and the next one installs it
 * again.
 */
import { ok, type Result } from '../base/result.ts';
import { type Bank, packBank } from '../memory/bank.ts';
import type { EmbedderIdentity } from '../memory/embedder.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type { PackedBank } from '../memory/packed-bank.ts';
import {
  composePacked,
  type InstalledBank,
  type MemoryStore,
  type PackedMemories,
  type UserRecord,
  writtenEntry,
} from '../memory/store.ts';
import {
  attempt,
  type Database,
  type DatabaseOptions,
  keysUnder,
  nextSequence,
  openDatabase,
  writing,
} from './database.ts';
import { completeRows, putRecord, removeEntry, requireRoom, rowsIn, USER_TABLES } from './user-records.ts';

/** Opens the database and the store on it. Codes: those of openDatabase. */
export async function openIndexedDbStore(options: DatabaseOptions = {}): Promise<Result<MemoryStore>> {
  const db = await openDatabase(options);
  if (!db.ok) return db;
  const complete = await completeRows(db.value);
  return complete.ok ? ok(indexedDbStore(db.value)) : complete;
}

/** The store on an open database; closing it closes the database. */
export function indexedDbStore(db: Database): MemoryStore {
  return {
    banks: () => attempt(() => db.getAll('banks')),

    install: (bank, build) => install(db, bank, build),
    packed: (embedder) => packed(db, embedder),
    entries: (ids) => attempt(() => entriesOf(db, ids)),
    all: () => attempt(() => allEntries(db)),
    write: async (entry, vector, embedder) => {
      const room = await requireRoom(db, entry.id);
      if (!room.ok) return room;
      return writing(db, [...USER_TABLES], async (transaction) =>
        putRecord(transaction, writtenEntry(entry, vector, embedder, await nextSequence(transaction))),
      );
    },

    remove: (id) =>
      writing(db, ['banks', 'entries', ...USER_TABLES], (transaction) => removeEntry(transaction, id)),

    lived: (home) => attempt(() => livedIn(db, home)),
    countRetrievals: (ids) =>
      writing(db, ['retrievals'], async (transaction) => {
        const counts = transaction.objectStore('retrievals');
        for (const id of ids) await counts.put(((await counts.get(id)) ?? 0) + 1, id);
      }),

    retrievals: (ids) =>
      attempt(async () => {
        const counts = db.transaction('retrievals').store;
        const found = await Promise.all(ids.map((id) => counts.get(id)));
        return new Map(ids.flatMap((id, i) => (found[i] === undefined ? [] : [[id, found[i]] as const])));
      }),

    close: () => db.close(),
  };
}

async function install(db: Database, bank: Bank, build: string): Promise<Result<InstalledBank>> {
  const about = { name: bank.name, build, embedder: bank.embedder, entries: bank.entries.length };
  const packed = packBank(bank);
  const done = await writing(db, ['banks', 'packed', 'entries'], async (transaction) => {
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
}

async function packed(db: Database, embedder: EmbedderIdentity): Promise<Result<PackedMemories>> {
  const parts = await attempt(async () => {
    const transaction = db.transaction(['banks', 'packed', 'rows']);
    const [about, packed, parts] = await Promise.all([
      transaction.objectStore('banks').getAll(),
      transaction.objectStore('packed').getAll(),
      transaction.objectStore('rows').getAll(),
    ]);
    // Both tables are written together and sorted by the bank's name.
    return {
      banks: about.map((bank, i) => ({ about: bank, packed: packed[i] as PackedBank })),
      user: rowsIn(parts),
    };
  });
  return parts.ok ? composePacked(parts.value, embedder) : parts;
}

async function entriesOf(db: Database, ids: readonly string[]): Promise<MemoryEntry[]> {
  const transaction = db.transaction(['banks', 'entries', 'user']);
  const names = await transaction.objectStore('banks').getAllKeys();
  const found = await Promise.all(
    ids.map((id) =>
      findEntry(transaction.objectStore('user'), transaction.objectStore('entries'), names, id),
    ),
  );
  return found.filter((entry) => entry !== undefined);
}

async function allEntries(db: Database): Promise<MemoryEntry[]> {
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
}

async function livedIn(db: Database, home: string): Promise<MemoryEntry[]> {
  const transaction = db.transaction([...USER_TABLES]);
  const rows = rowsIn(await transaction.objectStore('rows').index('homes').getAll(home));
  const user = transaction.objectStore('user');
  const records = await Promise.all(
    rows
      .filter(({ found }) => found?.home === home && found.maker !== 'person')
      .map(({ id }) => user.get(id)),
  );
  return records.flatMap((record) => record?.entry ?? []);
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
