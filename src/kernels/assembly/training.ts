// The kernels of training: what the forward pass needs where it keeps its activations, the backward pass by hand, and
// the optimiser. Weights and keys are packed anew as often as they change, in two ways: rows of a matrix as the columns
// of panels (W for X Wᵀ), and columns as they lie (W for dY W).

import { divide, shares } from './attention';
import { exp, sum } from './lanes';
import { GO_ON, product, SET, tileAcross, tileRows } from './tiles';

export { normAndRotate, rmsNorm } from './attention';
export { column } from './index';
export { product, rowsAtOnce } from './tiles';

/** Rows of queries whose shares are computed at once: shares are never kept, the backward pass computes them again. */
const BLOCK = 32;

/** C = Aᵀ B, or more; A lies with its inner steps `aStep` bytes apart. */
export function productAcross(
  c: usize,
  cStride: usize,
  a: usize,
  aStep: usize,
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
      const from = a + ((<usize>row) << 2);
      const to = c + <usize>row * cStride;
      tileAcross(some, to, cStride, from, aStep, b, bStride, bPanel, 1, inner, mode);
      row += some;
    }
    c += 32;
    b += bPanel;
  }
}

/** Rows become columns of panels; the last panel is filled up with zeros. Panels are 8 × `size` floats. */
export function packRows(to: usize, from: usize, stride: usize, rows: i32, size: i32): void {
  const bytes = (<usize>size) << 2;
  const all = (rows + 7) & ~7;
  for (let row = 0; row < all; row++) {
    let at = to + (<usize>row >> 3) * (bytes << 3) + ((<usize>row & 7) << 2);
    for (let x: usize = 0; x < bytes; x += 4) {
      store<f32>(at, row < rows ? load<f32>(from + x) : 0);
      at += 32;
    }
    from += stride;
  }
}

/** Eight columns become a panel. Panels are 8 × `rows` floats. */
export function packColumns(to: usize, from: usize, stride: usize, rows: i32, size: i32): void {
  for (let column = 0; column < size; column += 8) {
    let at = from + ((<usize>column) << 2);
    for (let row = 0; row < rows; row++) {
      v128.store(to, v128.load(at));
      v128.store(to, v128.load(at, 16), 16);
      to += 32;
      at += stride;
    }
  }
}

/** Y = X × by. @param count a multiple of 4 */
export function scaled(y: usize, x: usize, count: i32, by: f32): void {
  const factor = f32x4.splat(by);
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(y + at, f32x4.mul(v128.load(x + at), factor));
}

/** Shares of rows of queries, the first of which stands at position `first`, over the keys up to the last of them. */
// @ts-ignore: decorator
@inline
function blockShares(
  to: usize,
  toStride: usize,
  queries: usize,
  stride: usize,
  rows: i32,
  first: i32,
  size: i32,
  scale: f32,
  keyRows: usize,
): void {
  const all = first + rows;
  const bytes = (<usize>((all + 3) & ~3)) << 2;
  product(to, toStride, queries, stride, keyRows, 32, (<usize>size) << 5, rows, (all + 7) >> 3, size, SET);
  for (let row = 0; row < rows; row++) {
    divide(to, bytes, shares(to, first + row + 1, all, scale));
    to += toStride;
  }
}

/**
 * Attention of one head over a whole sequence, causal.
 * @param keyRows keys, packed by rows
 * @param valueColumns values, packed by columns
 * @param scratch BLOCK rows of scores, `scratchStride` bytes apart, aligned by 16
 */
export function attendAll(
  out: usize,
  outStride: usize,
  queries: usize,
  stride: usize,
  rows: i32,
  size: i32,
  scale: f32,
  keyRows: usize,
  valueColumns: usize,
  scratch: usize,
  scratchStride: usize,
): void {
  const panel = (<usize>rows) << 5;
  for (let first = 0; first < rows; first += BLOCK) {
    const some = min(BLOCK, rows - first);
    blockShares(scratch, scratchStride, queries, stride, some, first, size, scale, keyRows);
    product(out, outStride, scratch, scratchStride, valueColumns, 32, panel, some, size >> 3, first + some, SET);
    out += BLOCK * outStride;
    queries += BLOCK * stride;
  }
}

/**
 * The way back through {@link attendAll}: sets the queries' gradient, adds to those of keys and values.
 * @param dQueries like the queries, as are the two others: rows `stride` bytes apart
 * @param out what came out; rows as far apart as those of its gradient
 * @param scratch as above, for shares; `dScratch` for their gradients
 */
