/**
 * The adapters of this device and the practice that was cut off, in IndexedDB (through idb).
 *
 *     adapters    id → StoredAdapter
 *     practice    'now' → StoredPractice    at most one is under way or cut off
 *
 * Later versions append a step to MIGRATIONS and never change an earlier one.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import { ok, type Result } from '../base/result.ts';
import { storeRefusal } from '../memory/store.ts';
import type { Lesson } from '../students/practice/lesson.ts';
import type { PracticeSettings, PracticeState, PracticeStep } from '../students/practice/practice.ts';
import { type Migrations, withDatabase } from './patient-open.ts';

/** Never change this name: users' adapters lie under it. */
const DATABASE = 'duomem-adapters';

export interface StoredAdapter {
  readonly id: string;
  /** As the person calls it. */
  readonly name: string;
  /** When it was made or imported, ISO 8601. */
  readonly made: string;
  /** SHA-256 of the base's model.safetensors, in hex. */
  readonly base: string;
  /** adapter_config.json */
  readonly config: string;
  /** adapter_model.safetensors */
  readonly weights: Uint8Array<ArrayBuffer>;
  /** Whether the pocket student plays with it. */
  readonly on: boolean;
  /** What is added is multiplied with it; 1 as it was trained. */
  readonly strength: number;
  /** The chore that was practised, by its word (own-chore.ts); absent where it was imported. */
  readonly chore?: string;
  /** The episodes that it was trained on, for the exam's memories and so that none of their homes is examined. */
  readonly lessons?: readonly StoredLesson[];
  /** Deleted, and may be brought back. */
  readonly removed?: true;
}

export interface StoredLesson extends Lesson {
  readonly key: string;
  readonly task: string;
  readonly taskType: string;
}

export interface StoredPractice {
  readonly name: string;
  readonly chore: string;
  readonly base: string;
  readonly lessons: readonly StoredLesson[];
  readonly settings: PracticeSettings;
  readonly steps: readonly PracticeStep[];
  /** Undefined before the first batch was kept. */
  readonly state?: PracticeState;
}

interface Tables extends DBSchema {
  adapters: { key: string; value: StoredAdapter };
  practice: { key: string; value: StoredPractice };
}

const MIGRATIONS: Migrations<Tables> = [
  (db) => {
    db.createObjectStore('adapters', { keyPath: 'id' });
    db.createObjectStore('practice');
  },
];

async function withTables<T>(work: (db: IDBPDatabase<Tables>) => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await withDatabase(DATABASE, MIGRATIONS, work));
  } catch (error) {
    return storeRefusal(error);
  }
}

/** The latest first, without those that were deleted. Codes: those of storeRefusal, as for the others. */
export function readAdapters(): Promise<Result<readonly StoredAdapter[]>> {
  return withTables(async (db) =>
    (await db.getAll('adapters'))
      .filter(({ removed }) => removed !== true)
      .sort((a, b) => (a.made < b.made ? 1 : -1)),
  );
}

/** Undefined where there is none, or only a deleted one. */
export async function readAdapter(id: string): Promise<Result<StoredAdapter | undefined>> {
  const all = await readAdapters();
  return all.ok ? ok(all.value.find((one) => one.id === id)) : all;
}

/**
 * Puts adapters in place of those with their ids, all or none.
 * @returns how it's undone
 */
export function putAdapters(adapters: readonly StoredAdapter[]): Promise<Result<() => Promise<unknown>>> {
  return withTables(async (db) => {
    const transaction = db.transaction('adapters', 'readwrite');
    const before = await Promise.all(adapters.map(({ id }) => transaction.store.get(id)));
    for (const adapter of adapters) await transaction.store.put(adapter);
    await transaction.done;
    return () =>
      withTables(async (again) => {
        for (const [i, { id }] of adapters.entries()) {
          const old = before[i];
          if (old === undefined) await again.delete('adapters', id);
          else await again.put('adapters', old);
        }
      });
  });
}

export function saveAdapter(adapter: StoredAdapter): Promise<Result<string>> {
  return withTables((db) => db.put('adapters', adapter));
}

/** Changes some of an adapter; true where there is one of this id. */
export function changeAdapter(id: string, change: Partial<StoredAdapter>): Promise<Result<boolean>> {
  return replaceAdapter(id, (before) => ({ ...before, ...change }));
}

/** Marks as deleted, or brings back; false where there is none of this id, and where it is marked as deleted already. */
export function markAdapter(id: string, removed: boolean): Promise<Result<boolean>> {
  return replaceAdapter(id, ({ removed: before, ...rest }) => {
    if (removed) return before === true ? undefined : { ...rest, removed };
    return rest;
  });
}

/** @param changed undefined where it is to stay as it is */
function replaceAdapter(
  id: string,
  changed: (before: StoredAdapter) => StoredAdapter | undefined,
): Promise<Result<boolean>> {
  return withTables(async (db) => {
    const transaction = db.transaction('adapters', 'readwrite');
    const before = await transaction.store.get(id);
    const now = before === undefined ? undefined : changed(before);
    if (now !== undefined) await transaction.store.put(now);
    await transaction.done;
    return now !== undefined;
  });
}

/** Ids of those that are marked as deleted. */
export function removedAdapters(): Promise<Result<readonly string[]>> {
  return withTables(async (db) =>
    (await db.getAll('adapters')).filter(({ removed }) => removed === true).map(({ id }) => id),
  );
}

/** Makes a deletion final; of all that are marked where no id is given. */
export function purgeAdapters(id?: string): Promise<Result<void>> {
  return withTables(async (db) => {
    for (const one of await db.getAll('adapters'))
      if (one.removed === true && (id === undefined || one.id === id)) await db.delete('adapters', one.id);
  });
}

export function readPractice(): Promise<Result<StoredPractice | undefined>> {
  return withTables((db) => db.get('practice', 'now'));
}

export function savePractice(practice: StoredPractice): Promise<Result<string>> {
  return withTables((db) => db.put('practice', practice, 'now'));
}

export function forgetPractice(): Promise<Result<void>> {
  return withTables((db) => db.delete('practice', 'now'));
}
