// Against transformers' own models (models/training/kernel_fixtures.py wrote the fixtures), and the kernels' promises:
// the same bits in whatever pieces, several conversations at once, a rewind that is a length.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { parseSelfTest } from '../students/pocket/self-test.ts';
import { POCKET, readModelFiles } from '../testing/model-files.ts';
import { randomWeights } from '../testing/random-model.ts';
import { type Build, runsHere } from './load.ts';
import { BATCH, type Cache, dimensionsOf, KernelModel, type ModelDimensions, PAGE } from './model.ts';

interface RandomModel {
  readonly name: string;
  readonly norms: boolean;
  readonly tied: boolean;
  readonly dimensions: ModelDimensions;
  readonly prompt: readonly number[];
  /** Of the last three tokens, f32 in base64. */
  readonly logits: string;
}

const fixture = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const { models } = JSON.parse(fixture('random-models.json').toString()) as { models: RandomModel[] };
const BUILDS = (['simd', 'relaxed'] as const satisfies Build[]).filter(runsHere);

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);
}

/** Quicker than comparing number by number. */
function sameBits(a: Float32Array, b: Float32Array): boolean {
  const [x, y] = [a, b].map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)) as [
    Buffer,
    Buffer,
  ];
  return x.equals(y);
}

function openRandom(model: RandomModel, build: Build): Promise<KernelModel> {
  return KernelModel.create(model.dimensions, randomWeights(model.name, model.dimensions, model), build);
}

function openPocket(build: Build): Promise<KernelModel> {
  const { config, weights } = readModelFiles();
  return KernelModel.create(dimensionsOf(config), weights, build);
}

function greatest(logits: Float32Array): number {
  return logits.reduce((best, x, i) => (x > (logits[best] as number) ? i : best), 0);
}

test('the plain build runs wherever these tests do', () => {
  expect(BUILDS).toContain('simd');
});

