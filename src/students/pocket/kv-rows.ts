/**
 * Keys or values of all tokens so far, head after head, in an array that has room for more: a token is put in where it
 * belongs instead of everything being handed back and forth.
 */

export type KvArray = Float32Array | Uint16Array;

/** Tokens that there is room for at first. */
const FIRST = 256;

export class KvRows {
  readonly #heads: number;
  /** Numbers of a head and token. */
  readonly #size: number;
  readonly #make: (length: number) => KvArray;
  #data: KvArray;
  #length = 0;

  constructor(heads: number, size: number, make: (length: number) => KvArray) {
    this.#heads = heads;
    this.#size = size;
    this.#make = make;
    this.#data = make(0);
  }

  /** Tokens. */
  get length(): number {
    return this.#length;
  }

  /** All of them, [heads, tokens, size]: the array itself, so only until the next change. */
  get values(): KvArray {
    return this.#data.subarray(0, this.#heads * this.#length * this.#size);
  }

  /** @param rows [heads, count, size] */
  append(rows: KvArray, count: number): void {
    const [heads, size, before, after] = [this.#heads, this.#size, this.#length, this.#length + count];
    const from = this.#data;
    const room = from.length / (heads * size);
    // Twice the room each time, so that on the whole a token is moved once or twice.
    if (after > room) this.#data = this.#make(heads * size * Math.max(after, 2 * room, FIRST));
    // From the last head to the first: each moves up to where nothing is needed any more.
    for (let head = heads - 1; head >= 0; head--) {
      const kept = [head * before * size, (head + 1) * before * size] as const;
      if (this.#data === from) this.#data.copyWithin(head * after * size, ...kept);
      else this.#data.set(from.subarray(...kept), head * after * size);
      const added = rows.subarray(head * count * size, (head + 1) * count * size);
      this.#data.set(added, (head * after + before) * size);
    }
    this.#length = after;
  }

  /** Forgets all but the first tokens. */
  cut(length: number): void {
    const [size, before] = [this.#size, this.#length];
    for (let head = 0; head < this.#heads; head++) {
      const start = head * before * size;
      this.#data.copyWithin(head * length * size, start, start + length * size);
    }
    this.#length = length;
  }
}
