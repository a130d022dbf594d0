/**
 * The page's database as the workers have it, for what is the user's own besides memories: sets of games, runs, kept
 * episodes (src/storage/database.ts has the tables).
 */
import { Once } from '../base/once.ts';
import { type Result, refuse } from '../base/result.ts';
import { adoptOlder } from './adopt.ts';
import { attempt, type Database, type GameRecord, openDatabase } from './database.ts';
import { withLock } from './lock.ts';
import { sweepOrphans } from './orphans.ts';
import { completeRows } from './user-records.ts';

const opened = new Once(open);

/** Codes: those of openDatabase. */
export function openUserDatabase(): Promise<Result<Database>> {
  return opened.get();
}

async function open(): Promise<Result<Database>> {
  const db = await openDatabase({
    onClosed: () => {
      opened.forget();
    },
  });
  if (!db.ok) return db;
  const adopted = await withLock('duomem-install', () => adoptOlder(db.value));
  if (!adopted.ok) return adopted;
  const complete = await completeRows(db.value);
  if (!complete.ok) return complete;
  // What was deleted and not brought back before the page was closed.
  const swept = await attempt(() => sweepOrphans(db.value));
  return swept.ok ? db : swept;
}

/** Does something with the database. Codes: those of openDatabase. */
export async function using<T>(work: (db: Database) => Promise<T>): Promise<Result<T>> {
  const db = await openUserDatabase();
  return db.ok ? attempt(() => work(db.value)) : db;
}

/** Code GAME_UNKNOWN. */
export async function readImportedGame(key: string): Promise<Result<GameRecord>> {
  const found = await using(async (db) => {
    const transaction = db.transaction(['sets', 'games']);
    const sets = new Set(await transaction.objectStore('sets').getAllKeys());
    const keys = await transaction.objectStore('games').index('key').getAllKeys(key);
    const known = keys.find(([set]) => sets.has(set));
    return known === undefined ? undefined : transaction.objectStore('games').get(known);
  });
  if (!found.ok) return found;
  if (found.value !== undefined) return { ok: true, value: found.value };
  return refuse('GAME_UNKNOWN', "This game wasn't imported on this device.", key);
}
