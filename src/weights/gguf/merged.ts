/**
 * A GGUF file in memory as the weights of a model, with or without a LoRA adapter: each tensor is dequantised and
 * merged when it is asked for, so that never more than one of them is there in f32.
 */
import { ok, type Result } from '../../base/result.ts';
import type { AdapterConfig } from '../adapter-config.ts';
import { adapterParts, mergeTensor } from '../peft.ts';
import type { Qwen3Config, WeightSource } from '../qwen3.ts';
import type { Safetensors } from '../safetensors.ts';
import { parseGgufHeader } from './header.ts';
import { type GgufModel, ggufModel, readGgufWeight } from './model.ts';
import { ggufTokenizer } from './tokenizer.ts';

export interface LoadedAdapter {
  readonly config: AdapterConfig;
  readonly file: Safetensors;
  /** 1: as it was trained; 0: the base. */
  readonly strength: number;
}

export interface GgufBase {
  readonly config: Qwen3Config;
  readonly configText: string;
  /** tokenizer.json, tokenizer_config.json and generation_config.json. */
  readonly tokenizer: ReadonlyMap<string, string>;
  /**
   * Gives the merged weights to whoever writes a model of them. What can only be found in the numbers (one that isn't
   * finite) is refused afterwards, and nothing of what was made may be used.
   * Codes: those of adapterParts, mergeTensor and readGgufWeight.
   */
  write<T>(adapter: LoadedAdapter | undefined, make: (weights: WeightSource) => T): Result<T>;
}

/** @param bytes the whole file. Codes: those of parseGgufHeader, ggufModel and ggufTokenizer. */
export function openGguf(bytes: Uint8Array): Result<GgufBase> {
  const header = parseGgufHeader(bytes, bytes.length);
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
    write: (adapter, make) => write(bytes, model.value, adapter, make),
  });
}

function write<T>(
  bytes: Uint8Array,
  { weights, config }: GgufModel,
  adapter: LoadedAdapter | undefined,
  make: (weights: WeightSource) => T,
): Result<T> {
  const base = { tied: config.tied, shapeOf: (name: string) => weights.get(name)?.shape };
  const parts =
    adapter === undefined
      ? ok(undefined)
      : adapterParts(adapter.file.header, adapter.config, base, adapter.strength);
  if (!parts.ok) return parts;
  let refusal: Result<never> | undefined;
  const made = make({
    get(name) {
      const weight = weights.get(name);
      if (weight === undefined) return undefined;
      const read = readGgufWeight(bytes, name, weight);
      const merged =
        read.ok && adapter !== undefined && parts.value !== undefined
          ? mergeTensor(name, read.value, adapter.file, parts.value)
          : read;
      if (merged.ok) return merged.value;
      refusal ??= merged;
      return { shape: weight.shape, data: new Float32Array(weight.shape.reduce((a, b) => a * b, 1)) };
    },
  });
  return refusal ?? ok(made);
}
