import { expect, test, vi } from 'vitest';
import { loadOnnxWeb } from './onnx-web.ts';

vi.mock('onnxruntime-web/wasm', () => ({
  env: { wasm: {} },
  InferenceSession: { create: () => new Promise(() => {}) },
}));

test('a runtime whose own script never comes is given up', async () => {
  vi.useFakeTimers();
  const shape = { layers: 1, kvHeads: 1, headDim: 1, vocabulary: 1, contextLimit: 1 } as never;
  const loading = loadOnnxWeb(new Uint8Array(), shape, {});
  await vi.advanceTimersByTimeAsync(600_000);
  expect(await loading).toMatchObject({
    ok: false,
    error: { code: 'ONNX_UNREADABLE', message: expect.stringContaining("didn't answer") },
  });
  vi.useRealTimers();
});
