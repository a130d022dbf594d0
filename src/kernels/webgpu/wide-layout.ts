/**
 * Where the numbers of a model of eight bits lie on a GPU: a buffer for each layer and one for what stands outside of
 * them, since adapters hand out 128 MB at a time. Matrices are the panels of src/weights/panels8.ts, bytes as they are.
 */
import { BLOCK_BYTES, PANEL_BLOCK, PANEL_ROWS, panelBytes } from '../../weights/panels8.ts';
import type { ModelDimensions } from '../model.ts';
import type { TensorSource } from '../placed-weights.ts';
import { COPY_DST, STORAGE } from './conversations.ts';
import { type Layout, qkvSize } from './layout.ts';

/** Bytes of a vector of four floats, as which the shader reads all of it. */
const VECTOR = 16;
/** Vectors of a block of a panel: two of scales, the rest words. */
export const BLOCK_VECTORS = BLOCK_BYTES / VECTOR;

/** Tensors that lie in one buffer in this order: their names, and their numbers or their rows and columns. */
type Parts = readonly (readonly [name: string, size: number | readonly [number, number]])[];

/**
 * Where things begin, in vectors of four floats: those of a layer in its own buffer, the others in that of what stands
 * outside of them.
 */
export type WideLayout = Omit<Layout, 'layerSize' | 'size'>;

/** Why a model can't lie there; undefined where it can. */
export function unfitForPanels(d: ModelDimensions): string | undefined {
  const attended = d.heads * d.headSize;
  const keys = d.kvHeads * d.headSize;
  if ([d.hidden, d.feedForward, attended].some((inner) => inner % PANEL_BLOCK !== 0))
    return `its products don't go in blocks of ${PANEL_BLOCK}`;
  if ([keys, d.feedForward].some((rows) => rows % PANEL_ROWS !== 0))
    return `its matrices don't go in panels of ${PANEL_ROWS} rows`;
  return undefined;
}

function layerParts(d: ModelDimensions, layer: number, has: (name: string) => boolean): Parts {
  const { hidden, feedForward, headSize } = d;
  const [attended, keys] = [d.heads * headSize, d.kvHeads * headSize];
  const name = (rest: string): string => `model.layers.${layer}.${rest}.weight`;
  const norms: Parts = [
    [name('self_attn.q_norm'), headSize],
    [name('self_attn.k_norm'), headSize],
  ];
  return [
    [name('input_layernorm'), hidden],
    [name('post_attention_layernorm'), hidden],
    ...norms.filter(([norm]) => has(norm)),
    [name('self_attn.q_proj'), [attended, hidden]],
    [name('self_attn.k_proj'), [keys, hidden]],
    [name('self_attn.v_proj'), [keys, hidden]],
    [name('self_attn.o_proj'), [hidden, attended]],
    [name('mlp.gate_proj'), [feedForward, hidden]],
    [name('mlp.up_proj'), [feedForward, hidden]],
    [name('mlp.down_proj'), [hidden, feedForward]],
  ];
}

function outerParts({ hidden, vocabulary }: ModelDimensions, has: (name: string) => boolean): Parts {
  const head = 'lm_head.weight';
  return [
    ['model.norm.weight', hidden],
    ['model.embed_tokens.weight', [vocabulary, hidden]],
    ...(has(head) ? [[head, [vocabulary, hidden]] as const] : []),
  ];
}

function bytesOf(size: Parts[number][1]): number {
  return typeof size === 'number' ? 4 * size : panelBytes(...size);
}

/** Where each of them begins, in vectors. */
function starts(parts: Parts): { readonly at: ReadonlyMap<string, number>; readonly bytes: number } {
  const at = new Map<string, number>();
  let bytes = 0;
  for (const [name, size] of parts) {
    at.set(name, bytes / VECTOR);
    bytes += bytesOf(size);
  }
  return { at, bytes };
}

export function wideLayoutOf(d: ModelDimensions, has: (name: string) => boolean): WideLayout {
  const layer = starts(layerParts(d, 0, has)).at;
  const outer = starts(outerParts(d, has)).at;
  const of = (rest: string): number | undefined => layer.get(`model.layers.0.${rest}.weight`);
  const needed = (rest: string): number => of(rest) as number;
  const embedding = outer.get('model.embed_tokens.weight') as number;
  return {
    attentionNorm: needed('input_layernorm'),
    qkv: needed('self_attn.q_proj'),
    queryNorm: of('self_attn.q_norm'),
    keyNorm: of('self_attn.k_norm'),
    output: needed('self_attn.o_proj'),
    feedForwardNorm: needed('post_attention_layernorm'),
    gateAndUp: needed('mlp.gate_proj'),
    down: needed('mlp.down_proj'),
    norm: outer.get('model.norm.weight') as number,
    embedding,
    head: outer.get('lm_head.weight') ?? embedding,
  };
}

/**
 * The buffers, a tensor read and sent at a time: of what stands outside of the layers, then of each layer.
 * Throws where a tensor is missing, of another size or kind, or larger than the device takes.
 */
export async function sendWeights(
  d: ModelDimensions,
  weights: TensorSource,
  device: GPUDevice,
): Promise<GPUBuffer[]> {
  const has = (name: string): boolean => weights.has(name);
  const buffers: GPUBuffer[] = [];
  for (let i = -1; i < d.layers; i++) {
    const parts = i < 0 ? outerParts(d, has) : layerParts(d, i, has);
    const { at, bytes } = starts(parts);
    const most = device.limits.maxStorageBufferBindingSize;
    if (bytes > most) {
      const [needed, given] = [bytes, most].map((size) => Math.ceil(size / 1e6));
      throw new Error(`the GPU hands out ${given} MB at a time, and its embedding takes ${needed}`);
    }
    const buffer = device.createBuffer({ size: bytes, usage: STORAGE | COPY_DST });
    buffers.push(buffer);
    for (const [name, size] of parts) {
      const tensor = await weights.get(name);
      if (tensor === undefined) throw new Error(`The model lacks ${name}.`);
      const data = 'panels' in tensor ? tensor.panels : tensor.data;
      if ('panels' in tensor !== (typeof size !== 'number') || data.byteLength !== bytesOf(size))
        throw new Error(`${name} isn't stored as it must be: vectors in 32 bits, matrices in eight.`);
      const { buffer: from, byteOffset, byteLength } = data as Uint8Array<ArrayBuffer>;
      device.queue.writeBuffer(buffer, VECTOR * (at.get(name) as number), from, byteOffset, byteLength);
    }
  }
  return buffers;
}

/** Floats that a token takes wherever its numbers lie between two dispatches: the stream, what is narrow, what is wide. */
export function workOf(d: ModelDimensions): readonly [number, number, number] {
  return [d.hidden, Math.max(d.hidden, d.heads * d.headSize), Math.max(qkvSize(d), 2 * d.feedForward)];
}
