/**
 * A model's parameters as MLC's compiled libraries know them (mlc-llm, python/mlc_llm/model/qwen3 and llama): names,
 * which tensors of the checkpoint each is stacked from, and the records that each is stored as. The exact list stands
 * in the library too, as JSON.
 */
import { architectureOf } from './architecture.ts';
import { groupsOf } from './group-quantization.ts';
import type { MlcQuantization } from './manifest.ts';
import type { Qwen3Config } from './qwen3.ts';

/** Rows of a tensor of the checkpoint, all of them. A vector is one row. */
export interface ParameterPart {
  readonly tensor: string;
  readonly rows: number;
}

export interface MlcParameter {
  /** Without `.weight`. */
  readonly name: string;
  /** Stacked in this order. */
  readonly parts: readonly ParameterPart[];
  /** Rows of zeros at the end, up to the vocabulary that a library was compiled for. */
  readonly padding: number;
  readonly columns: number;
  /** Matrices are quantised, norms aren't. */
  readonly matrix: boolean;
}

/**
 * All parameters in the order in which they are stored.
 * @param vocabulary rows of the embedding and the head; at least the model's own
 */
export function mlcParameters(c: Qwen3Config, vocabulary = c.vocabSize): MlcParameter[] {
  const matrix = (
    name: string,
    columns: number,
    parts: readonly ParameterPart[],
    padding = 0,
  ): MlcParameter => ({
    name,
    parts,
    padding,
    columns,
    matrix: true,
  });
  const norm = (name: string, columns: number): MlcParameter => ({
    name,
    parts: [{ tensor: `${name}.weight`, rows: 1 }],
    padding: 0,
    columns,
    matrix: false,
  });
  const words = (name: string): MlcParameter =>
    matrix(name, c.hiddenSize, [{ tensor: `${name}.weight`, rows: c.vocabSize }], vocabulary - c.vocabSize);
  const { mlcAttention, queryKeyNorms } = architectureOf(c.modelType);
  const parameters = [words('model.embed_tokens')];
  const queries = c.heads * c.headDim;
  const keys = c.kvHeads * c.headDim;
  for (let i = 0; i < c.layers; i++) {
    const layer = `model.layers.${i}`;
    const attention = `${layer}.self_attn`;
    const part = (name: string, rows: number): ParameterPart => ({ tensor: `${name}.weight`, rows });
    parameters.push(
      norm(`${layer}.input_layernorm`, c.hiddenSize),
      matrix(`${attention}.${mlcAttention}`, c.hiddenSize, [
        part(`${attention}.q_proj`, queries),
        part(`${attention}.k_proj`, keys),
        part(`${attention}.v_proj`, keys),
      ]),
      ...(queryKeyNorms ? ['q_norm', 'k_norm'].map((one) => norm(`${attention}.${one}`, c.headDim)) : []),
      matrix(`${attention}.o_proj`, queries, [part(`${attention}.o_proj`, c.hiddenSize)]),
      norm(`${layer}.post_attention_layernorm`, c.hiddenSize),
      matrix(`${layer}.mlp.gate_up_proj`, c.hiddenSize, [
        part(`${layer}.mlp.gate_proj`, c.intermediateSize),
        part(`${layer}.mlp.up_proj`, c.intermediateSize),
      ]),
      matrix(`${layer}.mlp.down_proj`, c.intermediateSize, [part(`${layer}.mlp.down_proj`, c.hiddenSize)]),
    );
  }
  parameters.push(norm('model.norm', c.hiddenSize));
  if (!c.tied) parameters.push(words('lm_head'));
  return parameters;
}

/** Rows of a parameter, padding included. */
export function parameterRows({ parts, padding }: Pick<MlcParameter, 'parts' | 'padding'>): number {
  return parts.reduce((sum, part) => sum + part.rows, padding);
}

/** How the rows of a parameter are written: words and scales of four-bit groups, or the numbers themselves. */
export type Encoding = 'words' | 'scales-f16' | 'scales-bf16' | 'scales-f32' | 'f16' | 'bf16' | 'f32';

/** How f32 values of the model are stored: MLC writes bf16 and widens it when it loads (`f32-to-bf16`). */
export type F32Storage = 'bf16' | 'f32';

interface MlcRecord {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the library computes with. */
  readonly dtype: 'uint32' | 'float16' | 'float32';
  readonly encoding: Encoding;
  readonly bytesPerRow: number;
}

const BYTES: Readonly<Record<'f16' | 'bf16' | 'f32', number>> = { f16: 2, bf16: 2, f32: 4 };

/** The records of one parameter: two where it is quantised, otherwise one. */
export function recordsOf(
  parameter: MlcParameter,
  quantization: MlcQuantization,
  storage: F32Storage,
): MlcRecord[] {
  const { name, matrix, columns } = parameter;
  const half = quantization === 'q4f16_1' || quantization === 'q0f16';
  const stored = half ? 'f16' : storage;
  const dtype = half ? 'float16' : 'float32';
  const rows = parameterRows(parameter);
  if (!matrix || quantization.startsWith('q0')) {
    const shape = matrix ? [rows, columns] : [columns];
    return [{ name: `${name}.weight`, shape, dtype, encoding: stored, bytesPerRow: columns * BYTES[stored] }];
  }
  const groups = groupsOf(columns);
  return [
    {
      name: `${name}.q_weight`,
      shape: [rows, 4 * groups],
      dtype: 'uint32',
      encoding: 'words',
      bytesPerRow: 16 * groups,
    },
    {
      name: `${name}.q_scale`,
      shape: [rows, groups],
      dtype,
      encoding: `scales-${stored}`,
      bytesPerRow: groups * BYTES[stored],
    },
  ];
}
