import { expect, test, vi } from 'vitest';
import { unwrap } from '../base/result.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import { SearchIndex } from '../memory/search-index.ts';
import { sampleBank, sampleEntry } from '../testing/sample.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import type { RecallQuery } from './recall.ts';
import { openStoreRecall } from './store-recall.ts';

const QUERY: RecallQuery = {
  task: 'put a mug in shelf.',
  taskType: 'pick_and_place_simple',
  game: 'valid/x/y',
  home: undefined,
  k: 2,
  scripts: 'teacher',
  trajectory: true,
};

const NOTHING_SEEN = { intro: '', steps: [] };

async function open(...entries: Parameters<typeof sampleEntry>[0][]) {
  const store = createInMemoryStore();
  await store.install(sampleBank('official', entries.map(sampleEntry)), 'build1');
  return unwrap(await openStoreRecall(store, sampleEmbedder()));
}

test('memories that were read already are not read again', async () => {
  const store = createInMemoryStore();
  const entries = [sampleEntry({ id: 'a' })];
  await store.install(sampleBank('official', entries), 'build1');
  const packed = unwrap(await store.packed(sampleEmbedder().identity));
  const reading = vi.spyOn(store, 'packed');
  const recall = unwrap(await openStoreRecall(store, sampleEmbedder(), new SearchIndex(packed.bank)));
  expect(await recall.recall(QUERY)).toMatchObject({ ok: true, value: { scripts: [{ id: 'a' }] } });
  expect(reading).not.toHaveBeenCalled();
});

test('gives the nearest scripts and a reference trajectory with where they are from', async () => {
  const other = 'examine the book with the desklamp.';
  const recall = await open({ id: 'far', task: other }, { id: 'near' }, { id: 'own', home: 'home_1' });
  expect(recall.bank).toBe('official build1');
  const found = unwrap(await recall.recall({ ...QUERY, home: 'home_1' }));
  expect(found.scripts.map(({ id, ownHome }) => [id, ownHome])).toEqual([
    ['own', true],
    ['near', false],
  ]);
  expect(found.scripts[0]?.similarity).toBeCloseTo(1, 2);
  const { taskName, guidelines } = sampleEntry({ id: 'own' }).script;
  const seen = 'In this home mug was on desk 1.';
  expect(found.scripts[0]?.script).toEqual({ taskName, guidelines: `${seen} ${guidelines}` });
  expect(found.trajectory).toMatchObject({ id: 'own', ownHome: true });
  expect(found.trajectory?.trajectory).toEqual(sampleEntry({ id: 'own' }).trajectory);
});

test("never gives what was made from the game itself, nor another's scripts than asked for", async () => {
  const provenance = sampleEntry({ id: '' }).provenance;
  const recall = await open(
    { id: 'same', provenance: { ...provenance, game: 'train/x/y' } },
    { id: 'student', provenance: { ...provenance, maker: 'student', game: 'a/b/c' } },
    { id: 'person', provenance: { ...provenance, maker: 'person', game: 'd/e/f' } },
    { id: 'teacher', provenance: { ...provenance, game: 'g/h/i' } },
  );
  const ids = async (query: RecallQuery) => {
    const found = await recall.recall(query);
    return found.ok ? found.value.scripts.map(({ id }) => id) : found;
  };
  expect(await ids({ ...QUERY, k: 9 })).toEqual(['person', 'teacher']);
  expect(await ids({ ...QUERY, k: 9, scripts: 'student' })).toEqual(['student', 'person']);
});

test('gives no more than was asked for', async () => {
  const recall = await open({ id: 'a' }, { id: 'b' }, { id: 'c' });
  expect(await recall.recall({ ...QUERY, k: 0, trajectory: false })).toEqual({
    ok: true,
    value: { scripts: [] },
  });
});

test('memories of another embedding model are refused', async () => {
  const store = createInMemoryStore();
  await store.install(sampleBank('official', [sampleEntry({ id: 'a' })]), 'build1');
  const other = sampleEmbedder({ name: 'other', hash: 'ff', dimension: 8 });
  expect(await openStoreRecall(store, other)).toMatchObject({
    ok: false,
    error: { code: 'BANK_OTHER_EMBEDDER' },
  });
});

test('of what the own home keeps where, only the things of the task are told, by each of its scripts', async () => {
  const [mug, cd] = ['In this home mug was in cabinet 3.', 'In this home cd was in safe 1.'];
  const script = (guidelines: string) => ({ taskName: 'x', guidelines });
  const recall = await open(
    { id: 'own', home: 'home_1', trajectory: NOTHING_SEEN, script: script(`${mug} ${cd} Steps: take mug.`) },
    { id: 'of others', home: 'home_1', trajectory: NOTHING_SEEN, script: script(`${cd} Steps: take cd.`) },
    { id: 'nothing else', home: 'home_1', trajectory: NOTHING_SEEN, script: script(cd) },
  );
  const found = unwrap(await recall.recall({ ...QUERY, k: 3, home: 'home_1' }));
  const shown = new Map(found.scripts.map(({ id, script: { guidelines } }) => [id, guidelines]));
  expect(shown.get('of others')).toBe(`${mug} Steps: take cd.`);
  expect(shown.get('own')).toBe(`${mug} Steps: take mug.`);
  expect(shown.has('nothing else')).toBe(false);
});

test("a script of another home doesn't say where things were in it", async () => {
  const fact = 'In this home mug was in cabinet 3.';
  const script = { taskName: 'put a mug in shelf', guidelines: `${fact} Look for mug.` };
  const recall = await open(
    { id: 'own', home: 'home_1', trajectory: NOTHING_SEEN, script },
    { id: 'other', home: 'home_2', script: { ...script, guidelines: `${fact} Steps: take mug.` } },
    { id: 'nothing else', home: 'home_3', script: { ...script, guidelines: fact } },
  );
  const found = unwrap(await recall.recall({ ...QUERY, k: 3, home: 'home_1' }));
  expect(found.scripts.map(({ id, script: { guidelines } }) => [id, guidelines])).toEqual([
    ['own', `${fact} Look for mug.`],
    ['other', 'Steps: take mug.'],
  ]);
});

test("that a thing lies where the task would have it brought doesn't help to find it", async () => {
  const script = { taskName: 'x', guidelines: 'In this home mug was on shelf 1. Steps: take mug.' };
  const recall = await open({ id: 'own', home: 'home_1', trajectory: NOTHING_SEEN, script });
  const shown = async (task: string) => {
    const found = await recall.recall({ ...QUERY, task, home: 'home_1' });
    return found.ok ? found.value.scripts[0]?.script.guidelines : found;
  };
  expect(await shown('put a mug in shelf.')).toBe('Steps: take mug.');
  for (const task of ['put a mug in desk.', 'put a clean mug in shelf.']) {
    expect(await shown(task)).toBe(script.guidelines);
  }
});

test('what the past of a home says of where to look is given apart, for the things of the task, and of no other home', async () => {
  const recall = await open({ id: 'own', home: 'home_1' }, { id: 'other', home: 'home_2' });
  const searched = async (home: string | undefined, k = 3) => {
    const found = await recall.recall({ ...QUERY, k, home });
    return found.ok ? found.value.searched : found;
  };
  expect(await searched('home_1')).toEqual([
    { object: 'mug', places: [{ place: 'desk 1', looks: 1, there: 1 }] },
  ]);
  for (const unknown of [await searched('home_3'), await searched(undefined), await searched('home_1', 0)]) {
    expect(unknown).toBeUndefined();
  }
});
