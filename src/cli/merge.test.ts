/** What `duomem merge` makes of a base that transformers would read, or nearly. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';
import { shape, writeSyntheticModel } from '../testing/synthetic-model.ts';
import { WeightFolder } from '../testing/weight-folder.ts';
import { words } from '../testing/words.ts';

const SIZES = shape({ vocabSize: 600, hiddenSize: 64, headDim: 16, layers: 1, intermediateSize: 32 });

const root = temporaryFolder();

describe("a base whose config.json begins with a byte order mark, as Windows' editors write it", () => {
  const base = join(root, 'marked');
  beforeAll(() => {
    writeSyntheticModel(base, SIZES, { seed: 1, dtype: 'BF16', shardBytes: 1e9 });
    new WeightFolder(base).bytes('config.json', (bytes) => Buffer.concat([Buffer.from('\uFEFF'), bytes]));
  });

  it.each<readonly [how: string, storage: readonly string[], key: string, type: string]>([
    ['as it is stored', [], 'torch_dtype', 'bfloat16'],
    ['with its numbers in another type', ['--storage', 'f16'], 'dtype', 'float16'],
  ])('is merged without the mark, %s', async (_, storage, key, type) => {
    const out = join(root, `out-${key}`);
    expect(await runHere(words`merge --base ${base} --out ${out} ${storage}`)).toMatchObject({ exit: 0 });
    const text = readFileSync(join(out, 'config.json'), 'utf8');
    expect(text).toMatch(/^\{/);
    expect(JSON.parse(text)).toMatchObject({ model_type: 'qwen3', [key]: type });
  });
});
