/**
 * How a GGUF file stores numbers (ggml, ggml-quants.c): plain floats, or blocks of 32 with a scale. Dequantised to the
 * bits that the Python package gguf computes: a product, and where there is a minimum a sum, each rounded to f32.
 * Files with k-quants (Q4_K and the like) are refused by header.ts.
 */
import { decodeFloats, type FloatDtype, isFloatDtype } from '../float-blocks.ts';
import { fromFloat16 } from '../floats.ts';

/** Numbers in a block, and its bytes. */
export const WEIGHT_BLOCKS = {
  F32: { numbers: 1, bytes: 4 },
  F16: { numbers: 1, bytes: 2 },
  BF16: { numbers: 1, bytes: 2 },
  Q4_0: { numbers: 32, bytes: 18 },
  Q4_1: { numbers: 32, bytes: 20 },
  Q5_0: { numbers: 32, bytes: 22 },
  Q5_1: { numbers: 32, bytes: 24 },
  Q8_0: { numbers: 32, bytes: 34 },
} as const;

/** What weights are read from: safetensors' types, and ggml's blocks. */
export type WeightType = keyof typeof WEIGHT_BLOCKS;
type BlockType = Exclude<WeightType, FloatDtype>;

/** Bytes of this many numbers, which must fill whole blocks. */
export function weightBytes(type: WeightType, numbers: number): number {
  const block = WEIGHT_BLOCKS[type];
  return (numbers / block.numbers) * block.bytes;
}

/** Decodes bytes into f32. The bytes must start at a multiple of four in their buffer, and fill `out`. */
export function decodeWeights(bytes: Uint8Array, type: WeightType, out: Float32Array): void {
  if (isFloatDtype(type)) decodeFloats(bytes, type, out);
  else DECODERS[type](bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), out);
}

type Decoder = (bytes: Uint8Array, view: DataView, out: Float32Array) => void;

/** Where a block's fifth bits stand, behind the scale and the minimum; their absence is 0. */
function nibbles(type: 'Q4_0' | 'Q4_1' | 'Q5_0' | 'Q5_1'): Decoder {
  const { bytes: size } = WEIGHT_BLOCKS[type];
  const hasMinimum = type.endsWith('1');
  const hasFifth = type.startsWith('Q5');
  const fifthAt = hasMinimum ? 4 : 2;
  const low = fifthAt + (hasFifth ? 4 : 0);
  // Without a minimum the numbers lie around the middle.
  const middle = hasMinimum ? 0 : hasFifth ? 16 : 8;
  return (bytes, view, out) => {
    for (let at = 0, to = 0; to < out.length; at += size, to += 32) {
      const scale = fromFloat16(view.getUint16(at, true));
      const minimum = hasMinimum ? fromFloat16(view.getUint16(at + 2, true)) : 0;
      const fifth = hasFifth ? view.getUint32(at + fifthAt, true) : 0;
      for (let i = 0; i < 32; i++) {
        const byte = bytes[at + low + (i & 15)] as number;
        const q = ((i < 16 ? byte & 15 : byte >> 4) | (((fifth >>> i) & 1) << 4)) - middle;
        const product = Math.fround(scale * q);
        out[to + i] = hasMinimum ? product + minimum : product;
      }
    }
  };
}

const DECODERS: Readonly<Record<BlockType, Decoder>> = {
  Q4_0: nibbles('Q4_0'),
  Q4_1: nibbles('Q4_1'),
  Q5_0: nibbles('Q5_0'),
  Q5_1: nibbles('Q5_1'),
  Q8_0: (_, view, out) => {
    for (let at = 0, to = 0; to < out.length; at += 34, to += 32) {
      const scale = fromFloat16(view.getUint16(at, true));
      for (let i = 0; i < 32; i++) out[to + i] = scale * view.getInt8(at + 2 + i);
    }
  },
};
