/**
 * A pocket student from a folder on disk: config.json, tokenizer.json, and the model as ONNX (model_fp16.onnx or
 * model.onnx, here or in onnx/), as model.safetensors, as training writes it, or both.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refuse } from '../../base/result.ts';
import { createKernelRuntime } from '../../students/pocket/kernel-runtime.ts';
import { loadOnnxNode, turnOfTheLoop } from '../../students/pocket/onnx-node.ts';
import { openPocket } from '../../students/pocket/open.ts';
import { type Runtime, shapeOf } from '../../students/pocket/runtime.ts';
import { parseSelfTest, passesSelfTest } from '../../students/pocket/self-test.ts';
import type { Clock, Student } from '../../students/student.ts';
import { convertedTo, sameBytes } from '../../weights/onnx-origin.ts';
import { parseQwen3Config, type Qwen3Config, type Qwen3Weights, tensorShapes } from '../../weights/qwen3.ts';
import { readFailure } from '../files/read-failure.ts';

/** The pocket student that ships. */
export const POCKET_FOLDER = fileURLToPath(new URL('../../../models/pocket', import.meta.url));

const WEIGHTS = 'model.safetensors';
/** Where a model may lie in its folder, the first that is there. */
const MODELS = ['model_fp16.onnx', 'model.onnx', 'onnx/model_fp16.onnx', 'onnx/model.onnx', WEIGHTS] as const;

/**
 * Played by the kernels where the folder holds the weights as model.safetensors, what ONNX file there is was made of
 * them, and the stored self-test agrees; otherwise by ONNX Runtime. A warning says why, where kernels were tried.
 * Codes: MODEL_MISSING, MODEL_UNREADABLE, and those of the files and the runtime.
 */
export async function openPocketFolder(folder: string | undefined, clock: Clock): Promise<Result<Student>> {
  const root = resolve(folder ?? POCKET_FOLDER);
  const [config, tokenizer] = [await readText(root, 'config.json'), await readText(root, 'tokenizer.json')];
  if (!config.ok) return config;
  if (!tokenizer.ok) return tokenizer;
  const model = await readPocketModel(root, config.value);
  if (!model.ok) return model;
  const { onnx, weights } = model.value;
  const digest = createHash('sha256').update(onnx).update(tokenizer.value).digest('hex');
  const about = { name: basename(root), weights: digest };
  const files = { config: config.value, tokenizer: tokenizer.value };
  const load = async (shape: Qwen3Config): Promise<Result<Runtime>> => {
    const kernels = weights && (await loadTested(root, shape, weights));
    if (kernels?.ok) return kernels;
    if (kernels !== undefined) process.emitWarning(`${kernels.error.message} ONNX Runtime plays instead.`);
    return loadOnnxNode(onnx, shapeOf(shape));
  };
  return openPocket(about, files, load, clock);
}

/** Codes: KERNELS_FAILED, SELF_TEST_…, MODEL_UNREADABLE. */
async function loadTested(
  root: string,
  config: Qwen3Config,
  weights: Qwen3Weights,
): Promise<Result<Runtime>> {
  const kernels = await createKernelRuntime(config, weights, { breathe: turnOfTheLoop });
  const stored = await read(root, 'self-test.json');
  if (!kernels.ok || stored === undefined) return kernels;
  if (!stored.ok) return stored;
  const test = parseSelfTest(new TextDecoder().decode(stored.value));
  if (!test.ok) return test;
  const passed = await passesSelfTest(kernels.value, test.value, 8);
  return passed.ok ? kernels : passed;
}

interface PocketModel {
  /** The ONNX file, made of the weights where the folder has none. */
  readonly onnx: Uint8Array;
  /** Undefined where the folder holds none, or others than the ONNX file. */
  readonly weights: Qwen3Weights | undefined;
}

/** Codes: MODEL_MISSING, MODEL_UNREADABLE, and those of the files. */
export async function readPocketModel(root: string, configText: string): Promise<Result<PocketModel>> {
  const model = await findModel(root);
  if (!model.ok) return model;
  const { name, bytes } = model.value;
  const tensors = await read(root, WEIGHTS);
  if (tensors === undefined) return ok({ onnx: bytes, weights: undefined });
  if (!tensors.ok) return tensors;
  const origin = convertedTo(name, configText, tensors.value);
  if (name === WEIGHTS) return origin;
  if (origin.ok && sameBytes(origin.value.onnx, bytes)) return origin;
  const why = origin.ok ? `${name} wasn't made of it` : origin.error.message;
  process.emitWarning(`ONNX Runtime plays ${name}, not ${WEIGHTS}: ${why}`, { detail: root });
  return ok({ onnx: bytes, weights: undefined });
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

async function findModel(
  root: string,
): Promise<Result<{ readonly name: (typeof MODELS)[number]; readonly bytes: Uint8Array }>> {
  for (const name of MODELS) {
    const bytes = await read(root, name);
    if (bytes !== undefined) return bytes.ok ? ok({ name, bytes: bytes.value }) : bytes;
  }
  return refuse('MODEL_MISSING', `The folder holds none of ${MODELS.join(', ')}.`, root);
}

/** Codes: MODEL_MISSING, MODEL_UNREADABLE. */
export async function readPocketFile(root: string, name: string): Promise<Result<Uint8Array>> {
  const bytes = await read(root, name);
  return bytes ?? refuse('MODEL_MISSING', `The folder holds no ${name}.`, root);
}

async function readText(root: string, name: string): Promise<Result<string>> {
  const bytes = await readPocketFile(root, name);
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
