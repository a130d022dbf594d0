/**
 * Opens and deletes databases with patience that ends. IndexedDB never answers while another tab holds an older version
 * open, and some browsers let a first opening hang.
 */
import { deleteDB, type IDBPDatabase, type OpenDBCallbacks, openDB } from 'idb';
import { Silent, within } from '../base/within.ts';

/** Milliseconds. */
export const STORE_PATIENCE = 20_000;
const WHO = "The browser's database";
const REMEDY = 'close the other tabs of this page, or start the browser again';

/** Rejects with Silent (within.ts), which says what helps; a database that comes later is closed at once. */
export async function openPatiently<Tables>(
  name: string,
  version: number,
  callbacks: OpenDBCallbacks<Tables> = {},
): Promise<IDBPDatabase<Tables>> {
  const opening = openDB<Tables>(name, version, callbacks);
  try {
    return await withRemedy(opening);
  } catch (error) {
    // What it fails with was told by then.
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  }
}

/** One step for each version, in their order; later versions append one and never change an earlier one. */
export type Migrations<Tables> = readonly ((db: IDBPDatabase<Tables>) => void)[];

/** Does something with a database that is opened for it, its tables made or migrated, and closed after it. Rejects as both do. */
export async function withDatabase<Tables, T>(
  name: string,
  migrations: Migrations<Tables>,
  work: (db: IDBPDatabase<Tables>) => Promise<T>,
): Promise<T> {
  const db = await openPatiently<Tables>(name, migrations.length, {
    upgrade: (opened, from) => {
      for (const migrate of migrations.slice(from)) migrate(opened);
    },
  });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** Rejects with Silent too. */
export function deletePatiently(name: string): Promise<void> {
  return withRemedy(deleteDB(name));
}

async function withRemedy<T>(answer: Promise<T>): Promise<T> {
  try {
    return await within(STORE_PATIENCE, WHO, answer);
  } catch (error) {
    throw error instanceof Silent ? new Silent(`${error.message}: ${REMEDY}.`) : error;
  }
}
