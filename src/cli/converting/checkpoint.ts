/**
 * A checkpoint in a GGUF file or in a Hugging Face folder, in one file or in shards, with everything about it checked but the
 * numbers; and the LoRA adapter that goes into it.
 */
import { join } from 'node:path';
import { ok, placedIn, type Result, refuse } from '../../base/result.ts';
import { parseAdapterConfig } from '../../weights/adapter-config.ts';
import type { WeightType } from '../../weights/gguf/blocks.ts';
import { type AdapterPair, adapterParts } from '../../weights/peft.ts';
import { parseQwen3Config, type Qwen3Config, tensorShapes, unknownTensor } from '../../weights/qwen3.ts';
import { expectTensor, type FloatTensorInfo } from '../../weights/safetensors.ts';
import { parseWeightMap, SINGLE_FILE_NAME, WEIGHT_MAP_NAME } from '../../weights/weight-map.ts';
import {
  type FileState,
  isGgufPath,
  openGgufFile,
  openWeightFile,
  readOptionalText,
  readParsedText,
  readText,
  type WeightFile,
} from '../files/weight-files.ts';

/** A tensor and the file that it lies in. */
export interface PlacedTensor {
  readonly shape: readonly number[];
  readonly dtype: WeightType;
  /** Bytes from the start of the file. */
  readonly begin: number;
  readonly end: number;
  readonly path: string;
  /** As {@link GgufWeight} has it. */
  readonly pairedHead?: number;
}

export interface Checkpoint {
  readonly folder: string;
  readonly config: Qwen3Config;
  readonly configText: string;
  /** The model's tensors in the order of their files and their places in them. */
  readonly tensors: ReadonlyMap<string, PlacedTensor>;
  readonly files: readonly FileState[];
  /** A text that lies beside the weights or, in a GGUF file, in it; undefined where there is none of this name. */
  text(name: string): Promise<Result<string | undefined>>;
}

/**
 * Codes: FILE_UNREADABLE, FILE_TOO_LARGE, those of parseQwen3Config, parseWeightMap, parseSafetensorsHeader and
 * expectTensor; of GGUF files those of openGgufFile; INDEX_TENSOR (index and files disagree), TENSOR_UNKNOWN (the architecture has no such tensor).
 */
export async function openCheckpoint(folder: string): Promise<Result<Checkpoint>> {
  if (isGgufPath(folder)) return openGgufCheckpoint(folder);
  const configText = await readText(folder, 'config.json');
  if (!configText.ok) return configText;
  const config = placedIn(join(folder, 'config.json'), parseQwen3Config(configText.value));
  if (!config.ok) return config;
  const files = await openFiles(folder);
  if (!files.ok) return files;
  const shapes = tensorShapes(config.value);
  const tensors = new Map<string, PlacedTensor>();
  for (const file of files.value) {
    const inFile = [...file.header.tensors].sort(([, a], [, b]) => a.begin - b.begin);
    for (const [name] of inFile) {
      const shape = shapes.get(name);
      if (shape === undefined) {
        const unknown = unknownTensor(name, config.value);
        if (unknown === undefined) continue;
        return placedIn(file.path, unknown);
      }
      if (tensors.has(name))
        return placedIn(file.path, refuse('INDEX_TENSOR', 'The tensor stands in two files.', name));
      const info = placedIn(file.path, expectTensor(file.header, name, shape));
      if (!info.ok) return info;
      tensors.set(name, { ...info.value, path: file.path });
    }
  }
  for (const name of shapes.keys())
    if (!tensors.has(name))
      return refuse('TENSOR_MISSING', `The checkpoint in ${folder} lacks this tensor.`, name);
  return ok({
    folder,
    config: config.value,
    configText: configText.value,
    tensors,
    files: files.value.map(({ path, bytes, modified }) => ({ path, bytes, modified })),
    text: (name) => readOptionalText(folder, name),
  });
}

async function openGgufCheckpoint(path: string): Promise<Result<Checkpoint>> {
  const file = await openGgufFile(path);
  if (!file.ok) return file;
  const { state, model, texts } = file.value;
  const inOrder = [...model.weights].sort(([, a], [, b]) => a.begin - b.begin);
  return ok({
    folder: path,
    config: model.config,
    configText: model.configText,
    tensors: new Map(inOrder.map(([name, { type, ...weight }]) => [name, { ...weight, dtype: type, path }])),
    files: [state],
    text: async (name) => ok(texts.get(name)),
  });
}

