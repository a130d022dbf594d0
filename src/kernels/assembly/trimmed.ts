// Products with weights of twenty bits: f32 without its lower twelve, which numbers that come from f16 or bf16 never
// have. So nothing is rounded, and of what a decoded token reads, which is what binds it, five eighths are left.
//
// A panel is 32 columns. For each inner step come sixteen bytes with the lower four bits of all columns (in each word of
// sixteen bits those of columns i, 8 + i, 16 + i and 24 + i, from the lowest on), then the upper sixteen bits of each.

import { madd } from './lanes';
import { finishEight, productOfTiles, tilesOf } from './tiles';

/** Bytes of an inner step of a panel. */
const STEP: usize = 80;

/** f32 of the first four of eight columns, from their lower halves and upper halves. */
// @ts-ignore: decorator
@inline
function firstFour(lower: v128, upper: v128): v128 {
  return i8x16.shuffle(lower, upper, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

// @ts-ignore: decorator
@inline
function lastFour(lower: v128, upper: v128): v128 {
  return i8x16.shuffle(lower, upper, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}

/** The lower halves of eight columns. Shifted twice: a mask would be written into a register anew each time. */
// @ts-ignore: decorator
@inline
function lowerOf(bits: v128, group: i32): v128 {
  return i16x8.shl(group == 0 ? bits : i16x8.shr_u(bits, 4 * group), 12);
}

/** One row times one panel. */
// @ts-ignore: decorator
@inline
function rowTimes(y: usize, x: usize, w: usize, inner: i32, mode: i32): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (const end = x + ((<usize>inner) << 2); x < end; x += 4) {
    const x0 = v128.load32_splat(x);
    const bits = v128.load(w);
    let upper = v128.load(w, 16);
    let lower = lowerOf(bits, 0);
    s0 = madd(x0, firstFour(lower, upper), s0);
    s1 = madd(x0, lastFour(lower, upper), s1);
    upper = v128.load(w, 32);
    lower = lowerOf(bits, 1);
    s2 = madd(x0, firstFour(lower, upper), s2);
    s3 = madd(x0, lastFour(lower, upper), s3);
    upper = v128.load(w, 48);
    lower = lowerOf(bits, 2);
    s4 = madd(x0, firstFour(lower, upper), s4);
    s5 = madd(x0, lastFour(lower, upper), s5);
    upper = v128.load(w, 64);
    lower = lowerOf(bits, 3);
    s6 = madd(x0, firstFour(lower, upper), s6);
    s7 = madd(x0, lastFour(lower, upper), s7);
    w += STEP;
  }
  finishEight(y, s0, s1, s2, s3, s4, s5, s6, s7, mode);
}

/** A panel as four of eight columns in f32, one behind the other. */
function unpack(to: usize, w: usize, inner: i32): void {
  const size = (<usize>inner) << 5;
  for (const end = to + size; to < end; to += 32) {
    const bits = v128.load(w);
    for (let group = 0; group < 4; group++) {
      const upper = v128.load(w + 16 + (<usize>group << 4));
      const lower = i16x8.shl(i16x8.shr_u(bits, 4 * group), 12);
      const at = to + <usize>group * size;
      v128.store(at, firstFour(lower, upper));
      v128.store(at, lastFour(lower, upper), 16);
    }
    w += STEP;
  }
}

/**
 * Y = X Wᵀ, or Y + X Wᵀ: the same bits as matmul's of the same weights.
 * @param y rows of at least 32 × `panels` floats, `yStride` bytes apart
 * @param x rows of `inner` floats, `xStride` bytes apart
 * @param w panels, one behind the other
 * @param mode SET or ADD
 * @param scratch 32 × `inner` floats, and as many as X has
 */
export function matmulTrimmed(
  y: usize,
  yStride: usize,
  x: usize,
  xStride: usize,
  w: usize,
  rows: i32,
  panels: i32,
  inner: i32,
  mode: i32,
  scratch: usize,
): void {
  const size = <usize>inner * STEP;
  const tiles = scratch + ((<usize>inner) << 7);
  if (rows > 1) tilesOf(tiles, x, xStride, rows, inner);
  for (let panel = 0; panel < panels; panel++) {
    if (rows == 1) rowTimes(y, x, w, inner, mode);
    else {
      unpack(scratch, w, inner);
      productOfTiles(y, yStride, tiles, scratch, rows, 4, inner, mode);
    }
    y += 128;
    w += size;
  }
}

/** A column of a packed matrix: the embedding of a token. */
export function columnTrimmed(y: usize, w: usize, token: i32, inner: i32): void {
  const group = (<usize>token & 31) >> 3;
  const lane = (<usize>token & 7) << 1;
  let at = w + ((<usize>token) >> 5) * <usize>inner * STEP + lane;
  for (const end = y + ((<usize>inner) << 2); y < end; y += 4) {
    const lower = (<u32>load<u16>(at) >> (4 * <u32>group)) & 15;
    store<u32>(y, (<u32>load<u16>(at + 16 + (group << 4)) << 16) | (lower << 12));
    at += STEP;
  }
}
