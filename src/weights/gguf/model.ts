/**
 * A GGUF file as a causal language model: what its metadata and its tensors' names mean (ggml, gguf-py,
 * constants.py and tensor_mapping.py), in the words of the Hugging Face folder that it was converted from.
 */

import { ok, type Result, refuse } from '../../base/result.ts';
import { table } from '../../base/table.ts';
import { ARCHITECTURES, type Architecture } from '../architecture.ts';
import { firstNotFinite } from '../float-blocks.ts';
import { parseQwen3Config, type Qwen3Config, tensorShapes } from '../qwen3.ts';
import { otherShape, type Tensor } from '../safetensors.ts';
import { decodeWeights } from './blocks.ts';
import type { GgufHeader, GgufTensor, GgufValue } from './header.ts';
import { checkGgufKeys } from './keys.ts';

/** A tensor under the name that transformers has for it. */
export interface GgufWeight extends GgufTensor {
  /**
   * Set where the rows of each head, so many of them, are stored in pairs: the two that are turned together stand
   * together ({@link storedRow}).
   */
  readonly pairedHead?: number;
}

export interface GgufModel {
  /** config.json. */
  readonly configText: string;
  readonly config: Qwen3Config;
  readonly weights: ReadonlyMap<string, GgufWeight>;
}

const OUTER: Readonly<Record<string, string>> = table({
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
});
const IN_LAYER: Readonly<Record<string, string>> = table({
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  attn_output: 'self_attn.o_proj',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
});
/** A table for RoPE's scaling, which changes what a model computes; no copy of something else. */
const SPARE = /^rope_freqs\.weight$/;

/**
 * Codes: GGUF_ARCHITECTURE, GGUF_TENSOR_UNKNOWN, those of parseQwen3Config, checkGgufKeys and expected tensors
 * (TENSOR_MISSING, TENSOR_SHAPE).
 */
export function ggufModel(header: GgufHeader): Result<GgufModel> {
  const name = header.metadata.get('general.architecture');
  const architecture = ARCHITECTURES.find(({ gguf }) => gguf === name);
  if (architecture === undefined) {
    const known = ARCHITECTURES.map(({ gguf }) => gguf).join(' or ');
    return refuse(
      'GGUF_ARCHITECTURE',
      `The model must be of the architecture ${known}.`,
      'general.architecture',
    );
  }
  const configText = configOf(header, architecture);
  const config = parseQwen3Config(configText);
  if (!config.ok) return config;
  const known = checkGgufKeys(header, architecture.gguf, config.value);
  if (!known.ok) return known;
  const weights = weightsOf(header, config.value, architecture);
  return weights.ok ? ok({ configText, config: config.value, weights: weights.value }) : weights;
}

/** config.json; what the file doesn't say is left out, and refused by whoever reads it. */
function configOf({ metadata, tensors }: GgufHeader, { gguf, className, modelType }: Architecture): string {
  const of = (key: string): GgufValue | undefined => metadata.get(`${gguf}.${key}`);
  const embedding = tensors.get('token_embd.weight');
  const scaling = of('rope.scaling.type');
  const scaled = (scaling !== undefined && scaling !== 'none') || tensors.has('rope_freqs.weight');
  const fields = {
    architectures: [className],
    model_type: modelType,
    vocab_size: embedding?.shape[0],
    hidden_size: of('embedding_length'),
    num_hidden_layers: of('block_count'),
    num_attention_heads: of('attention.head_count'),
    num_key_value_heads: of('attention.head_count_kv') ?? of('attention.head_count'),
    // Without it, as llama.cpp reads a file; how much of a head is turned is another key's to say.
    head_dim:
      of('attention.key_length') ?? Number(of('embedding_length')) / Number(of('attention.head_count')),
    intermediate_size: of('feed_forward_length'),
    max_position_embeddings: of('context_length'),
    rope_theta: of('rope.freq_base') ?? 10_000,
    ...(scaled ? { rope_scaling: { type: scaling ?? 'rope_freqs' } } : {}),
    // The file has it in f32, a config.json in decimal digits.
    rms_norm_eps: decimal(of('attention.layer_norm_rms_epsilon')),
    hidden_act: 'silu',
    attention_bias: false,
    tie_word_embeddings: !tensors.has('output.weight'),
    bos_token_id: metadata.get('tokenizer.ggml.bos_token_id'),
    eos_token_id: metadata.get('tokenizer.ggml.eos_token_id'),
    pad_token_id: metadata.get('tokenizer.ggml.padding_token_id'),
  };
  return `${JSON.stringify(fields, undefined, 2)}\n`;
}

function decimal(value: GgufValue | undefined): GgufValue | undefined {
  return typeof value === 'number' ? Number(value.toPrecision(7)) : value;
}

function weightsOf(
  header: GgufHeader,
  config: Qwen3Config,
  { ggufPairsRows, name: architecture }: Architecture,
): Result<ReadonlyMap<string, GgufWeight>> {
  const shapes = tensorShapes(config);
  const weights = new Map<string, GgufWeight>();
  for (const [stored, tensor] of header.tensors) {
    if (SPARE.test(stored)) continue;
    const name = nameOf(stored);
    const shape = name === undefined ? undefined : shapes.get(name);
    if (name === undefined || shape === undefined)
      return refuse(
        'GGUF_TENSOR_UNKNOWN',
        `A ${architecture} of this configuration has no such tensor.`,
        stored,
      );
    const differs = otherShape(tensor.shape, shape);
    if (differs !== undefined) return refuse('TENSOR_SHAPE', differs, stored);
    const paired = ggufPairsRows && /\.[qk]_proj\.weight$/.test(name);
    weights.set(name, paired ? { ...tensor, pairedHead: config.headDim } : tensor);
  }
  for (const name of shapes.keys())
    if (!weights.has(name)) return refuse('TENSOR_MISSING', 'The file lacks this tensor.', name);
  return ok(weights);
}

function nameOf(stored: string): string | undefined {
  const outer = /^(\w+)\.weight$/.exec(stored)?.[1];
  if (outer !== undefined && Object.hasOwn(OUTER, outer)) return `${OUTER[outer]}.weight`;
  const [, layer, inner = ''] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(stored) ?? [];
  return layer !== undefined && Object.hasOwn(IN_LAYER, inner)
    ? `model.layers.${Number(layer)}.${IN_LAYER[inner]}.weight`
    : undefined;
}

/** Where a row of a tensor whose rows are paired stands in the file. */
export function storedRow(row: number, pairedHead: number): number {
  const within = row % pairedHead;
  const half = pairedHead / 2;
  return row - within + 2 * (within % half) + Math.floor(within / half);
}

/**
 * A tensor in f32, its rows in transformers' order. Code TENSOR_NOT_FINITE.
 * @param bytes the tensor's own, aligned as floats must be
 */
export function readGgufWeight(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  weight: GgufWeight,
): Result<Tensor> {
  const { type, shape, pairedHead } = weight;
  const stored = new Float32Array(shape.reduce((product, size) => product * size, 1));
  decodeWeights(bytes, type, stored);
  const bad = firstNotFinite(stored);
  if (bad !== -1) return refuse('TENSOR_NOT_FINITE', 'The tensor holds infinite or undefined values.', name);
  if (pairedHead === undefined) return ok({ shape, data: stored });
  const [rows, columns] = shape as [number, number];
  const data = new Float32Array(stored.length);
  for (let row = 0; row < rows; row++) {
    const from = storedRow(row, pairedHead) * columns;
    data.set(stored.subarray(from, from + columns), row * columns);
  }
  return ok({ shape, data });
}
