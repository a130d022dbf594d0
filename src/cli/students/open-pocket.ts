/**
 * A pocket student from a folder on disk: config.json, tokenizer.json, and the model as ONNX (model_fp16.onnx or
 * model.onnx, here or in onnx/) or, as training writes it, as model.safetensors, which is converted in memory.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refuse } from '../../base/result.ts';
import { loadOnnxNode } from '../../students/pocket/onnx-node.ts';
import { openPocket } from '../../students/pocket/open.ts';
import type { Clock, Student } from '../../students/student.ts';
import { parseQwen3Config, readQwen3Weights, tensorShapes } from '../../weights/qwen3.ts';
import { qwen3Onnx } from '../../weights/qwen3-onnx.ts';
import { Safetensors } from '../../weights/safetensors.ts';
import { readFailure } from '../files/read-failure.ts';

/** The pocket student that ships. */
export const POCKET_FOLDER = fileURLToPath(new URL('../../../models/pocket', import.meta.url));

/** Where a model may lie in its folder, the first that is there. */
const MODELS = [
  'model_fp16.onnx',
  'model.onnx',
  'onnx/model_fp16.onnx',
  'onnx/model.onnx',
  'model.safetensors',
] as const;

/** Codes: MODEL_MISSING, MODEL_UNREADABLE, and those of the files and the runtime. */
export async function openPocketStudent(folder: string | undefined, clock: Clock): Promise<Result<Student>> {
  const root = resolve(folder ?? POCKET_FOLDER);
  const [config, tokenizer] = [await readText(root, 'config.json'), await readText(root, 'tokenizer.json')];
  if (!config.ok) return config;
  if (!tokenizer.ok) return tokenizer;
  const model = await readModel(root, config.value);
  if (!model.ok) return model;
  const digest = createHash('sha256').update(model.value).update(tokenizer.value).digest('hex');
  const about = { name: basename(root), weights: digest };
  const files = { config: config.value, tokenizer: tokenizer.value, model: model.value };
  return openPocket(about, files, loadOnnxNode, clock);
}

/** How large a pocket student is. Codes: MODEL_MISSING, MODEL_UNREADABLE, and those of its config.json. */
export async function modelSize(
  folder: string | undefined,
): Promise<Result<{ readonly parameters: number; readonly weightBytes: number }>> {
  const root = resolve(folder ?? POCKET_FOLDER);
  const text = await readText(root, 'config.json');
  if (!text.ok) return text;
  const config = parseQwen3Config(text.value);
  if (!config.ok) return config;
  const model = await findModel(root);
  if (!model.ok) return model;
  let parameters = 0;
  for (const shape of tensorShapes(config.value).values()) parameters += shape.reduce((a, b) => a * b, 1);
  return ok({ parameters, weightBytes: model.value.bytes.length });
}

async function readModel(root: string, config: string): Promise<Result<Uint8Array>> {
  const model = await findModel(root);
  if (!model.ok) return model;
  const { name, bytes } = model.value;
  return name === 'model.safetensors' ? toOnnx(bytes, config) : ok(bytes);
}

async function findModel(
  root: string,
): Promise<Result<{ readonly name: (typeof MODELS)[number]; readonly bytes: Uint8Array }>> {
  for (const name of MODELS) {
    const bytes = await read(root, name);
    if (bytes !== undefined) return bytes.ok ? ok({ name, bytes: bytes.value }) : bytes;
  }
  return refuse('MODEL_MISSING', `The folder holds none of ${MODELS.join(', ')}.`, root);
}

function toOnnx(bytes: Uint8Array, text: string): Result<Uint8Array> {
  const config = parseQwen3Config(text);
  if (!config.ok) return config;
  const file = Safetensors.parse(bytes);
  if (!file.ok) return file;
  const weights = readQwen3Weights(file.value, config.value);
  return weights.ok ? ok(qwen3Onnx(config.value, weights.value, 'f32')) : weights;
}

async function readText(root: string, name: string): Promise<Result<string>> {
  const bytes = await read(root, name);
  if (bytes === undefined) return refuse('MODEL_MISSING', `The folder holds no ${name}.`, root);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}

async function read(root: string, name: string): Promise<Result<Uint8Array> | undefined> {
  const path = join(root, name);
  try {
    return ok(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return refuse('MODEL_UNREADABLE', `The model can't be read: ${readFailure(error)}.`, path);
  }
}
