import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { unwrap } from '../base/result.ts';
import { readShippedBase, smallAdapter } from '../testing/pocket-base.ts';
import type { StoredAdapter } from './adapters-db.ts';

beforeEach(() => {
  vi.resetModules();
  globalThis.indexedDB = new IDBFactory();
});

/** The modules as another start of the page has them: with nothing held. */
async function start() {
  vi.resetModules();
  const [removed, db] = await Promise.all([import('./removed-adapters.ts'), import('./adapters-db.ts')]);
  return { ...removed, ...db };
}

async function adapter(id: string): Promise<StoredAdapter> {
  const { config, weights } = await smallAdapter(readShippedBase(), id);
  const lessons = [{ key: 'a/b/c', task: 'put it', taskType: 'x', intro: 'You are.', steps: [] }];
  return { id, name: id, made: '2026-11-01', base: 'b', config, weights, on: true, strength: 0.5, lessons };
}

test('a deleted adapter can be brought back until the page is closed, and the next start makes room', async () => {
  const page = await start();
  await page.saveAdapter(await adapter('gone'));
  await page.saveAdapter(await adapter('back'));
  // By two clicks: the second has nothing left to delete, and nothing to offer back.
  for (const id of ['gone', 'back']) {
    expect(await page.removeAdapter(id)).toEqual({ ok: true, value: true });
    expect(await page.removeAdapter(id)).toEqual({ ok: true, value: false });
  }
  await page.sweepAdapters();
  expect(await page.bringBackAdapter('back')).toEqual({ ok: true, value: true });
  expect(await page.removedAdapters()).toEqual({ ok: true, value: ['gone'] });
  const next = await start();
  await next.sweepAdapters();
  expect(await next.removedAdapters()).toEqual({ ok: true, value: [] });
  expect(await next.bringBackAdapter('gone')).toEqual({ ok: true, value: false });
  expect(await next.readAdapters()).toMatchObject({ ok: true, value: [{ id: 'back' }] });
});

test('an adapter goes into a backup and comes back, switched off; damaged weights are refused', async () => {
  const { packArchive } = await import('./archive-write.ts');
  const { readArchive } = await import('./archive-read.ts');
  const made = await adapter('mine');
  const pack = async (adapters: readonly StoredAdapter[]): Promise<Blob> => {
    const content = {
      async *memories() {},
      async *episodes() {},
      adapters,
      runs: [],
      sets: [],
    };
    return unwrap(await packArchive(content));
  };
  const read = await readArchive(await pack([made]));
  expect(read).toEqual({
    ok: true,
    value: { memories: [], sets: [], runs: [], episodes: [], adapters: [{ ...made, on: false }] },
  });
  const cut = { ...made, weights: made.weights.slice(0, -4) };
  expect(await readArchive(await pack([cut]))).toMatchObject({
    ok: false,
    error: { code: 'SAFETENSORS_LENGTH' },
  });
});
