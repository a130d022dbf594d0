/** How much is kept on this device, of what, and how to be rid of it. */
import type { Result } from '../base/result.ts';
import { answerOf } from '../base/within.ts';
import type { Amount, OwnKind, StorageReport } from '../protocol/data.ts';
import type { Database, TableName } from './database.ts';
import { deleting } from './deletions.ts';
import { using } from './user-db.ts';

/** What is deleted of each kind; games and traces go with what they belong to. */
const TABLES: Readonly<Record<OwnKind, readonly TableName[]>> = {
  memories: ['user', 'retrievals'],
  sets: ['sets'],
  runs: ['runs'],
  episodes: ['episodes'],
};

interface Estimate extends StorageEstimate {
  // Chromium says more than the standard asks for.
  readonly usageDetails?: { readonly caches?: number };
}

/** Of a bank's build; it never changes. */
const bankBytes = new Map<string, number>();

export function storageReport(): Promise<Result<StorageReport>> {
  return using(async (db) => {
    const { storage } = navigator;
    const [estimate, persisted] = await Promise.all([
      answerOf<Estimate>(storage?.estimate?.()),
      answerOf(storage?.persisted?.()),
    ]);
    const banks = [];
    for (const { name, build, entries } of await db.getAll('banks')) {
      const bytes = bankBytes.get(build) ?? (await sizeOfBank(db, name));
      bankBytes.set(build, bytes);
      banks.push({ name, count: entries, bytes });
    }
    const [user, runs, traces, episodes, sets] = await Promise.all([
      db.getAll('user'),
      db.getAll('runs'),
      db.getAll('traces'),
      db.getAll('episodes'),
      db.getAll('sets'),
    ]);
    return {
      used: estimate?.usage,
      quota: estimate?.quota,
      page: estimate?.usageDetails?.caches,
      persisted: persisted ?? false,
      banks,
      memories: amount(user),
      sets,
      runs: { count: runs.length, bytes: amount(runs).bytes + amount(traces).bytes },
      episodes: amount(episodes),
    };
  });
}

async function sizeOfBank(db: Database, name: string): Promise<number> {
  let bytes = 0;
  let cursor = await db.transaction('entries').store.openCursor(IDBKeyRange.bound([name], [name, []]));
  while (cursor !== null) {
    bytes += sizeOf(cursor.value);
    cursor = await cursor.continue();
  }
  return bytes;
}

function amount(records: readonly unknown[]): Amount {
  return { count: records.length, bytes: records.reduce((sum: number, one) => sum + sizeOf(one), 0) };
}

/** About what a record takes: its text. */
function sizeOf(record: unknown): number {
  return JSON.stringify(record).length;
}

/** Deletes everything of these kinds in one go. */
export function deleteOwn(kinds: readonly OwnKind[]): Promise<Result<number>> {
  const tables = kinds.flatMap((kind) => TABLES[kind]);
  return deleting(tables, async (taking) => {
    for (const table of tables) await taking.all(table);
  });
}
