// The kernels that the page and Node call. Memory is the caller's: every kernel is told where its numbers lie.

import { exp } from './lanes';

export { attend, keep, normAndRotate, rmsNorm } from './attention';
export { column8, matmul8, quantise } from './quantised';
export { matmul, rowsAtOnce } from './tiles';
export { columnTrimmed, matmulTrimmed } from './trimmed';

/**
 * Rows of gate and up, side by side, into SiLU(gate) × up, in place of the gate.
 * @param size of the gate; `stride` bytes from row to row
 */
export function gate(x: usize, stride: usize, rows: i32, size: i32): void {
  const bytes = (<usize>size) << 2;
  const one = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    for (let at = x; at < x + bytes; at += 16) {
      const g = v128.load(at);
      const silu = f32x4.div(g, f32x4.add(one, exp(f32x4.neg(g))));
      v128.store(at, f32x4.mul(silu, v128.load(at + bytes)));
    }
    x += stride;
  }
}

/** A column of a packed matrix: the embedding of a token. */
export function column(y: usize, w: usize, token: i32, inner: i32): void {
  const bytes = (<usize>inner) << 2;
  let from = w + ((<usize>token) >> 3) * (bytes << 3) + (((<usize>token) & 7) << 2);
  for (let to = y; to < y + bytes; to += 4) {
    store<f32>(to, load<f32>(from));
    from += 32;
  }
}

/**
 * Packs rows of a matrix [out, in] as panels.
 * @param row of the whole packed matrix that the first one becomes
 */
export function pack(w: usize, source: usize, row: i32, rows: i32, inner: i32): void {
  const bytes = (<usize>inner) << 2;
  for (let i = row; i < row + rows; i++) {
    let to = w + ((<usize>i) >> 3) * (bytes << 3) + (((<usize>i) & 7) << 2);
    for (const end = source + bytes; source < end; source += 4) {
      store<f32>(to, load<f32>(source));
      to += 32;
    }
  }
}
