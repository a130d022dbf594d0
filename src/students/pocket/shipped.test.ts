// The pocket student that ships, by the kernels, on the CPU and on WASM: logits and greedy tokens as torch computed them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../base/result.ts';
import { parseQwen3Config } from '../../weights/qwen3.ts';
import { openKernelRuntime } from './kernel-runtime.ts';
import { loadOnnxNode, turnOfTheLoop } from './onnx-node.ts';
import { loadOnnxWeb } from './onnx-web.ts';
import type { LoadRuntime } from './open.ts';
import { shapeOf } from './runtime.ts';
import { parseSelfTest, runSelfTest } from './self-test.ts';

const FOLDER = fileURLToPath(new URL('../../../models/pocket', import.meta.url));
const ONNX = join(FOLDER, 'model_fp16.onnx');
const WASM = fileURLToPath(
  new URL('../../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', import.meta.url),
);

const LOADERS: Readonly<Record<string, LoadRuntime>> = {
  kernels: async (config) =>
    openKernelRuntime(await readFile(join(FOLDER, 'model.safetensors')), config, { breathe: turnOfTheLoop }),
  'onnxruntime-node': async (config) => loadOnnxNode(await readFile(ONNX), shapeOf(config)),
  'onnxruntime-web, WASM': async (config) => {
    const { buffer, byteOffset, length } = await readFile(WASM);
    const wasmBinary = (buffer as ArrayBuffer).slice(byteOffset, byteOffset + length);
    return loadOnnxWeb(await readFile(ONNX), shapeOf(config), { wasmBinary });
  },
};

describe.each(Object.keys(LOADERS))('%s', (name) => {
  test('computes what torch computes', async () => {
    const text = (file: string): Promise<string> => readFile(join(FOLDER, file), 'utf8');
    const config = unwrap(parseQwen3Config(await text('config.json')));
    const vectors = unwrap(parseSelfTest(await text('self-test.json')));
    const runtime = unwrap(await (LOADERS[name] as LoadRuntime)(config));
    const result = await runSelfTest(runtime, vectors);
    expect(result).toMatchObject({ ok: true, value: { passed: true } });
    await runtime.dispose();
  });
});
