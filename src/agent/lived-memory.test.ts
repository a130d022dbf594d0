import { expect, test, vi } from 'vitest';
import { ok } from '../base/result.ts';
import type { Embedder } from '../memory/embedder.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import { SAMPLE_EMBEDDER, sampleEntry, sampleVector } from '../testing/sample.ts';
import { LivedMemory } from './lived-memory.ts';

test('several memories are learnt with one call of the embedder, and each is found by its own task', async () => {
  const embed = vi.fn(async (texts: readonly string[]) => ok(texts.map((text) => sampleVector(text))));
  const embedder: Embedder = { identity: SAMPLE_EMBEDDER, embed };
  const store = createInMemoryStore();
  const lived = new LivedMemory(store, embedder);
  const entries = ['wash a mug.', 'heat a mug.', 'wash a mug.'].map((task, i) =>
    sampleEntry({ id: `${i}`, task, home: `home ${i}` }),
  );
  expect(await lived.learnAll(entries)).toEqual(ok(true));
  expect(embed.mock.calls).toEqual([[['wash a mug.', 'heat a mug.']]]);
  expect(lived.own.map(({ id }) => id)).toEqual(['0', '1', '2']);
  const recall = await lived.recall();
  if (!recall.ok) throw new Error(recall.error.message);
  const found = await recall.value.recall({
    task: 'heat a mug.',
    taskType: '',
    game: 'another',
    k: 1,
    home: undefined,
    scripts: 'teacher',
    trajectory: false,
  });
  expect(found.ok && found.value.scripts.map(({ id }) => id)).toEqual(['1']);
});