export function attendBack(
  dQueries: usize,
  dKeys: usize,
  dValues: usize,
  queries: usize,
  stride: usize,
  out: usize,
  dOut: usize,
  outStride: usize,
  rows: i32,
  size: i32,
  scale: f32,
  keyRows: usize,
  keyColumns: usize,
  valueRows: usize,
  scratch: usize,
  dScratch: usize,
  scratchStride: usize,
): void {
  const bytes = (<usize>size) << 2;
  const panel = (<usize>rows) << 5;
  const panels = size >> 3;
  for (let first = 0; first < rows; first += BLOCK) {
    const some = min(BLOCK, rows - first);
    const all = first + some;
    blockShares(scratch, scratchStride, queries, stride, some, first, size, scale, keyRows);
    product(dScratch, scratchStride, dOut, outStride, valueRows, 32, bytes << 3, some, (all + 7) >> 3, size, SET);
    for (let row = 0; row < some; row++) {
      const o = out + <usize>row * outStride;
      const d = dOut + <usize>row * outStride;
      const p = scratch + <usize>row * scratchStride;
      const s = dScratch + <usize>row * scratchStride;
      let dots = f32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 16)
        dots = f32x4.add(dots, f32x4.mul(v128.load(o + at), v128.load(d + at)));
      const mean = f32x4.splat(sum(dots));
      const scales = f32x4.splat(scale);
      const end = (<usize>((all + 3) & ~3)) << 2;
      for (let at: usize = 0; at < end; at += 16) {
        const inside = f32x4.mul(f32x4.sub(v128.load(s + at), mean), scales);
        v128.store(s + at, f32x4.mul(v128.load(p + at), inside));
      }
    }
    product(dQueries, stride, dScratch, scratchStride, keyColumns, 32, panel, some, panels, all, SET);
    productAcross(dKeys, stride, dScratch, scratchStride, queries, stride, 32, all, panels, some, GO_ON);
    productAcross(dValues, stride, scratch, scratchStride, dOut, outStride, 32, all, panels, some, GO_ON);
    queries += BLOCK * stride;
    dQueries += BLOCK * stride;
    out += BLOCK * outStride;
    dOut += BLOCK * outStride;
  }
}

/** dX of a row's norm, from dY; added to what stands there, or in its place. */
// @ts-ignore: decorator
@inline
function normBackOne(dx: usize, dy: usize, x: usize, weight: usize, size: i32, epsilon: f32, add: bool): void {
  const bytes = (<usize>size) << 2;
  let squares = f32x4.splat(0);
  let dots = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const v = v128.load(x + at);
    squares = f32x4.add(f32x4.mul(v, v), squares);
    dots = f32x4.add(f32x4.mul(f32x4.mul(v128.load(dy + at), v128.load(weight + at)), v), dots);
  }
  const inverse: f32 = 1 / sqrt<f32>(sum(squares) / <f32>size + epsilon);
  const scale = f32x4.splat(inverse);
  const along = f32x4.splat((inverse * inverse * inverse * sum(dots)) / <f32>size);
  for (let at: usize = 0; at < bytes; at += 16) {
    const straight = f32x4.mul(f32x4.mul(v128.load(dy + at), v128.load(weight + at)), scale);
    const d = f32x4.sub(straight, f32x4.mul(v128.load(x + at), along));
    v128.store(dx + at, add ? f32x4.add(v128.load(dx + at), d) : d);
  }
}

/** Adds to the gradient of what was normed. Rows of `size` floats, side by side. */
export function rmsNormBack(
  dx: usize,
  dy: usize,
  x: usize,
  weight: usize,
  rows: i32,
  size: i32,
  epsilon: f32,
): void {
  const bytes = (<usize>size) << 2;
  for (let row = 0; row < rows; row++) {
    normBackOne(dx, dy, x, weight, size, epsilon, true);
    dx += bytes;
    dy += bytes;
    x += bytes;
  }
}

/** The way back through normAndRotate, in place. @param x the heads before they were normed and turned */
export function rotateAndNormBack(
  d: usize,
  x: usize,
  stride: usize,
  rows: i32,
  heads: i32,
  size: i32,
  norm: usize,
  epsilon: f32,
  cos: usize,
  sin: usize,
): void {
  const half = (<usize>size) << 1;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < heads; i++) {
      const head = d + <usize>i * 2 * half;
      for (let at: usize = 0; at < half; at += 16) {
        const a = v128.load(head + at);
        const b = v128.load(head + half + at);
        const c = v128.load(cos + at);
        const s = v128.load(sin + at);
        v128.store(head + at, f32x4.add(f32x4.mul(a, c), f32x4.mul(b, s)));
        v128.store(head + half + at, f32x4.sub(f32x4.mul(b, c), f32x4.mul(a, s)));
      }
      if (norm != 0) normBackOne(head, head, x + <usize>i * 2 * half, norm, size, epsilon, false);
    }
    d += stride;
    x += stride;
    cos += half;
    sin += half;
  }
}

