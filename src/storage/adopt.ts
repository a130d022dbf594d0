/**
 * Games and runs of the page's first version, which kept them in a database of their own: they move over on the first
 * start of a later one. Games first, the records that make them count last, and only then the old database goes: a
 * start that is cut off begins again.
 */
import type { IDBPDatabase } from 'idb';
import { ok, type Result } from '../base/result.ts';
import { within } from '../base/within.ts';
import { attempt, type Database, type GameRecord, writing } from './database.ts';
import { deletePatiently, openPatiently, STORE_PATIENCE } from './patient-open.ts';

/** The name of that database; its version was 1. */
export const OLDER = 'duomem-user';
/** Games that are held in memory at once. */
const BATCH = 50;

/** Runs had the traces of their results in them. */
interface OlderRun {
  readonly id: string;
  readonly results: readonly { readonly game: string }[];
  readonly traces: readonly string[];
}

interface OlderSet {
  readonly name: string;
  readonly games: number;
  readonly bytes: number;
  readonly bySplit: Readonly<Record<string, number>>;
}

/** Codes: STORE_FAILED, STORE_QUOTA. */
export async function adoptOlder(db: Database): Promise<Result<true>> {
  const adopted = await attempt(() => adopt(db));
  return adopted.ok ? adopted.value : adopted;
}

async function adopt(db: Database): Promise<Result<true>> {
  const known = await within(
    STORE_PATIENCE,
    "The browser's database",
    indexedDB.databases?.() ?? Promise.resolve([]),
  );
  if (!known.some(({ name }) => name === OLDER)) return ok(true);
  const older = await openPatiently<unknown>(OLDER, 1);
  try {
    const tables = [...older.objectStoreNames];
    if (['sets', 'games', 'runs'].every((table) => tables.includes(table))) {
      const copied = await copy(older, db);
      if (!copied.ok) return copied;
    }
  } finally {
    older.close();
  }
  await deletePatiently(OLDER);
  return ok(true);
}

async function copy(older: IDBPDatabase, db: Database): Promise<Result<true>> {
  const sets = (await older.getAll('sets')) as OlderSet[];
  const runs = (await older.getAll('runs')) as OlderRun[];
  for (const { name } of sets) {
    const copied = await copyGames(older, db, name);
    if (!copied.ok) return copied;
  }
  return writing(db, ['sets', 'runs', 'traces'], async (transaction) => {
    for (const set of sets) await transaction.objectStore('sets').put({ ...set, id: set.name });
    for (const { traces, ...run } of runs) {
      await transaction.objectStore('runs').put(run);
      for (const [i, trace] of traces.entries()) {
        await transaction.objectStore('traces').put(trace, [run.id, run.results[i]?.game ?? '']);
      }
    }
  });
}

async function copyGames(older: IDBPDatabase, db: Database, set: string): Promise<Result<true>> {
  let after: IDBValidKey = [set];
  for (;;) {
    const range = IDBKeyRange.bound(after, [set, []], true);
    const keys = (await older.getAllKeys('games', range, BATCH)) as [string, string][];
    const games = (await older.getAll('games', range, BATCH)) as GameRecord[];
    const last = keys.at(-1);
    if (last === undefined) return ok(true);
    const copied = await writing(db, ['games'], async (transaction) => {
      for (const [i, game] of games.entries()) await transaction.objectStore('games').put(game, keys[i]);
    });
    if (!copied.ok) return copied;
    after = last;
  }
}
