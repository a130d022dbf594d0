/** A browser's storage that never answers: whoever asks is told so, and nothing hangs. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { usableLocks } from '../../storage/lock.ts';
import { browserStore, deleteModel, isWhole } from './browser-store.ts';

const never = new Promise<never>(() => {});
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('caches', { open: () => never, has: () => never });
  vi.stubGlobal('navigator', { storage: { getDirectory: () => never }, locks: { query: () => never } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const FILE = { name: 'params_shard_0.bin', bytes: 9, digest: undefined, url: undefined } as never;

test.each([
  ['whether a file is there', () => browserStore('m').has(FILE)],
  ['how much of it', () => browserStore('m').partLength(FILE)],
  ['a part to write into', () => browserStore('m').open(FILE)],
  ['whether a model is whole', () => isWhole('m', [FILE])],
  ['to delete a model', () => deleteModel('m')],
])('asked for %s', async (_, ask: () => Promise<unknown>) => {
  const answer = ask().catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer).toBe("the browser’s storage didn't answer for 60 seconds");
});

test('locks that say nothing of themselves are done without', async () => {
  const locks = usableLocks();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await locks).toBeUndefined();
});
