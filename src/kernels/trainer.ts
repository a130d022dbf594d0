/**
 * Training of a LoRA adapter on a decoder-only transformer (model.ts says which), on one thread, in f32: the forward
 * pass with its activations kept, and the backward pass by hand. Sequences go through one at a time, so that nothing is
 * padded; their gradients are added up until a step is taken. Attention isn't kept: its shares are computed again, a
 * block of rows at a time, so that memory grows with the length alone.
 */
import { Arena } from './arena.ts';
import type { Build } from './load.ts';
import { loadTrainingKernels, type TrainingKernels } from './load-training.ts';
import { type ModelDimensions, unfit, type WeightTensors } from './model.ts';
import { type HeadNorms, TrainedAttention } from './trained-attention.ts';
import { TrainedHead } from './trained-head.ts';
import { ADD, type LayerStacks, type LoraShape, SET, TrainedMatrices } from './trained-matrices.ts';

/** A sequence, and which of its tokens are learnt. */
export interface Sequence {
  readonly tokens: readonly number[];
  /** Indices of tokens to be predicted, ascending, from 1. */
  readonly learnt: readonly number[];
}

/** Rows that products are computed of at once, so that they stay in the CPU's cache. */
const BLOCK = 128;

/** What a layer keeps of the forward pass, by address; a row a token. */
interface Kept {
  /** What went into the layer. */
  readonly x: number;
  readonly qkv: number;
  readonly attended: number;
  /** What went into its feed-forward part. */
  readonly mid: number;
  readonly gateAndUp: number;
}

interface Norms extends HeadNorms {
  readonly attention: number;
  readonly feedForward: number;
}

export class Trainer {
  readonly dimensions: ModelDimensions;
  readonly matrices: TrainedMatrices;
  /** Tokens of the longest sequence. */
  readonly longest: number;
  readonly #arena: Arena;
  readonly #k: TrainingKernels;
  readonly #attention: TrainedAttention;
  readonly #head: TrainedHead;
  readonly #norms: readonly Norms[];
  readonly #kept: readonly Kept[];
  readonly #embedding: Float32Array;
  /** Behind the last layer, and the gradient that comes back through all of them. */
  readonly #x: number;
  readonly #dx: number;
  // Of a block of rows.
  readonly #normed: number;
  readonly #dNormed: number;
  readonly #inner: number;
  readonly #dInner: number;
  readonly #dGateAndUp: number;

