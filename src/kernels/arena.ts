/**
 * The kernels' memory: WebAssembly.Memory that is handed out from the bottom up, and grows. What is handed out is
 * filled with zeros. Weights and buffers stay as long as the model does; pages of KV caches come back and are handed
 * out again.
 */

/** Bytes in a page of WebAssembly's memory. */
const WASM_PAGE = 65_536;
/** A line of the CPU's cache, in bytes. */
const LINE = 64;

/** The most that threads can share: a memory of theirs has to say it beforehand, and it's reserved then, not taken. */
export const MOST_SHARED = 32_768;

export class Arena {
  readonly memory: WebAssembly.Memory;
  /** Address 0 means 'none', and below the first that is handed out the kernels have their constants. */
  #used = 2048;

  /** @param shared by threads; where the page isn't cross-origin isolated the platform refuses that */
  constructor(shared = false) {
    this.memory = new WebAssembly.Memory(
      shared ? { initial: 1, maximum: MOST_SHARED, shared } : { initial: 1 },
    );
  }

  /** Bytes of the memory as it is now. */
  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * @returns the address
   * Throws RangeError where the platform has no more memory.
   */
  take(bytes: number): number {
    const address = this.#used;
    this.#used += Math.ceil(bytes / LINE) * LINE;
    const missing = this.#used - this.bytes;
    if (missing > 0) this.memory.grow(Math.ceil(missing / WASM_PAGE));
    return address;
  }

  /** Valid until something is taken: a memory that grows is another buffer. */
  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** Like {@link floats}. */
  bytesAt(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** Like {@link floats}. */
  integers(address: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  copy(to: number, from: number, bytes: number): void {
    new Uint8Array(this.memory.buffer).copyWithin(to, from, from + bytes);
  }
}
