/** Products of wide-shader.ts in WGSL: a matrix of eight bits, as panels8.ts lays it, times few tokens or many. */
import { PANEL_BLOCK, PANEL_ROWS } from '../../weights/panels8.ts';
import { BLOCK_VECTORS } from './wide-layout.ts';

/** Invocations of a product, a sixteenth of them for a block at a time. */
export const MULTIPLYING = 64;
/** Panels that a workgroup of a product with few tokens reads. */
export const PANELS = 2;
/** Rows and tokens of a product with many tokens. */
export const TILE = 32;

/** A matrix, what it is multiplied with, and where the sums go. */
export interface Product {
  /** Where its matrix begins. */
  readonly matrix: number;
  /** Columns. */
  readonly inner: number;
  /** What gives a token's number. */
  readonly input: string;
  readonly store: string;
}

/**
 * A workgroup for two panels and a token: sixteen invocations read a block in one go, and two blocks of each panel go side
 * by side.
 */
export function withFew(name: string, { matrix, inner, input, store }: Product, rows: number): string {
  const blocks = inner / PANEL_BLOCK;
  const each = MULTIPLYING / PANELS;
  return `
@compute @workgroup_size(${MULTIPLYING})
fn ${name}(@builtin(local_invocation_index) me: u32, @builtin(workgroup_id) group: vec3u) {
  let token = group.y + params.skip;
  let panel = group.x * ${PANELS}u + me / ${each}u;
  let pair = me % 16u;
  var low = vec4f();
  var high = vec4f();
  if (panel < ${Math.ceil(rows / PANEL_ROWS)}u) {
    for (var block = me % ${each}u / 16u; block < ${blocks}u; block += ${each / 16}u) {
      let start = ${matrix}u + (panel * ${blocks}u + block) * ${BLOCK_VECTORS}u;
      let column = block * ${PANEL_BLOCK}u + 2u * pair;
      let a = ${input}(token, column);
      let b = ${input}(token, column + 1u);
      let ab = vec4f(a, b, a, b);
      let all = weights[start + 2u + pair];
      let x = words(all.x) * ab;
      let y = words(all.y) * ab;
      let z = words(all.z) * ab;
      let w = words(all.w) * ab;
      low += bitcast<vec4f>(weights[start]) * (vec4f(x.xz, y.xz) + vec4f(x.yw, y.yw));
      high += bitcast<vec4f>(weights[start + 1u]) * (vec4f(z.xz, w.xz) + vec4f(z.yw, w.yw));
    }
  }
  sums[2u * me] = low;
  sums[2u * me + 1u] = high;
  workgroupBarrier();
  if (me < ${PANELS * PANEL_ROWS}u) {
    let row = group.x * ${PANELS * PANEL_ROWS}u + me;
    let first = me / ${PANEL_ROWS}u * ${2 * each}u + me % ${PANEL_ROWS}u / 4u;
    var sum = 0.0;
    for (var i = 0u; i < ${each}u; i++) { sum += sums[first + 2u * i][me % 4u]; }
    if (row < ${rows}u) { ${store} }
  }
}`;
}

/** A workgroup for 32 rows and 32 tokens, through the blocks one after the other; an invocation has four times four sums. */
export function withMany(name: string, { matrix, inner, input, store }: Product, rows: number): string {
  const blocks = inner / PANEL_BLOCK;
  const quads = TILE / 4;
  const lanes = [0, 1, 2, 3];
  return `
@compute @workgroup_size(${MULTIPLYING})
fn ${name}_all(@builtin(local_invocation_index) me: u32, @builtin(workgroup_id) group: vec3u) {
  let panel = group.x * ${TILE / PANEL_ROWS}u + me / 16u;
  let pair = me % 16u;
  ${lanes.map((i) => `var sum${i} = vec4f();`).join(' ')}
  for (var block = 0u; block < ${blocks}u; block++) {
    var low = vec4f();
    var high = vec4f();
    var all = vec4u();
    if (panel < ${Math.ceil(rows / PANEL_ROWS)}u) {
      let start = ${matrix}u + (panel * ${blocks}u + block) * ${BLOCK_VECTORS}u;
      low = bitcast<vec4f>(weights[start]);
      high = bitcast<vec4f>(weights[start + 1u]);
      all = weights[start + 2u + pair];
    }
    let x = words(all.x);
    let y = words(all.y);
    let z = words(all.z);
    let w = words(all.w);
    let to = 2u * pair * ${quads}u + me / 16u * 2u;
    tile[to] = low * vec4f(x.xz, y.xz);
    tile[to + 1u] = high * vec4f(z.xz, w.xz);
    tile[to + ${quads}u] = low * vec4f(x.yw, y.yw);
    tile[to + ${quads + 1}u] = high * vec4f(z.yw, w.yw);
    for (var item = me; item < ${PANEL_BLOCK * quads}u; item += ${MULTIPLYING}u) {
      let column = block * ${PANEL_BLOCK}u + item % ${PANEL_BLOCK}u;
      let token = params.skip + group.y * ${TILE}u + item / ${PANEL_BLOCK}u * 4u;
      given[item % ${PANEL_BLOCK}u * ${quads}u + item / ${PANEL_BLOCK}u] = vec4f(${lanes.map((i) => `${input}(token + ${i}u, column)`).join(', ')});
    }
    workgroupBarrier();
    for (var column = 0u; column < ${PANEL_BLOCK}u; column++) {
      let weight = tile[column * ${quads}u + me % ${quads}u];
      let numbers = given[column * ${quads}u + me / ${quads}u];
      ${lanes.map((i) => `sum${i} += weight * numbers[${i}];`).join(' ')}
    }
    workgroupBarrier();
  }
  for (var lane = 0u; lane < 4u; lane++) {
    let row = group.x * ${TILE}u + me % ${quads}u * 4u + lane;
    if (row >= ${rows}u) { break; }
    let first = params.skip + group.y * ${TILE}u + me / ${quads}u * 4u;
    ${lanes.map((i) => `if (first + ${i}u < params.count) { let token = first + ${i}u; let sum = sum${i}[lane]; ${store} }`).join('\n    ')}
  }
}`;
}
