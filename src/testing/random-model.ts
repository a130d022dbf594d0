/** Weights of random models, made from their names as models/training/kernel_fixtures.py makes them. */
import type { ModelDimensions } from '../kernels/model.ts';

/** 32 bits for each index. */
function hashed(name: string, count: number): Uint32Array {
  let seed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  return Uint32Array.from({ length: count }, (_, i) => {
    let x = Math.imul(i, 0x9e3779b1) + seed;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return x ^ (x >>> 16);
  });
}

/** @param bound tokens are below it */
export function randomTokens(name: string, count: number, bound: number): number[] {
  return Array.from(hashed(name, count), (bits) => bits % bound);
}

/** Norms around 1, matrices so that a product keeps the size of what goes in; every step rounded to f32. */
export function randomTensor(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const [rows, columns] = shape;
  const scale = name.includes('embed') ? 4 : Math.fround(4 / Math.sqrt(columns ?? 1));
  return Float32Array.from(hashed(name, (rows as number) * (columns ?? 1)), (bits) => {
    const uniform = (bits >>> 8) * 2 ** -24 - 0.5;
    return columns === undefined ? 1 + uniform : uniform * scale;
  });
}

/** @param norms whether queries and keys are normed */
export function randomWeights(
  name: string,
  d: ModelDimensions,
  { norms, tied }: { readonly norms: boolean; readonly tied: boolean },
): Map<string, { readonly data: Float32Array }> {
  const weights = new Map<string, { readonly data: Float32Array }>();
  const put = (tensor: string, ...shape: number[]): void => {
    weights.set(tensor, { data: randomTensor(`${name}/${tensor}`, shape) });
  };
  put('model.embed_tokens.weight', d.vocabulary, d.hidden);
  for (let i = 0; i < d.layers; i++) {
    const layer = `model.layers.${i}.`;
    put(`${layer}input_layernorm.weight`, d.hidden);
    put(`${layer}post_attention_layernorm.weight`, d.hidden);
    put(`${layer}self_attn.q_proj.weight`, d.heads * d.headSize, d.hidden);
    for (const one of ['k', 'v'])
      put(`${layer}self_attn.${one}_proj.weight`, d.kvHeads * d.headSize, d.hidden);
    put(`${layer}self_attn.o_proj.weight`, d.hidden, d.heads * d.headSize);
    if (norms) for (const one of ['q', 'k']) put(`${layer}self_attn.${one}_norm.weight`, d.headSize);
    for (const one of ['gate', 'up']) put(`${layer}mlp.${one}_proj.weight`, d.feedForward, d.hidden);
    put(`${layer}mlp.down_proj.weight`, d.hidden, d.feedForward);
  }
  put('model.norm.weight', d.hidden);
  if (!tied) put('lm_head.weight', d.vocabulary, d.hidden);
  return weights;
}
