/**
 * Conversations with a model on a GPU, however it computes them. A prompt goes in batches. When a token is asked for
 * alone, as replies go, those that the model would choose behind it are computed at once, up to the reply's end: what is
 * asked next is mostly there already. Where something else is asked for, what was computed ahead is forgotten: rewinding
 * a cache is a length.
 */
import type { Cache, ModelDimensions } from '../model.ts';

export interface GpuOptions {
  /** Milliseconds from wherever. */
  readonly now: () => number;
  /** The token that ends a reply: nothing is computed ahead behind it. */
  readonly end?: number;
}

export interface GpuCache extends Cache {
  length: number;
  /** Tokens that there is room for. */
  capacity: number;
  buffers: readonly GPUBuffer[];
  /** What binds the buffers. */
  groups: readonly GPUBindGroup[];
  ahead: Ahead | undefined;
}

/** What was computed at once: the tokens from a position of the cache on, and the logits behind each. */
interface Ahead {
  readonly from: number;
  readonly tokens: Uint32Array;
  readonly logits: Float32Array;
}

/** Tokens of a prompt computed at once. */
export const PROMPT_BATCH = 128;
/** Tokens that a cache grows by, at least. */
const PAGE = 256;
/** Tokens computed ahead at first, or where a reply has gone elsewhere than it would by itself. */
const FEW_AHEAD = 8;
/** Milliseconds that what is submitted should take at most: drivers end what takes seconds. */
const SUBMIT_MS = 400;
/** Distance of two sets of parameters: the most that an adapter may ask for. */
export const ALIGNED = 256;
/** Usages and stages by their numbers in the standard: not every platform has the names. */
export const [MAP_READ, COPY_SRC, COPY_DST, UNIFORM, STORAGE, COMPUTE] = [1, 4, 8, 64, 128, 4];
const READ = 1;
const NO_END = 0xffff_ffff;

export abstract class GpuConversations {
  readonly dimensions: ModelDimensions;
  protected readonly device: GPUDevice;
  protected readonly end: number;
  readonly #now: () => number;
  readonly #mostAhead: number;
  readonly #caches = new Set<GpuCache>();
  /** Tokens that there is time for at once. */
  #affordable = FEW_AHEAD;

  /** @param mostAhead tokens computed at once for a reply, at most */
  protected constructor(
    dimensions: ModelDimensions,
    device: GPUDevice,
    { now, end }: GpuOptions,
    mostAhead: number,
  ) {
    this.dimensions = dimensions;
    this.device = device;
    this.end = end ?? NO_END;
    this.#now = now;
    this.#mostAhead = mostAhead;
  }

  /** Bytes of a token in each of a cache's buffers. */
  protected abstract readonly tokenBytes: readonly number[];
  /** Binds a cache's buffers, which are new. */
  protected abstract bind(cache: GpuCache): readonly GPUBindGroup[];
  /**
   * Computes a token behind those of a cache, and `count` - 1 that are chosen behind it, up to the end.
   * @returns the tokens computed, the given one first, and the logits behind each
   */
  protected abstract reply(
    cache: GpuCache,
    token: number,
    count: number,
  ): Promise<{ readonly tokens: Uint32Array; readonly logits: Float32Array }>;
  /** A piece of a prompt, at most {@link PROMPT_BATCH} tokens; the logits of the last `wanted` ones. */
  protected abstract read(cache: GpuCache, tokens: readonly number[], wanted: number): Promise<Float32Array>;
  /** Frees what the model itself holds. */
  protected abstract free(): void;

  empty(): Cache {
    const cache: GpuCache = { length: 0, capacity: 0, buffers: [], groups: [], ahead: undefined };
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
    for (const buffer of own.buffers) buffer.destroy();
    this.#caches.delete(own);
    Object.assign(own, { length: 0, capacity: 0, buffers: [], groups: [], ahead: undefined });
  }

