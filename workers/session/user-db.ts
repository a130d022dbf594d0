/**
 * What is the user's own besides memories: imported games and finished runs, in IndexedDB (through idb). The only file
 * that knows these tables.
 *
 *     sets     name         → GameSetRecord   written last: games of a set without it are the rest of a broken import
 *     games    [set, key]   → GameRecord      index key: where a game is, whatever its set
 *     runs     id           → RunRecord
 *
 * Later versions append a step to MIGRATIONS and never change an earlier one.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { ok, type Result, refuse } from '../../src/engine/result.ts';
import type { RunRecord } from '../protocol-data.ts';

/** Never change this name: users' games and runs live under it. */
const DATABASE = 'duomem-user';

export interface GameSetRecord {
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
  readonly text: string;
}

interface Tables extends DBSchema {
  sets: { key: string; value: GameSetRecord };
  games: { key: [string, string]; value: GameRecord; indexes: { key: string } };
  runs: { key: string; value: RunRecord };
}

export type UserDatabase = IDBPDatabase<Tables>;

const MIGRATIONS: readonly ((db: UserDatabase) => void)[] = [
  (db) => {
    db.createObjectStore('sets', { keyPath: 'name' });
    db.createObjectStore('games').createIndex('key', 'key');
    db.createObjectStore('runs', { keyPath: 'id' });
  },
];

let opened: Promise<UserDatabase> | undefined;

export function openUserDatabase(): Promise<UserDatabase> {
  opened ??= openDB<Tables>(DATABASE, MIGRATIONS.length, {
    upgrade: (db, from) => {
      for (const migrate of MIGRATIONS.slice(from)) migrate(db);
    },
    blocking: () => {
      void opened?.then((db) => db.close());
      opened = undefined;
    },
    terminated: () => {
      opened = undefined;
    },
  });
  return opened;
}

/** Every game of a set in the table `games`: an array sorts after every text. */
export function gamesOf(set: string): IDBKeyRange {
  return IDBKeyRange.bound([set], [set, []]);
}

/** Codes: STORAGE_QUOTA, STORAGE_FAILED. */
export async function attempt<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'QuotaExceededError') {
      return refuse(
        'STORAGE_QUOTA',
        'There is no room left on this device; nothing was kept. Delete something under Device and try again.',
      );
    }
    const why = error instanceof Error ? error.message : String(error);
    return refuse('STORAGE_FAILED', `The storage of this device can’t be used: ${why}`);
  }
}

/** Code GAME_UNKNOWN. */
export async function readImportedGame(key: string): Promise<Result<GameRecord>> {
  const found = await attempt(async () => {
    const db = await openUserDatabase();
    const transaction = db.transaction(['sets', 'games']);
    const sets = new Set(await transaction.objectStore('sets').getAllKeys());
    const keys = await transaction.objectStore('games').index('key').getAllKeys(key);
    const known = keys.find(([set]) => sets.has(set));
    return known === undefined ? undefined : transaction.objectStore('games').get(known);
  });
  if (!found.ok) return found;
  if (found.value !== undefined) return ok(found.value);
  return refuse('GAME_UNKNOWN', 'This game was not imported on this device.', key);
}
