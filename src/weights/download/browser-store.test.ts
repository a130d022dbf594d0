/** A browser's storage that never answers: whoever asks is told so, and nothing hangs. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { usableLocks } from '../../storage/lock.ts';
import { browserStore, deleteFile, deleteModel, isWhole, keptFile } from './browser-store.ts';

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

const FILE_NAME = 'params_shard_0.bin';
const FILE = { name: FILE_NAME, bytes: 9, digest: undefined, url: undefined } as never;

test.each([
  ['whether a file is there', () => browserStore('m').has(FILE)],
  ['how much of it', () => browserStore('m').partLength(FILE)],
  ['a part to write into', () => browserStore('m').open(FILE)],
  ['whether a model is whole', () => isWhole('m', [FILE])],
  ['to delete a model', () => deleteModel('m')],
  ['for a whole file', () => keptFile('m', FILE_NAME)],
  ['to delete a file', () => deleteFile('m', FILE_NAME)],
])('asked for %s', async (_, ask: () => Promise<unknown>) => {
  const answer = ask().catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer).toBe("the browser's storage didn't answer for 60 seconds");
});

test('locks that say nothing of themselves are done without', async () => {
  const locks = usableLocks();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await locks).toBeUndefined();
});

test("to delete a file of which it doesn't say how much is there", async () => {
  const file = { getFile: () => never };
  const folder = { getDirectoryHandle: async () => folder, getFileHandle: async () => file };
  vi.stubGlobal('caches', { open: async () => ({ delete: async () => true }) });
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => folder } });
  const answer = deleteFile('m', FILE_NAME).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer).toMatch(/didn't answer for 60 seconds/);
});

test('a file that opens when nobody waits any more is closed: it would keep every other try out', async () => {
  const access = { getSize: () => 0, flush: vi.fn(), close: vi.fn() };
  let open: (opened: typeof access) => void = () => {};
  const opening = new Promise<typeof access>((resolve) => {
    open = resolve;
  });
  const folder = {
    getDirectoryHandle: async () => folder,
    getFileHandle: async () => ({ createSyncAccessHandle: () => opening }),
  };
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => folder } });
  const answer = browserStore('m')
    .open(FILE)
    .catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer).toMatch(/didn't answer/);
  open(access);
  await vi.advanceTimersByTimeAsync(0);
  expect(access.close).toHaveBeenCalledTimes(1);
});