async function openFiles(folder: string): Promise<Result<readonly WeightFile[]>> {
  const index = await readOptionalText(folder, WEIGHT_MAP_NAME);
  if (!index.ok) return index;
  if (index.value === undefined) {
    const file = await openWeightFile(folder, SINGLE_FILE_NAME);
    return file.ok ? ok([file.value]) : file;
  }
  const map = placedIn(join(folder, WEIGHT_MAP_NAME), parseWeightMap(index.value));
  if (!map.ok) return map;
  const files: WeightFile[] = [];
  for (const name of [...new Set(map.value.values())].sort()) {
    const file = await openWeightFile(folder, name);
    if (!file.ok) return file;
    files.push(file.value);
    for (const tensor of file.value.header.tensors.keys())
      if (map.value.get(tensor) !== name)
        return placedIn(
          file.value.path,
          refuse('INDEX_TENSOR', 'The index puts this tensor elsewhere.', tensor),
        );
    for (const [tensor, home] of map.value)
      if (home === name && !file.value.header.tensors.has(tensor))
        return placedIn(
          file.value.path,
          refuse('TENSOR_MISSING', 'The file lacks this tensor, which the index puts there.', tensor),
        );
  }
  return ok(files);
}

/** An adapter's two tensors for one matrix, and what {@link AdapterPair} says of them. */
export interface PlacedPair extends Omit<AdapterPair, 'down' | 'up'> {
  readonly down: PlacedTensor;
  readonly up: PlacedTensor;
}

export interface Adapter {
  /** Numbers that were trained. */
  readonly parameters: number;
  /** By the name of the matrix that they are added to. */
  readonly pairs: ReadonlyMap<string, PlacedPair>;
  /** Tensors that take the place of the base's, by its names. */
  readonly replaced: ReadonlyMap<string, PlacedTensor>;
  readonly file: FileState;
}

/** The texts of these names that lie beside the weights. */
export async function textsOf(
  checkpoint: Checkpoint,
  names: readonly string[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const texts = new Map<string, string>();
  for (const name of names) {
    const text = await checkpoint.text(name);
    if (!text.ok) return text;
    if (text.value !== undefined) texts.set(name, text.value);
  }
  return ok(texts);
}

export interface MergeRequest {
  readonly base: string;
  readonly adapter?: string | undefined;
  /** Share of the adapter that is added. */
  readonly strength: number;
  readonly out: string;
}

/** A checkpoint and, where one is asked for, the adapter that goes into it. Codes: those of both. */
export async function openBoth({
  base,
  adapter,
  strength,
}: MergeRequest): Promise<
  Result<{ readonly checkpoint: Checkpoint; readonly adapter: Adapter | undefined }>
> {
  const checkpoint = await openCheckpoint(base);
  if (!checkpoint.ok) return checkpoint;
  if (adapter === undefined) return ok({ checkpoint: checkpoint.value, adapter });
  const opened = await openAdapter(adapter, checkpoint.value, strength);
  return opened.ok ? ok({ checkpoint: checkpoint.value, adapter: opened.value }) : opened;
}

/** Codes: FILE_UNREADABLE, those of parseAdapterConfig, parseSafetensorsHeader and adapterParts. */
async function openAdapter(
  folder: string,
  checkpoint: Checkpoint,
  strength: number,
): Promise<Result<Adapter>> {
  const config = await readParsedText(folder, 'adapter_config.json', parseAdapterConfig);
  if (!config.ok) return config;
  const file = await openWeightFile(folder, 'adapter_model.safetensors');
  if (!file.ok) return file;
  const { header, ...state } = file.value;
  const base = {
    tied: checkpoint.config.tied,
    names: checkpoint.tensors.keys(),
    shapeOf: (name: string) => checkpoint.tensors.get(name)?.shape,
  };
  const parts = placedIn(state.path, adapterParts(header, config.value, base, strength));
  if (!parts.ok) return parts;
  let parameters = 0;
  const place = (name: string): PlacedTensor => {
    const info = header.tensors.get(name) as FloatTensorInfo;
    if (!name.endsWith('.base_layer.weight'))
      parameters += info.shape.reduce((product, one) => product * one, 1);
    return { ...info, path: state.path };
  };
  const pairs = new Map<string, PlacedPair>();
  for (const [matrix, pair] of parts.value.pairs)
    pairs.set(matrix, { ...pair, down: place(pair.down), up: place(pair.up) });
  const replaced = new Map<string, PlacedTensor>();
  for (const [name, tensor] of parts.value.replaced) replaced.set(name, place(tensor));
  return ok({ parameters, pairs, replaced, file: state });
}
