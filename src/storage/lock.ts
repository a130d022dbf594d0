/** Web Locks: what only one tab may do at a time. */
import { type Result, refuse } from '../base/result.ts';

/** Runs something that only one tab may do at a time; the others wait. */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (globalThis.navigator?.locks === undefined) return work();
  return (await navigator.locks.request(name, work)) as T;
}

/** Runs something that only one tab may do at a time, or refuses at once. Code BUSY_ELSEWHERE. */
export async function alone<T>(
  name: string,
  busy: string,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  if (globalThis.navigator?.locks === undefined) return work();
  return (await navigator.locks.request(name, { ifAvailable: true }, (lock) =>
    lock === null ? refuse('BUSY_ELSEWHERE', busy) : work(),
  )) as Result<T>;
}

/** Holds a lock together with others until the returned function is called. */
export function holdTogether(name: string): Promise<() => void> {
  const { locks } = globalThis.navigator ?? {};
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((held, failed) => {
    locks
      .request(name, { mode: 'shared' }, () => new Promise<void>((release) => held(() => release())))
      .catch(failed);
  });
}

/** Runs something only if nobody holds the lock, not even together with others. */
export async function withLockOrNot(name: string, work: () => Promise<void>): Promise<void> {
  if (globalThis.navigator?.locks === undefined) return work();
  await navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? undefined : work()));
}

/** Held while games or an archive are imported. */
export const IMPORT_LOCK = 'duomem-import';
export const IMPORT_BUSY =
  'Another import is under way, here or in another tab; wait for it or cancel it there.';
