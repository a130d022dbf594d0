// The inner loop of products: a few rows of A times panels of eight columns of B.
//
// A lies row by row. B lies in panels: for each of the inner steps eight numbers side by side, one for each column;
// weights and keys are packed that way, and rows of values are such panels as they lie. Each element of the result is
// summed in the order of the inner dimension, whatever the number of rows: a token computed alone comes out exactly as
// among others, to the last bit.

import { madd } from './lanes';

/** The result replaces what stood there. */
export const SET = 0;
/** The sum is added to what stood there, at its end: a residual. */
export const ADD = 1;
/** The sum goes on from what stood there: the inner dimension in pieces. */
export const GO_ON = 2;

let most: i32 = 4;

/**
 * How many rows a tile has at most: 4, or 6. Six are a fifth faster, having more sums going than an addition takes
 * steps, but just where the engine keeps no more than one of A's numbers in a register at a time.
 */
export function rowsAtOnce(count: i32): void {
  most = count;
}

/** Rows of the next tile, where so many are left. */
// @ts-ignore: decorator
@inline
export function tileRows(left: i32): i32 {
  return left >= 6 && most == 6 ? 6 : min(4, left);
}

// @ts-ignore: decorator
@inline
function begin(c: usize, mode: i32): v128 {
  return mode == GO_ON ? v128.load(c) : f32x4.splat(0);
}

// @ts-ignore: decorator
@inline
function finish(c: usize, sum: v128, mode: i32): void {
  v128.store(c, mode == ADD ? f32x4.add(v128.load(c), sum) : sum);
}

/**
 * @param rows known when compiled, from 1 to 4, or 6
 * @param c result; `cStride` bytes from row to row, panels side by side
 * @param a `aStride` bytes from row to row, `aStep` from one inner step to the next
 * @param b `bStride` bytes from one inner step to the next, `bPanel` from panel to panel
 */
// @ts-ignore: decorator
@inline
function tile(
  rows: i32,
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  aStep: usize,
  b: usize,
  bStride: usize,
  bPanel: usize,
  panels: i32,
  inner: i32,
  mode: i32,
): void {
  const zero = f32x4.splat(0);
  const end = a + <usize>inner * aStep;
  for (let panel = 0; panel < panels; panel++) {
    let c00 = begin(c, mode);
    let c01 = begin(c + 16, mode);
    let c10 = rows > 1 ? begin(c + cStride, mode) : zero;
    let c11 = rows > 1 ? begin(c + cStride + 16, mode) : zero;
    let c20 = rows > 2 ? begin(c + 2 * cStride, mode) : zero;
    let c21 = rows > 2 ? begin(c + 2 * cStride + 16, mode) : zero;
    let c30 = rows > 3 ? begin(c + 3 * cStride, mode) : zero;
    let c31 = rows > 3 ? begin(c + 3 * cStride + 16, mode) : zero;
    let c40 = rows > 4 ? begin(c + 4 * cStride, mode) : zero;
    let c41 = rows > 4 ? begin(c + 4 * cStride + 16, mode) : zero;
    let c50 = rows > 4 ? begin(c + 5 * cStride, mode) : zero;
    let c51 = rows > 4 ? begin(c + 5 * cStride + 16, mode) : zero;
    let at = b;
    for (let x = a; x < end; x += aStep) {
      const b0 = v128.load(at);
      const b1 = v128.load(at, 16);
      at += bStride;
      const x0 = v128.load32_splat(x);
      c00 = madd(x0, b0, c00);
      c01 = madd(x0, b1, c01);
      if (rows > 1) {
        const x1 = v128.load32_splat(x + aStride);
        c10 = madd(x1, b0, c10);
        c11 = madd(x1, b1, c11);
      }
      if (rows > 2) {
        const x2 = v128.load32_splat(x + 2 * aStride);
        c20 = madd(x2, b0, c20);
        c21 = madd(x2, b1, c21);
      }
      if (rows > 3) {
        const x3 = v128.load32_splat(x + 3 * aStride);
        c30 = madd(x3, b0, c30);
        c31 = madd(x3, b1, c31);
      }
      if (rows > 4) {
        const x4 = v128.load32_splat(x + 4 * aStride);
        c40 = madd(x4, b0, c40);
        c41 = madd(x4, b1, c41);
        const x5 = v128.load32_splat(x + 5 * aStride);
        c50 = madd(x5, b0, c50);
        c51 = madd(x5, b1, c51);
      }
    }
    finish(c, c00, mode);
    finish(c + 16, c01, mode);
    if (rows > 1) {
      finish(c + cStride, c10, mode);
      finish(c + cStride + 16, c11, mode);
    }
    if (rows > 2) {
      finish(c + 2 * cStride, c20, mode);
      finish(c + 2 * cStride + 16, c21, mode);
    }
    if (rows > 3) {
      finish(c + 3 * cStride, c30, mode);
      finish(c + 3 * cStride + 16, c31, mode);
    }
    if (rows > 4) {
      finish(c + 4 * cStride, c40, mode);
      finish(c + 4 * cStride + 16, c41, mode);
      finish(c + 5 * cStride, c50, mode);
      finish(c + 5 * cStride + 16, c51, mode);
    }
    c += 32;
    b += bPanel;
  }
}

