import { expect, test, vi } from 'vitest';
import { unwrap } from '../../base/result.ts';
import { shape } from '../../testing/synthetic-model.ts';
import { type Qwen3Config, tensorShapes } from '../../weights/qwen3.ts';
import { createKernelRuntime, openKernelRuntime } from './kernel-runtime.ts';

const CONFIG = shape({
  vocabSize: 20,
  hiddenSize: 16,
  layers: 1,
  heads: 2,
  kvHeads: 1,
  headDim: 8,
  intermediateSize: 24,
  ropeTheta: 10_000,
  maxPositions: 64,
  ends: [0],
});

function weightsOf(config: Qwen3Config) {
  return new Map(
    [...tensorShapes(config)].map(([name, shape]) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.1);
      return [name, { shape, data }];
    }),
  );
}

const breathe = async (): Promise<void> => {};

test('plays through the seam: caches grow, are rewound and released', async () => {
  const close = vi.fn();
  const runtime = unwrap(await createKernelRuntime(CONFIG, weightsOf(CONFIG), { breathe, close }));
  expect(runtime).toMatchObject({ vocabulary: 20, contextLimit: 64 });
  expect(runtime.device).toMatch(/^wasm kernels/);
  const first = await runtime.extend(runtime.empty(), [1, 2, 3], 2);
  expect(first.logits).toHaveLength(40);
  expect(first.cache).toHaveLength(3);
  const back = await runtime.rewind(first.cache, 1);
  expect(back).toHaveLength(1);
  const again = await runtime.extend(back, [2, 3], 2);
  expect(again.logits).toEqual(first.logits);
  runtime.release(again.cache);
  expect(close).not.toHaveBeenCalled();
  await runtime.dispose();
  expect(close).toHaveBeenCalledTimes(1);
});

test('a model of sizes that they lack is refused with the reason, and nothing is left open', async () => {
  const close = vi.fn();
  const config = { ...CONFIG, headDim: 12 };
  const loaded = await createKernelRuntime(config, weightsOf(config), { breathe, close });
  expect(loaded).toMatchObject({ ok: false, error: { code: 'KERNELS_FAILED' } });
  expect(loaded.ok ? '' : loaded.error.message).toMatch(/headSize is 12, and must be a multiple of 8/);
  expect(close).toHaveBeenCalledTimes(1);
});

test('a damaged file is refused as such, and nothing is left open', async () => {
  const close = vi.fn();
  const loaded = await openKernelRuntime(new Uint8Array(5), CONFIG, { breathe, close });
  expect(loaded).toMatchObject({ ok: false, error: { code: 'SAFETENSORS_SHORT' } });
  expect(close).toHaveBeenCalledTimes(1);
});