describe.each(BUILDS)('the %s build', (build) => {
  test.each(models)('computes what torch computes: $name', async (model) => {
    const expected = floats(model.logits);
    const kernels = await openRandom(model, build);
    const logits = kernels.extend(kernels.empty(), model.prompt, 3);
    // Logits of these models go up to 30.
    expect(distance(logits, expected)).toBeLessThan(1e-4);
  });

  test('computes what torch computes: the pocket student on its stored prompts', async () => {
    const stored = unwrap(parseSelfTest(readFileSync(new URL('self-test.json', POCKET), 'utf8')));
    const kernels = await openPocket(build);
    for (const { prompt, logits } of stored.cases)
      expect(distance(kernels.extend(kernels.empty(), prompt, 1), logits)).toBeLessThan(1e-4);
  });

  // A hundred thousand tokens: minutes, where others want the CPU too.
  test('says what torch says, greedily, to 200 prompts', { timeout: 900_000 }, async () => {
    const { cases } = JSON.parse(gunzipSync(fixture('greedy.json.gz')).toString()) as {
      cases: { prompt: number[]; greedy: number[] }[];
    };
    expect(cases.length).toBeGreaterThanOrEqual(200);
    const kernels = await openPocket(build);
    for (const { prompt, greedy } of cases) {
      const cache = kernels.empty();
      let logits = kernels.extend(cache, prompt, 1);
      const said: number[] = [];
      while (said.length < greedy.length) {
        said.push(greatest(logits));
        logits = kernels.extend(cache, said.slice(-1), 1);
      }
      expect(said).toEqual(greedy);
      kernels.release(cache);
    }
  });

  test.each(models)('gives the same bits in whatever pieces: $name', async (model) => {
    const kernels = await openRandom(model, build);
    const { vocabulary } = model.dimensions;
    const prompt = Array.from({ length: 300 }, (_, i) => (i * 7) % vocabulary);
    const whole = kernels.extend(kernels.empty(), prompt, prompt.length);
    for (const sizes of [[1], [2], [3, 1, 4], [BATCH - 1, 5], [PAGE + 1]]) {
      const cache = kernels.empty();
      for (let at = 0, i = 0; at < prompt.length; i++) {
        const piece = prompt.slice(at, at + (sizes[i % sizes.length] as number));
        const logits = kernels.extend(cache, piece, piece.length);
        const expected = whole.subarray(at * vocabulary, (at + piece.length) * vocabulary);
        expect(sameBits(logits, expected), `${at} of pieces of ${sizes}`).toBe(true);
        at += piece.length;
      }
      expect(cache.length).toBe(prompt.length);
    }
  });

  test('gives each of several conversations what it gives it alone', async () => {
    const kernels = await openPocket(build);
    const talks = [3, 5, 11].map((step) => Array.from({ length: 280 }, (_, i) => (i * step) % 736));
    const alone = talks.map((talk) => kernels.extend(kernels.empty(), talk, 1));
    const caches = talks.map(() => kernels.empty());
    const said: (Float32Array | undefined)[] = [];
    for (let at = 0, turn = 0; at < 280; turn++) {
      const size = Math.min(280 - at, 1 + ((turn * 13) % 90));
      for (const [i, talk] of talks.entries())
        said[i] = kernels.extend(caches[i] as Cache, talk.slice(at, at + size), 1);
      at += size;
    }
    expect(said).toEqual(alone);
  });

  test('rewinds by a length, across pages', async () => {
    const kernels = await openPocket(build);
    const tokens = Array.from({ length: 300 }, (_, i) => (i * 17) % 736);
    const expected = kernels.extend(kernels.empty(), tokens, 1);
    const cache = kernels.empty();
    kernels.extend(cache, tokens, 1);
    for (const length of [299, 256, 130, 3, 0]) {
      kernels.extend(cache, [9, 9, 9], 1);
      kernels.rewind(cache, length);
      expect(kernels.extend(cache, tokens.slice(length), 1)).toEqual(expected);
    }
  });

  test('hands pages of a released cache out again', async () => {
    const kernels = await openPocket(build);
    const tokens = Array.from({ length: 500 }, (_, i) => i);
    const cache = kernels.empty();
    kernels.extend(cache, tokens, 1);
    kernels.release(cache);
    const before = kernels.memoryBytes;
    for (let i = 0; i < 5; i++) {
      const next = kernels.empty();
      kernels.extend(next, tokens, 1);
      kernels.release(next);
    }
    expect(kernels.memoryBytes).toBe(before);
  });

  test('two full conversations take less than 40 MB', async () => {
    const kernels = await openPocket(build);
    const tokens = Array.from({ length: 4096 }, (_, i) => i % 736);
    for (let i = 0; i < 2; i++) kernels.extend(kernels.empty(), tokens, 1);
    expect(kernels.memoryBytes).toBeLessThan(40e6);
  });

  test('a number that is none shows in the logits', async () => {
    const model = models[0] as RandomModel;
    const weights = randomWeights(model.name, model.dimensions, model);
    weights.get('model.layers.0.self_attn.k_proj.weight')?.data.fill(Number.NaN, 0, 1);
    const kernels = await KernelModel.create(model.dimensions, weights, build);
    expect(kernels.extend(kernels.empty(), model.prompt, 1).every(Number.isNaN)).toBe(true);
  });
});

test('a model of other sizes is refused, with the reason', async () => {
  const model = models[0] as RandomModel;
  const dimensions = { ...model.dimensions, headSize: 12 };
  await expect(KernelModel.create(dimensions, new Map(), 'simd')).rejects.toThrow(/headSize is 12/);
});

test("what isn't a token and what is more than the context are refused before anything is computed", async () => {
  const model = models[0] as RandomModel;
  const kernels = await openRandom(model, 'simd');
  const cache = kernels.empty();
  expect(() => kernels.extend(cache, [model.dimensions.vocabulary], 1)).toThrow(/token/);
  expect(() => kernels.extend(cache, new Array(385).fill(1), 1)).toThrow(/full/);
  expect(cache.length).toBe(0);
});
