import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  findLibrary,
  gpuMemoryMB,
  LIBRARIES,
  largestTensorBytes,
  MODELS,
  SMOLLM2_SHAPE,
  WEB_LLM_VERSION,
} from './registry.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the libraries are for the version of web-llm that is installed', () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  expect(dependencies['@mlc-ai/web-llm']).toBe(WEB_LLM_VERSION);
  // What web-llm's own records say of the folder: v0_2_86 and what it can still load.
  for (const { path, webLlm } of LIBRARIES) {
    expect(path).toMatch(/^web-llm-models\/v0_2_8[46]\//);
    expect(webLlm).toContain(WEB_LLM_VERSION);
  }
});

test('every model has its library, and no two libraries are for the same', () => {
  for (const { shape, quantization } of MODELS) expect(findLibrary(shape, quantization)).toBeDefined();
  for (const one of LIBRARIES) expect(findLibrary(one.shape, one.quantization)).toBe(one);
  for (const { instead } of MODELS) {
    if (instead !== undefined) expect(MODELS.map(({ id }) => id)).toContain(instead);
  }
});

test("what `duomem convert` writes of SmolLM2 finds its library, which doesn't think", () => {
  for (const quantization of ['q4f16_1', 'q4f32_1', 'q0f16', 'q0f32'] as const)
    expect(findLibrary(SMOLLM2_SHAPE, quantization)).toMatchObject({
      path: `web-llm-models/v0_2_84/base/SmolLM2-135M-Instruct-${quantization}_cs1k-webgpu.wasm`,
      thinking: 'never',
    });
});

test('a model of another RoPE theta gets another library, and an unknown one none', () => {
  const [qwen] = MODELS;
  if (qwen === undefined) throw new Error();
  const other = findLibrary({ ...qwen.shape, ropeTheta: 5_000_000 }, 'q4f16_1');
  expect(other).toBeDefined();
  expect(other).not.toBe(findLibrary(qwen.shape, 'q4f16_1'));
  expect(findLibrary({ ...qwen.shape, ropeTheta: 10_000 }, 'q4f16_1')).toBeUndefined();
  expect(findLibrary({ ...qwen.shape, layers: 35 }, 'q4f16_1')).toBeUndefined();
  expect(findLibrary(qwen.shape, 'q3f16_1')).toBeUndefined();
});

test('sizes come out as web-llm and the weights have them', () => {
  const [qwen] = MODELS;
  if (qwen === undefined) throw new Error();
  expect(largestTensorBytes(qwen.shape, 'q4f16_1')).toBe((151_936 * 2560) / 2);
  // web-llm's record says 3,431.59 MB; the estimate for other models shouldn't be far from it.
  expect(Math.abs(gpuMemoryMB(qwen.shape, 'q4f16_1', qwen.bytes) - 3432)).toBeLessThan(400);
});