/** SiLU(gate) × up, of rows of gate and up side by side. @param y rows of `size` floats, side by side */
export function swiGlu(y: usize, x: usize, rows: i32, size: i32): void {
  const bytes = (<usize>size) << 2;
  const one = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const g = v128.load(x + at);
      const silu = f32x4.div(g, f32x4.add(one, exp(f32x4.neg(g))));
      v128.store(y + at, f32x4.mul(silu, v128.load(x + bytes + at)));
    }
    x += 2 * bytes;
    y += bytes;
  }
}

/** The way back through {@link swiGlu}. @param dx like x */
export function swiGluBack(dx: usize, dy: usize, x: usize, rows: i32, size: i32): void {
  const bytes = (<usize>size) << 2;
  const one = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const g = v128.load(x + at);
      const d = v128.load(dy + at);
      const sigmoid = f32x4.div(one, f32x4.add(one, exp(f32x4.neg(g))));
      const silu = f32x4.mul(g, sigmoid);
      const slope = f32x4.mul(sigmoid, f32x4.add(one, f32x4.sub(g, silu)));
      v128.store(dx + at, f32x4.mul(f32x4.mul(d, v128.load(x + bytes + at)), slope));
      v128.store(dx + bytes + at, f32x4.mul(d, silu));
    }
    x += 2 * bytes;
    dx += 2 * bytes;
    dy += bytes;
  }
}

/**
 * Rows of logits into the gradient of their cross-entropy times `weight`, in place.
 * @param stride bytes; a row has room for the vocabulary filled up to a multiple of 8
 * @param targets a token a row, 32 bits each
 * @param found two numbers a row, whose sum is the cross-entropy once the second one's logarithm is taken: how far the
 * target lies below the greatest logit, and the sum of e to the power of all of them less the greatest
 */
export function crossEntropy(
  logits: usize,
  stride: usize,
  rows: i32,
  vocabulary: i32,
  targets: usize,
  found: usize,
  weight: f32,
): void {
  const all = (vocabulary + 7) & ~7;
  for (let row = 0; row < rows; row++) {
    const target = logits + ((<usize>load<u32>(targets)) << 2);
    let top: f32 = -Infinity;
    for (let i = 0; i < vocabulary; i++) top = max(top, load<f32>(logits + ((<usize>i) << 2)));
    store<f32>(found, top - load<f32>(target));
    const total = shares(logits, vocabulary, all, 1);
    store<f32>(found, total, 4);
    divide(logits, (<usize>all) << 2, total);
    store<f32>(target, load<f32>(target) - 1);
    scaled(logits, logits, all, weight);
    logits += stride;
    targets += 4;
    found += 8;
  }
}

/** The sum of the squares. @param count a multiple of 4 */
export function squares(x: usize, count: i32): f32 {
  const end = x + ((<usize>count) << 2);
  let total = f32x4.splat(0);
  for (; x < end; x += 16) {
    const v = v128.load(x);
    total = f32x4.add(total, f32x4.mul(v, v));
  }
  return sum(total);
}

/**
 * A step of AdamW (Loshchilov & Hutter 2019), as torch takes it.
 * @param factor what the gradient is multiplied with: less than 1 where it is clipped
 * @param first 1 - beta1^t, and `second` 1 - beta2^t: what the means are too small by
 * @param count a multiple of 4
 */
export function adamW(
  parameters: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  count: i32,
  factor: f32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
  first: f32,
  second: f32,
): void {
  const bytes = (<usize>count) << 2;
  const factors = f32x4.splat(factor);
  const keep1 = f32x4.splat(beta1);
  const new1 = f32x4.splat(1 - beta1);
  const keep2 = f32x4.splat(beta2);
  const new2 = f32x4.splat(1 - beta2);
  const kept = f32x4.splat(1 - rate * decay);
  const step = f32x4.splat(rate / first);
  const inverse = f32x4.splat(1 / sqrt<f32>(second));
  const small = f32x4.splat(epsilon);
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = f32x4.mul(v128.load(gradient + at), factors);
    const m = f32x4.add(f32x4.mul(v128.load(mean + at), keep1), f32x4.mul(g, new1));
    const v = f32x4.add(f32x4.mul(v128.load(variance + at), keep2), f32x4.mul(f32x4.mul(g, g), new2));
    v128.store(mean + at, m);
    v128.store(variance + at, v);
    const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(v), inverse), small);
    const p = f32x4.mul(v128.load(parameters + at), kept);
    v128.store(parameters + at, f32x4.sub(p, f32x4.mul(step, f32x4.div(m, divisor))));
  }
}
