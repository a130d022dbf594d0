import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Result, unwrap } from '../../base/result.ts';
import { type RawArchive, type RawEntry, rawZip } from '../../testing/raw-zip.ts';
import { arrayBytes } from './bytes.ts';
import type { GameSet } from './game-set.ts';
import { DEFAULT_IMPORT_LIMITS } from './limits.ts';
import { openZip } from './zip-set.ts';

const PATH = 'set/train/look-Bowl/trial_1/game.tw-pddl';
const OTHER = 'set/train/look-Bowl/trial_2/game.tw-pddl';
const KEY = 'train/look-Bowl/trial_1';
const LIMITS = { maxFiles: 5, maxKey: 200, maxGameBytes: 200_000, maxTotalBytes: 300_000, maxRatio: 50 };
const TEXT = 'what a game says, '.repeat(20);

const open = (bytes: Uint8Array, limits = LIMITS): Promise<Result<GameSet>> =>
  openZip(arrayBytes(bytes), { limits });

/** Opens and reads everything: what is wrong may show only then. */
async function readAll(bytes: Uint8Array): Promise<Result<Record<string, string>>> {
  const set = await open(bytes);
  if (!set.ok) return set;
  const texts: Record<string, string> = {};
  for (const { key } of set.value.games) {
    const text = await set.value.read(key);
    if (!text.ok) return text;
    texts[key] = text.value;
  }
  return { ok: true, value: texts };
}

const honest: readonly [string, readonly RawEntry[], RawArchive?][] = [
  ['deflated', [{ path: PATH, data: TEXT }]],
  ['stored', [{ path: PATH, data: TEXT, method: 0 }]],
  ['with a data descriptor', [{ path: PATH, data: TEXT, descriptor: true }]],
  ['zip64', [{ path: PATH, data: TEXT, zip64: true }]],
  ['with a comment', [{ path: PATH, data: TEXT }], { comment: 'made by a person' }],
  [
    'with folders',
    [
      { path: 'set/', method: 0, mode: 0o40755 },
      { path: PATH, data: TEXT },
    ],
  ],
  [
    'with other files',
    [
      { path: 'README', data: 'PK\x05\x06' },
      { path: PATH, data: TEXT },
    ],
  ],
  ['with a byte order mark', [{ path: PATH, data: `\ufeff${TEXT}` }]],
];

test.each(honest)('%s: an honest archive reads', async (_, entries, archive) => {
  expect(await readAll(rawZip(entries, archive))).toEqual({ ok: true, value: { [KEY]: TEXT } });
});

test("what isn't a game is counted and never unpacked", async () => {
  const other = { path: 'set/pictures.json', data: new Uint8Array(10 ** 6), declared: { crc: 1 } };
  const set = await open(rawZip([other, { path: 'set/', method: 0 }, { path: PATH, data: TEXT }]));
  expect(set).toMatchObject({ ok: true, value: { skipped: 1, refused: [], games: [{ key: KEY }] } });
});

const game = (over: Partial<RawEntry> = {}): RawEntry => ({ path: PATH, data: TEXT, ...over });
const zeros = new Uint8Array(100_000);

