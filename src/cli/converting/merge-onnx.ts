/** The ONNX file of a small Qwen3 or Llama, with or without an adapter merged in: all of it in memory at once. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, placedIn, type Result, refuse } from '../../base/result.ts';
import { parseAdapterConfig } from '../../weights/adapter-config.ts';
import { readGgufWeight } from '../../weights/gguf/model.ts';
import { mergeAdapter } from '../../weights/peft.ts';
import type { Qwen3Config, Qwen3Weights } from '../../weights/qwen3.ts';
import { rangedOnnx } from '../../weights/qwen3-onnx.ts';
import { Safetensors, type Tensor } from '../../weights/safetensors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeNewFile } from '../files/new-file.ts';
import { unreadable, writeRefusal } from '../files/read-failure.ts';
import { openWeightFile, readParsedText } from '../files/weight-files.ts';
import { type CommandEnd, done } from '../program/outcome.ts';
import { type MergeRequest, openCheckpoint } from './checkpoint.ts';

/** Larger models are for `duomem convert`, which streams. */
const MAX_BYTES = 500_000_000;
const FILES = { f32: 'model.onnx', f16: 'model_fp16.onnx' } as const;

interface OnnxRequest extends MergeRequest {
  readonly storage: 'f16' | 'f32';
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
}

/** Result: {"file","bytes","parameters","adapter"}. */
export async function mergeToOnnx(request: OnnxRequest): Promise<CommandEnd> {
  const { base, adapter, strength, storage, out, force } = request;
  const file = join(out, FILES[storage]);
  if (!force && existsSync(file))
    return refuse('OUT_EXISTS', 'The file is there already; name another folder, or give --force.', file);
  const model = await readModel(base);
  if (!model.ok) return model;
  const { config } = model.value;
  const weights =
    adapter === undefined
      ? ok(model.value.weights)
      : await merge(model.value.weights, adapter, { strength, tied: config.tied });
  if (!weights.ok) return weights;
  const bytes = placedIn(base, rangedOnnx(config, weights.value, storage));
  if (!bytes.ok) return bytes;
  try {
    await makeFolder(out);
  } catch (error) {
    return writeRefusal(error, out);
  }
  const written = await writeNewFile(file, bytes.value);
  if (!written.ok) return written;
  let parameters = 0;
  for (const { data } of weights.value.values()) parameters += data.length;
  return done({
    file,
    bytes: bytes.value.length,
    parameters,
    adapter: adapter === undefined ? null : { strength },
  });
}

/** All of a checkpoint in f32: the numbers of a small one fit into memory, whatever files they lie in. */
async function readModel(base: string): Promise<Result<{ config: Qwen3Config; weights: Qwen3Weights }>> {
  const opened = await openCheckpoint(base);
  if (!opened.ok) return opened;
  const { config, tensors, files } = opened.value;
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES)
    return refuse(
      'FILE_TOO_LARGE',
      `The model has more than ${MAX_BYTES} bytes, too many for an ONNX file: merge it to a folder, and convert that.`,
      base,
    );
  const weights = new Map<string, Tensor>();
  for (const { path } of files) {
    try {
      const bytes = await readFile(path);
      for (const [name, { dtype: type, ...place }] of tensors) {
        if (place.path !== path) continue;
        // A copy, which is aligned as floats must be.
        const stored = Uint8Array.from(bytes.subarray(place.begin, place.end));
        const tensor = placedIn(path, readGgufWeight(stored, name, { ...place, type }));
        if (!tensor.ok) return tensor;
        weights.set(name, tensor.value);
      }
    } catch (error) {
      return unreadable(error, path);
    }
  }
  return ok({ config, weights });
}

async function merge(
  weights: Qwen3Weights,
  folder: string,
  options: { readonly strength: number; readonly tied: boolean },
): Promise<Result<Qwen3Weights>> {
  const config = await readParsedText(folder, 'adapter_config.json', parseAdapterConfig);
  if (!config.ok) return config;
  const name = 'adapter_model.safetensors';
  const file = await readSafetensors(folder, name);
  return file.ok
    ? placedIn(join(folder, name), mergeAdapter(weights, file.value, config.value, options))
    : file;
}

/** A file in memory. Its header is looked at first, so that what is refused is refused as elsewhere. */
async function readSafetensors(folder: string, name: string): Promise<Result<Safetensors>> {
  const header = await openWeightFile(folder, name);
  if (!header.ok) return header;
  const { path, bytes } = header.value;
  if (bytes > MAX_BYTES) return refuse('FILE_TOO_LARGE', `The file is larger than ${MAX_BYTES} bytes.`, path);
  try {
    return placedIn(path, Safetensors.parse(await readFile(path)));
  } catch (error) {
    return unreadable(error, path);
  }
}
