/**
 * A causal language model of one of the known architectures as Hugging Face stores it: its configuration (config.json)
 * and the names and shapes of its tensors (transformers, modeling_qwen3.py and modeling_llama.py).
 */

import { asFields, isCount } from '../base/json-fields.ts';
import { readJson } from '../base/read-json.ts';
import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { ARCHITECTURE_NAMES, ARCHITECTURES, architectureOf, type ModelType } from './architecture.ts';
import {
  type ConfigKeysCode,
  checkConfigKeys,
  isPositive,
  parseRopeTheta,
  saysNothing,
} from './config-keys.ts';
import { Safetensors, type SafetensorsCode, type Tensor, type TensorCode } from './safetensors.ts';

/** Why it refuses. */
type ConfigCode = 'CONFIG_JSON' | 'CONFIG_MODEL' | 'CONFIG_VALUE' | ConfigKeysCode;

export interface Qwen3Config {
  readonly modelType: ModelType;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediateSize: number;
  readonly ropeTheta: number;
  readonly maxPositions: number;
  readonly normEpsilon: number;
  /** The head is the embedding. */
  readonly tied: boolean;
  /** Tokens that end a reply; none where only generation_config.json names them. */
  readonly ends: readonly number[];
}

/** Key in config.json, and the largest value that is believed. */
const SIZES = {
  vocabSize: ['vocab_size', 300_000],
  hiddenSize: ['hidden_size', 16_384],
  layers: ['num_hidden_layers', 256],
  heads: ['num_attention_heads', 256],
  kvHeads: ['num_key_value_heads', 256],
  headDim: ['head_dim', 512],
  intermediateSize: ['intermediate_size', 65_536],
  maxPositions: ['max_position_embeddings', 1_048_576],
} as const;

const READ = [
  ...Object.values(SIZES).map(([key]) => key),
  'attention_bias',
  'hidden_act',
  'layer_types',
  'mlp_bias',
  'rms_norm_eps',
  'rope_parameters',
  'rope_scaling',
  'rope_theta',
  'sliding_window',
  'tie_word_embeddings',
  'use_sliding_window',
];

/** Reads config.json; CONFIG_MODEL is another architecture. */
export function parseQwen3Config(text: string): Parsed<Qwen3Config, ConfigCode> {
  const json = readJson(text, { code: 'CONFIG_JSON', what: 'config.json', longest: 10_000_000 });
  if (!json.ok) return json;
  const fields = asFields(json.value);
  const architecture = ARCHITECTURES.find(({ modelType }) => modelType === fields.model_type);
  if (architecture === undefined)
    return refuse('CONFIG_MODEL', `The model isn't a ${ARCHITECTURE_NAMES}.`, 'model_type');
  const sizes: Partial<Record<keyof typeof SIZES, number>> = {};
  for (const [name, [key, limit]] of Object.entries(SIZES)) {
    const absent =
      name === 'headDim' && architecture.headDimFollows && (fields[key] ?? undefined) === undefined;
    const value = absent ? Number(fields.hidden_size) / Number(fields.num_attention_heads) : fields[key];
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > limit)
      return refuse('CONFIG_VALUE', `${key} must be a whole number from 1 to ${limit}.`, key);
    sizes[name as keyof typeof SIZES] = value as number;
  }
  const whole = sizes as Record<keyof typeof SIZES, number>;
  if (whole.heads % whole.kvHeads !== 0)
    return refuse(
      'CONFIG_VALUE',
      'The query heads must be a multiple of the KV heads.',
      'num_key_value_heads',
    );
  if (whole.headDim % 2 !== 0) return refuse('CONFIG_VALUE', 'head_dim must be even.', 'head_dim');
  const ropeTheta = parseRopeTheta(fields);
  if (!ropeTheta.ok) return ropeTheta;
  const normEpsilon = fields.rms_norm_eps;
  if (!isPositive(normEpsilon))
    return refuse('CONFIG_VALUE', 'rms_norm_eps must be a positive number.', 'rms_norm_eps');
  // sliding_window alone does nothing: transformers forgets it unless use_sliding_window is set.
  for (const key of ['use_sliding_window', 'attention_bias', 'mlp_bias'])
    if (!saysNothing(fields[key])) return refuse('CONFIG_VALUE', `${key} isn't supported.`, key);
  const layerTypes = fields.layer_types ?? [];
  if (!Array.isArray(layerTypes) || layerTypes.some((type) => type !== 'full_attention'))
    return refuse('CONFIG_VALUE', 'Every layer must be of full_attention.', 'layer_types');
  if ((fields.hidden_act ?? 'silu') !== 'silu')
    return refuse('CONFIG_VALUE', 'hidden_act must be silu.', 'hidden_act');
  const tied = fields.tie_word_embeddings ?? false;
  if (typeof tied !== 'boolean')
    return refuse('CONFIG_VALUE', 'tie_word_embeddings must be true or false.', 'tie_word_embeddings');
  const ends: unknown[] = [fields.eos_token_id ?? []].flat();
  if (!ends.every((end) => isCount(end, whole.vocabSize - 1)))
    return refuse(
      'CONFIG_VALUE',
      `eos_token_id must be a token of the vocabulary (0 to ${whole.vocabSize - 1}) or a list of such tokens.`,
      'eos_token_id',
    );
  const known = checkConfigKeys(fields, READ);
  if (!known.ok) return known;
  const { modelType } = architecture;
  return ok({ modelType, ...whole, ropeTheta: ropeTheta.value, normEpsilon, tied, ends });
}

