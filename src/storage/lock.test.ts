/** Locks that a browser neither gives nor refuses: whoever asks is told so, and what comes late is let go at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../base/result.ts';
import { alone, holdTogether, withLock, withLockOrNot } from './lock.ts';

let give: (lock: object | null) => Promise<unknown> = async () => undefined;
const work = vi.fn(async () => ok(1));

beforeEach(() => {
  vi.useFakeTimers();
  work.mockClear();
  const request = (_name: string, _options: LockOptions, given: typeof give) =>
    new Promise((resolve) => {
      give = async (lock) => resolve(await given(lock));
    });
  vi.stubGlobal('navigator', { locks: { query: async () => ({}), request } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const held = { ok: false, error: { code: 'LOCK_HELD' } };
const silent = "the lock of this browser's tabs didn't answer for 60 seconds";

test.each([
  ['which only one tab may hold', () => withLock('a', work), held],
  ['which is refused at once where another holds it', () => alone('a', 'busy', work), held],
  ['which tabs hold together', () => holdTogether('a'), silent],
  ['which nobody may hold', () => withLockOrNot('a', async () => void (await work())), silent],
])('a lock %s', async (_, ask: () => Promise<unknown>, told: unknown) => {
  const answer = ask().catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer).toEqual(typeof told === 'string' ? told : expect.objectContaining({ ok: false }));
  if (typeof told !== 'string') expect(await answer).toMatchObject(told as object);
  await give({});
  expect(work).not.toHaveBeenCalled();
});

test('what is done under a lock may take as long as it takes', async () => {
  const slow = () =>
    new Promise<ReturnType<typeof ok<number>>>((done) => setTimeout(() => done(ok(2)), 600_000));
  const answers = [withLock('a', slow)];
  await vi.advanceTimersByTimeAsync(10);
  void give({});
  await vi.advanceTimersByTimeAsync(600_000);
  expect(await answers[0]).toEqual(ok(2));
});