// @ts-ignore: decorator
@inline
function tileFor(
  rows: i32,
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  aStep: usize,
  b: usize,
  bStride: usize,
  bPanel: usize,
  panels: i32,
  inner: i32,
  mode: i32,
): void {
  if (rows == 6) tile(6, c, cStride, a, aStride, aStep, b, bStride, bPanel, panels, inner, mode);
  else if (rows == 4) tile(4, c, cStride, a, aStride, aStep, b, bStride, bPanel, panels, inner, mode);
  else if (rows == 3) tile(3, c, cStride, a, aStride, aStep, b, bStride, bPanel, panels, inner, mode);
  else if (rows == 2) tile(2, c, cStride, a, aStride, aStep, b, bStride, bPanel, panels, inner, mode);
  else tile(1, c, cStride, a, aStride, aStep, b, bStride, bPanel, panels, inner, mode);
}

/** Rows as {@link tileRows} gives them; see {@link tile}. */
export function tileOf(
  rows: i32,
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  bPanel: usize,
  panels: i32,
  inner: i32,
  mode: i32,
): void {
  tileFor(rows, c, cStride, a, aStride, 4, b, bStride, bPanel, panels, inner, mode);
}

/** Like {@link tileOf} with A transposed: its rows lie side by side, `aStep` bytes from one inner step to the next. */
export function tileAcross(
  rows: i32,
  c: usize,
  cStride: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStride: usize,
  bPanel: usize,
  panels: i32,
  inner: i32,
  mode: i32,
): void {
  tileFor(rows, c, cStride, a, 4, aStep, b, bStride, bPanel, panels, inner, mode);
}

/**
 * C = A B, or more (see the modes). Panel after panel: each is read from far away once, and from nearby for all rows.
 * @param b panels of 8 columns, `bStride` bytes from one inner step to the next, `bPanel` from panel to panel
 */
export function product(
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  bPanel: usize,
  rows: i32,
  panels: i32,
  inner: i32,
  mode: i32,
): void {
  for (let panel = 0; panel < panels; panel++) {
    for (let row = 0; row < rows; ) {
      const some = tileRows(rows - row);
      const from = a + <usize>row * aStride;
      const to = c + <usize>row * cStride;
      tileOf(some, to, cStride, from, aStride, b, bStride, bPanel, 1, inner, mode);
      row += some;
    }
    c += 32;
    b += bPanel;
  }
}