  /** Frees what the GPU holds of it; the device isn't its own. */
  dispose(): void {
    for (const cache of [...this.#caches]) this.release(cache);
    this.free();
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
    for (let at = 0; at < tokens.length; at += PROMPT_BATCH) {
      const some = tokens.slice(at, at + PROMPT_BATCH);
      const behind = tokens.length - at - some.length;
      const wanted = Math.max(0, Math.min(some.length, rows - behind));
      this.#makeRoom(own, own.length + some.length);
      const computed = await this.read(own, some, wanted);
      own.length += some.length;
      if (wanted > 0) logits.set(computed, (rows - behind - wanted) * vocabulary);
    }
    return logits;
  }

  async #next(cache: GpuCache, token: number): Promise<Float32Array<ArrayBuffer>> {
    const { vocabulary } = this.dimensions;
    const known = cache.ahead;
    const expected = known?.tokens[cache.length - known.from];
    if (expected !== token)
      cache.ahead = await this.#goOn(cache, token, expected === undefined ? this.#mostAhead : FEW_AHEAD);
    const { from, logits } = cache.ahead as Ahead;
    const row = cache.length++ - from;
    return logits.slice(row * vocabulary, (row + 1) * vocabulary);
  }

  async #goOn(cache: GpuCache, token: number, most: number): Promise<Ahead> {
    const count = Math.min(most, this.#affordable, this.dimensions.contextLimit - cache.length);
    this.#makeRoom(cache, cache.length + count);
    const began = this.#now();
    const computed = await this.reply(cache, token, count);
    const each = (this.#now() - began) / Math.max(1, computed.tokens.length);
    this.#affordable = Math.max(1, Math.min(this.#mostAhead, Math.floor(SUBMIT_MS / each)));
    return { from: cache.length, ...computed };
  }

  /** For so many tokens in the cache. */
  #makeRoom(cache: GpuCache, length: number): void {
    if (length <= cache.capacity) return;
    const capacity = Math.min(
      this.dimensions.contextLimit,
      Math.max(2 * cache.capacity, PAGE * Math.ceil(length / PAGE)),
    );
    const buffers = this.tokenBytes.map((bytes) =>
      this.buffer(bytes * capacity, STORAGE | COPY_SRC | COPY_DST),
    );
    if (cache.buffers.length > 0) {
      const encoder = this.device.createCommandEncoder();
      for (const [i, bytes] of this.tokenBytes.entries()) {
        const [from, to] = [cache.buffers[i] as GPUBuffer, buffers[i] as GPUBuffer];
        encoder.copyBufferToBuffer(from, 0, to, 0, bytes * cache.length);
      }
      this.device.queue.submit([encoder.finish()]);
    }
    for (const old of cache.buffers) old.destroy();
    Object.assign(cache, { buffers, capacity });
    cache.groups = this.bind(cache);
  }

  protected buffer(size: number, usage: number): GPUBuffer {
    return this.device.createBuffer({ size, usage });
  }

  protected filled(numbers: Float32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.buffer(numbers.byteLength, STORAGE | COPY_DST);
    this.device.queue.writeBuffer(buffer, 0, numbers);
    return buffer;
  }

  /** Submits, and copies out: from each buffer so many bytes of its beginning, one behind the other. */
  protected async fetch(
    encoder: GPUCommandEncoder,
    ...wanted: readonly (readonly [GPUBuffer, number])[]
  ): Promise<ArrayBuffer> {
    const size = wanted.reduce((sum, [, bytes]) => sum + bytes, 0);
    // Without anything to read it's waited for all the same, so that what is submitted doesn't pile up.
    const copy = this.buffer(Math.max(4, size), MAP_READ | COPY_DST);
    let at = 0;
    for (const [buffer, bytes] of wanted) {
      if (bytes > 0) encoder.copyBufferToBuffer(buffer, 0, copy, at, bytes);
      at += bytes;
    }
    this.device.queue.submit([encoder.finish()]);
    try {
      await copy.mapAsync(READ);
      return copy.getMappedRange().slice(0, size);
    } finally {
      copy.destroy();
    }
  }
}
