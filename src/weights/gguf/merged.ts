/**
 * A GGUF file as the weights of a model, with or without a LoRA adapter: each tensor is read, dequantised and merged when
 * it is asked for, so that never more than one of them is there in f32.
 */
import { ok, type Result, refuse } from '../../base/result.ts';
import type { AdapterConfig } from '../adapter-config.ts';
import type { FileBytes } from '../byte-source.ts';
import { adapterParts, mergeTensor } from '../peft.ts';
import type { Qwen3Config } from '../qwen3.ts';
import type { Safetensors, Tensor } from '../safetensors.ts';
import { MAX_GGUF_HEADER, parseGgufHeader } from './header.ts';
import { type GgufModel, ggufModel, readGgufWeight } from './model.ts';
import { ggufTokenizer } from './tokenizer.ts';

export interface LoadedAdapter {
  readonly config: AdapterConfig;
  readonly file: Safetensors;
  /** 1: as it was trained; 0: the base. */
  readonly strength: number;
}

export interface MergedWeights {
  /** Names and shapes of all tensors. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** A tensor in f32. Codes: TENSOR_MISSING, those of readGgufWeight and mergeTensor. Rejects with what reading the file does. */
  tensor(name: string): Promise<Result<Tensor>>;
}

export interface GgufBase {
  readonly config: Qwen3Config;
  readonly configText: string;
  /** tokenizer.json, tokenizer_config.json and generation_config.json. */
  readonly tokenizer: ReadonlyMap<string, string>;
  /** Codes: those of adapterParts. */
  merged(adapter: LoadedAdapter | undefined): Result<MergedWeights>;
}

/** Codes: those of parseGgufHeader, ggufModel and ggufTokenizer. Rejects with what reading the file does. */
export async function openGguf(file: FileBytes): Promise<Result<GgufBase>> {
  const start = await file.read(0, Math.min(file.length, MAX_GGUF_HEADER));
  const header = parseGgufHeader(start, file.length);
  if (!header.ok) return header;
  const model = ggufModel(header.value);
  if (!model.ok) return model;
  const tokenizer = ggufTokenizer(header.value);
  if (!tokenizer.ok) return tokenizer;
  const { config, configText } = model.value;
  return ok({
    config,
    configText,
    tokenizer: tokenizer.value,
    merged: (adapter) => merged(file, model.value, adapter),
  });
}

function merged(
  file: FileBytes,
  { weights, config }: GgufModel,
  adapter: LoadedAdapter | undefined,
): Result<MergedWeights> {
  const base = {
    tied: config.tied,
    names: weights.keys(),
    shapeOf: (name: string) => weights.get(name)?.shape,
  };
  const parts =
    adapter === undefined
      ? ok(undefined)
      : adapterParts(adapter.file.header, adapter.config, base, adapter.strength);
  if (!parts.ok) return parts;
  return ok({
    shapes: new Map([...weights].map(([name, { shape }]) => [name, shape])),
    async tensor(name) {
      const weight = weights.get(name);
      if (weight === undefined) return refuse('TENSOR_MISSING', 'The file lacks this tensor.', name);
      const read = readGgufWeight(await file.read(weight.begin, weight.end), name, weight);
      return read.ok && adapter !== undefined && parts.value !== undefined
        ? mergeTensor(name, read.value, adapter.file, parts.value)
        : read;
    },
  });
}