const hostile: readonly [string, string, readonly RawEntry[], RawArchive?][] = [
  // paths
  ['leads out', 'ZIP_PATH', [game(), { path: '../../train/a/b/game.tw-pddl' }]],
  ["leads out and isn't a game", 'ZIP_PATH', [game(), { path: 'a/../../.bashrc' }]],
  ['is absolute', 'ZIP_PATH', [game({ path: `/${PATH}` })]],
  ['has a drive letter', 'ZIP_PATH', [game({ path: `C:/${PATH}` })]],
  ['has backslashes', 'ZIP_PATH', [game({ path: PATH.replaceAll('/', '\\') })]],
  ['has a NUL', 'ZIP_PATH', [game({ path: `${PATH}\0.png` })]],
  ['is there twice', 'ZIP_DUPLICATE_PATH', [game(), game({ data: 'another' })]],
  // bombs
  ['claims an extreme ratio', 'ZIP_RATIO', [game({ data: zeros })]],
  ['unpacks to more than it says', 'ZIP_SIZE', [game({ data: zeros, declared: { size: 60_000 } })]],
  ['unpacks to less than it says', 'ZIP_CHECKSUM', [game({ declared: { size: 10_000 } })]],
  ['shares the bytes of another', 'ZIP_OVERLAP', [game(), game({ path: OTHER, sharesBytesOf: 0 })]],
  [
    'holds another',
    'ZIP_OVERLAP',
    [
      game({ method: 0, data: rawZip([game()]) }),
      game({ path: OTHER, declared: { offset: 30 + PATH.length } }),
    ],
  ],
  ['is one of too many', 'SET_TOO_MANY_FILES', Array.from({ length: 6 }, (_, i) => ({ path: `f${i}` }))],
  [
    'brings the set over its total',
    'SET_TOO_LARGE',
    ['1', '2', '3'].map((n) =>
      game({ path: `s/t/${n}/game.tw-pddl`, method: 0, data: new Uint8Array(150_000) }),
    ),
  ],
  // what can't be unpacked
  ['is encrypted', 'ZIP_ENCRYPTED', [game({ flags: 0x801 })]],
  ['is strongly encrypted', 'ZIP_ENCRYPTED', [game({ flags: 0x841 })]],
  ['is packed with LZMA', 'ZIP_METHOD', [game({ method: 14 })]],
  ['has a wrong checksum', 'ZIP_CHECKSUM', [game({ declared: { crc: 1 } })]],
  ["isn't deflate", 'ZIP_BROKEN', [game({ packed: new Uint8Array(9).fill(255) })]],
  // two readers, two contents
  ['has another path at its bytes', 'ZIP_AMBIGUOUS', [game({ local: { path: OTHER } })]],
  ['has another size at its bytes', 'ZIP_AMBIGUOUS', [game({ local: { size: 1 } })]],
  ['has another checksum at its bytes', 'ZIP_AMBIGUOUS', [game({ local: { crc: 1 } })]],
  ['has another method at its bytes', 'ZIP_AMBIGUOUS', [game({ local: { method: 0 } })]],
  ['has other flags at its bytes', 'ZIP_AMBIGUOUS', [game({ local: { flags: 0x801 } })]],
  ['has another checksum behind its bytes', 'ZIP_AMBIGUOUS', [game({ descriptor: true, local: { crc: 1 } })]],
  ["isn't where it should be", 'ZIP_AMBIGUOUS', [game({ declared: { offset: 7 } })]],
  ['has bytes before it', 'ZIP_AMBIGUOUS', [game()], { before: new Uint8Array(9) }],
  ['has bytes behind it', 'ZIP_AMBIGUOUS', [game()], { after: new Uint8Array(9) }],
  ["isn't counted", 'ZIP_AMBIGUOUS', [game(), game({ path: OTHER })], { count: 1 }],
  ['is counted twice', 'ZIP_TRUNCATED', [game()], { count: 2 }],
  ['has a directory elsewhere', 'ZIP_AMBIGUOUS', [game()], { directoryOffset: 5 }],
  ['has a directory of another length', 'ZIP_AMBIGUOUS', [game()], { directoryLength: 5 }],
  [
    'reaches beyond the archive',
    'ZIP_TRUNCATED',
    [game({ method: 0, declared: { compressedSize: 60_000, size: 60_000 } })],
  ],
];

test.each(hostile)('an entry that %s: %s', async (_, code, entries, archive) => {
  const result = await readAll(rawZip(entries, archive));
  expect(result).toMatchObject({ ok: false, error: { code } });
  if (!result.ok) expect(result.error.message).toMatch(/^[A-Z].*\.$/);
});

test('an archive cut off anywhere is refused as cut off', async () => {
  const bytes = rawZip([game(), game({ path: OTHER })]);
  for (let length = 2; length < bytes.length; length += 7) {
    expect(await open(bytes.subarray(0, length))).toMatchObject({
      ok: false,
      error: { code: 'ZIP_TRUNCATED' },
    });
  }
});

test.each([
  ['nothing', ''],
  ['text', "a text that isn't an archive, and long enough for one"],
  ['gzip', '\x1f\x8b'],
])("%s isn't a zip", async (_, text) => {
  const bytes = new TextEncoder().encode(text);
  expect(await open(bytes)).toMatchObject({ ok: false, error: { code: 'NOT_A_ZIP' } });
});

test('one part of a split archive is recognised', async () => {
  const bytes = rawZip([game()]);
  const end = bytes.length - 22;
  bytes[end + 4] = 1; // this is disk 1
  bytes[end + 6] = 0;
  expect(await open(bytes)).toMatchObject({ ok: false, error: { code: 'ZIP_SPLIT' } });
});

test('an archive without games is an empty set', async () => {
  expect(await open(rawZip([]))).toMatchObject({ ok: true, value: { games: [], skipped: 0 } });
});

