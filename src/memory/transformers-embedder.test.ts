/** The embedder that ships: its files are the ones its hash names, it computes what training computed, it finds. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import type { Embedder } from './embedder.ts';
import { evaluateEmbedder, parseEvaluation } from './evaluate.ts';
import { loadShippedEmbedder } from './transformers-embedder.ts';

const folder = fileURLToPath(new URL('../../models/embedder/artifact', import.meta.url));
const readText = (path: string) => readFile(path, 'utf8');
let embedder: Embedder;

beforeAll(async () => {
  embedder = unwrap(await loadShippedEmbedder({ folder, readText }));
});

async function embed(...texts: string[]): Promise<Float32Array[]> {
  return unwrap(await embedder.embed(texts));
}

describe('the embedder that ships', () => {
  it('is what its manifest says', () => {
    const hash = createHash('sha256');
    for (const name of ['onnx/model.onnx', 'tokenizer.json']) hash.update(readFileSync(`${folder}/${name}`));
    expect(embedder.identity).toEqual({ name: 'duomem-embedder', hash: hash.digest('hex'), dimension: 64 });
  });

  it('computes what torch computes, on any text', async () => {
    const probe = JSON.parse(readFileSync(`${folder}/selftest.json`, 'utf8')) as {
      texts: string[];
      vectors: number[][];
    };
    const vectors = await embed(...probe.texts);
    vectors.forEach((vector, i) => {
      const differences = [...vector].map((x, j) => Math.abs(x - (probe.vectors[i]?.[j] ?? Number.NaN)));
      expect(Math.max(...differences)).toBeLessThan(1e-4);
    });
  });

  it('takes a text of any length', async () => {
    const [long, longer] = await embed(
      'put a mug in shelf. '.repeat(30),
      'put a mug in shelf. '.repeat(3000),
    );
    expect(long).toEqual(longer);
  });

  it('gives a text the same vector in any company', async () => {
    const text = 'find two pillow and put them in sofa.';
    const [alone] = await embed(text);
    expect(
      (await embed('short', text, 'a much longer text than that one, with many more words in it'))[1],
    ).toEqual(alone);
  });

  it('finds the right tasks far more often than its teacher and than word overlap do', async () => {
    const data = unwrap(parseEvaluation(readFileSync(`${folder}/../evaluation.json`, 'utf8')));
    const sets = unwrap(await evaluateEmbedder(data, embedder));
    expect(sets.map(({ set }) => set)).toEqual(['official', 'paraphrase']);
    for (const { systems } of sets) {
      expect(systems.embedder.both).toBeGreaterThan(systems.teacher.both + 0.2);
      expect(systems.embedder.both).toBeGreaterThan(systems.wordOverlap.both + 0.1);
      expect(systems.embedder.first).toBeGreaterThan(0.85);
    }
  });

  it('says what is missing', async () => {
    const missing = await loadShippedEmbedder({ folder: '/nowhere', readText });
    expect(missing).toMatchObject({
      ok: false,
      error: { code: 'EMBEDDER_MISSING', place: '/nowhere/embedder.json' },
    });
    const manifest = async () => '{"name":"x","hash":"y","dimension":4}';
    const broken = unwrap(await loadShippedEmbedder({ folder: '/nowhere', readText: manifest }));
    expect(broken.identity.name).toBe('x');
    for (const texts of [[], ['a mug']])
      expect(await broken.embed(texts)).toMatchObject({
        ok: false,
        error: { code: 'EMBEDDER_FAILED' },
      });
  });
});
