import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Refusal } from '../../base/result.ts';
import { type BadServer, badServer, type Misdeed } from '../../testing/bad-server.ts';
import { memoryStore, type StoreInMemory } from '../../testing/memory-store.ts';
import { type DownloadOptions, type DownloadProgress, download } from './download.ts';
import type { DownloadFile } from './plan.ts';

let server: BadServer;
let store: StoreInMemory;
beforeEach(async () => {
  server = await badServer();
  store = memoryStore();
});
afterEach(() => server.stop());

/** Puts a file on the server and says what it should be. */
function publish(name: string, length: number, seed = 7): DownloadFile {
  const content = Uint8Array.from({ length }, (_, i) => (i * seed + (i >> 8)) & 255);
  server.files.set(name, content);
  const hex = createHash('sha256').update(content).digest('hex');
  return { name, bytes: length, digest: { algorithm: 'sha256', hex }, url: server.address + name };
}

interface Ran {
  readonly result: Awaited<ReturnType<typeof download>>;
  readonly progress: DownloadProgress[];
  readonly troubles: Refusal[];
  readonly pauses: number[];
}

async function run(files: readonly DownloadFile[], options: Partial<DownloadOptions> = {}): Promise<Ran> {
  const progress: DownloadProgress[] = [];
  const pauses: number[] = [];
  let now = 0;
  const result = await download(files, {
    fetch,
    store,
    pause: async (ms) => {
      pauses.push(ms);
    },
    stallMs: 400,
    signal: new AbortController().signal,
    onProgress: (one) => progress.push(one),
    clock: () => (now += 50),
    ...options,
  });
  const troubles = progress.map(({ trouble }) => trouble).filter((one) => one !== undefined);
  return { result, progress, troubles: [...new Set(troubles)], pauses };
}

/** Whether the runtime sees exactly what the server has. */
function whole(name: string): boolean {
  return Buffer.from(server.files.get(name) ?? []).equals(store.files.get(name) ?? Buffer.of(1));
}

test('four files are fetched at a time, no more and no fewer', async () => {
  const files = Array.from({ length: 9 }, (_, i) => publish(`${i}.bin`, 1000));
  let asked = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const together: typeof fetch = async (...request) => {
    // Nobody is answered before the fourth has asked, and a fifth would have had the time to.
    if (++asked === 4) setTimeout(release, 20);
    await released;
    return fetch(...request);
  };
  let first = 0;
  void released.then(() => {
    first = asked;
  });
  const { result } = await run(files, { fetch: together, stallMs: 5000 });
  expect(result.ok).toBe(true);
  expect(first).toBe(4);
});

test('files come whole, and the figures add up', async () => {
  const files = [
    publish('config.json', 100),
    publish('a.bin', 300_000),
    publish('b.bin', 200_000),
    publish('e', 0),
  ];
  const { result, progress } = await run(files);
  expect(result).toEqual({ ok: true, value: true });
  for (const { name } of files) expect(whole(name)).toBe(true);
  expect(store.parts.size).toBe(0);
  expect(server.sent).toBe(500_100);
  const bytes = progress.map(({ bytesDone }) => bytesDone);
  expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
  expect(progress.at(-1)).toMatchObject({ filesDone: 4, files: 4, bytesDone: 500_100, bytes: 500_100 });
  expect(progress.at(-1)?.remainingMs).toBe(0);
});

describe('what may pass is tried again', () => {
  test.each<[Misdeed, string]>([
    ['cut', 'HOST_UNREACHABLE'],
    ['cut-at-once', 'HOST_UNREACHABLE'],
    ['stall', 'HOST_UNREACHABLE'],
    ['wrong-bytes', 'DIGEST_WRONG'],
    ['longer', 'HOST_FAILED'],
    ['shorter', 'HOST_FAILED'],
    [429, 'HOST_FAILED'],
    [500, 'HOST_FAILED'],
    [416, 'HOST_FAILED'],
  ])('%s', async (misdeed, code) => {
    const file = publish('a.bin', 300_000);
    server.misdeeds.set('a.bin', [misdeed, misdeed]);
    const { result, troubles } = await run([file]);
    expect(result.ok).toBe(true);
    expect(whole('a.bin')).toBe(true);
    expect(troubles.map((one) => one.code)).toContain(code);
  });

  test('pauses grow, and go back after a byte came', async () => {
    const file = publish('a.bin', 300_000);
    server.misdeeds.set('a.bin', [500, 500, 500, 'cut', 500]);
    const { result, pauses } = await run([file]);
    expect(result.ok).toBe(true);
    expect(pauses).toEqual([1000, 2000, 4000, 1000, 2000]);
  });

  test('a cut connection goes on at its byte; nothing comes twice', async () => {
    const file = publish('a.bin', 300_000);
    server.misdeeds.set('a.bin', ['cut']);
    await run([file]);
    expect(server.requests[1]).toMatch(/^a\.bin [1-9]\d+$/);
    expect(server.sent).toBe(300_000);
  });

  test('a host without ranges begins again, and the file is right', async () => {
    const file = publish('a.bin', 300_000);
    server.misdeeds.set('a.bin', ['cut', 'no-ranges']);
    expect((await run([file])).result.ok).toBe(true);
    expect(whole('a.bin')).toBe(true);
  });

  test("a host that answers with another part isn't believed", async () => {
    const file = publish('a.bin', 300_000);
    server.misdeeds.set('a.bin', ['cut', 'other-part']);
    expect((await run([file])).result.ok).toBe(true);
    expect(whole('a.bin')).toBe(true);
  });

  test('redirects are followed', async () => {
    const file = publish('a.bin', 1000);
    server.misdeeds.set('a.bin', ['redirect']);
    expect((await run([file])).result.ok).toBe(true);
  });

  test('one bad shard is fetched again, and no other', async () => {
    const files = ['a.bin', 'b.bin', 'c.bin'].map((name) => publish(name, 100_000));
    server.misdeeds.set('b.bin', ['wrong-bytes']);
    const { progress } = await run(files);
    expect(server.requests.toSorted()).toEqual(['a.bin', 'b.bin', 'b.bin', 'c.bin']);
    expect(progress.at(-1)?.bytesDone).toBe(300_000);
  });
});

