import { expect, test, vi } from 'vitest';
import { ok, unwrap } from '../base/result.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import { sampleEntry } from '../testing/sample.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { LivedMemory } from './lived-memory.ts';

test('where one looked in a lost game is told in its home, to other games, until it is forgotten', async () => {
  const lived = new LivedMemory(createInMemoryStore(), sampleEmbedder());
  const { trajectory } = sampleEntry({ id: '' });
  lived.keepLost({ key: 'lost', home: 'home 1', trajectory });
  const searched = async (home: string, game = 'another') => {
    const recall = await lived.recall();
    const about = { task: 'put a mug in shelf.', taskType: '', k: 1, trajectory: false } as const;
    const found = recall.ok && (await recall.value.recall({ ...about, scripts: 'teacher', home, game }));
    return found !== false && found.ok ? found.value.searched : found;
  };
  const looked = [{ object: 'mug', places: [{ place: 'desk 1', looks: 1, there: 1 }] }];
  expect(await searched('home 1')).toEqual(looked);
  expect(await searched('home 2')).toBeUndefined();
  expect(await searched('home 1', 'lost')).toBeUndefined();
  lived.forgetLost((key) => key === 'other');
  expect(await searched('home 1')).toEqual(looked);
  lived.forgetLost((key) => key === 'lost');
  expect(await searched('home 1')).toBeUndefined();
});

test('several memories are learnt with one call of the embedder, and each is found by its own task', async () => {
  const embedder = sampleEmbedder();
  const embed = vi.spyOn(embedder, 'embed');
  const store = createInMemoryStore();
  const lived = new LivedMemory(store, embedder);
  const entries = ['wash a mug.', 'heat a mug.', 'wash a mug.'].map((task, i) =>
    sampleEntry({ id: `${i}`, task, home: `home ${i}` }),
  );
  expect(await lived.learnAll(entries)).toEqual(ok(true));
  expect(embed.mock.calls).toEqual([[['wash a mug.', 'heat a mug.']]]);
  expect(lived.own.map(({ id }) => id)).toEqual(['0', '1', '2']);
  const recall = unwrap(await lived.recall());
  const found = await recall.recall({
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
