/** Weights in the kernels' memory, one tensor after the other: whoever gives them needn't hold them all. */
import { BLOCK_BYTES, PANEL_BLOCK, PANEL_ROWS, panelBytes } from '../weights/panels8.ts';
import type { Arena } from './arena.ts';
import type { ModelDimensions } from './model.ts';
import { isTrimmed, packTrimmed, TRIMMED_ROWS, trimmedBytes } from './trimmed.ts';

/** In f32, or a matrix of eight bits a number (weights/panels8.ts). Vectors are always in f32. */
export type WeightTensor = { readonly data: Float32Array } | { readonly panels: Uint8Array };

/** Tensors by the names that transformers gives them, rows first; matrices are [out, in], all of one kind. */
export interface TensorSource {
  has(name: string): boolean;
  get(name: string): WeightTensor | undefined | Promise<WeightTensor | undefined>;
}

/** Where a matrix lies, and what its numbers are stored as: assembly/tiles.ts, trimmed.ts and quantised.ts. */
export interface Matrix {
  readonly at: number;
  readonly kind: 'f32' | 'trimmed' | 'eight';
  readonly bytes: number;
}

/** Addresses of vectors, and matrices. */
export interface Layer {
  readonly attentionNorm: number;
  readonly qkv: Matrix;
  /** 0 where there is none. */
  readonly queryNorm: number;
  readonly keyNorm: number;
  readonly output: Matrix;
  readonly feedForwardNorm: number;
  readonly gateAndUp: Matrix;
  readonly down: Matrix;
}

export interface PlacedWeights {
  readonly embedding: Matrix;
  readonly layers: readonly Layer[];
  readonly norm: number;
  readonly head: Matrix;
}

/** Rows of a matrix with those that fill its last panel up. */
export function padded(rows: number): number {
  return Math.ceil(rows / PANEL_ROWS) * PANEL_ROWS;
}

/** Throws where a tensor is missing or of another size or kind than the others, and what the platform fails with. */
export async function placeWeights(
  d: ModelDimensions,
  weights: TensorSource,
  arena: Arena,
): Promise<PlacedWeights> {
  let eightBits: boolean | undefined;
  const given = async (name: string): Promise<WeightTensor> => {
    const tensor = await weights.get(name);
    if (tensor === undefined) throw new Error(`The model lacks ${name}.`);
    return tensor;
  };
  const vector = async (name: string): Promise<number> => {
    const tensor = await given(name);
    if (!('data' in tensor)) throw new Error(`${name} must be in 32 bits.`);
    const address = arena.take(4 * tensor.data.length);
    arena.floats(address, tensor.data.length).set(tensor.data);
    return address;
  };
  /** Matrices below each other, in panels of their rows; the last is filled up with zeros. */
  const matrix = async (inner: number, ...parts: readonly (readonly [string, number])[]): Promise<Matrix> => {
    const rows = parts.reduce((sum, [, count]) => sum + count, 0);
    const tensors: WeightTensor[] = [];
    for (const [name, count] of parts) {
      const tensor = await given(name);
      const eight = 'panels' in tensor;
      eightBits ??= eight;
      if (eight !== eightBits) throw new Error(`${name} is stored in another way than the other matrices.`);
      if (eight && (inner % PANEL_BLOCK !== 0 || tensor.panels.length !== panelBytes(count, inner)))
        throw new Error(`${name} has another size than it must have.`);
      tensors.push(tensor);
    }
    const trims = rows % TRIMMED_ROWS === 0 && tensors.every((one) => 'data' in one && isTrimmed(one.data));
    const kind = eightBits ? 'eight' : trims ? 'trimmed' : 'f32';
    const bytes = { eight: panelBytes, trimmed: trimmedBytes, f32: f32Bytes }[kind](rows, inner);
    const at = arena.take(bytes);
    let row = 0;
    for (const [i, tensor] of tensors.entries()) {
      if ('panels' in tensor) {
        const from = at + (row / PANEL_ROWS) * (inner / PANEL_BLOCK) * BLOCK_BYTES;
        arena.bytesAt(from, tensor.panels.length).set(tensor.panels);
      } else if (kind === 'trimmed') packTrimmed(arena.bytesAt(at, bytes), tensor.data, row, inner);
      else pack(arena.floats(at, bytes / 4), tensor.data, row, inner);
      row += parts[i]?.[1] ?? 0;
    }
    return { at, kind, bytes };
  };
  const size = d.heads * d.headSize;
  const keySize = d.kvHeads * d.headSize;
  const embedding = await matrix(d.hidden, ['model.embed_tokens.weight', d.vocabulary]);
  const layers: Layer[] = [];
  for (let i = 0; i < d.layers; i++) {
    const at = `model.layers.${i}.`;
    const optional = async (name: string): Promise<number> => (weights.has(name) ? await vector(name) : 0);
    layers.push({
      attentionNorm: await vector(`${at}input_layernorm.weight`),
      qkv: await matrix(
        d.hidden,
        [`${at}self_attn.q_proj.weight`, size],
        [`${at}self_attn.k_proj.weight`, keySize],
        [`${at}self_attn.v_proj.weight`, keySize],
      ),
      queryNorm: await optional(`${at}self_attn.q_norm.weight`),
      keyNorm: await optional(`${at}self_attn.k_norm.weight`),
      output: await matrix(size, [`${at}self_attn.o_proj.weight`, d.hidden]),
      feedForwardNorm: await vector(`${at}post_attention_layernorm.weight`),
      gateAndUp: await matrix(
        d.hidden,
        [`${at}mlp.gate_proj.weight`, d.feedForward],
        [`${at}mlp.up_proj.weight`, d.feedForward],
      ),
      down: await matrix(d.feedForward, [`${at}mlp.down_proj.weight`, d.hidden]),
    });
  }
  const norm = await vector('model.norm.weight');
  const head = weights.has('lm_head.weight')
    ? await matrix(d.hidden, ['lm_head.weight', d.vocabulary])
    : embedding;
  return { embedding, layers, norm, head };
}

function f32Bytes(rows: number, inner: number): number {
  return 4 * padded(rows) * inner;
}

/** @param row of the packed matrix that the first one becomes */
function pack(packed: Float32Array, data: Float32Array, row: number, inner: number): void {
  for (let from = 0; from < data.length; from += inner, row++) {
    const lane = row % PANEL_ROWS;
    const to = (row - lane) * inner + lane;
    for (let i = 0; i < inner; i++) packed[to + i * PANEL_ROWS] = data[from + i] as number;
  }
}
