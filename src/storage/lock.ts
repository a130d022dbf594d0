/** Web Locks: what only one tab may do at a time. */
import { type Result, refuse } from '../base/result.ts';
import { answerOf } from '../base/within.ts';

/** Milliseconds for another tab to finish what only one may do at a time: a browser may have put it to sleep in it. */
const LOCK_PATIENCE = 60_000;

/** The browser's locks; undefined without https, and where the browser refuses them or says nothing of them. */
export async function usableLocks(): Promise<LockManager | undefined> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  return (await answerOf(locks?.query())) === undefined ? undefined : locks;
}

/** Runs something that only one tab may do at a time; the others wait, for a minute at most. Code LOCK_HELD. */
export async function withLock<T>(name: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
  const locks = await usableLocks();
  if (locks === undefined) return work();
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), LOCK_PATIENCE);
  let begun = false;
  try {
    return await locks.request(name, { signal: waiting.signal }, () => {
      begun = true;
      clearTimeout(timer);
      return work();
    });
  } catch (error) {
    if (begun || !waiting.signal.aborted) throw error;
    return refuse(
      'LOCK_HELD',
      "Another tab of this page is getting itself ready and didn't finish within a minute: close it, and try again here.",
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Runs something that only one tab may do at a time, or refuses at once. Code BUSY_ELSEWHERE. */
export async function alone<T>(
  name: string,
  busy: string,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const locks = await usableLocks();
  if (locks === undefined) return work();
  return (await locks.request(name, { ifAvailable: true }, (lock) =>
    lock === null ? refuse('BUSY_ELSEWHERE', busy) : work(),
  )) as Result<T>;
}

/** Holds a lock together with others until the returned function is called. */
export async function holdTogether(name: string): Promise<() => void> {
  const locks = await usableLocks();
  if (locks === undefined) return () => {};
  return new Promise((held, failed) => {
    locks
      .request(name, { mode: 'shared' }, () => new Promise<void>((release) => held(() => release())))
      .catch(failed);
  });
}

/** Runs something only if nobody holds the lock, not even together with others. */
export async function withLockOrNot(name: string, work: () => Promise<void>): Promise<void> {
  const locks = await usableLocks();
  if (locks === undefined) return work();
  await locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? undefined : work()));
}

/** Held while games or an archive are imported. */
export const IMPORT_LOCK = 'duomem-import';
export const IMPORT_BUSY =
  'Another import is under way, here or in another tab; wait for it or cancel it there.';
