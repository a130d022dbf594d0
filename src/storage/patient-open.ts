/**
 * Opens, uses and deletes databases with patience that ends. IndexedDB never answers while another tab holds an older
 * version open, some browsers let a first opening hang, and a disk that fails may keep any request.
 */
import { deleteDB, type IDBPDatabase, type OpenDBCallbacks, openDB } from 'idb';
import { Silent, unlessSilent, within } from '../base/within.ts';

/** Milliseconds for opening and deleting. */
export const STORE_PATIENCE = 20_000;
/**
 * Milliseconds without an answer to any request: another tab that takes a backup in keeps the others waiting, and a phone
 * needs a minute for a large one.
 */
export const REQUEST_PATIENCE = 120_000;
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
    const db = await withRemedy(within(STORE_PATIENCE, WHO, opening));
    // They don't bubble, but they do come by on their way down.
    for (const type of ['success', 'complete'] as const) db.addEventListener(type, countAnswer, true);
    return db;
  } catch (error) {
    // What it fails with was told by then.
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  }
}

/** Of all databases, since this worker began. */
let answers = 0;

function countAnswer(): void {
  answers++;
}

/** Does something with a database that is open, as long as it answers. Rejects with Silent too. */
export async function whileAnswering<T>(work: () => Promise<T>): Promise<T> {
  let seen = answers;
  let looking: ReturnType<typeof setInterval> | undefined;
  const working = unlessSilent(REQUEST_PATIENCE, WHO, (heard) => {
    // Not at every answer: there may be a hundred thousand.
    looking = setInterval(() => {
      if (answers !== seen) heard();
      seen = answers;
    }, REQUEST_PATIENCE / 4);
    return work();
  });
  try {
    return await withRemedy(working);
  } finally {
    clearInterval(looking);
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
    return await whileAnswering(() => work(db));
  } finally {
    db.close();
  }
}

/** Rejects with Silent too. */
export function deletePatiently(name: string): Promise<void> {
  return withRemedy(within(STORE_PATIENCE, WHO, deleteDB(name)));
}

async function withRemedy<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Silent ? new Silent(`${error.message}: ${REMEDY}.`) : error;
  }
}
