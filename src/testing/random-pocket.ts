/** A pocket student of random weights in a folder, with the tokenizer that ships: for tests of what surrounds a model. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../base/random.ts';
import { type Qwen3Config, tensorShapes } from '../weights/qwen3.ts';
import { qwen3Onnx } from '../weights/qwen3-onnx.ts';
import { POCKET, readTokenizer } from './model-files.ts';
import { configJson, shape } from './synthetic-model.ts';

/** A small Qwen3; what it says depends on the seed alone. */
export function randomQwen3(config: Qwen3Config, seed: number): Uint8Array {
  const random = new Random(seed);
  const weights = new Map(
    [...tensorShapes(config)].map(([name, shape]) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      for (let i = 0; i < data.length; i++) data[i] = shape.length === 1 ? 1 : (random.next() - 0.5) * 0.7;
      return [name, { shape, data }];
    }),
  );
  return qwen3Onnx(config, weights, 'f32');
}

/** Writes config.json, tokenizer.json and model.onnx. */
export async function writeRandomPocket(folder: string, seed: number): Promise<void> {
  const tokenizer = readTokenizer();
  const config = shape({
    vocabSize: tokenizer.size,
    hiddenSize: 32,
    headDim: 8,
    intermediateSize: 48,
    ropeTheta: 10_000,
    maxPositions: 4096,
    ends: [tokenizer.turnEnd],
  });
  await mkdir(folder, { recursive: true });
  await copyFile(new URL('tokenizer.json', POCKET), join(folder, 'tokenizer.json'));
  await writeFile(join(folder, 'model.onnx'), randomQwen3(config, seed));
  await writeFile(join(folder, 'config.json'), JSON.stringify(configJson(config, 'F32')));
}
