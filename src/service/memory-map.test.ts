/** The map of tasks, of two banks that share them. */
import { expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import { SearchIndex } from '../memory/search-index.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry } from '../testing/sample.ts';
import { mapOf } from './memory-map.ts';

it('shows each task once, however many banks remember it', async () => {
  const store = createInMemoryStore();
  for (const name of ['teacher', 'student']) {
    const entries = ['put a mug in shelf.', 'put a mug in shelf.', 'clean a cup.'].map((task, i) =>
      sampleEntry({ id: `${name} ${i}`, task, taskType: i < 2 ? 'pick_and_place_simple' : 'pick_clean' }),
    );
    await store.install(sampleBank(name, entries), '1');
  }
  const packed = unwrap(await store.packed(SAMPLE_EMBEDDER));
  const map = unwrap(await mapOf(new SearchIndex(packed.bank), { store }));
  expect(map.dots.map(({ task, count }) => [task, count])).toEqual([
    ['put a mug in shelf.', 4],
    ['clean a cup.', 2],
  ]);
  expect(map.types).toEqual(['pick_and_place_simple', 'pick_clean']);
});