test("a symbolic link with the name of a game isn't a game", async () => {
  const set = unwrap(
    await open(rawZip([game(), game({ path: OTHER, data: '/etc/passwd', method: 0, mode: 0o120777 })])),
  );
  expect(await set.read('train/look-Bowl/trial_2')).toMatchObject({
    ok: false,
    error: { code: 'GAME_LINK' },
  });
  expect(await set.read(KEY)).toEqual({ ok: true, value: TEXT });
});

test('a game may be read many times, and in any order', async () => {
  const set = unwrap(await open(rawZip([game(), game({ path: OTHER, data: 'two' })])));
  for (const [key, text] of [
    ['trial_2', 'two'],
    ['trial_1', TEXT],
    ['trial_2', 'two'],
    ['trial_2', 'two'],
  ]) {
    expect(await set.read(`train/look-Bowl/${key}`)).toEqual({ ok: true, value: text });
  }
});

test('an entry that lies about its size is stopped before it fills the memory', async () => {
  const data = new Uint8Array(10 ** 8);
  const bytes = rawZip([game({ data, declared: { size: 1000 } })]);
  const before = process.memoryUsage().rss;
  expect(await readAll(bytes)).toMatchObject({ ok: false, error: { code: 'ZIP_SIZE' } });
  expect(process.memoryUsage().rss - before).toBeLessThan(data.length / 2);
});

test("a directory that claims to be huge isn't read", async () => {
  let longest = 0;
  const end = rawZip([], { directoryLength: 2 ** 30, directoryOffset: 7, count: 9 });
  const size = 2 ** 31;
  const source = {
    size,
    async read(offset: number, length: number) {
      longest = Math.max(longest, length);
      const bytes = new Uint8Array(Math.min(length, size - offset));
      if (offset + bytes.length === size) bytes.set(end, bytes.length - end.length);
      return bytes;
    },
  };
  expect(await openZip(source, { limits: LIMITS })).toMatchObject({ ok: false });
  expect(longest).toBeLessThanOrEqual(2 ** 26);
});

test('a directory that sends its reader back and forth is given up', async () => {
  const entries = Array.from({ length: 2000 }, (_, i) => ({
    path: `${i}`,
    method: 0,
    declared: { offset: i % 2 ? 5 : 900_000 },
  }));
  const bytes = rawZip(
    [game({ method: 0, data: new Uint8Array(10 ** 6), declared: { offset: 5 } }), ...entries],
    {
      directoryOffset: 6,
    },
  );
  let reads = 0;
  const source = {
    size: bytes.length,
    async read(offset: number, length: number) {
      reads++;
      return bytes.slice(offset, offset + length);
    },
  };
  expect(await openZip(source, { limits: { ...LIMITS, maxFiles: 5000 } })).toMatchObject({ ok: false });
  expect(reads).toBeLessThanOrEqual(1001);
});

test('a source that fails is told from an archive that is bad, and is closed', async () => {
  let closed = 0;
  const source = { size: 1000, read: () => Promise.reject(new Error('the disk is gone')) };
  const set = await openZip(source, {}, async () => {
    closed++;
  });
  expect(set).toMatchObject({ ok: false, error: { code: 'SOURCE_UNREADABLE' } });
  expect(closed).toBe(1);
});

test('opening can be cancelled', async () => {
  const set = await openZip(arrayBytes(rawZip([game()])), { signal: AbortSignal.abort() });
  expect(set).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
});

test('whatever bytes are changed, nothing throws and no game reads as another text', async () => {
  const bytes = rawZip([game(), game({ path: OTHER, data: 'two', method: 0 }), { path: 'README' }]);
  const truth: Record<string, string> = { [KEY]: TEXT, 'train/look-Bowl/trial_2': 'two' };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 4,
      }),
      async (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        const result = await readAll(changed);
        for (const [key, text] of Object.entries(result.ok ? result.value : {}))
          expect(text).toBe(truth[key]);
      },
    ),
    { numRuns: 500 },
  );
});

test('the default limits leave room for sets many times the official one', () => {
  expect(DEFAULT_IMPORT_LIMITS.maxTotalBytes).toBeGreaterThan(5 * 315_599_578);
  expect(DEFAULT_IMPORT_LIMITS.maxGameBytes).toBeGreaterThan(20 * 138_334);
  expect(DEFAULT_IMPORT_LIMITS.maxRatio).toBeGreaterThan(5 * 12.2);
});

test('Cancel is heard while a large directory is listed', async () => {
  const stopping = new AbortController();
  const many = Array.from({ length: 3_000 }, (_, i) => ({ path: `a/${i}`, data: '', method: 0 }));
  const opening = openZip(arrayBytes(rawZip(many)), { signal: stopping.signal });
  setTimeout(() => stopping.abort());
  expect(await opening).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
});
