/** Rows of f32 weights as the bytes that a plan's outputs ask for. */
import { packBfloat16, packFloat16, roundToFloat16 } from './float-blocks.ts';
import { type ComputeType, groupsOf, quantiseGroups } from './group-quantization.ts';
import type { Encoding } from './mlc-parameters.ts';

/**
 * Encodes rows. What a caller gets is overwritten by the next call.
 * @param weights [rows, columns], finite; changed in place
 * @returns the bytes by output; or the index of the first weight that is too large for f16
 */
type RowEncoder = (
  weights: Float32Array,
  columns: number,
  type: ComputeType,
  encodings: readonly Encoding[],
) => readonly Uint8Array[] | number;

/** An encoder with buffers of its own, which grow to the largest block that it sees. */
export function createRowEncoder(): RowEncoder {
  const buffers = new Map<string, ArrayBuffer>();
  const bytes = (name: string, length: number): ArrayBuffer => {
    const there = buffers.get(name);
    if (there !== undefined && there.byteLength >= length) return there;
    const made = new ArrayBuffer(length);
    buffers.set(name, made);
    return made;
  };
  const halves = (name: string, length: number): Uint16Array =>
    new Uint16Array(bytes(name, 2 * length), 0, length);

  return (weights, columns, type, encodings) => {
    const groups = (weights.length / columns) * groupsOf(columns);
    const words = new Uint32Array(bytes('words', 16 * groups), 0, 4 * groups);
    const scales = new Float32Array(bytes('scales', 4 * groups), 0, groups);
    const quantised = encodings.includes('words') || encodings.some((one) => one.startsWith('scales'));
    const tooLarge = quantised
      ? quantiseGroups(weights, columns, type, words, scales)
      : type === 'f16'
        ? roundToFloat16(weights)
        : -1;
    if (tooLarge !== -1) return tooLarge;
    return encodings.map((encoding) => {
      if (encoding === 'words') return bytesOf(words);
      const values = encoding.startsWith('scales') ? scales : weights;
      if (encoding.endsWith('f32')) return bytesOf(values);
      const out = halves(encoding, values.length);
      if (encoding.endsWith('bf16')) packBfloat16(values, out);
      else packFloat16(values, out);
      return bytesOf(out);
    });
  };
}

function bytesOf(array: Uint16Array | Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
