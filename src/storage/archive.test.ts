import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { formatTrace } from '../agent/trace-file.ts';
import { unwrap } from '../base/result.ts';
import { arrayBytes, openZip, ZipFileWriter } from '../engine/import/index.ts';
import { listZip } from '../engine/import/zip.ts';
import { episodeResult } from '../eval/result.ts';
import { generateHome } from '../homes/index.ts';
import type { RunRecord } from '../protocol/data.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry, sampleVector } from '../testing/sample.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { traceOf } from '../testing/traces.ts';
import { readArchive } from './archive-read.ts';
import { writeArchive } from './archive-write.ts';
import { type Database, openDatabase, type TableName } from './database.ts';
import { importSet } from './imports.ts';
import { indexedDbStore } from './indexeddb-store.ts';
import { reportOf, restore } from './restore.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => vi.restoreAllMocks());

const OWN: readonly TableName[] = ['user', 'sets', 'games', 'runs', 'traces', 'episodes'];

async function open(name: string): Promise<Database> {
  return unwrap(await openDatabase({ database: name }));
}

async function zipOf(files: Readonly<Record<string, string>>): Promise<Blob> {
  const chunks: BlobPart[] = [];
  const zip = new ZipFileWriter(
    new WritableStream({
      write: (chunk) => {
        chunks.push(chunk.slice());
      },
    }),
  );
  for (const [path, text] of Object.entries(files)) await zip.add(path, text);
  await zip.close();
  return new Blob(chunks);
}

const HOME = [0, 1].map((task) => generateHome(300).game(task));

/** A database with some of everything. */
async function full(name: string): Promise<Database> {
  const db = await open(name);
  const store = indexedDbStore(db);
  await store.install(sampleBank('bank', [sampleEntry({ id: 'shipped' })]), '1');
  for (const id of ['mine', 'mine too']) {
    await store.write(sampleEntry({ id, task: `task ${id}` }), sampleVector(`task ${id}`), SAMPLE_EMBEDDER);
  }
  await store.remove('shipped');
  const zip = await zipOf(Object.fromEntries(HOME.map(({ key, text }) => [`${key}/game.tw-pddl`, text])));
  const set = unwrap(await openZip(arrayBytes(new Uint8Array(await zip.arrayBuffer()))));
  unwrap(await importSet(db, 'home', set, () => {}, new AbortController().signal));
  const cards = HOME.map(({ key, taskType, room }) => ({
    source: { kind: 'imported' as const, key },
    key,
    task: 'put a mug in shelf.',
    taskType,
    room,
  }));
  const trace = traceOf({ key: HOME[0]?.key ?? '', taskType: HOME[0]?.taskType ?? '' }, [
    { reply: 'Thought: a\nAction: go to shelf 1', observation: 'Nothing happens.' },
  ]);
  const run: RunRecord = {
    id: '2026-01-01',
    title: '2 games',
    student: 'scripted',
    settings: DEFAULT_SETTINGS,
    games: cards,
    past: 'lived',
    results: [episodeResult(trace)],
  };
  await db.put('runs', run);
  await db.put('traces', formatTrace(trace), [run.id, trace.header.game.key]);
  await db.put('episodes', { id: '2026-01-02T03:04:05Z one', trace: formatTrace(trace) });
  return db;
}

/** What is the user's, without the ids of sets: an import gives new ones. */
async function contents(db: Database) {
  const sets = new Map((await db.getAll('sets')).map(({ id, name }) => [id, name]));
  const games = await db.getAll('games');
  const keys = await db.getAllKeys('games');
  return {
    user: (await db.getAllFromIndex('user', 'sequence')).map(({ sequence: _, ...record }) => record),
    sets: (await db.getAll('sets')).map(({ id: _, ...set }) => set),
    games: games.map((game, i) => ({ ...game, set: sets.get(keys[i]?.[0] ?? '') })),
    runs: await db.getAll('runs'),
    traces: await db.getAll('traces'),
    episodes: await db.getAll('episodes'),
  };
}

