import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { formatTrace } from '../agent/trace-file.ts';
import { unwrap } from '../base/result.ts';
import { episodeResult } from '../eval/result.ts';
import type { RunRecord } from '../protocol/data.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { traceOf } from '../testing/traces.ts';

const BYTES = 20_000;
vi.mock('./archive-format.ts', async (original) => {
  const whole = await original<typeof import('./archive-format.ts')>();
  return { ...whole, ARCHIVE_LIMITS: { ...whole.ARCHIVE_LIMITS, bytes: BYTES } };
});
beforeEach(() => {
  vi.resetModules();
  globalThis.indexedDB = new IDBFactory();
});

const trace = traceOf({ key: 'train/look/1' }, [
  { reply: 'Thought: a\nAction: look', observation: 'ä'.repeat(1500) },
]);
const text = formatTrace(trace);
const embedder = sampleEmbedder();

/** The modules as a fresh worker has them. */
async function load() {
  const [episodes, runs, write, read, restoring, { openUserDatabase }] = await Promise.all([
    import('./episodes.ts'),
    import('./runs.ts'),
    import('./archive-write.ts'),
    import('./archive-read.ts'),
    import('./restore.ts'),
    import('./user-db.ts'),
  ]);
  return { ...episodes, ...runs, ...write, ...read, ...restoring, db: unwrap(await openUserDatabase()) };
}

const FULL = { ok: false, error: { code: 'KEPT_FULL' } };

test('episodes come in until one backup is full; what there is can be backed up, and deleting makes room', async () => {
  const page = await load();
  let kept = 0;
  while ((await page.keepEpisode(text)).ok) kept++;
  expect(kept).toBe(Math.floor(BYTES / new TextEncoder().encode(text).length));
  expect(await page.keepEpisode(text)).toMatchObject(FULL);
  const run: RunRecord = {
    id: 'run',
    title: 'a run',
    student: 'scripted',
    settings: DEFAULT_SETTINGS,
    games: [],
    results: [],
  };
  expect(await page.saveRun(run)).toMatchObject({ ok: true });
  expect(await page.addResult('run', episodeResult(trace), text)).toMatchObject(FULL);
  // Also for a worker that has counted nothing yet.
  vi.resetModules();
  const later = await load();
  expect(await later.keepEpisode(text)).toMatchObject(FULL);

  const backup = unwrap(await later.writeArchive(later.db, () => {}));
  const archive = unwrap(await later.readArchive(backup));
  // What it replaces takes no room of its own.
  expect(await later.restore(later.db, embedder, archive, () => {})).toMatchObject({ ok: true });
  const other = {
    ...archive,
    episodes: archive.episodes.map((one) => ({ ...one, id: `other ${one.id}` })),
  };
  expect(await later.restore(later.db, embedder, other, () => {})).toMatchObject(FULL);

  const episodes = unwrap(await later.keptEpisodes());
  expect(episodes).toHaveLength(kept);
  await later.deleteEpisode(episodes[0]?.id ?? '');
  expect(await later.keepEpisode(text)).toMatchObject({ ok: true });
});

test('what another tab keeps or deletes is counted too', async () => {
  const mine = await load();
  vi.resetModules();
  const other = await load();
  // Both have counted what there is.
  for (const tab of [mine, other]) expect(await tab.keepEpisode(text)).toMatchObject({ ok: true });
  const channel = new BroadcastChannel('duomem-budget');
  const heard: unknown[] = [];
  channel.onmessage = ({ data }) => heard.push(data);
  let kept = 0;
  while ((await other.keepEpisode(text)).ok) kept++;
  await expect.poll(() => heard.length).toBe(kept);
  expect(kept).toBeGreaterThan(1);
  expect(await mine.keepEpisode(text)).toMatchObject(FULL);
  const episodes = unwrap(await other.keptEpisodes());
  await other.deleteEpisode(episodes[0]?.id ?? '');
  await expect.poll(() => heard.at(-1)).toBe('anew');
  expect(await mine.keepEpisode(text)).toMatchObject({ ok: true });
  channel.close();
});
