/**
 * The database of the shipped memory banks and of everything that is the user's but models and adapters (IndexedDB,
 * through idb): one, so that one transaction can write all of it or nothing. Its tables, their versions, and how it is opened;
 * indexeddb-store.ts reads and writes the memories, the rest of this folder everything else.
 *
 *     banks       name         → InstalledBank    written last in a bank's transaction: without it the bank isn't there
 *     packed      name         → PackedBank       one record a bank, read in one go for a search
 *     entries     [name, id]   → MemoryEntry      read for what was found
 *     user        id           → UserRecord       index sequence: the order of writing
 *     rows        number       → UserPart         what a search needs of `user`, some hundreds of records each
 *     userParts   number       → OlderPart        what version 3 kept for that; it moves to rows, and then is empty
 *     removed     [id, number] → UserRecord[]     all memories at once, deleted, as long as they may be brought back
 *     retrievals  id           → number
 *     sets        id           → GameSetRecord    written last: games of a set without it are the rest of a broken import
 *     games       [set, key]   → GameRecord       index key: where a game is, whatever its set
 *     runs        id           → StoredRun
 *     traces      [run, game]  → string           the text of a trace, for each game of a run that was played
 *     episodes    id           → StoredEpisode
 *     hidden      id           → true             a run or an episode that came with the page and isn't to be seen
 *
 * Version 1 had banks, packed, entries, user and retrievals, version 2 everything but userParts, hidden, rows and removed, which
 * versions 3, 4 and 5 (both) brought. Later versions append a step to MIGRATIONS and never change an earlier one;
 * database.test.ts opens what each version left behind.
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import { deferred } from '../base/deferred.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type { PackedBank } from '../memory/packed-bank.ts';
import { type InstalledBank, storeRefusal, type UserRecord } from '../memory/store.ts';
import type { UserRow } from '../memory/user-rows.ts';
import { openPatiently, whileAnswering } from './patient-open.ts';
import type { Totals, UserPart } from './user-part.ts';

/** Never change this name: users' memories live under it. */
export const DATABASE = 'duomem-memory';

/** A set of games that was imported whole. */
export interface GameSetRecord {
  /** What its games stand under; another one for each import, so that a set can be replaced in one go. */
  readonly id: string;
  readonly name: string;
  readonly games: number;
  readonly bytes: number;
  readonly bySplit: Readonly<Record<string, number>>;
}

export interface GameRecord {
  readonly key: string;
  readonly split: string;
  readonly taskType: string;
  readonly task: string;
  /** The game file as it is. */
  readonly text: string;
  /** People's words for its task, where there were some beside it; older imports have none. */
  readonly words?: string;
}

/** A run, as whoever plays it has it. */
export interface StoredRun {
  readonly id: string;
}

/** An episode that the user kept. */
export interface StoredEpisode {
  /** When it was kept, with a number behind it where two were kept at once. */
  readonly id: string;
  /** The text of its trace. */
  readonly trace: string;
}

/** Rows as version 3 kept them, to be moved; of ids without a row, records that have none yet. */
interface OlderPart {
  readonly ids: readonly string[];
  readonly homes: readonly string[];
  readonly rows: readonly UserRow[];
}

export interface Tables extends DBSchema {
  banks: { key: string; value: InstalledBank };
  packed: { key: string; value: PackedBank };
  entries: { key: [string, string]; value: MemoryEntry };
  user: { key: string; value: UserRecord; indexes: { sequence: number } };
  rows: { key: number; value: UserPart; indexes: { ids: string; homes: string; totals: Totals } };
  userParts: { key: number; value: OlderPart; indexes: { ids: string; homes: string } };
  removed: { key: [string, number]; value: readonly UserRecord[] };
  retrievals: { key: string; value: number };
  sets: { key: string; value: GameSetRecord };
  games: { key: [string, string]; value: GameRecord; indexes: { key: string } };
  runs: { key: string; value: StoredRun };
  traces: { key: [string, string]; value: string };
  episodes: { key: string; value: StoredEpisode };
  hidden: { key: string; value: true };
}

export type Database = IDBPDatabase<Tables>;
export type TableName = Parameters<Database['clear']>[0];
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
  (db) => {
    db.createObjectStore('sets', { keyPath: 'id' });
    db.createObjectStore('games').createIndex('key', 'key');
    db.createObjectStore('runs', { keyPath: 'id' });
    db.createObjectStore('traces');
    db.createObjectStore('episodes', { keyPath: 'id' });
  },
  (db) => {
    const parts = db.createObjectStore('userParts');
    parts.createIndex('ids', 'ids', { multiEntry: true });
    parts.createIndex('homes', 'homes', { multiEntry: true });
  },
  (db) => {
    db.createObjectStore('hidden');
  },
  (db, transaction) => {
    const rows = db.createObjectStore('rows');
    rows.createIndex('ids', 'ids', { multiEntry: true });
    rows.createIndex('homes', 'homes', { multiEntry: true });
    rows.createIndex('totals', 'totals');
    db.createObjectStore('removed');
    // A failure aborts the transaction, which is noticed where it's opened.
    queueMissing(transaction).catch(() => {});
  },
];

