/**
 * The forward pass on a GPU. A prompt takes one dispatch more than the model has layers. When a token is asked for
 * alone, as replies go, one dispatch computes it and those that the model would choose behind it, up to the reply's end:
 * what is asked next is mostly there already. Where something else is asked for, what was computed ahead is forgotten:
 * rewinding a cache is a length.
 */
import type { Cache, ModelDimensions, WeightTensors } from '../model.ts';
import { layoutOf, placed, turns } from './layout.ts';
import { BINDINGS, cacheVectors, PARAMS, shaderOf, unfitForGpu } from './shader.ts';

interface GpuOptions {
  /** Milliseconds from wherever. */
  readonly now: () => number;
  /** The token that ends a reply: nothing is computed ahead behind it. */
  readonly end?: number;
}

interface GpuCache extends Cache {
  length: number;
  /** Tokens that there is room for. */
  capacity: number;
  buffer: GPUBuffer | undefined;
  ahead: Ahead | undefined;
}

/** What one dispatch computed: the tokens from a position of the cache on, and the logits behind each. */
interface Ahead {
  readonly from: number;
  readonly tokens: Uint32Array;
  readonly logits: Float32Array;
}

/** What a dispatch walks: shader.ts says what each of them means. */
interface Walk {
  readonly length: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly wanted: number;
  readonly skip?: number;
  readonly choosing?: number;
}

/** Tokens of a prompt computed at once. */
const BATCH = 128;
/** Tokens that a cache grows by, at least. */
const PAGE = 256;
/** Tokens computed in one dispatch: at most; and at first, or where a reply has gone elsewhere than it would by itself. */
const [MOST_AHEAD, FEW_AHEAD] = [64, 8];
/** Milliseconds that a dispatch should take at most: drivers end what takes seconds. */
const DISPATCH_MS = 400;
/** Distance of two sets of parameters: the most that an adapter may ask for. */
const ALIGNED = 256;
/** Usages and stages by their numbers in the standard: not every platform has the names. */
const [MAP_READ, COPY_SRC, COPY_DST, UNIFORM, STORAGE, COMPUTE] = [1, 4, 8, 64, 128, 4];
const READ = 1;
const NO_END = 0xffff_ffff;

export class GpuModel {
  readonly dimensions: ModelDimensions;
  readonly #device: GPUDevice;
  readonly #now: () => number;
  readonly #end: number;
  readonly #walk: GPUComputePipeline;
  readonly #groups: readonly [GPUBindGroupLayout, GPUBindGroupLayout];
  readonly #buffers: Record<(typeof BINDINGS)[number], GPUBuffer>;
  readonly #caches = new Set<GpuCache>();
  /** Places for a head's scores. */
  #capacity = 0;
  /** Tokens that a dispatch has time for. */
  #affordable = FEW_AHEAD;

