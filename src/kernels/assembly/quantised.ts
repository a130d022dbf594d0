// Products with weights of eight bits. A block is 32 numbers of a row that share a scale; eight rows lie side by side, in
// panels as in tiles.ts: for each block eight scales (f32), then for each two columns two words of each of the rows.
//
// What the weights are multiplied with is rounded too, to sixteen bits and a scale for each block, which is finer than
// weights of eight bits can tell: sums within a block are whole numbers and exact (32 × 127 × 32,767 fits into 32 bits),
// and blocks are added in their order. So a token computed alone comes out exactly as among others here, too.

import { greatest, madd } from './lanes';
import { ADD } from './tiles';

/** Bytes of a block of a panel: eight scales, and 32 words for each of eight rows. */
const BLOCK: usize = 32 + 256;
const MOST: f32 = 32767;

/**
 * Rounds rows to sixteen bits.
 * @param words rows of `inner` numbers of sixteen bits, side by side
 * @param scales one for each 32 numbers, rows side by side
 * @param x rows of `inner` floats, `xStride` bytes apart
 * @param inner a multiple of 32
 */
export function quantise(words: usize, scales: usize, x: usize, xStride: usize, rows: i32, inner: i32): void {
  const bytes = (<usize>inner) << 2;
  for (let row = 0; row < rows; row++) {
    for (let at = x; at < x + bytes; at += 128) {
      let most = f32x4.splat(0);
      for (let i: usize = 0; i < 128; i += 16) most = f32x4.max(most, f32x4.abs(v128.load(at + i)));
      const top = greatest(most);
      store<f32>(scales, top / MOST);
      const inverse = f32x4.splat(top == 0 ? 0 : MOST / top);
      for (let i: usize = 0; i < 128; i += 32) {
        const low = f32x4.nearest(f32x4.mul(v128.load(at + i), inverse));
        const high = f32x4.nearest(f32x4.mul(v128.load(at + i, 16), inverse));
        v128.store(
          words,
          i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(low), i32x4.trunc_sat_f32x4_s(high)),
        );
        words += 16;
      }
      scales += 4;
    }
    x += xStride;
  }
}

// @ts-ignore: decorator
@inline
function dot(sum: v128, w: v128, x: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(w, x));
}

// @ts-ignore: decorator
@inline
function scaled(sum: v128, products: v128, weightScales: v128, scale: usize): v128 {
  const scales = f32x4.mul(weightScales, v128.load32_splat(scale));
  return madd(scales, f32x4.convert_i32x4_s(products), sum);
}

// @ts-ignore: decorator
@inline
function finish(c: usize, low: v128, high: v128, mode: i32): void {
  v128.store(c, mode == ADD ? f32x4.add(v128.load(c), low) : low);
  v128.store(c, mode == ADD ? f32x4.add(v128.load(c, 16), high) : high, 16);
}

/**
 * A few rows times one panel.
 * @param rows known when compiled, from 1 to 4
 */
// @ts-ignore: decorator
@inline
function tile(rows: i32, c: usize, cStride: usize, x: usize, scales: usize, w: usize, inner: i32, mode: i32): void {
  const zero = i32x4.splat(0);
  const xStride = (<usize>inner) << 1;
  const scaleStride = (<usize>inner) >> 3;
  const end = x + xStride;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  while (x < end) {
    let s00 = zero;
    let s01 = zero;
    let s10 = zero;
    let s11 = zero;
    let s20 = zero;
    let s21 = zero;
    let s30 = zero;
    let s31 = zero;
    for (let pair: usize = 0; pair < 64; pair += 4) {
      const words = v128.load(w + (pair << 2), 32);
      const w0 = i16x8.extend_low_i8x16_s(words);
      const w1 = i16x8.extend_high_i8x16_s(words);
      const x0 = v128.load32_splat(x + pair);
      s00 = dot(s00, w0, x0);
      s01 = dot(s01, w1, x0);
      if (rows > 1) {
        const x1 = v128.load32_splat(x + pair + xStride);
        s10 = dot(s10, w0, x1);
        s11 = dot(s11, w1, x1);
      }
      if (rows > 2) {
        const x2 = v128.load32_splat(x + pair + 2 * xStride);
        s20 = dot(s20, w0, x2);
        s21 = dot(s21, w1, x2);
      }
      if (rows > 3) {
        const x3 = v128.load32_splat(x + pair + 3 * xStride);
        s30 = dot(s30, w0, x3);
        s31 = dot(s31, w1, x3);
      }
    }
    const low = v128.load(w);
    const high = v128.load(w, 16);
    c00 = scaled(c00, s00, low, scales);
    c01 = scaled(c01, s01, high, scales);
    if (rows > 1) {
      c10 = scaled(c10, s10, low, scales + scaleStride);
      c11 = scaled(c11, s11, high, scales + scaleStride);
    }
    if (rows > 2) {
      c20 = scaled(c20, s20, low, scales + 2 * scaleStride);
      c21 = scaled(c21, s21, high, scales + 2 * scaleStride);
    }
    if (rows > 3) {
      c30 = scaled(c30, s30, low, scales + 3 * scaleStride);
      c31 = scaled(c31, s31, high, scales + 3 * scaleStride);
    }
    w += BLOCK;
    x += 64;
    scales += 4;
  }
  finish(c, c00, c01, mode);
  if (rows > 1) finish(c + cStride, c10, c11, mode);
  if (rows > 2) finish(c + 2 * cStride, c20, c21, mode);
  if (rows > 3) finish(c + 3 * cStride, c30, c31, mode);
}

/**
 * Y = X Wᵀ, or Y + X Wᵀ, of what {@link quantise} made of X.
 * @param y rows of at least 8 × `panels` floats, `yStride` bytes apart
 * @param w panels, one behind the other
 * @param mode SET or ADD
 */
export function matmul8(
  y: usize,
  yStride: usize,
  words: usize,
  scales: usize,
  w: usize,
  rows: i32,
  panels: i32,
  inner: i32,
  mode: i32,
): void {
  const size = ((<usize>inner) >> 5) * BLOCK;
  // Panel after panel: each is read from far away once, and from nearby for all rows.
  for (let panel = 0; panel < panels; panel++) {
    for (let row = 0; row < rows; row += 4) {
      const c = y + <usize>row * yStride;
      const x = words + <usize>row * ((<usize>inner) << 1);
      const s = scales + <usize>row * ((<usize>inner) >> 3);
      const some = rows - row;
      if (some >= 4) tile(4, c, yStride, x, s, w, inner, mode);
      else if (some == 3) tile(3, c, yStride, x, s, w, inner, mode);
      else if (some == 2) tile(2, c, yStride, x, s, w, inner, mode);
      else tile(1, c, yStride, x, s, w, inner, mode);
    }
    y += 32;
    w += size;
  }
}

/** A row of a matrix of panels: the embedding of a token. */
export function column8(y: usize, w: usize, token: i32, inner: i32): void {
  const lane = (<usize>token) & 7;
  let block = w + ((<usize>token) >> 3) * ((<usize>inner) >> 5) * BLOCK;
  for (const end = y + ((<usize>inner) << 2); y < end; y += 128) {
    const scale = load<f32>(block + (lane << 2));
    for (let pair: usize = 0; pair < 16; pair++) {
      const from = block + 32 + (pair << 4) + (lane << 1);
      store<f32>(y + (pair << 3), scale * <f32>load<i8>(from));
      store<f32>(y + (pair << 3), scale * <f32>load<i8>(from, 1), 4);
    }
    block += BLOCK;
  }
}
