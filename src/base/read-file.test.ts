import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { blobBytes, openFiles, openZip } from '../engine/import/index.ts';
import { DISK_PATIENCE, readPicked, readPickedText } from './read-file.ts';
import { unwrap } from './result.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A drive that has gone: what is asked of it from now on is never answered. */
function goAway(): void {
  vi.spyOn(Blob.prototype, 'arrayBuffer').mockReturnValue(new Promise(() => {}));
}

async function afterPatience<T>(asked: Promise<T>): Promise<T> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(DISK_PATIENCE);
  return asked;
}

const SILENT = expect.stringContaining("didn't answer for 30 seconds");

test('a file is read whole, in pieces where it is large', async () => {
  const bytes = Uint8Array.from({ length: 9_000_001 }, (_, i) => i % 251);
  const read = await readPicked(new File([bytes], 'a'));
  expect(read.ok && Buffer.from(read.value).equals(bytes)).toBe(true);
  expect(await readPickedText(new File(['\ufeffein Löffel'], 'a'))).toEqual({
    ok: true,
    value: 'ein Löffel',
  });
  expect(vi.getTimerCount()).toBe(0);
});

test('a file that was deleted after it was picked, and a drive that has gone, are said', async () => {
  const file = new File(['text'], 'a.jsonl');
  vi.spyOn(Blob.prototype, 'arrayBuffer').mockRejectedValueOnce(
    new Error('A requested file could not be found'),
  );
  expect(await readPickedText(file)).toMatchObject({
    error: {
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('could not be found. Choose it again'),
    },
  });
  goAway();
  expect(await afterPatience(readPicked(file))).toMatchObject({
    error: { code: 'FILE_UNREADABLE', message: SILENT, place: 'a.jsonl' },
  });
  expect(vi.getTimerCount()).toBe(0);
});

test('an archive on a drive that has gone is refused, and a cancel ends the waiting at once', async () => {
  const zip = new Blob([new Uint8Array(1000)]);
  goAway();
  expect(await afterPatience(openZip(blobBytes(zip)))).toMatchObject({
    error: { code: 'SOURCE_UNREADABLE', message: SILENT },
  });
  const stopping = new AbortController();
  const asked = openZip(blobBytes(zip, stopping.signal), { signal: stopping.signal });
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  stopping.abort();
  expect(await asked).toMatchObject({ error: { code: 'CANCELLED' } });
});

test('a folder of games on a drive that has gone is given up as a whole, not game by game', async () => {
  const set = unwrap(openFiles([{ path: 'set/train/a-1/trial_1/game.tw-pddl', blob: new Blob(['{}']) }]));
  const [game] = set.games;
  goAway();
  expect(await afterPatience(set.read(game?.key ?? ''))).toMatchObject({
    error: { code: 'SOURCE_UNREADABLE', message: SILENT },
  });
});
