/**
 * Blocks of weights between how files store them and f32: a 4B model is four thousand million numbers, so these are
 * plain loops over bit patterns. One number at a time: floats.ts, which these are tested against.
 * Little-endian, as safetensors, MLC's shards and every machine that runs this are.
 */
import { fromFloat16 } from './floats.ts';

/** How a checkpoint may store its weights, in safetensors' words. */
export type FloatDtype = 'F32' | 'F16' | 'BF16';
export const FLOAT_BYTES: Readonly<Record<FloatDtype, number>> = { F32: 4, F16: 2, BF16: 2 };

export function isFloatDtype(dtype: string): dtype is FloatDtype {
  return Object.hasOwn(FLOAT_BYTES, dtype);
}

/** Looked up: a model has far more numbers than there are different ones. */
let halves: Float32Array | undefined;

/** Decodes bytes into f32. The bytes must start at a multiple of four in their buffer, and fill `out`. */
export function decodeFloats(bytes: Uint8Array, dtype: FloatDtype, out: Float32Array): void {
  const { buffer, byteOffset } = bytes;
  if (dtype === 'F32') {
    out.set(new Float32Array(buffer, byteOffset, out.length));
    return;
  }
  const source = new Uint16Array(buffer, byteOffset, out.length);
  if (dtype === 'BF16') {
    const bits = bitsOf(out);
    for (let i = 0; i < bits.length; i++) bits[i] = (source[i] as number) << 16;
    return;
  }
  halves ??= Float32Array.from({ length: 0x10000 }, (_, h) => fromFloat16(h));
  for (let i = 0; i < out.length; i++) out[i] = halves[source[i] as number] as number;
}

/** The bit patterns of f32 values, over the same memory. */
export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Index of the first value that is infinite or not a number; -1 where all are finite. */
export function firstNotFinite(values: Float32Array): number {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) if (((bits[i] as number) & 0x7f800000) === 0x7f800000) return i;
  return -1;
}

/** Smallest f32 bits (without sign) whose value is infinite in binary16: 65520. */
const TOO_LARGE = 0x477ff000;

/** Index of the first value that is too large for binary16; -1 where none is. */
export function firstBeyondFloat16(values: Float32Array): number {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) if (((bits[i] as number) & 0x7fffffff) >= TOO_LARGE) return i;
  return -1;
}

/** f32 bits of 2^-14, the smallest normal number of binary16. */
const NORMAL = 0x38800000;

/** Rounds to binary16 and back, in place. Index of the first value too large for it; -1 where none is. */
export function roundToFloat16(values: Float32Array): number {
  const bits = bitsOf(values);
  let first = -1;
  for (let i = 0; i < bits.length; i++) {
    const u = bits[i] as number;
    const magnitude = u & 0x7fffffff;
    if (magnitude < NORMAL) {
      // Multiples of 2^-24: the sum with 1.5 * 2^28 has exactly these as its last bit in f64.
      values[i] = (values[i] as number) + 402653184 - 402653184;
      if (values[i] === 0) bits[i] = u & 0x80000000;
    } else {
      if (magnitude >= TOO_LARGE && first === -1) first = i;
      bits[i] = (u + 0xfff + ((u >>> 13) & 1)) & 0xffffe000;
    }
  }
  return first;
}

/** binary16 bits of values that {@link roundToFloat16} has rounded. */
export function packFloat16(rounded: Float32Array, out: Uint16Array): void {
  const bits = bitsOf(rounded);
  for (let i = 0; i < bits.length; i++) {
    const u = bits[i] as number;
    const magnitude = u & 0x7fffffff;
    const half =
      magnitude < NORMAL ? Math.abs(rounded[i] as number) * 16777216 : (magnitude - 0x38000000) >>> 13;
    out[i] = ((u >>> 16) & 0x8000) | half;
  }
}

/** The largest finite bfloat16. What is beyond it is cut, not rounded to infinity, as MLC's writer does. */
const BFLOAT16_LIMIT = 0x7f7f0000;

/** bfloat16 bits of f32 values, rounded to nearest, ties to even. */
export function packBfloat16(values: Float32Array, out: Uint16Array): void {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) {
    const u = bits[i] as number;
    out[i] = ((u & 0x7fffffff) < BFLOAT16_LIMIT ? u + 0x7fff + ((u >>> 16) & 1) : u) >>> 16;
  }
}
