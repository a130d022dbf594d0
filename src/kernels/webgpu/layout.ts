/**
 * A model's numbers as the shader reads them: one buffer of vectors of four floats. A matrix [out, in] lies by its
 * columns: whoever computes four neighbouring outputs reads 16 bytes, and the invocations beside it the next ones.
 */
import type { ModelDimensions, WeightTensors } from '../model.ts';

/** Where things begin, in vectors of four floats; those of a layer behind the layer's own beginning. */
export interface Layout {
  readonly embedding: number;
  /** From a layer to the next; the first begins at 0. */
  readonly layerSize: number;
  readonly attentionNorm: number;
  readonly qkv: number;
  /** Undefined where there is none. */
  readonly queryNorm: number | undefined;
  readonly keyNorm: number | undefined;
  readonly output: number;
  readonly feedForwardNorm: number;
  readonly gateAndUp: number;
  readonly down: number;
  readonly norm: number;
  readonly head: number;
  /** All of it. */
  readonly size: number;
}

/** Vectors that hold this many floats. */
export function vectors(floats: number): number {
  return Math.ceil(floats / 4);
}

/** Floats of queries, keys and values of a token. */
export function qkvSize({ heads, kvHeads, headSize }: ModelDimensions): number {
  return (heads + 2 * kvHeads) * headSize;
}

/** @param has whether there is a tensor of this name */
export function layoutOf(d: ModelDimensions, has: (name: string) => boolean): Layout {
  let at = 0;
  const take = (size: number): number => {
    const from = at;
    at += size;
    return from;
  };
  const matrix = (outputs: number, inner: number): number => take(vectors(outputs) * inner);
  const optional = (name: string, size: number): number | undefined => (has(name) ? take(size) : undefined);
  const { hidden, feedForward, vocabulary, headSize } = d;
  const attended = d.heads * headSize;
  const attention = 'model.layers.0.self_attn.';
  const layer = {
    attentionNorm: take(vectors(hidden)),
    qkv: matrix(qkvSize(d), hidden),
    queryNorm: optional(`${attention}q_norm.weight`, vectors(headSize)),
    keyNorm: optional(`${attention}k_norm.weight`, vectors(headSize)),
    output: matrix(hidden, attended),
    feedForwardNorm: take(vectors(hidden)),
    gateAndUp: matrix(2 * feedForward, hidden),
    down: matrix(hidden, feedForward),
  };
  const layerSize = at;
  at = layerSize * d.layers;
  const norm = take(vectors(hidden));
  const embedding = matrix(vocabulary, hidden);
  const head = has('lm_head.weight') ? matrix(vocabulary, hidden) : embedding;
  return { ...layer, layerSize, norm, embedding, head, size: at };
}

/** The buffer's content. Throws where a tensor is missing or of another size than the dimensions say. */
export function placed(
  d: ModelDimensions,
  weights: WeightTensors,
  layout: Layout,
): Float32Array<ArrayBuffer> {
  const all = new Float32Array(4 * layout.size);
  const given = (name: string, size: number): Float32Array => {
    const data = weights.get(name)?.data;
    if (data?.length !== size)
      throw new Error(`The model lacks ${name}, or it has another size than it must have.`);
    return data;
  };
  const vector = (at: number | undefined, name: string, size: number): void => {
    if (at !== undefined) all.set(given(name, size), 4 * at);
  };
  /** Matrices below each other. */
  const matrix = (at: number, inner: number, ...parts: readonly (readonly [string, number])[]): void => {
    const width = 4 * vectors(parts.reduce((sum, [, rows]) => sum + rows, 0));
    let first = 0;
    for (const [name, rows] of parts) {
      const data = given(name, rows * inner);
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < inner; i++)
          all[4 * at + i * width + first + row] = data[row * inner + i] as number;
      first += rows;
    }
  };
  const { hidden, feedForward, vocabulary, headSize } = d;
  const [attended, keys] = [d.heads * headSize, d.kvHeads * headSize];
  for (let i = 0; i < d.layers; i++) {
    const at = (offset: number): number => i * layout.layerSize + offset;
    const optional = (offset: number | undefined): number | undefined =>
      offset === undefined ? undefined : at(offset);
    const name = (rest: string): string => `model.layers.${i}.${rest}.weight`;
    vector(at(layout.attentionNorm), name('input_layernorm'), hidden);
    matrix(
      at(layout.qkv),
      hidden,
      [name('self_attn.q_proj'), attended],
      [name('self_attn.k_proj'), keys],
      [name('self_attn.v_proj'), keys],
    );
    vector(optional(layout.queryNorm), name('self_attn.q_norm'), headSize);
    vector(optional(layout.keyNorm), name('self_attn.k_norm'), headSize);
    matrix(at(layout.output), attended, [name('self_attn.o_proj'), hidden]);
    vector(at(layout.feedForwardNorm), name('post_attention_layernorm'), hidden);
    matrix(
      at(layout.gateAndUp),
      hidden,
      [name('mlp.gate_proj'), feedForward],
      [name('mlp.up_proj'), feedForward],
    );
    matrix(at(layout.down), feedForward, [name('mlp.down_proj'), hidden]);
  }
  vector(layout.norm, 'model.norm.weight', hidden);
  matrix(layout.embedding, hidden, ['model.embed_tokens.weight', vocabulary]);
  if (layout.head !== layout.embedding) matrix(layout.head, hidden, ['lm_head.weight', vocabulary]);
  return all;
}

/** Cosine and sine of each position's angles, position after position: a shader's own are too rough for large ones. */
export function turns({ headSize, ropeTheta, contextLimit }: ModelDimensions): Float32Array<ArrayBuffer> {
  const half = headSize / 2;
  const all = new Float32Array(2 * half * contextLimit);
  for (let position = 0; position < contextLimit; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * ropeTheta ** (-i / half);
      all[2 * (position * half + i)] = Math.cos(angle);
      all[2 * (position * half + i) + 1] = Math.sin(angle);
    }
  }
  return all;
}
