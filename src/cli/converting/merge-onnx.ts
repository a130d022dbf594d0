/** The ONNX file of a small Qwen3, with or without an adapter merged in: all of it in memory at once. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import { mergeAdapter, parseAdapterConfig } from '../../weights/peft.ts';
import {
  parseQwen3Config,
  type Qwen3Config,
  type Qwen3Weights,
  readQwen3Weights,
} from '../../weights/qwen3.ts';
import { qwen3Onnx } from '../../weights/qwen3-onnx.ts';
import { Safetensors } from '../../weights/safetensors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readFailure } from '../files/read-failure.ts';
import { badInput, done, type Outcome } from '../program/outcome.ts';

/** Larger models are for `duomem convert`, which streams. */
const MAX_BYTES = 500_000_000;
const FILES = { f32: 'model.onnx', f16: 'model_fp16.onnx' } as const;

export interface OnnxRequest {
  readonly base: string;
  readonly adapter: string | undefined;
  readonly strength: number;
  readonly storage: 'f16' | 'f32';
  readonly out: string;
}

/** Result: {"file","bytes","parameters","adapter"}. */
export async function mergeToOnnx({ base, adapter, strength, storage, out }: OnnxRequest): Promise<Outcome> {
  const model = await readModel(base);
  if (!model.ok) return badInput(model.error);
  const { config } = model.value;
  const weights =
    adapter === undefined ? ok(model.value.weights) : await merge(model.value.weights, adapter, strength);
  if (!weights.ok) return badInput(weights.error);
  const bytes = qwen3Onnx(config, weights.value, storage);
  const file = join(out, FILES[storage]);
  try {
    await makeFolder(out);
    await writeFile(file, bytes);
  } catch (error) {
    return badInput(refuse('OUT_UNWRITABLE', `The file can't be written: ${readFailure(error)}.`, out).error);
  }
  let parameters = 0;
  for (const { data } of weights.value.values()) parameters += data.length;
  return done({
    file,
    bytes: bytes.length,
    parameters,
    adapter: adapter === undefined ? null : { strength },
  });
}

async function readModel(folder: string): Promise<Result<{ config: Qwen3Config; weights: Qwen3Weights }>> {
  const text = await readBytes(join(folder, 'config.json'));
  if (!text.ok) return text;
  const config = parseQwen3Config(new TextDecoder().decode(text.value));
  if (!config.ok) return config;
  const file = await readSafetensors(join(folder, 'model.safetensors'));
  if (!file.ok) return file;
  const weights = readQwen3Weights(file.value, config.value);
  return weights.ok ? ok({ config: config.value, weights: weights.value }) : weights;
}

async function merge(weights: Qwen3Weights, folder: string, strength: number): Promise<Result<Qwen3Weights>> {
  const text = await readBytes(join(folder, 'adapter_config.json'));
  if (!text.ok) return text;
  const config = parseAdapterConfig(new TextDecoder().decode(text.value));
  if (!config.ok) return config;
  const file = await readSafetensors(join(folder, 'adapter_model.safetensors'));
  return file.ok ? mergeAdapter(weights, file.value, config.value, strength) : file;
}

async function readSafetensors(path: string): Promise<Result<Safetensors>> {
  const bytes = await readBytes(path);
  if (!bytes.ok) return bytes;
  const file = Safetensors.parse(bytes.value);
  return file.ok
    ? file
    : { ok: false, error: { ...file.error, place: `${path} ${file.error.place ?? ''}`.trim() } };
}

async function readBytes(path: string): Promise<Result<Uint8Array>> {
  try {
    const bytes = await readFile(path);
    return bytes.length > MAX_BYTES
      ? refuse('FILE_TOO_LARGE', `The file is larger than ${MAX_BYTES} bytes.`, path)
      : ok(bytes);
  } catch (error) {
    return refuse('FILE_UNREADABLE', `The file can't be read: ${readFailure(error)}.`, path);
  }
}