  private constructor(
    d: ModelDimensions,
    device: GPUDevice,
    { now, end }: GpuOptions,
    groups: readonly [GPUBindGroupLayout, GPUBindGroupLayout],
    walk: GPUComputePipeline,
    weights: Float32Array<ArrayBuffer>,
  ) {
    this.dimensions = d;
    this.#device = device;
    this.#now = now;
    this.#end = end ?? NO_END;
    this.#groups = groups;
    this.#walk = walk;
    const attended = d.heads * d.headSize;
    this.#buffers = {
      params: this.#buffer(ALIGNED * (d.layers + 1), UNIFORM | COPY_DST),
      weights: this.#filled(weights),
      turns: this.#filled(turns(d)),
      scores: this.#buffer(4, STORAGE),
      carried: this.#buffer(4 * BATCH * (d.hidden + attended), STORAGE),
      logits: this.#buffer(4 * BATCH * d.vocabulary, STORAGE | COPY_SRC),
      tokens: this.#buffer(4 * (1 + BATCH), STORAGE | COPY_SRC | COPY_DST),
    };
  }

  /**
   * @param weights copied; all that transformers names, of the shapes that the dimensions give
   * Throws what the device fails with, where it can't hold the model, and where a tensor is missing.
   */
  static async create(
    d: ModelDimensions,
    weights: WeightTensors,
    device: GPUDevice,
    options: GpuOptions,
  ): Promise<GpuModel> {
    const reason = unfitForGpu(d);
    if (reason !== undefined) throw new Error(reason);
    const layout = layoutOf(d, (name) => weights.has(name));
    const numbers = placed(d, weights, layout);
    const { maxStorageBufferBindingSize: most } = device.limits;
    if (numbers.byteLength > most) {
      const [needed, given] = [numbers.byteLength, most].map((bytes) => Math.ceil(bytes / 1e6));
      throw new Error(`the GPU hands out ${given} MB at a time, and the weights take ${needed}`);
    }
    const type = (name: (typeof BINDINGS)[number]): GPUBindGroupLayoutEntry['buffer'] => {
      if (name === 'params') return { type: 'uniform', hasDynamicOffset: true, minBindingSize: 4 * PARAMS };
      return { type: name === 'weights' || name === 'turns' ? 'read-only-storage' : 'storage' };
    };
    const shared = device.createBindGroupLayout({
      entries: BINDINGS.map((name, binding) => ({ binding, visibility: COMPUTE, buffer: type(name) ?? {} })),
    });
    const own = device.createBindGroupLayout({
      entries: [{ binding: 0, visibility: COMPUTE, buffer: { type: 'storage' } }],
    });
    const walk = await device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts: [shared, own] }),
      compute: { module: device.createShaderModule({ code: shaderOf(d, layout) }), entryPoint: 'walk' },
    });
    return new GpuModel(d, device, options, [shared, own], walk, numbers);
  }

  empty(): Cache {
    const cache: GpuCache = { length: 0, capacity: 0, buffer: undefined, ahead: undefined };
    this.#caches.add(cache);
    return cache;
  }

  /** Forgets all but the first tokens. */
  rewind(cache: Cache, length: number): void {
    const own = cache as GpuCache;
    own.length = length;
    // What was computed ahead of a place that is still there can yet be what is asked for.
    if (own.ahead !== undefined && own.ahead.from > length) own.ahead = undefined;
  }

  release(cache: Cache): void {
    const own = cache as GpuCache;
    own.buffer?.destroy();
    this.#caches.delete(own);
    Object.assign(own, { length: 0, capacity: 0, buffer: undefined, ahead: undefined });
  }

  /** Frees what the GPU holds of it; the device isn't its own. */
  dispose(): void {
    for (const cache of [...this.#caches]) this.release(cache);
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
  }

  /**
   * Computes tokens behind those of a cache, which grows by them.
   * @param rows of how many of the last tokens logits are wanted
   * @returns the logits, row after row, each as long as the vocabulary
   * Calls may not overlap. Rejects with what the device fails with.
   */
  async extend(cache: Cache, tokens: readonly number[], rows: number): Promise<Float32Array<ArrayBuffer>> {
    const { vocabulary, contextLimit } = this.dimensions;
    const own = cache as GpuCache;
    if (own.length + tokens.length > contextLimit) throw new Error('the context is full');
    const bad = tokens.find((token) => !(token >= 0 && token < vocabulary));
    if (bad !== undefined) throw new Error(`${bad} isn't a token`);
    const [only] = tokens;
    if (tokens.length === 1 && rows === 1 && only !== undefined) return this.#next(own, only);
    own.ahead = undefined;
    const logits = new Float32Array(rows * vocabulary);
    for (let at = 0; at < tokens.length; at += BATCH) {
      const some = tokens.slice(at, at + BATCH);
      const behind = tokens.length - at - some.length;
      const wanted = Math.max(0, Math.min(some.length, rows - behind));
      const computed = await this.#batch(own, some, wanted);
      if (wanted > 0) logits.set(computed, (rows - behind - wanted) * vocabulary);
    }
    return logits;
  }

  async #next(cache: GpuCache, token: number): Promise<Float32Array<ArrayBuffer>> {
    const { vocabulary } = this.dimensions;
    const known = cache.ahead;
    const expected = known?.tokens[cache.length - known.from];
    if (expected !== token)
      cache.ahead = await this.#goOn(cache, token, expected === undefined ? MOST_AHEAD : FEW_AHEAD);
    const { from, logits } = cache.ahead as Ahead;
    const row = cache.length++ - from;
    return logits.slice(row * vocabulary, (row + 1) * vocabulary);
  }

  /** One dispatch: a token, and those that are chosen behind it. */
  async #goOn(cache: GpuCache, token: number, most: number): Promise<Ahead> {
    const { vocabulary, contextLimit, layers } = this.dimensions;
    const count = Math.min(most, this.#affordable, contextLimit - cache.length);
    this.#makeRoom(cache, cache.length + count);
    this.#write(
      [token],
      [{ length: cache.length, count, first: 0, last: layers, wanted: count, choosing: 1 }],
    );
    const began = this.#now();
    const encoder = this.#device.createCommandEncoder();
    this.#dispatch(encoder, cache, 0, 1);
    const tokenBytes = 4 * (1 + count);
    const read = await this.#read(encoder, tokenBytes, 4 * count * vocabulary);
    const numbers = new Uint32Array(read, 0, 1 + count);
    const computed = Math.min(count, numbers[0] as number);
    const each = (this.#now() - began) / Math.max(1, computed);
    this.#affordable = Math.max(1, Math.min(MOST_AHEAD, Math.floor(DISPATCH_MS / each)));
    return {
      from: cache.length,
      tokens: numbers.slice(1, 1 + computed),
      logits: new Float32Array(read, tokenBytes, computed * vocabulary),
    };
  }

  /** A piece of a prompt; the last rows' logits. */
  async #batch(cache: GpuCache, tokens: readonly number[], wanted: number): Promise<Float32Array> {
    const { layers, vocabulary } = this.dimensions;
    const count = tokens.length;
    this.#makeRoom(cache, cache.length + count);
    // Behind the last layer only the tokens whose logits are wanted are walked on.
    const skip = count - wanted;
    this.#write(
      tokens,
      Array.from({ length: layers + 1 }, (_, layer) => {
        const walk = { length: cache.length, count, first: layer, last: layer, wanted };
        return layer === layers ? { ...walk, skip } : walk;
      }),
    );
    const encoder = this.#device.createCommandEncoder();
    for (let layer = 0; layer < layers; layer++) this.#dispatch(encoder, cache, layer, count);
    if (wanted > 0) this.#dispatch(encoder, cache, layers, wanted);
    const read = await this.#read(encoder, 0, 4 * wanted * vocabulary);
    cache.length += count;
    return new Float32Array(read);
  }

  #dispatch(encoder: GPUCommandEncoder, { buffer }: GpuCache, params: number, workgroups: number): void {
    const [shared, own] = this.#groups;
    const entries = BINDINGS.map((name, binding) => ({
      binding,
      resource: {
        buffer: this.#buffers[name],
        ...(name === 'params' ? { size: 4 * PARAMS } : {}),
      },
    }));
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#walk);
    pass.setBindGroup(0, this.#device.createBindGroup({ layout: shared, entries }), [ALIGNED * params]);
    const resource = { buffer: buffer as GPUBuffer };
    pass.setBindGroup(1, this.#device.createBindGroup({ layout: own, entries: [{ binding: 0, resource }] }));
    pass.dispatchWorkgroups(workgroups);
    pass.end();
  }

  #write(tokens: readonly number[], walks: readonly Walk[]): void {
    const params = new Uint32Array((ALIGNED / 4) * walks.length);
    for (const [i, { length, count, first, last, wanted, skip = 0, choosing = 0 }] of walks.entries()) {
      const numbers = [length, count, first, last, wanted, skip, choosing, this.#end, this.#capacity];
      params.set(numbers, (ALIGNED / 4) * i);
    }
    this.#device.queue.writeBuffer(this.#buffers.params, 0, params);
    this.#device.queue.writeBuffer(this.#buffers.tokens, 0, Uint32Array.from(tokens));
  }

  /** Submits, and copies out: tokens, and logits behind them. */
  async #read(encoder: GPUCommandEncoder, tokenBytes: number, logitBytes: number): Promise<ArrayBuffer> {
    const size = tokenBytes + logitBytes;
    const copy = this.#buffer(Math.max(4, size), MAP_READ | COPY_DST);
    const { tokens, logits } = this.#buffers;
    if (tokenBytes > 0) encoder.copyBufferToBuffer(tokens, 0, copy, 0, tokenBytes);
    if (logitBytes > 0) encoder.copyBufferToBuffer(logits, 0, copy, tokenBytes, logitBytes);
    this.#device.queue.submit([encoder.finish()]);
    try {
      await copy.mapAsync(READ);
      return copy.getMappedRange().slice(0, size);
    } finally {
      copy.destroy();
    }
  }

  /** For so many tokens in the cache. */
  #makeRoom(cache: GpuCache, length: number): void {
    const { heads, contextLimit } = this.dimensions;
    if (length > cache.capacity) {
      const bytes = 16 * cacheVectors(this.dimensions);
      const capacity = Math.min(contextLimit, Math.max(2 * cache.capacity, PAGE * Math.ceil(length / PAGE)));
      const buffer = this.#buffer(bytes * capacity, STORAGE | COPY_SRC | COPY_DST);
      if (cache.buffer !== undefined) {
        const encoder = this.#device.createCommandEncoder();
        encoder.copyBufferToBuffer(cache.buffer, 0, buffer, 0, bytes * cache.length);
        this.#device.queue.submit([encoder.finish()]);
        cache.buffer.destroy();
      }
      Object.assign(cache, { buffer, capacity });
    }
    if (cache.capacity > this.#capacity) {
      this.#capacity = cache.capacity;
      this.#buffers.scores.destroy();
      this.#buffers.scores = this.#buffer(4 * BATCH * heads * this.#capacity, STORAGE);
    }
  }

  #buffer(size: number, usage: number): GPUBuffer {
    return this.#device.createBuffer({ size, usage });
  }

  #filled(numbers: Float32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.#buffer(numbers.byteLength, STORAGE | COPY_DST);
    this.#device.queue.writeBuffer(buffer, 0, numbers);
    return buffer;
  }
}