/** Records of a part, and of what is held in memory at once. */
export const PART = 500;

/** user-records.ts makes rows of what is in userParts, in parts: what a visitor has may take longer than a start may. */
async function queueMissing(transaction: Upgrade): Promise<void> {
  const [user, parts] = [transaction.objectStore('user'), transaction.objectStore('userParts')];
  if ((await user.count()) === (await parts.index('ids').count())) return;
  await parts.clear();
  const ids = await user.getAllKeys();
  for (let at = 0; at < ids.length; at += PART)
    await parts.put({ ids: ids.slice(at, at + PART), homes: [], rows: [] }, at / PART);
}

export const DATABASE_VERSION = MIGRATIONS.length;

export interface DatabaseOptions {
  readonly database?: string;
  /** This connection was closed, because another tab needs a newer version or the browser took the storage away. */
  readonly onClosed?: () => void;
}

/**
 * Opens the database, making or migrating its tables. Codes: STORE_FAILED, STORE_QUOTA, STORE_NEWER, and STORE_BLOCKED
 * where another tab holds an older version open and doesn't let go: the next call tries again.
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Result<Database>> {
  const { promise: blocked, resolve: block } = deferred<Result<never>>();
  const opening = open(options, () =>
    block(
      refuse(
        'STORE_BLOCKED',
        'Another tab shows an older version of this page and blocks its storage: close or reload that tab, then try again here.',
      ),
    ),
  );
  const first = await Promise.race([opening, blocked]);
  if (first.ok || first.error.code !== 'STORE_BLOCKED') return first;
  // Once the other tab lets go the tables are made; whoever asks next opens them.
  void opening.then((late) => late.ok && late.value.close());
  return first;
}

async function open(options: DatabaseOptions, onBlocked: () => void): Promise<Result<Database>> {
  try {
    const db: Database = await openPatiently<Tables>(options.database ?? DATABASE, DATABASE_VERSION, {
      upgrade: (database, from, _to, transaction) => {
        // An upgrade that breaks off rejects twice, here and in the opening; one report is enough.
        transaction.done.catch(() => {});
        for (const migrate of MIGRATIONS.slice(from)) migrate(database, transaction);
      },
      blocked: onBlocked,
      blocking: () => {
        db.close();
        options.onClosed?.();
      },
      terminated: () => options.onClosed?.(),
    });
    return ok(db);
  } catch (error) {
    if (error instanceof Error && error.name === 'VersionError') {
      return refuse(
        'STORE_NEWER',
        'The data on this device was written by a newer version of this page: reload it.',
      );
    }
    return storeRefusal(error);
  }
}

/** A transaction that writes. */
export type Writing = IDBPTransaction<Tables, TableName[], 'readwrite'>;

/**
 * Writes in one transaction: all of it or nothing. Codes: STORE_FAILED (also where the database is silent: what it was
 * handed by then may be written all the same), STORE_QUOTA.
 */
export async function writing(
  db: Database,
  tables: TableName[],
  write: (transaction: Writing) => Promise<void>,
): Promise<Result<true>> {
  let transaction: Writing | undefined;
  const written = await attempt(async () => {
    transaction = db.transaction(tables, 'readwrite');
    // An aborted transaction rejects twice, here and in the request that failed; one report is enough.
    transaction.done.catch(() => {});
    try {
      await write(transaction);
    } catch (error) {
      // At once: with no request left it would end by itself, and keep what was written so far.
      abort(transaction);
      throw error;
    }
    await transaction.done;
    return true as const;
  });
  // A silent one: nobody waits for it any more.
  if (!written.ok && transaction !== undefined) abort(transaction);
  return written;
}

function abort(transaction: Writing): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already, by the error that brought us here.
  }
}

/** What the database throws, or its silence, as a refusal. Codes: STORE_FAILED, STORE_QUOTA. */
export async function attempt<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await whileAnswering(work));
  } catch (error) {
    return storeRefusal(error);
  }
}

/** Every key `[first, …]` of a table with such keys: an array sorts after every text. */
export function keysUnder(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []]);
}

/** The number that the user's next memory gets: the order of writing. */
export async function nextSequence(transaction: Writing): Promise<number> {
  const last = await transaction.objectStore('user').index('sequence').openKeyCursor(null, 'prev');
  return last === null ? 0 : last.key + 1;
}