describe('what will not pass is refused, with nothing unverified to be seen', () => {
  test.each<[Misdeed, string]>([
    [404, 'FILE_MISSING'],
    [403, 'FILE_FORBIDDEN'],
    ['html', 'NOT_DATA'],
    ['html-as-data', 'NOT_DATA'],
    ['wrong-bytes', 'DIGEST_WRONG'],
    ['longer', 'HOST_FAILED'],
    ['cut-at-once', 'HOST_UNREACHABLE'],
    [500, 'HOST_FAILED'],
  ])('always %s', async (misdeed, code) => {
    server.always = misdeed;
    const { result, pauses } = await run([publish('a.bin', 100_000)]);
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(store.files.size).toBe(0);
    expect(pauses.length).toBeLessThan(6);
    expect(server.requests.length).toBeLessThanOrEqual(6);
  });

  test('a file that is announced with another length', async () => {
    const file = publish('a.bin', 1000);
    expect((await run([{ ...file, bytes: 999 }])).result).toMatchObject({ error: { code: 'HOST_FAILED' } });
    expect((await run([{ ...file, bytes: 1001 }])).result).toMatchObject({ error: { code: 'HOST_FAILED' } });
    expect(store.files.size).toBe(0);
  });

  test('the first refusal ends the others', async () => {
    const files = [publish('a.bin', 10), publish('b.bin', 5_000_000)];
    server.bytesPerSecond = 1_000_000;
    server.misdeeds.set('a.bin', [404]);
    const { result } = await run(files);
    expect(result).toMatchObject({ error: { code: 'FILE_MISSING' } });
    expect(server.sent).toBeLessThan(5_000_000);
  });

  test('no room: what is here is kept, and goes on when there is', async () => {
    const file = publish('a.bin', 300_000);
    store.room = 200_000;
    expect((await run([file])).result).toMatchObject({ error: { code: 'STORAGE_QUOTA' } });
    expect(store.parts.get('a.bin')?.length).toBeGreaterThan(0);
    store.room = Number.POSITIVE_INFINITY;
    expect((await run([file])).result.ok).toBe(true);
    expect(whole('a.bin')).toBe(true);
    expect(server.requests[1]).toMatch(/^a\.bin [1-9]\d+$/);
  });
});

describe('stopped and resumed', () => {
  test('at any byte, without fetching anything twice', async () => {
    const files = [publish('a.bin', 400_000), publish('b.bin', 300_000)];
    for (let visits = 0; visits < 4; visits++) {
      const stopping = new AbortController();
      let appended = 0;
      store.onAppend = () => {
        if (++appended === 3) stopping.abort();
      };
      const { result } = await run(files, { signal: stopping.signal });
      if (result.ok) break;
      expect(result.error.code).toBe('DOWNLOAD_STOPPED');
    }
    store.onAppend = () => {};
    const { result, progress } = await run(files);
    expect(result.ok).toBe(true);
    for (const { name } of files) expect(whole(name)).toBe(true);
    expect(progress.at(-1)).toMatchObject({ filesDone: 2, bytesDone: 700_000 });
  });

  test('what changed on the disk meanwhile is found and fetched again', async () => {
    const file = publish('a.bin', 300_000);
    const kept = (server.files.get('a.bin') ?? new Uint8Array()).slice(0, 100_000);
    kept[5] = (kept[5] ?? 0) ^ 1;
    store.parts.set('a.bin', kept);
    const { result, troubles } = await run([file]);
    expect(result.ok).toBe(true);
    expect(troubles.map(({ code }) => code)).toEqual(['DIGEST_WRONG']);
    expect(whole('a.bin')).toBe(true);
  });

  test('a part that is longer than its file is thrown away', async () => {
    const file = publish('a.bin', 1000);
    store.parts.set('a.bin', new Uint8Array(2000));
    expect((await run([file])).result.ok).toBe(true);
    expect(whole('a.bin')).toBe(true);
  });

  test("what is here isn't asked for", async () => {
    const file = publish('a.bin', 1000);
    store.files.set('a.bin', server.files.get('a.bin') ?? new Uint8Array());
    const { progress } = await run([file]);
    expect(server.requests).toEqual([]);
    expect(progress.at(-1)).toMatchObject({ filesDone: 1, bytesDone: 1000 });
  });
});

test("git's own digest is as good as SHA-256", async () => {
  const file = publish('config.json', 500);
  const body = server.files.get('config.json') ?? new Uint8Array();
  const hex = createHash('sha1').update(`blob ${body.length}\0`).update(body).digest('hex');
  const planned: DownloadFile = { ...file, digest: { algorithm: 'git-sha1', hex } };
  server.misdeeds.set('config.json', ['wrong-bytes']);
  const { result, troubles } = await run([planned]);
  expect(result.ok).toBe(true);
  expect(troubles.map(({ code }) => code)).toEqual(['DIGEST_WRONG']);
});