/** Puts the rows of each tile side by side, as {@link productOfTiles} reads them. */
export function tilesOf(tiles: usize, a: usize, aStride: usize, rows: i32, inner: i32): void {
  const bytes = (<usize>inner) << 2;
  for (let row = 0; row < rows; ) {
    const some = tileRows(rows - row);
    for (let i = 0; i < some; i++) {
      let to = tiles + (<usize>i << 2);
      for (let from = a; from < a + bytes; from += 4) {
        store<f32>(to, load<f32>(from));
        to += <usize>some << 2;
      }
      a += aStride;
    }
    tiles += <usize>some * bytes;
    row += some;
  }
}

/** Like {@link product} of what {@link tilesOf} made of A: its addresses are one and a few constants. */
export function productOfTiles(
  c: usize,
  cStride: usize,
  tiles: usize,
  b: usize,
  rows: i32,
  panels: i32,
  inner: i32,
  mode: i32,
): void {
  const size = (<usize>inner) << 5;
  for (let panel = 0; panel < panels; panel++) {
    let from = tiles;
    for (let row = 0; row < rows; ) {
      const some = tileRows(rows - row);
      const to = c + <usize>row * cStride;
      tileAcross(some, to, cStride, from, <usize>some << 2, b, 32, size, 1, inner, mode);
      from += <usize>some * ((<usize>inner) << 2);
      row += some;
    }
    c += 32;
    b += size;
  }
}

/** A row's sums over 32 columns. */
// @ts-ignore: decorator
@inline
export function finishEight(
  c: usize,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
  mode: i32,
): void {
  finish(c, s0, mode);
  finish(c + 16, s1, mode);
  finish(c + 32, s2, mode);
  finish(c + 48, s3, mode);
  finish(c + 64, s4, mode);
  finish(c + 80, s5, mode);
  finish(c + 96, s6, mode);
  finish(c + 112, s7, mode);
}

/** One row times four panels at once: a single row has too few sums going to keep the CPU busy otherwise. */
// @ts-ignore: decorator
@inline
function wide(c: usize, a: usize, b: usize, bPanel: usize, inner: i32, mode: i32): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  const end = a + ((<usize>inner) << 2);
  let p0 = b;
  let p1 = b + bPanel;
  let p2 = p1 + bPanel;
  let p3 = p2 + bPanel;
  for (let x = a; x < end; x += 4) {
    const x0 = v128.load32_splat(x);
    s0 = madd(x0, v128.load(p0), s0);
    s1 = madd(x0, v128.load(p0, 16), s1);
    s2 = madd(x0, v128.load(p1), s2);
    s3 = madd(x0, v128.load(p1, 16), s3);
    s4 = madd(x0, v128.load(p2), s4);
    s5 = madd(x0, v128.load(p2, 16), s5);
    s6 = madd(x0, v128.load(p3), s6);
    s7 = madd(x0, v128.load(p3, 16), s7);
    p0 += 32;
    p1 += 32;
    p2 += 32;
    p3 += 32;
  }
  finishEight(c, s0, s1, s2, s3, s4, s5, s6, s7, mode);
}

/**
 * Y = X Wᵀ, or Y + X Wᵀ.
 * @param y rows of at least 8 × `panels` floats, `yStride` bytes apart
 * @param x rows of `inner` floats, `xStride` bytes apart
 * @param w panels of 8 × `inner` floats, one behind the other
 * @param mode SET or ADD
 * @param scratch as many floats as X has
 */
export function matmul(
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
  if (rows == 1) {
    const size = (<usize>inner) << 5;
    for (; panels >= 4; panels -= 4) {
      wide(y, x, w, size, inner, mode);
      y += 128;
      w += 4 * size;
    }
    tileOf(1, y, yStride, x, xStride, w, 32, size, panels, inner, mode);
    return;
  }
  tilesOf(scratch, x, xStride, rows, inner);
  productOfTiles(y, yStride, scratch, w, rows, panels, inner, mode);
}
