/** Web Locks: what only one tab may do at a time. */
import { deferred } from '../base/deferred.ts';
import { type Result, refuse } from '../base/result.ts';
import { answerOf, Silent, within } from '../base/within.ts';

/** Milliseconds for another tab to finish what only one may do at a time: a browser may have put it to sleep in it. */
const LOCK_PATIENCE = 60_000;

/** The browser's locks; undefined without https, and where the browser refuses them or says nothing of them. */
export async function usableLocks(): Promise<LockManager | undefined> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  return (await answerOf(locks?.query())) === undefined ? undefined : locks;
}

/**
 * Asks for a lock, and does something with it as long as that takes. Rejects with Silent (src/base/within.ts) where it wasn't
 * given or refused within a minute; a lock that comes later is let go at once.
 */
async function withGiven<T>(
  locks: LockManager,
  name: string,
  options: Pick<LockOptions, 'ifAvailable' | 'mode'>,
  work: (lock: Lock | null) => Promise<T>,
): Promise<T> {
  const { promise: answered, resolve: answer } = deferred<Lock | null>();
  let wanted = true;
  const done = locks.request(name, options, async (lock) => {
    answer(lock);
    return wanted ? work(lock) : undefined;
  });
  try {
    await within(LOCK_PATIENCE, "the lock of this browser's tabs", Promise.race([answered, done]));
  } catch (error) {
    wanted = false;
    done.catch(() => {});
    throw error;
  }
  return (await done) as T;
}

/** Runs something that only one tab may do at a time; the others wait, for a minute at most. Code LOCK_HELD. */
export function withLock<T>(name: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
  return orHeld(name, {}, work);
}

/** Runs something that only one tab may do at a time, or refuses at once. Codes: LOCK_HELD, BUSY_ELSEWHERE. */
export function alone<T>(name: string, busy: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
  return orHeld(name, { ifAvailable: true }, (lock) =>
    lock === null ? Promise.resolve(refuse('BUSY_ELSEWHERE', busy)) : work(),
  );
}

async function orHeld<T>(
  name: string,
  options: Pick<LockOptions, 'ifAvailable'>,
  work: (lock: Lock | null | undefined) => Promise<Result<T>>,
): Promise<Result<T>> {
  const locks = await usableLocks();
  if (locks === undefined) return work(undefined);
  let begun = false;
  try {
    return await withGiven(locks, name, options, (lock) => {
      begun = true;
      return work(lock);
    });
  } catch (error) {
    if (begun || !(error instanceof Silent)) throw error;
    return refuse(
      'LOCK_HELD',
      'Another tab of this page is still starting after a minute: close it, and try again here.',
    );
  }
}

/** Holds a lock together with others until the returned function is called. Rejects as {@link withGiven} does. */
export async function holdTogether(name: string): Promise<() => void> {
  const locks = await usableLocks();
  if (locks === undefined) return () => {};
  return new Promise((held, failed) => {
    withGiven(
      locks,
      name,
      { mode: 'shared' },
      () => new Promise<void>((release) => held(() => release())),
    ).catch(failed);
  });
}

/** Runs something only if nobody holds the lock, not even together with others. Rejects as {@link withGiven} does. */
export async function withLockOrNot(name: string, work: () => Promise<void>): Promise<void> {
  const locks = await usableLocks();
  if (locks === undefined) return work();
  await withGiven(locks, name, { ifAvailable: true }, async (lock) => (lock === null ? undefined : work()));
}

/** Held while games or an archive are imported. */
export const IMPORT_LOCK = 'duomem-import';
export const IMPORT_BUSY =
  'Another import is under way, here or in another tab; wait for it or cancel it there.';