/** Names and shapes ([out, in] for matrices) of all tensors of a model. */
export function tensorShapes(c: Qwen3Config): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  shapes.set('model.embed_tokens.weight', [c.vocabSize, c.hiddenSize]);
  for (let i = 0; i < c.layers; i++) {
    const layer = `model.layers.${i}.`;
    shapes.set(`${layer}input_layernorm.weight`, [c.hiddenSize]);
    shapes.set(`${layer}self_attn.q_proj.weight`, [c.heads * c.headDim, c.hiddenSize]);
    shapes.set(`${layer}self_attn.k_proj.weight`, [c.kvHeads * c.headDim, c.hiddenSize]);
    shapes.set(`${layer}self_attn.v_proj.weight`, [c.kvHeads * c.headDim, c.hiddenSize]);
    shapes.set(`${layer}self_attn.o_proj.weight`, [c.hiddenSize, c.heads * c.headDim]);
    if (architectureOf(c.modelType).queryKeyNorms) {
      shapes.set(`${layer}self_attn.q_norm.weight`, [c.headDim]);
      shapes.set(`${layer}self_attn.k_norm.weight`, [c.headDim]);
    }
    shapes.set(`${layer}post_attention_layernorm.weight`, [c.hiddenSize]);
    shapes.set(`${layer}mlp.gate_proj.weight`, [c.intermediateSize, c.hiddenSize]);
    shapes.set(`${layer}mlp.up_proj.weight`, [c.intermediateSize, c.hiddenSize]);
    shapes.set(`${layer}mlp.down_proj.weight`, [c.hiddenSize, c.intermediateSize]);
  }
  shapes.set('model.norm.weight', [c.hiddenSize]);
  if (!c.tied) shapes.set('lm_head.weight', [c.vocabSize, c.hiddenSize]);
  return shapes;
}

/** Why a tensor that {@link tensorShapes} lacks isn't passed over; undefined for one that says nothing. */
export function unknownTensor(name: string, config: Qwen3Config): Refused<'TENSOR_UNKNOWN'> | undefined {
  // What some checkpoints hold though the model doesn't need it: a copy of the tied head, tables for RoPE.
  if ((config.tied && name === 'lm_head.weight') || name.endsWith('.rotary_emb.inv_freq')) return undefined;
  const { name: architecture } = architectureOf(config.modelType);
  return refuse(
    'TENSOR_UNKNOWN',
    `A ${architecture} of this configuration has no such tensor${quantisedHint(name)}.`,
    name,
  );
}

/** Scales and packed words beside quantised weights, as fp8, AWQ, GPTQ, bitsandbytes and compressed-tensors name them. */
function quantisedHint(name: string): string {
  const quantised =
    /\.(weight_scale(_inv)?|(input|output)_scale|q(weight|zeros)|scales|g_idx|SCB)$|\.weight[._](absmax|quant_map|quant_state|nested_absmax|packed|shape)\b/;
  return quantised.test(name) ? ': it is part of quantised weights, give the unquantised checkpoint' : '';
}

export type Qwen3Weights = ReadonlyMap<string, Tensor>;

/** Gives a tensor when it is asked for one, so that nobody has to hold them all. */
export type WeightSource = Pick<Qwen3Weights, 'get'>;

/** Those of a file in memory. Codes: those of Safetensors. */
export function parseQwen3Weights(
  bytes: Uint8Array,
  config: Qwen3Config,
): Parsed<Map<string, Tensor>, SafetensorsCode | TensorCode | 'TENSOR_UNKNOWN'> {
  const file = Safetensors.parse(bytes);
  return file.ok ? readQwen3Weights(file.value, config) : file;
}

/** All tensors in f32, and no others. Codes: those of {@link Safetensors.tensor}, TENSOR_UNKNOWN. */
export function readQwen3Weights(
  file: Safetensors,
  config: Qwen3Config,
): Parsed<Map<string, Tensor>, TensorCode | 'TENSOR_UNKNOWN'> {
  const shapes = tensorShapes(config);
  for (const name of file.header.tensors.keys()) {
    // A bias that is passed over is another model.
    const unknown = shapes.has(name) ? undefined : unknownTensor(name, config);
    if (unknown !== undefined) return unknown;
  }
  const weights = new Map<string, Tensor>();
  for (const [name, shape] of shapes) {
    const tensor = file.tensor(name, shape);
    if (!tensor.ok) return tensor;
    weights.set(name, tensor.value);
  }
  return ok(weights);
}
