/** How much is kept on this device, of what, and how to be rid of it. */
import { ok, type Result } from '../base/result.ts';
import { answerOf } from '../base/within.ts';
import type { Amount, Deletion, OwnKind, StorageReport } from '../protocol/data.ts';
import { browserStore } from '../weights/download/browser-store.ts';
import { keptFiles } from '../weights/download/model-entry.ts';
import { readAdapters } from './adapters-db.ts';
import { type Database, keysUnder, type TableName } from './database.ts';
import { deleting } from './deletions.ts';
import { readModels } from './models-db.ts';
import { sweepAdapters } from './removed-adapters.ts';
import { using } from './user-db.ts';
import { totalsOf } from './user-records.ts';

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
    const [[written, deleted, bytes], runs, episodes, sets] = await Promise.all([
      totalsOf(db),
      db.getAll('runs'),
      db.getAll('episodes'),
      db.getAll('sets'),
    ]);
    // Those of deleted runs may still be there. One at a time: together they may be more than a tab holds.
    let traces = 0;
    for (const { id } of runs) traces += await sizeUnder(db, 'traces', id);
    const [models, adapters] = [await presentModels(), await keptAdapters()];
    const caches = estimate?.usageDetails?.caches;
    return {
      used: estimate?.usage,
      quota: estimate?.quota,
      page: caches === undefined ? undefined : Math.max(0, caches - models.cached),
      persisted: persisted ?? false,
      banks,
      memories: { count: written, bytes, deleted },
      models,
      adapters,
      sets,
      runs: { count: runs.length, bytes: amount(runs).bytes + traces },
      episodes: amount(episodes),
    };
  });
}

/** What was practised here or brought along. */
async function keptAdapters(): Promise<Amount> {
  await sweepAdapters();
  const adapters = await readAdapters();
  // The list of adapters says what is wrong with it.
  return amount(adapters.ok ? adapters.value : []);
}

/** What there is of models, and how much of it lies in caches: what is whole. */
async function presentModels(): Promise<Amount & { readonly cached: number }> {
  const none = { count: 0, bytes: 0, cached: 0 };
  // Without a secure address there are no caches, and no models.
  const models = 'caches' in globalThis ? await readModels() : ok([]);
  // The list of models says what is wrong with it.
  if (!models.ok) return none;
  let { bytes, cached } = none;
  for (const model of models.value) {
    const store = browserStore(model.id);
    for (const file of keptFiles(model)) {
      if (await store.has(file)) cached += file.bytes;
      else bytes += await store.partLength(file);
    }
  }
  return { count: models.value.length, bytes: bytes + cached, cached };
}

async function sizeOfBank(db: Database, name: string): Promise<number> {
  return sizeOf(await db.get('packed', name)) + (await sizeUnder(db, 'entries', name));
}

async function sizeUnder(db: Database, table: 'entries' | 'traces', first: string): Promise<number> {
  let bytes = 0;
  let cursor = await db.transaction(table).store.openCursor(keysUnder(first) as never);
  while (cursor !== null) {
    bytes += sizeOf(cursor.value);
    cursor = await cursor.continue();
  }
  return bytes;
}

function amount(records: readonly unknown[]): Amount {
  return { count: records.length, bytes: records.reduce((sum: number, one) => sum + sizeOf(one), 0) };
}

/** About what a record takes: its text, and its numbers where they are packed. */
export function sizeOf(record: unknown): number {
  let packed = 0;
  const text = JSON.stringify(record, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    packed += value.byteLength;
    return null;
  });
  return (text?.length ?? 0) + packed;
}

/** Deletes everything of these kinds in one go. */
export function deleteOwn(kinds: readonly OwnKind[]): Promise<Result<Deletion | undefined>> {
  const tables = kinds.flatMap((kind) => TABLES[kind]);
  return deleting(tables, async (taking) => {
    for (const table of tables) await taking.all(table);
  });
}
