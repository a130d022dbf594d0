/**
 * MLC's group quantization to four bits (q4f16_1, q4f32_1: groups of 32 along the input dimension, layout NK), after
 * mlc-llm's python/mlc_llm/quantization/group_quantization.py: scale = max|w| / 7; q = round(w / scale + 7), clamped
 * to 0..14; w is about (q - 7) * scale. A group of zeros has scale 0 and q = 7.
 *
 * Every operation is rounded to the model's type (f16 or f32), and halves are rounded away from zero: that is what
 * the expression means in TVM's types and what LLVM makes of it. A GPU may divide less exactly, so that published
 * weights can differ from these in some last places.
 */
import { roundToFloat16 } from './float-blocks.ts';

const GROUP = 32;
const PER_WORD = 8;
const WORDS = GROUP / PER_WORD;
const MIDDLE = 7;
const LARGEST = 14;

/** The type that the model computes in. */
export type ComputeType = 'f16' | 'f32';

/** Groups of one row; the last may be shorter, and its missing elements are zero bits. */
export function groupsOf(columns: number): number {
  return Math.ceil(columns / GROUP);
}

/**
 * THRESHOLDS[type][q]: the smallest quotient w / scale, rounded to f32, that is stored as q. For f16 each lies a little
 * below q - 7.5, as the quotient and the sum are both rounded to eleven bits. (Rounding the quotient to f32 first
 * changes nothing in f16: two more than twice its bits are enough.) Beyond 14 nothing is.
 */
const THRESHOLDS: Readonly<Record<ComputeType, Float64Array>> = {
  f16: Float64Array.from({ length: 16 }, (_, q) => smallestStoredAs(q, 'f16')),
  f32: Float64Array.from({ length: 16 }, (_, q) => smallestStoredAs(q, 'f32')),
};

function smallestStoredAs(q: number, type: ComputeType): number {
  if (q > LARGEST) return Number.POSITIVE_INFINITY;
  let below = Math.fround(q - 9);
  let reached = Math.fround(q - 7.5);
  for (;;) {
    const middle = Math.fround((below + reached) / 2);
    if (middle === below || middle === reached) return reached;
    if (roundedPosition(middle, type) >= q) reached = middle;
    else below = middle;
  }
}

/** round(quotient + 7) as the definition says it. */
function roundedPosition(quotient: number, type: ComputeType): number {
  const value = Float32Array.of(quotient);
  if (type === 'f16') roundToFloat16(value);
  value[0] = (value[0] as number) + MIDDLE;
  if (type === 'f16') roundToFloat16(value);
  return Math.floor((value[0] as number) + 0.5);
}

const one = new Float32Array(1);

/**
 * Quantises rows of weights.
 * @param weights [rows, columns]; must be finite. In f16 they are rounded to it, in place.
 * @param words receives [rows, 4 * groups]: element k of a row lies in word k >> 3 at bit 4 * (k & 7)
 * @param scales receives [rows, groups]
 * @returns index of the first weight that is too large for the model's type; -1 where all fit
 */
export function quantiseGroups(
  weights: Float32Array,
  columns: number,
  type: ComputeType,
  words: Uint32Array,
  scales: Float32Array,
): number {
  if (type === 'f16') {
    const tooLarge = roundToFloat16(weights);
    if (tooLarge !== -1) return tooLarge;
  }
  const thresholds = THRESHOLDS[type];
  const rows = weights.length / columns;
  for (let row = 0, g = 0; row < rows; row++) {
    const end = (row + 1) * columns;
    for (let start = row * columns; start < end; start += GROUP, g++) {
      const stop = Math.min(start + GROUP, end);
      const scale = scaleOfGroup(weights, start, stop, type);
      scales[g] = scale;
      packGroup(weights, start, stop, scale, thresholds, words, g * WORDS);
    }
  }
  return -1;
}

function scaleOfGroup(weights: Float32Array, start: number, stop: number, type: ComputeType): number {
  let max = 0;
  for (let i = start; i < stop; i++) {
    const magnitude = Math.abs(weights[i] as number);
    if (magnitude > max) max = magnitude;
  }
  one[0] = max / MIDDLE;
  if (type === 'f16') roundToFloat16(one);
  return one[0] as number;
}

function packGroup(
  weights: Float32Array,
  start: number,
  stop: number,
  scale: number,
  thresholds: Float64Array,
  words: Uint32Array,
  at: number,
): void {
  for (let word = 0, i = start; word < WORDS; word++) {
    let packed = 0;
    for (let bit = 0; bit < 32 && i < stop; bit += 4, i++) {
      let quotient = scale === 0 ? 0 : Math.fround((weights[i] as number) / scale);
      if (quotient < -MIDDLE) quotient = -MIDDLE;
      else if (quotient > MIDDLE) quotient = MIDDLE;
      // Rounded as if it were exact, then up where rounding on the way lifts it.
      let q = (quotient + 7.5) | 0;
      if (quotient >= (thresholds[q + 1] as number)) q++;
      packed |= q << bit;
    }
    words[at + word] = packed;
  }
}

/** The weights that words and scales stand for: (q - 7) * scale, rounded to the model's type. */
export function dequantise(
  words: Uint32Array,
  scales: Float32Array,
  columns: number,
  type: ComputeType,
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
