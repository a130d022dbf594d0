// Attention over a paged KV cache. A page holds PAGE tokens of all layers and heads; of each head first the keys, in
// panels of eight tokens (tiles.ts), then the values, token by token. Positions are turned into keys by rotation before
// they are stored, so that nothing of a page depends on what follows it.

import { exp, greatest, sum } from './lanes';
import { GO_ON, SET, tileOf, tileRows } from './tiles';

/** Tokens in a page; model.ts has the same. */
const PAGE = 128;

const NONE: f32 = -Infinity;

/**
 * Norms the heads of a row (where there is a norm) and turns them by their position (RoPE, halves).
 * @param x the first head of the first row; heads side by side, rows `stride` bytes apart
 * @param norm weights of the norm, 0 for none
 * @param cos row of the first position, half a head long; rows side by side
 */
export function normAndRotate(
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
    let head = x + <usize>row * stride;
    for (let i = 0; i < heads; i++) {
      if (norm != 0) rmsNormOne(head, head, norm, size, epsilon);
      for (let at: usize = 0; at < half; at += 16) {
        const a = v128.load(head + at);
        const b = v128.load(head + half + at);
        const c = v128.load(cos + at);
        const s = v128.load(sin + at);
        v128.store(head + at, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
        v128.store(head + half + at, f32x4.add(f32x4.mul(b, c), f32x4.mul(a, s)));
      }
      head += 2 * half;
    }
    cos += half;
    sin += half;
  }
}

// @ts-ignore: decorator
@inline
function rmsNormOne(y: usize, x: usize, weight: usize, size: i32, epsilon: f32): void {
  const bytes = (<usize>size) << 2;
  let squares = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const v = v128.load(x + at);
    squares = f32x4.add(f32x4.mul(v, v), squares);
  }
  const scale = f32x4.splat(1 / sqrt<f32>(sum(squares) / <f32>size + epsilon));
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(y + at, f32x4.mul(f32x4.mul(v128.load(x + at), scale), v128.load(weight + at)));
  }
}

/** Each row by the root of its mean square, times the weights. Rows of `size` floats, side by side. */
export function rmsNorm(y: usize, x: usize, weight: usize, rows: i32, size: i32, epsilon: f32): void {
  const bytes = (<usize>size) << 2;
  for (let row = 0; row < rows; row++) {
    rmsNormOne(y, x, weight, size, epsilon);
    x += bytes;
    y += bytes;
  }
}

/**
 * Puts keys and values of a head into a page.
 * @param position of the first one within the page
 */
export function keep(
  keys: usize,
  values: usize,
  stride: usize,
  rows: i32,
  size: i32,
  pageKeys: usize,
  pageValues: usize,
  position: i32,
): void {
  const bytes = (<usize>size) << 2;
  for (let row = 0; row < rows; row++) {
    const token = <usize>(position + row);
    let to = pageKeys + (token >> 3) * (bytes << 3) + ((token & 7) << 2);
    for (let at: usize = 0; at < bytes; at += 4) {
      store<f32>(to, load<f32>(keys + at));
      to += 32;
    }
    memory.copy(pageValues + token * bytes, values, bytes);
    keys += stride;
    values += stride;
  }
}

/**
 * Scores into shares: softmax over the first `visible` of them, nothing for the rest up to `all`.
 * @param scores may be written up to the next multiple of four
 * @returns what the shares must yet be divided by
 */
// @ts-ignore: decorator
@inline
export function shares(scores: usize, visible: i32, all: i32, scale: f32): f32 {
  const end = scores + ((<usize>all) << 2);
  const full = scores + (((<usize>visible) & ~3) << 2);
  for (let at = scores + ((<usize>visible) << 2); at < ((end + 15) & ~15); at += 4) store<f32>(at, NONE);
  let most = f32x4.splat(NONE);
  for (let at = scores; at < end; at += 16) most = f32x4.pmax(most, v128.load(at));
  const scales = f32x4.splat(scale);
  const top = f32x4.mul(f32x4.splat(greatest(most)), scales);
  let total = f32x4.splat(0);
  for (let at = scores; at < full; at += 16) {
    const e = exp(f32x4.sub(f32x4.mul(v128.load(at), scales), top));
    v128.store(at, e);
    total = f32x4.add(total, e);
  }
  // What isn't visible must leave no trace: not even 1e-38.
  for (let at = full; at < end; at += 16) {
    const score = v128.load(at);
    const e = v128.andnot(
      exp(f32x4.sub(f32x4.mul(score, scales), top)),
      f32x4.eq(score, f32x4.splat(NONE)),
    );
    v128.store(at, e);
    total = f32x4.add(total, e);
  }
  return sum(total);
}

/**
 * Rows of queries over the keys of one head.
 * @param out like the queries: rows `outStride` bytes apart
 * @param visible keys that the first row sees; each further one sees `step` more
 * @param pages addresses of the pages, 32 bits each
 * @param keys where the head's keys lie in a page, in bytes; its values behind them
 * @param scratch six rows of scores, `scratchStride` bytes apart, aligned by 16, and room for eight floats behind them
 */
export function attend(
  out: usize,
  outStride: usize,
  queries: usize,
  stride: usize,
  rows: i32,
  visible: i32,
  step: i32,
  size: i32,
  scale: f32,
  pages: usize,
  keys: usize,
  scratch: usize,
  scratchStride: usize,
): void {
  const bytes = (<usize>size) << 2;
  const values = keys + bytes * PAGE;
  for (let row = 0; row < rows; ) {
    const some = tileRows(rows - row);
    const first = visible + row * step;
    const all = first + (some - 1) * step;
    const q = queries + <usize>row * stride;
    const o = out + <usize>row * outStride;
    for (let from = 0; from < all; from += PAGE) {
      const page = <usize>load<u32>(pages + ((<usize>from / PAGE) << 2));
      const panels = (min(PAGE, all - from) + 7) >> 3;
      const to = scratch + ((<usize>from) << 2);
      tileOf(some, to, scratchStride, q, stride, page + keys, 32, bytes << 3, panels, size, SET);
    }
    for (let i = 0; i < some; i++) {
      const total = shares(scratch + <usize>i * scratchStride, first + i * step, all, scale);
      store<f32>(scratch + 6 * scratchStride + ((<usize>i) << 2), total);
    }
    for (let from = 0; from < all; from += PAGE) {
      const page = <usize>load<u32>(pages + ((<usize>from / PAGE) << 2));
      const here = min(PAGE, all - from);
      const shared = scratch + ((<usize>from) << 2);
      const mode = from == 0 ? SET : GO_ON;
      tileOf(some, o, outStride, shared, scratchStride, page + values, bytes, 32, size >> 3, here, mode);
    }
    for (let i = 0; i < some; i++)
      divide(o + <usize>i * outStride, bytes, load<f32>(scratch + 6 * scratchStride + ((<usize>i) << 2)));
    row += some;
  }
}

export function divide(x: usize, bytes: usize, by: f32): void {
  const inverse = f32x4.splat(1 / by);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(x + at, f32x4.mul(v128.load(x + at), inverse));
}
