/**
 * Which models this device has or has begun to fetch, in IndexedDB (through idb). Their bytes lie elsewhere
 * (src/weights/download/browser-store.ts).
 *
 *     models    id → ModelEntry
 *
 * Later versions append a step to MIGRATIONS and never change an earlier one.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import { ok, type Result } from '../base/result.ts';
import type { ModelEntry } from '../weights/download/model-entry.ts';
import { storageRefusal } from '../weights/download/store.ts';
import { type Migrations, withDatabase } from './patient-open.ts';

/** Never change this name: users' models are listed in it. */
const DATABASE = 'duomem-models';

interface Tables extends DBSchema {
  models: { key: string; value: StoredModel };
}

/** One that was deleted may be brought back until its bytes are: they are still there. */
type StoredModel = ModelEntry & { readonly removed?: true };

const MIGRATIONS: Migrations<Tables> = [
  (db) => {
    db.createObjectStore('models', { keyPath: 'id' });
  },
];

async function withTable<T>(work: (db: IDBPDatabase<Tables>) => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await withDatabase(DATABASE, MIGRATIONS, work));
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  }
}

/** Codes: those of storageRefusal, as for the others. */
export function readModels(): Promise<Result<readonly ModelEntry[]>> {
  return withTable(async (db) => (await db.getAll('models')).filter(({ removed }) => removed !== true));
}

export function readModel(id: string): Promise<Result<ModelEntry | undefined>> {
  return withTable(async (db) => {
    const model = await db.get('models', id);
    return model?.removed === true ? undefined : model;
  });
}

/** Those that were deleted and may be brought back. */
export function removedModels(): Promise<Result<readonly ModelEntry[]>> {
  return withTable(async (db) =>
    (await db.getAll('models')).flatMap(({ removed, ...model }) => (removed === true ? [model] : [])),
  );
}

/** Marks a model as deleted. */
export function markRemoved(model: ModelEntry): Promise<Result<string>> {
  return withTable((db) => db.put('models', { ...model, removed: true }));
}

/** Keeps a model, or brings one back that was marked. */
export function saveModel(entry: ModelEntry): Promise<Result<string>> {
  return withTable((db) => db.put('models', entry));
}

export function forgetModel(id: string): Promise<Result<void>> {
  return withTable((db) => db.delete('models', id));
}
