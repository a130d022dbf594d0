/**
 * The forward pass of a decoder-only transformer as Qwen3 and Llama have it (RMS norms, rotary positions, grouped
 * queries, SwiGLU, no biases; norms of queries and keys where there are weights for them), on one thread, by the
 * kernels: in f32, or with weights of eight bits. Weights that twenty bits hold take twenty. Several conversations share the weights: each has a cache of its own,
 * and calls may alternate between caches at will. A token's logits are the same bits whether it was computed alone or
 * among others.
 */
import { PANEL_ROWS } from '../weights/panels8.ts';
import type { Qwen3Config } from '../weights/qwen3.ts';
import { Arena } from './arena.ts';
import { type Crew, oneThread } from './crew.ts';
import { type Build, type Kernels, loadKernels } from './load.ts';
import {
  type Layer,
  type Matrix,
  type PlacedWeights,
  padded,
  placeWeights,
  type TensorSource,
} from './placed-weights.ts';
import type { Thread } from './threads.ts';
import { TRIMMED_ROWS } from './trimmed.ts';

export interface ModelDimensions {
  readonly vocabulary: number;
  /** Width of the residual stream, a multiple of 8, like the next one. */
  readonly hidden: number;
  readonly feedForward: number;
  readonly layers: number;
  /** Query heads, a multiple of the KV heads. */
  readonly heads: number;
  readonly kvHeads: number;
  /** Width of a head, a multiple of 8. */
  readonly headSize: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
  /** Tokens that there are positions for. */
  readonly contextLimit: number;
}

/** The dimensions of a checkpoint. */
export function dimensionsOf(config: Qwen3Config): ModelDimensions {
  return {
    vocabulary: config.vocabSize,
    hidden: config.hiddenSize,
    feedForward: config.intermediateSize,
    layers: config.layers,
    heads: config.heads,
    kvHeads: config.kvHeads,
    headSize: config.headDim,
    ropeTheta: config.ropeTheta,
    normEpsilon: config.normEpsilon,
    contextLimit: config.maxPositions,
  };
}

/** Tensors in f32 by the names that transformers gives them, rows first; matrices are [out, in]. */
export type WeightTensors = ReadonlyMap<string, { readonly data: Float32Array }>;

/** Keys and values of the tokens computed so far. */
export interface Cache {
  readonly length: number;
}

interface PagedCache extends Cache {
  length: number;
  /** Addresses; the last page may be partly filled. */
  pages: number[];
}

/** Tokens in a page of a cache; assembly/attention.ts. */
export const PAGE = 128;
/** Tokens computed at once: weights are read once for as many. */
export const BATCH = 128;
/** Rows of logits computed at once. */
const LOGIT_ROWS = 8;
/** Modes of a product; assembly/tiles.ts. */
const [SET, ADD] = [0, 1];

/** Why a model can't be computed; undefined where it can. */
export function unfit(d: ModelDimensions): string | undefined {
  for (const name of ['hidden', 'feedForward', 'headSize'] as const)
    if (d[name] % PANEL_ROWS !== 0) return `${name} is ${d[name]}, and must be a multiple of ${PANEL_ROWS}`;
  return d.heads % d.kvHeads === 0 ? undefined : 'the query heads must be a multiple of the KV heads';
}

export class KernelModel {
  readonly dimensions: ModelDimensions;
  readonly build: Build;
  readonly #arena: Arena;
  readonly #k: Kernels;
  readonly #crew: Crew;
  readonly #weights: PlacedWeights;
  readonly #cos: number;
  readonly #sin: number;
  readonly #free: number[] = [];
  // Buffers of a batch, by their addresses.
  readonly #x: number;
  readonly #normed: number;
  readonly #qkv: number;
  readonly #attended: number;
  readonly #inner: number;
  readonly #logits: number;
  /** Of a product: a batch of what is multiplied, in the form that the weights want, and a panel of them in f32. */
  readonly #scratch: number;
  /** Six rows of scores for each thread, and the table of pages, as long as the longest cache so far. */
  #scores = 0;
  #scoreRoom = 0;
  #pageTable = 0;
  #longest = 0;
  /** Radians a position, of each pair of a head's numbers. */
  readonly #frequencies: Float64Array;

