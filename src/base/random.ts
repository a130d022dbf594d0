/**
 * The project's one source of chance: seeded, the same numbers on every platform.
 * Generator: sfc32 (PractRand); seeding: 32-bit FNV-1a over the seed's UTF-16 code units, then 15 discarded rounds.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  readonly #seed: string;

  constructor(seed: number | string) {
    this.#seed = String(seed);
    this.#a = fnv1a(this.#seed, 0x811c9dc5);
    this.#b = fnv1a(this.#seed, 0x9e3779b9);
    this.#c = fnv1a(this.#seed, 0x85ebca6b);
    this.#d = 1;
    for (let i = 0; i < 15; i++) this.#bits();
  }

  #bits(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + t) | 0;
    return t >>> 0;
  }

  /** A number in [0, 1) with 32 random bits. */
  next(): number {
    return this.#bits() / 4294967296;
  }

  /** An integer from 0 to n - 1. */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** One of a non-empty list. */
  pick<T>(xs: readonly T[]): T {
    return xs[this.int(xs.length)] as T;
  }

  /** Fisher-Yates, in place; returns the same array. */
  shuffle<T>(xs: T[]): T[] {
    for (let i = xs.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const x = xs[i] as T;
      xs[i] = xs[j] as T;
      xs[j] = x;
    }
    return xs;
  }

  /** One of the entries, with probability proportional to its weight (weights at least 0, their sum above 0). */
  weighted<T>(entries: readonly (readonly [T, number])[]): T {
    let total = 0;
    for (const [, weight] of entries) total += weight;
    let x = this.next() * total;
    for (const [value, weight] of entries) {
      x -= weight;
      if (x < 0) return value;
    }
    return (entries[entries.length - 1] as readonly [T, number])[0];
  }

  /** An independent stream, named; it doesn't depend on how many numbers were drawn here. */
  fork(label: string): Random {
    return new Random(`${this.#seed}/${label}`);
  }
}

function fnv1a(text: string, basis: number): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}
