/**
 * SHA-256 (FIPS 180-4), piece by piece, so that a file can be checked while it streams: the platform's own
 * implementation (crypto.subtle) takes only what lies in memory as a whole, and node:crypto isn't in a page.
 */

/** The first 32 bits of the fractions of the cube roots of the first 64 primes, and of square roots of the first 8. */
const [ROUND, START] = constants();

function constants(): [Int32Array, Int32Array] {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return [
    Int32Array.from(primes, (prime) => fraction(prime, 3)),
    Int32Array.from(primes.slice(0, 8), (prime) => fraction(prime, 2)),
  ];
}

/** Whole-number root of prime * 2^(32 degree), whose low 32 bits are those of the fraction. Exact, unlike Math.cbrt. */
function fraction(prime: number, degree: number): number {
  const target = BigInt(prime) << BigInt(32 * degree);
  let low = 0n;
  let high = 1n << 36n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn) | 0;
}

export class Sha256 {
  readonly #state = START.slice();
  readonly #schedule = new Int32Array(64);
  readonly #pending = new Uint8Array(64);
  #length = 0;

  /** Takes the next bytes. Not after {@link digest}. */
  update(bytes: Uint8Array): this {
    const kept = this.#length % 64;
    this.#length += bytes.length;
    let at = 0;
    if (kept > 0) {
      at = Math.min(64 - kept, bytes.length);
      this.#pending.set(bytes.subarray(0, at), kept);
      if (kept + at < 64) return this;
      this.#block(this.#pending, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this.#block(bytes, at);
    this.#pending.set(bytes.subarray(at));
    return this;
  }

  /** The digest of all bytes, 64 lower-case hexadecimal digits. Call it once. */
  digest(): string {
    const length = this.#length;
    const padding = new Uint8Array(((119 - (length % 64)) % 64) + 9);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(length) * 8n);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #block(bytes: Uint8Array, start: number): void {
    const w = this.#schedule;
    for (let t = 0, i = start; t < 16; t++, i += 4) {
      w[t] =
        ((bytes[i] as number) << 24) |
        ((bytes[i + 1] as number) << 16) |
        ((bytes[i + 2] as number) << 8) |
        (bytes[i + 3] as number);
    }
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15] as number;
      const y = w[t - 2] as number;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = ((w[t - 16] as number) + s0 + (w[t - 7] as number) + s1) | 0;
    }
    const state = this.#state;
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let e = state[4] as number;
    let f = state[5] as number;
    let g = state[6] as number;
    let h = state[7] as number;
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND[t] as number) + (w[t] as number)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = (state[0] as number) + a;
    state[1] = (state[1] as number) + b;
    state[2] = (state[2] as number) + c;
    state[3] = (state[3] as number) + d;
    state[4] = (state[4] as number) + e;
    state[5] = (state[5] as number) + f;
    state[6] = (state[6] as number) + g;
    state[7] = (state[7] as number) + h;
  }
}

/** The digest of bytes that are all there. */
export function sha256Hex(bytes: Uint8Array): string {
  return new Sha256().update(bytes).digest();
}

/** The digest of a text's UTF-8 bytes. Pages opened over plain http have no crypto.subtle, so it isn't asked. */
export function sha256Text(text: string): string {
  return sha256Hex(new TextEncoder().encode(text));
}