  private constructor(
    d: ModelDimensions,
    weights: PlacedWeights,
    build: Build,
    arena: Arena,
    k: Kernels,
    crew: Crew,
  ) {
    this.dimensions = d;
    this.build = build;
    this.#arena = arena;
    this.#k = k;
    this.#crew = crew;
    this.#weights = weights;
    this.#frequencies = Float64Array.from(
      { length: d.headSize / 2 },
      (_, i) => d.ropeTheta ** ((-2 * i) / d.headSize),
    );
    const buffer = (floats: number): number => arena.take(4 * floats);
    this.#cos = buffer((BATCH * d.headSize) / 2);
    this.#sin = buffer((BATCH * d.headSize) / 2);
    this.#x = buffer(BATCH * d.hidden);
    this.#normed = buffer(BATCH * d.hidden);
    this.#qkv = buffer(BATCH * this.#qkvSize);
    this.#attended = buffer(BATCH * d.heads * d.headSize);
    this.#inner = buffer(BATCH * 2 * d.feedForward);
    this.#logits = buffer(LOGIT_ROWS * padded(d.vocabulary));
    this.#scratch = buffer((BATCH + TRIMMED_ROWS) * Math.max(d.heads * d.headSize, d.hidden, d.feedForward));
  }

  /**
   * Throws what the platform fails with, and where a tensor is missing.
   * @param weights copied; all that transformers names, of the shapes that the dimensions give
   * @param threads compute with the caller's own, where the weights have eight bits; they end with the model
   */
  static async create(
    d: ModelDimensions,
    weights: TensorSource,
    build: Build,
    threads: readonly Thread[] = [],
  ): Promise<KernelModel> {
    try {
      const reason = unfit(d);
      if (reason !== undefined) throw new Error(reason);
      const arena = new Arena(threads.length > 0);
      const placed = await placeWeights(d, weights, arena);
      if (threads.length === 0) {
        const kernels = await loadKernels(build, arena.memory);
        return new KernelModel(d, placed, build, arena, kernels, oneThread(kernels));
      }
      // Most models are computed by one thread, and the page's first picture does without this.
      const { loadCrew } = await import('./threads.ts');
      const { kernels, crew } = await loadCrew(build, arena, threads, d.heads);
      return new KernelModel(d, placed, build, arena, kernels, crew);
    } catch (error) {
      for (const thread of threads) thread.end();
      throw error;
    }
  }

  /** How many threads compute. */
  get threads(): number {
    return this.#crew.size;
  }

  /** Ends its threads; it computes nothing any more. */
  close(): void {
    this.#crew.close();
  }

  /** Bytes of weights that a token reads. */
  get weightBytes(): number {
    const { layers, head } = this.#weights;
    const matrices = layers.flatMap(({ qkv, output, gateAndUp, down }) => [qkv, output, gateAndUp, down]);
    return [...matrices, head].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of memory that weights, buffers and all caches take. */
  get memoryBytes(): number {
    return this.#arena.bytes;
  }

  empty(): Cache {
    return { length: 0, pages: [] } as PagedCache;
  }

  /** Forgets all but the first tokens. */
  rewind(cache: Cache, length: number): void {
    const paged = cache as PagedCache;
    paged.length = length;
    this.#free.push(...paged.pages.splice(Math.ceil(length / PAGE)));
  }

  release(cache: Cache): void {
    this.rewind(cache, 0);
  }

  /**
   * Computes tokens behind those of a cache, which grows by them.
   * @param rows of how many of the last tokens logits are wanted
   * @returns the logits, row after row, each as long as the vocabulary
   */
  extend(cache: Cache, tokens: readonly number[], rows: number): Float32Array<ArrayBuffer> {
    const { vocabulary, contextLimit } = this.dimensions;
    const paged = cache as PagedCache;
    if (paged.length + tokens.length > contextLimit) throw new Error('the context is full');
    const bad = tokens.find((token) => !(token >= 0 && token < vocabulary));
    if (bad !== undefined) throw new Error(`${bad} isn't a token`);
    const logits = new Float32Array(rows * vocabulary);
    for (let at = 0; at < tokens.length; at += BATCH) {
      const some = tokens.slice(at, at + BATCH);
      this.#batch(paged, some);
      const wanted = Math.min(some.length, rows - (tokens.length - at - some.length));
      for (let row = some.length - wanted; row < some.length; row += LOGIT_ROWS) {
        const count = Math.min(LOGIT_ROWS, some.length - row);
        this.#logitsOf(row, count, logits, (rows - tokens.length + at + row) * vocabulary);
      }
    }
    return logits;
  }

  get #qkvSize(): number {
    const { heads, kvHeads, headSize } = this.dimensions;
    return (heads + 2 * kvHeads) * headSize;
  }

  #batch(cache: PagedCache, tokens: readonly number[]): void {
    const { hidden, heads, headSize, feedForward, normEpsilon } = this.dimensions;
    const k = this.#k;
    const rows = tokens.length;
    while (cache.pages.length * PAGE < cache.length + rows) cache.pages.push(this.#page());
    this.#makeRoom(cache.pages.length);
    this.#arena.integers(this.#pageTable, cache.pages.length).set(cache.pages);
    this.#turn(cache.length, rows);
    const [xBytes, qkvBytes] = [4 * hidden, 4 * this.#qkvSize];
    const [attendedBytes, innerBytes] = [4 * heads * headSize, 8 * feedForward];
    const { embedding, layers } = this.#weights;
    const column = { f32: k.column, trimmed: k.columnTrimmed, eight: k.column8 }[embedding.kind];
    for (const [i, token] of tokens.entries()) column(this.#x + i * xBytes, embedding.at, token, hidden);
    for (const [i, layer] of layers.entries()) {
      k.rmsNorm(this.#normed, this.#x, layer.attentionNorm, rows, hidden, normEpsilon);
      this.#product(this.#qkv, qkvBytes, this.#normed, xBytes, layer.qkv, rows, hidden, SET);
      this.#attention(cache, i, layer, rows);
      this.#product(
        this.#x,
        xBytes,
        this.#attended,
        attendedBytes,
        layer.output,
        rows,
        heads * headSize,
        ADD,
      );
      k.rmsNorm(this.#normed, this.#x, layer.feedForwardNorm, rows, hidden, normEpsilon);
      this.#product(this.#inner, innerBytes, this.#normed, xBytes, layer.gateAndUp, rows, hidden, SET);
      k.gate(this.#inner, innerBytes, rows, feedForward);
      this.#product(this.#x, xBytes, this.#inner, innerBytes, layer.down, rows, feedForward, ADD);
    }
    cache.length += rows;
  }

  /** Its result is as wide as its rows are apart. */
  #product(
    y: number,
    yBytes: number,
    x: number,
    xBytes: number,
    { at, kind, bytes }: Matrix,
    rows: number,
    inner: number,
    mode: number,
  ): void {
    const [k, scratch] = [this.#k, this.#scratch];
    const width = yBytes / 4;
    if (kind === 'eight') {
      // Words of sixteen bits, and behind those of a whole batch a scale for each block.
      const scales = scratch + 2 * BATCH * inner;
      k.quantise(scratch, scales, x, xBytes, rows, inner);
      const panels = width / PANEL_ROWS;
      const panel = bytes / panels;
      this.#crew.share(panels, (k, from, count) =>
        k.matmul8(y + 32 * from, yBytes, scratch, scales, at + from * panel, rows, count, inner, mode),
      );
    } else if (kind === 'trimmed')
      k.matmulTrimmed(y, yBytes, x, xBytes, at, rows, width / TRIMMED_ROWS, inner, mode, scratch);
    else k.matmul(y, yBytes, x, xBytes, at, rows, width / PANEL_ROWS, inner, mode, scratch);
  }

  #attention(cache: PagedCache, index: number, layer: Layer, rows: number): void {
    const { heads, kvHeads, headSize, normEpsilon } = this.dimensions;
    const k = this.#k;
    const head = 4 * headSize;
    const stride = 4 * this.#qkvSize;
    const outStride = heads * head;
    const keys = this.#qkv + heads * head;
    const values = keys + kvHeads * head;
    const [cos, sin] = [this.#cos, this.#sin];
    k.normAndRotate(this.#qkv, stride, rows, heads, headSize, layer.queryNorm, normEpsilon, cos, sin);
    k.normAndRotate(keys, stride, rows, kvHeads, headSize, layer.keyNorm, normEpsilon, cos, sin);
    const scale = 1 / Math.sqrt(headSize);
    const group = heads / kvHeads;
    const scoreBytes = 4 * this.#longest * PAGE;
    // Keys of a head, its values, the next head's keys; all heads of a layer, then the next layer's.
    const placeOf = (kv: number): number => (index * kvHeads + kv) * 2 * PAGE * head;
    for (let kv = 0; kv < kvHeads; kv++) {
      const inPage = placeOf(kv);
      for (let row = 0; row < rows; ) {
        const position = cache.length + row;
        const within = position % PAGE;
        const count = Math.min(rows - row, PAGE - within);
        const page = (cache.pages[(position - within) / PAGE] as number) + inPage;
        const from = row * stride + kv * head;
        k.keep(keys + from, values + from, stride, count, headSize, page, page + PAGE * head, within);
        row += count;
      }
    }
    // A token alone: the heads of a group are the rows, and read the keys together.
    const [together, by, out, count, step] =
      rows === 1 ? [group, head, head, group, 0] : [1, stride, outStride, rows, 1];
    this.#crew.share(heads / together, (k, from, units, part) => {
      for (let query = from * together; query < (from + units) * together; query += together)
        k.attend(
          this.#attended + query * head,
          out,
          this.#qkv + query * head,
          by,
          count,
          cache.length + 1,
          step,
          headSize,
          scale,
          this.#pageTable,
          placeOf(Math.floor(query / group)),
          this.#scores + part * this.#scoreRoom,
          scoreBytes,
        );
    });
  }

  #logitsOf(row: number, rows: number, to: Float32Array, offset: number): void {
    const { hidden, vocabulary, normEpsilon } = this.dimensions;
    const width = padded(vocabulary);
    const from = this.#x + row * 4 * hidden;
    this.#k.rmsNorm(this.#normed, from, this.#weights.norm, rows, hidden, normEpsilon);
    this.#product(this.#logits, 4 * width, this.#normed, 4 * hidden, this.#weights.head, rows, hidden, SET);
    for (let i = 0; i < rows; i++)
      to.set(this.#arena.floats(this.#logits + 4 * i * width, vocabulary), offset + i * vocabulary);
  }

  /** Of scores and page table, for caches of this many pages. */
  #makeRoom(pages: number): void {
    if (pages <= this.#longest) return;
    // Twice as many: what was too short stays unused.
    const longest = Math.max(pages, 2 * this.#longest);
    this.#scoreRoom = 4 * (6 * longest * PAGE + 8);
    this.#scores = this.#arena.take(this.#scoreRoom * this.#crew.size);
    this.#pageTable = this.#arena.take(4 * longest);
    // Only now: a platform without more memory fails above, and is asked again next time.
    this.#longest = longest;
  }

  /** Cosines and sines of the next positions: computed when they are needed, a long context has many. */
  #turn(first: number, rows: number): void {
    const half = this.#frequencies.length;
    const [cos, sin] = [
      this.#arena.floats(this.#cos, rows * half),
      this.#arena.floats(this.#sin, rows * half),
    ];
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < half; i++) {
        const angle = (first + row) * (this.#frequencies[i] as number);
        cos[row * half + i] = Math.cos(angle);
        sin[row * half + i] = Math.sin(angle);
      }
    }
  }

  #page(): number {
    const { layers, kvHeads, headSize } = this.dimensions;
    return this.#free.pop() ?? this.#arena.take(4 * layers * kvHeads * 2 * PAGE * headSize);
  }
}