  private constructor(
    d: ModelDimensions,
    weights: WeightTensors,
    shape: LoraShape,
    longest: number,
    arena: Arena,
    kernels: TrainingKernels,
  ) {
    this.dimensions = d;
    this.longest = longest;
    this.#arena = arena;
    this.#k = kernels;
    const put = (name: string, needed = true): number => {
      const data = weights.get(name)?.data;
      if (data === undefined && needed) throw new Error(`the model has no ${name}`);
      return data === undefined ? 0 : this.#put(data);
    };
    this.#norms = Array.from({ length: d.layers }, (_, i) => {
      const layer = `model.layers.${i}.`;
      return {
        attention: put(`${layer}input_layernorm.weight`),
        query: put(`${layer}self_attn.q_norm.weight`, false),
        key: put(`${layer}self_attn.k_norm.weight`, false),
        feedForward: put(`${layer}post_attention_layernorm.weight`),
      };
    });
    this.matrices = new TrainedMatrices(d, weights, shape, { arena, kernels, block: BLOCK });
    this.#attention = new TrainedAttention(d, longest, arena, kernels);
    this.#head = new TrainedHead(d, weights, arena, kernels);
    this.#embedding = (weights.get('model.embed_tokens.weight') as { readonly data: Float32Array }).data;
    const rowsOf = (rows: number, width: number): number => arena.take(4 * rows * width);
    this.#kept = Array.from({ length: d.layers }, () => ({
      x: rowsOf(longest, d.hidden),
      qkv: rowsOf(longest, (d.heads + 2 * d.kvHeads) * d.headSize),
      attended: rowsOf(longest, d.heads * d.headSize),
      mid: rowsOf(longest, d.hidden),
      gateAndUp: rowsOf(longest, 2 * d.feedForward),
    }));
    this.#x = rowsOf(longest, d.hidden);
    this.#dx = rowsOf(longest, d.hidden);
    this.#normed = rowsOf(BLOCK, d.hidden);
    this.#dNormed = rowsOf(BLOCK, d.hidden);
    this.#inner = rowsOf(BLOCK, d.feedForward);
    this.#dInner = rowsOf(BLOCK, d.feedForward);
    this.#dGateAndUp = rowsOf(BLOCK, 2 * d.feedForward);
  }

  /**
   * Throws what the platform fails with, and where a tensor is missing.
   * @param weights copied, but for the embedding
   * @param longest tokens of the longest sequence: memory is taken for as many
   */
  static async create(
    d: ModelDimensions,
    weights: WeightTensors,
    shape: LoraShape,
    { longest, build }: { readonly longest: number; readonly build: Build },
  ): Promise<Trainer> {
    const reason = unfit(d);
    if (reason !== undefined) throw new Error(reason);
    const arena = new Arena();
    return new Trainer(d, weights, shape, longest, arena, await loadTrainingKernels(build, arena.memory));
  }

  /** Bytes of memory that weights, activations and the optimiser take. */
  get memoryBytes(): number {
    return this.#arena.bytes;
  }

  /**
   * Adds the gradient of a sequence's cross-entropy, summed over what is learnt and multiplied with `weight`.
   * @returns the sum of the cross-entropy, in nats, without the weight
   */
  learn({ tokens, learnt }: Sequence, weight: number): number {
    const { vocabulary } = this.dimensions;
    if (tokens.length > this.longest) throw new Error('the sequence is longer than there is memory for');
    const bad = tokens.find((token) => !(token >= 0 && token < vocabulary));
    if (bad !== undefined) throw new Error(`${bad} isn't a token`);
    if (learnt.some((at) => !(at >= 1 && at < tokens.length))) throw new Error('a learnt token is outside');
    this.#forward(tokens);
    this.#arena.floats(this.#dx, tokens.length * this.dimensions.hidden).fill(0);
    const loss = this.#head.lossAndBack(this.#dx, this.#x, tokens, learnt, weight);
    for (let i = this.dimensions.layers - 1; i >= 0; i--) this.#layerBack(i, tokens.length);
    return loss;
  }

  #forward(tokens: readonly number[]): void {
    const { hidden, layers } = this.dimensions;
    const x = this.#arena.floats(this.#kept[0]?.x ?? this.#x, tokens.length * hidden);
    for (const [i, token] of tokens.entries())
      x.set(this.#embedding.subarray(token * hidden, (token + 1) * hidden), i * hidden);
    for (let i = 0; i < layers; i++) this.#layer(i, tokens.length);
  }

  #layer(index: number, rows: number): void {
    const { hidden, heads, headSize, feedForward, normEpsilon } = this.dimensions;
    const [k, m] = [this.#k, this.matrices];
    const [kept, norms, layer] = this.#at(index);
    const next = this.#kept[index + 1]?.x ?? this.#x;
    const [wide, attention, inner] = [4 * hidden, 4 * heads * headSize, 4 * feedForward];
    const qkv = 4 * layer.qkv.out;
    blocks(rows, (row, count) => {
      k.rmsNorm(this.#normed, kept.x + row * wide, norms.attention, count, hidden, normEpsilon);
      m.forward(kept.qkv + row * qkv, qkv, this.#normed, wide, layer.qkv, count, SET);
    });
    this.#attention.forward(kept.qkv, kept.attended, norms, rows);
    this.#arena.copy(kept.mid, kept.x, rows * wide);
    blocks(rows, (row, count) => {
      const mid = kept.mid + row * wide;
      m.forward(mid, wide, kept.attended + row * attention, attention, layer.output, count, ADD);
      k.rmsNorm(this.#normed, mid, norms.feedForward, count, hidden, normEpsilon);
      const gateAndUp = kept.gateAndUp + row * 2 * inner;
      m.forward(gateAndUp, 2 * inner, this.#normed, wide, layer.gateAndUp, count, SET);
      k.swiGlu(this.#inner, gateAndUp, count, feedForward);
      this.#arena.copy(next + row * wide, mid, count * wide);
      m.forward(next + row * wide, wide, this.#inner, inner, layer.down, count, ADD);
    });
  }

  /** The way back through a layer: the gradient of what came out becomes that of what went in. */
  #layerBack(index: number, rows: number): void {
    const { hidden, heads, headSize, feedForward, normEpsilon } = this.dimensions;
    const [k, m] = [this.#k, this.matrices];
    const [kept, norms, layer] = this.#at(index);
    const [wide, attention, inner] = [4 * hidden, 4 * heads * headSize, 4 * feedForward];
    const qkv = 4 * layer.qkv.out;
    blocks(rows, (row, count) => {
      const [dx, mid] = [this.#dx + row * wide, kept.mid + row * wide];
      const gateAndUp = kept.gateAndUp + row * 2 * inner;
      k.swiGlu(this.#inner, gateAndUp, count, feedForward);
      m.gather(dx, wide, this.#inner, inner, layer.down, count);
      m.back(this.#dInner, inner, dx, wide, layer.down, count);
      k.swiGluBack(this.#dGateAndUp, this.#dInner, gateAndUp, count, feedForward);
      k.rmsNorm(this.#normed, mid, norms.feedForward, count, hidden, normEpsilon);
      m.gather(this.#dGateAndUp, 2 * inner, this.#normed, wide, layer.gateAndUp, count);
      m.back(this.#dNormed, wide, this.#dGateAndUp, 2 * inner, layer.gateAndUp, count);
      k.rmsNormBack(dx, this.#dNormed, mid, norms.feedForward, count, hidden, normEpsilon);
      const attended = kept.attended + row * attention;
      m.gather(dx, wide, attended, attention, layer.output, count);
      m.back(this.#attention.dAttended + row * attention, attention, dx, wide, layer.output, count);
    });
    this.#attention.back(kept.qkv, kept.attended, norms, rows);
    blocks(rows, (row, count) => {
      const [x, dQkv] = [kept.x + row * wide, this.#attention.dQkv + row * qkv];
      k.rmsNorm(this.#normed, x, norms.attention, count, hidden, normEpsilon);
      m.gather(dQkv, qkv, this.#normed, wide, layer.qkv, count);
      // Nothing is trained below the first layer.
      if (index === 0) return;
      m.back(this.#dNormed, wide, dQkv, qkv, layer.qkv, count);
      k.rmsNormBack(this.#dx + row * wide, this.#dNormed, x, norms.attention, count, hidden, normEpsilon);
    });
  }

  #at(index: number): [Kept, Norms, LayerStacks] {
    return [
      this.#kept[index] as Kept,
      this.#norms[index] as Norms,
      this.matrices.layers[index] as LayerStacks,
    ];
  }

  #put(values: Float32Array): number {
    const address = this.#arena.take(4 * values.length);
    this.#arena.floats(address, values.length).set(values);
    return address;
  }
}

function blocks(rows: number, visit: (row: number, count: number) => void): void {
  for (let row = 0; row < rows; row += BLOCK) visit(row, Math.min(BLOCK, rows - row));
}