async function written(db: Database): Promise<Blob> {
  return unwrap(await writeArchive(db, () => {}));
}

async function take(db: Database, blob: Blob) {
  const archive = await readArchive(blob);
  return archive.ok ? restore(db, sampleEmbedder(), archive.value, () => {}) : archive;
}

async function filesOf(blob: Blob): Promise<Record<string, string>> {
  const listed = unwrap(await listZip(arrayBytes(new Uint8Array(await blob.arrayBuffer())), 100));
  const files: Record<string, string> = {};
  for (const entry of listed) {
    const bytes = await entry.read();
    if (bytes.ok) files[entry.path] = new TextDecoder().decode(bytes.value);
  }
  return files;
}

describe('everything as one file', () => {
  it('comes back as it was on another device, and once more changes nothing', async () => {
    const from = await full('from');
    const blob = await written(from);
    const to = await open('to');
    expect(await take(to, blob)).toEqual({ ok: true, value: true });
    const expected = await contents(from);
    // Pages sort and place a card by its key; where it came from isn't written down.
    const homes = expected.runs as RunRecord[];
    expect(await contents(to)).toEqual({
      ...expected,
      runs: homes.map((run) => ({
        ...run,
        games: run.games.map((card) => ({ ...card, source: { kind: 'imported', key: card.key } })),
      })),
    });
    expect(await take(to, blob)).toEqual({ ok: true, value: true });
    expect(await contents(to)).toMatchObject({ games: expected.games, sets: expected.sets });
    expect((await to.getAll('user')).length).toBe(3);
  });

  it('comes back however repetitive it is, and however long its names are', async () => {
    const db = await full('long');
    const said = { reply: 'x'.repeat(60_000), observation: 'y'.repeat(16_000) };
    const again = traceOf({ key: HOME[0]?.key ?? '', intro: 'z'.repeat(16_000) }, Array(60).fill(said));
    await db.put('episodes', { id: '2026-01-03T03:04:05Z again', trace: formatTrace(again) });
    // As an earlier version imported it.
    const key = `${'a'.repeat(300)}/${'b'.repeat(300)}/${'c'.repeat(408)}`;
    const game = { key, split: 'a', taskType: 'b', task: 't', text: HOME[0]?.text ?? '' };
    const set = {
      id: 'old 1',
      name: 'old',
      games: 1,
      bytes: game.text.length,
      bySplit: { ['a'.repeat(300)]: 1 },
    };
    await db.put('sets', set);
    await db.put('games', game, [set.id, key]);
    const other = await open('other long');
    expect(await take(other, await written(db))).toMatchObject({ ok: true });
    expect((await contents(other)).episodes).toEqual((await contents(db)).episodes);
    expect((await contents(other)).games.map((one) => one.key)).toContain(key);
  });

  it('is refused in words where the device could not hold it', async () => {
    const blob = await written(await full('from'));
    vi.stubGlobal('navigator', { deviceMemory: 1 / 2 ** 20 });
    try {
      expect(await readArchive(blob)).toMatchObject({ ok: false, error: { code: 'ARCHIVE_MEMORY' } });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(await readArchive(blob)).toMatchObject({ ok: true });
  });

  it('is told before it is taken', async () => {
    const from = await full('from');
    const archive = unwrap(await readArchive(await written(from)));
    const report = {
      memories: 2,
      hidden: 1,
      sets: [{ name: 'home', games: 2 }],
      runs: 1,
      episodes: 1,
      adapters: 0,
    };
    expect(await reportOf(await open('to'), archive)).toEqual({
      ok: true,
      value: { ...report, replaced: 0 },
    });
    expect(await reportOf(from, archive)).toEqual({ ok: true, value: { ...report, replaced: 6 } });
  });

  it.each([
    ['no zip', async () => new Blob(['nothing']), 'NOT_A_ZIP'],
    ['cut off', async (blob: Blob) => blob.slice(0, blob.size - 30), 'ZIP_TRUNCATED'],
    ['a zip of games', () => zipOf({ 'a/b/c/game.tw-pddl': '{}' }), 'ARCHIVE_NOT_ONE'],
    [
      'a newer version',
      edited({ 'duomem.json': (text) => text.replace('"version": 1', '"version": 9') }),
      'ARCHIVE_VERSION',
    ],
    ['another shape', edited({ 'duomem.json': (text) => text.replace('"runs"', '"rums"') }), 'ARCHIVE_SHAPE'],
    ['a trace that is none', edited({ 'episodes/00001.jsonl': () => '{}\n' }), 'TRACE_SHAPE'],
    ['a part too few', edited({ 'episodes/00001.jsonl': () => undefined }), 'ARCHIVE_PARTS'],
    ['a part too many', edited({ more: () => 'x' }), 'ARCHIVE_PARTS'],
    [
      'a memory without a task',
      edited({ 'memories.jsonl': (text) => text.replace('"task":"task mine"', '"task":""') }),
      'ENTRY_INVALID',
    ],
    ['memories that are missing', edited({ 'memories.jsonl': () => '' }), 'ARCHIVE_PARTS'],
    ['a bomb', edited({ 'memories.jsonl': () => ' '.repeat(5_000_000) }), 'ARCHIVE_PARTS'],
    ["a game that can't be played", edited({ game: () => '{"broken"' }), 'ARCHIVE_GAME'],
    ['a path that leads out', edited({ '../memories.jsonl': () => 'x' }), 'ZIP_PATH'],
  ] as const)('%s is refused, and nothing changes', async (_name, make, code) => {
    const from = await full('from');
    const blob = await make(await written(from));
    const to = await full('to');
    const before = await contents(to);
    expect(await take(to, blob)).toMatchObject({ ok: false, error: { code } });
    expect(await contents(to)).toEqual(before);
  });

  it.each(OWN)('a device that is full at the table %s keeps what it had', async (table) => {
    const from = await full('from');
    const to = await full('to');
    // Something else than what comes.
    await to.put('episodes', { id: 'another', trace: '' });
    const before = await contents(to);
    const blob = await written(from);
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === table) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args as Parameters<typeof put>);
    });
    expect(await take(to, blob)).toMatchObject({ ok: false, error: { code: 'STORE_QUOTA' } });
    expect(await contents(to)).toEqual(before);
  });

  it('a tab that dies in the middle leaves nothing that counts, and the next import sweeps', async () => {
    const from = await full('from');
    const to = await open('to');
    const blob = await written(from);
    // The tab is gone when everything but the last transaction is done: no clean-up runs.
    vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
      throw new DOMException('gone', 'AbortError');
    });
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = put.apply(this, args as Parameters<typeof put>);
      if (this.name === 'sets') this.transaction.abort();
      return request;
    });
    expect((await take(to, blob)).ok).toBe(false);
    vi.restoreAllMocks();
    expect(await to.count('games')).toBe(2);
    expect(await contents(to)).toMatchObject({ user: [], sets: [], runs: [], episodes: [] });
    expect(await take(to, blob)).toEqual({ ok: true, value: true });
    expect(await to.count('games')).toBe(2);
  });
});

type Edit = (text: string) => string | undefined;

/** The archive with some files changed; `game` stands for its first game. */
function edited(edits: Readonly<Record<string, Edit>>) {
  return async (blob: Blob): Promise<Blob> => {
    const files = await filesOf(blob);
    const game = Object.keys(files).find((path) => path.endsWith('game.tw-pddl')) ?? '';
    const result: Record<string, string> = { ...files };
    for (const [path, edit] of Object.entries(edits)) {
      const at = path === 'game' ? game : path;
      const text = edit(files[at] ?? '');
      if (text === undefined) delete result[at];
      else result[at] = text;
    }
    return zipOf(result);
  };
}
