/**
 * MLC's group quantization to four bits (q4f16_1, q4f32_1: groups of 32 along the input dimension, layout NK), after
 * mlc-llm's python/mlc_llm/quantization/group_quantization.py: scale = max|w| / 7; q = round(w / scale + 7), clamped
 * to 0..14; w is about (q - 7) * scale. A group of zeros has scale 0 and q = 7.
 *
 * Every operation is rounded to the model's type (f16 or f32), and halves are rounded away from zero: that is what
 * the expression means in TVM's types and what LLVM makes of it. A GPU may divide less exactly, so that published
 * weights can differ from these in some last places.
 */
import { bitsOf, roundToFloat16 } from './float-blocks.ts';

export const GROUP = 32;
const PER_WORD = 8;
const WORDS = GROUP / PER_WORD;
const MIDDLE = 7;
const LARGEST = 14;

/** The type that the model computes in. */
export type ModelType = 'f16' | 'f32';

/** Groups of one row; the last may be shorter, and its missing elements are zero bits. */
export function groupsOf(columns: number): number {
  return Math.ceil(columns / GROUP);
}

const group = new Float32Array(GROUP);
const groupBits = bitsOf(group);
const one = new Float32Array(1);

/**
 * Quantises rows of weights.
 * @param weights [rows, columns]; must be finite. In f16 they are rounded to it, in place.
 * @param words receives [rows, 4 * groups]: element k of a row lies in word k >> 3 at bit 4 * (k & 7)
 * @param scales receives [rows, groups]
 * @returns index of the first weight that is too large for the model's type; -1 where all fit
 */
export function quantise(
  weights: Float32Array,
  columns: number,
  type: ModelType,
  words: Uint32Array,
  scales: Float32Array,
): number {
  const half = type === 'f16';
  if (half) {
    const tooLarge = roundToFloat16(weights);
    if (tooLarge !== -1) return tooLarge;
  }
  const rows = weights.length / columns;
  for (let row = 0, g = 0; row < rows; row++) {
    const end = (row + 1) * columns;
    for (let start = row * columns; start < end; start += GROUP, g++) {
      const size = Math.min(GROUP, end - start);
      let max = 0;
      for (let i = 0; i < size; i++) {
        const magnitude = Math.abs(weights[start + i] as number);
        if (magnitude > max) max = magnitude;
      }
      one[0] = max / MIDDLE;
      if (half) roundToFloat16(one);
      const scale = one[0] as number;
      scales[g] = scale;
      if (half) positionsInFloat16(weights, start, size, scale);
      else
        for (let i = 0; i < size; i++)
          group[i] = Math.fround((weights[start + i] as number) / scale) + MIDDLE;
      packGroup(size, scale, words, g * WORDS);
    }
  }
  return -1;
}

/**
 * w / scale + 7 into the scratch group, each step rounded to binary16 by its bits. Quotients below 2^-14 are not, as
 * they vanish beside 7; an infinite one ends at the clamp.
 */
function positionsInFloat16(weights: Float32Array, start: number, size: number, scale: number): void {
  for (let i = 0; i < size; i++) group[i] = (weights[start + i] as number) / scale;
  for (let i = 0; i < size; i++) {
    const u = groupBits[i] as number;
    groupBits[i] = (u + 0xfff + ((u >>> 13) & 1)) & 0xffffe000;
  }
  for (let i = 0; i < size; i++) group[i] = (group[i] as number) + MIDDLE;
  for (let i = 0; i < size; i++) {
    const u = groupBits[i] as number;
    groupBits[i] = (u + 0xfff + ((u >>> 13) & 1)) & 0xffffe000;
  }
}

/** Clamping before rounding is the same as after it, and keeps whole numbers small. */
function packGroup(size: number, scale: number, words: Uint32Array, at: number): void {
  if (scale === 0) group.fill(MIDDLE, 0, size);
  group.fill(0, size);
  for (let word = 0, k = 0; word < WORDS; word++) {
    let packed = 0;
    for (let bit = 0; bit < 32; bit += 4, k++) {
      const x = group[k] as number;
      packed |= ((x < 0 ? 0 : x > LARGEST ? LARGEST : x) + 0.5) << bit;
    }
    words[at + word] = packed;
  }
}

/** The weights that words and scales stand for: (q - 7) * scale, rounded to the model's type. */
export function dequantise(
  words: Uint32Array,
  scales: Float32Array,
  columns: number,
  type: ModelType,
): Float32Array<ArrayBuffer> {
  const groups = groupsOf(columns);
  const rows = scales.length / groups;
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < out.length; i++) {
    const row = Math.floor(i / columns);
    const column = i % columns;
    const g = row * groups + Math.floor(column / GROUP);
    const word = words[row * groups * WORDS + (column >>> 3)] as number;
    out[i] = (((word >>> (4 * (column & 7))) & 15) - MIDDLE) * (scales[g] as number);
  }
  if (type === 'f16') roundToFloat16(out);
  return out;
}
