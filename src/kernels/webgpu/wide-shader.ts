/**
 * The forward pass in WGSL for models of eight bits that are too wide for a workgroup: a dispatch for each product, over
 * many workgroups. A product with few tokens has a workgroup for two panels of eight rows, which are read once in the
 * order in which they lie; with many, one for each 32 rows and 32 tokens. Sums are in 32 bits; the weights' words and
 * scales are multiplied as they are, so that it computes what src/kernels/assembly/quantised.ts does, but for the
 * rounding of inputs there. Dimensions are constants of the source.
 */
import { PANEL_BLOCK, PANEL_ROWS } from '../../weights/panels8.ts';
import type { ModelDimensions } from '../model.ts';
import { PROMPT_BATCH } from './conversations.ts';
import { qkvSize } from './layout.ts';
import { BLOCK_VECTORS, unfitForPanels, type WideLayout, workOf } from './wide-layout.ts';
import { MULTIPLYING, type Product, TILE, withFew, withMany } from './wide-products.ts';

/** Invocations of attention: positions that it looks at in one go. */
const LOOKING = 64;
/** Parts that all of them are added up from, or the greatest is found in. */
const PARTS = 16;
/** Invocations whose finds one compares at a time. */
const FOLD = 8;
/** Bindings of the first group, in their order; the second is a buffer of weights, the third a layer's cache. */
export const WIDE_BINDINGS = ['params', 'turns', 'work', 'logits', 'tokens'] as const;

/** Numbers in the uniform, 32 bits each, in the order of `Params` below. */
export const WIDE_PARAMS = 8;

/** Products: with few tokens by these names, with many `_all` behind them. */
const PRODUCTS = ['ask', 'bring', 'widen', 'narrow', 'say'] as const;
export type ProductName = (typeof PRODUCTS)[number];
export const ENTRIES = [
  ...['embed', 'norm_attention', 'turn', 'attend', 'norm_feed', 'norm_last', 'choose'],
  ...PRODUCTS,
  ...PRODUCTS.map((name) => `${name}_all` as const),
] as const;

/** Rows of each product. */
export function productRows(d: ModelDimensions): Readonly<Record<ProductName, number>> {
  return { ask: qkvSize(d), bring: d.hidden, widen: 2 * d.feedForward, narrow: d.hidden, say: d.vocabulary };
}

/** Why a model can't be computed this way; undefined where it can. */
export function unfitForWide(d: ModelDimensions): string | undefined {
  if (d.headSize % 8 !== 0 || d.headSize > LOOKING) return `its heads have ${d.headSize} numbers`;
  return unfitForPanels(d);
}

export function wideShaderOf(d: ModelDimensions, layout: WideLayout): string {
  const { hidden, feedForward, heads, kvHeads, headSize, vocabulary } = d;
  const attended = heads * headSize;
  const keys = kvHeads * headSize;
  const [stream, narrow, wide] = workOf(d);
  const [narrowAt, wideAt] = [PROMPT_BATCH * stream, PROMPT_BATCH * (stream + narrow)];
  const quads = headSize / 4;
  const slices = Math.floor(LOOKING / quads);
  const rows = productRows(d);

  /** What a product reads and where its sums go: `token`, `row` and `sum` are at hand. */
  const products: Readonly<Record<ProductName, Product>> = {
    ask: { matrix: layout.qkv, inner: hidden, input: 'narrowed', store: 'put_wide(token, row, sum);' },
    bring: { matrix: layout.output, inner: attended, input: 'narrowed', store: 'add(token, row, sum);' },
    widen: {
      matrix: layout.gateAndUp,
      inner: hidden,
      input: 'narrowed',
      store: 'put_wide(token, row, sum);',
    },
    narrow: { matrix: layout.down, inner: feedForward, input: 'passed', store: 'add(token, row, sum);' },
    say: {
      ...{ matrix: layout.head, inner: hidden, input: 'narrowed' },
      store: `logits[(params.row + token - params.skip) * ${vocabulary}u + row] = sum;`,
    },
  };

  const norm = (name: string, weight: number): string => `
@compute @workgroup_size(${MULTIPLYING})
fn ${name}(@builtin(local_invocation_index) me: u32, @builtin(workgroup_id) group: vec3u) {
  let token = group.x + params.skip;
  let start = token * ${stream}u;
  var sum = 0.0;
  for (var i = me; i < ${hidden}u; i += ${MULTIPLYING}u) { sum += work[start + i] * work[start + i]; }
  part[me] = sum;
  workgroupBarrier();
  sum = 0.0;
  for (var i = 0u; i < ${MULTIPLYING}u; i++) { sum += part[i]; }
  let scale = inverseSqrt(sum / ${hidden}.0 + ${float(d.normEpsilon)});
  for (var i = me; i < ${hidden}u; i += ${MULTIPLYING}u) {
    work[${narrowAt}u + token * ${narrow}u + i] = work[start + i] * scale * vector(${weight}u, i);
  }
}`;

  /** A head's numbers over its norm, where there is one. */
  const scaled = (at: number | undefined): string =>
    at === undefined
      ? ''
      : `first *= scale * bitcast<vec4f>(weights[${at}u + c / 4u]); second *= scale * bitcast<vec4f>(weights[${at + headSize / 8}u + c / 4u]);`;

  return `
struct Params {
  // Tokens in the cache before, and of the tokens now those that aren't looked at.
  length: u32, skip: u32,
  // Tokens now; the token that a reply has come to, and the row of its logits.
  count: u32, step: u32, row: u32, a: u32, b: u32, c: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> turns: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> work: array<f32>;
@group(0) @binding(3) var<storage, read_write> logits: array<f32>;
@group(0) @binding(4) var<storage, read_write> tokens: array<u32>;
@group(1) @binding(0) var<storage, read> weights: array<vec4u>;
@group(2) @binding(0) var<storage, read_write> cache: array<vec4f>;

var<workgroup> part: array<f32, ${LOOKING}>;
var<workgroup> tops: array<f32, ${PARTS}>;
var<workgroup> sums: array<vec4f, ${2 * MULTIPLYING}>;
var<workgroup> tile: array<vec4f, ${(TILE * PANEL_BLOCK) / 4}>;
var<workgroup> given: array<vec4f, ${(TILE * PANEL_BLOCK) / 4}>;

fn vector(at: u32, i: u32) -> f32 { return bitcast<f32>(weights[at + i / 4u][i % 4u]); }
fn narrowed(token: u32, i: u32) -> f32 { return work[${narrowAt}u + token * ${narrow}u + i]; }
fn passed(token: u32, i: u32) -> f32 {
  let at = ${wideAt}u + token * ${wide}u + i;
  return work[at] / (1.0 + exp(-work[at])) * work[at + ${feedForward}u];
}
fn put_wide(token: u32, row: u32, sum: f32) { work[${wideAt}u + token * ${wide}u + row] = sum; }
fn add(token: u32, row: u32, sum: f32) { work[token * ${stream}u + row] += sum; }
fn four(at: u32) -> vec4f { return vec4f(work[at], work[at + 1u], work[at + 2u], work[at + 3u]); }
// Two words of each of two rows.
fn words(four: u32) -> vec4f {
  let signed = bitcast<i32>(four);
  return vec4f(vec4i(extractBits(signed, 0u, 8u), extractBits(signed, 8u, 8u), extractBits(signed, 16u, 8u), extractBits(signed, 24u, 8u)));
}

@compute @workgroup_size(${MULTIPLYING})
fn embed(@builtin(local_invocation_index) me: u32, @builtin(workgroup_id) group: vec3u) {
  let token = tokens[group.x + params.step];
  let panel = token / ${PANEL_ROWS}u;
  let lane = token % ${PANEL_ROWS}u;
  for (var i = me; i < ${hidden}u; i += ${MULTIPLYING}u) {
    let block = ${layout.embedding}u + (panel * ${hidden / PANEL_BLOCK}u + i / ${PANEL_BLOCK}u) * ${BLOCK_VECTORS}u;
    let four = weights[block + 2u + i % ${PANEL_BLOCK}u / 2u][lane / 2u];
    work[group.x * ${stream}u + i] = words(four)[lane % 2u * 2u + i % 2u] * vector(block, lane);
  }
}
${norm('norm_attention', layout.attentionNorm)}
${norm('norm_feed', layout.feedForwardNorm)}
${norm('norm_last', layout.norm)}
${Object.entries(products)
  .map(
    ([name, product]) =>
      withFew(name, product, rows[name as ProductName]) + withMany(name, product, rows[name as ProductName]),
  )
  .join('\n')}

// Turns queries and keys by their position: queries take the place of what they were made of, keys and values go into
// the cache. A workgroup a token.
@compute @workgroup_size(${MULTIPLYING})
fn turn(@builtin(local_invocation_index) me: u32, @builtin(workgroup_id) group: vec3u) {
  let position = params.length + group.x;
  let start = ${wideAt}u + group.x * ${wide}u;
  let kept = position * ${keys / 2}u;
  for (var item = me; item < ${((heads + kvHeads) * headSize) / 8}u; item += ${MULTIPLYING}u) {
    // Four numbers of a head's first half, and the four that they are turned with.
    let c = item % ${headSize / 8}u * 4u;
    let head = item / ${headSize / 8}u;
    let at = start + head * ${headSize}u + c;
    var first = four(at);
    var second = four(at + ${headSize / 2}u);
    ${
      layout.queryNorm === undefined
        ? ''
        : `var squares = 0.0;
    for (var i = 0u; i < ${headSize}u; i++) { let one = work[at - c + i]; squares += one * one; }
    let scale = inverseSqrt(squares / ${headSize}.0 + ${float(d.normEpsilon)});
    if (head < ${heads}u) { ${scaled(layout.queryNorm)} } else { ${scaled(layout.keyNorm)} }`
    }
    let angle = position * ${headSize / 2}u + c;
    let cosines = vec4f(turns[angle].x, turns[angle + 1u].x, turns[angle + 2u].x, turns[angle + 3u].x);
    let sines = vec4f(turns[angle].y, turns[angle + 1u].y, turns[angle + 2u].y, turns[angle + 3u].y);
    let turned = first * cosines - second * sines;
    let other = second * cosines + first * sines;
    if (head < ${heads}u) {
      let to = ${narrowAt}u + group.x * ${narrow}u + head * ${headSize}u + c;
      for (var lane = 0u; lane < 4u; lane++) {
        work[to + lane] = turned[lane];
        work[to + ${headSize / 2}u + lane] = other[lane];
      }
    } else {
      let to = kept + ((head - ${heads}u) * ${headSize}u + c) / 4u;
      cache[to] = turned;
      cache[to + ${headSize / 8}u] = other;
    }
  }
  for (var c = me; c < ${keys / 4}u; c += ${MULTIPLYING}u) {
    cache[kept + ${keys / 4}u + c] = four(start + ${attended + keys}u + 4u * c);
  }
}

// A head of a token over all positions up to its own: the positions in rows of ${LOOKING}, each with the greatest score so far as
// the measure of the others. What was seen takes the place of the query.
@compute @workgroup_size(${LOOKING})
fn attend(@builtin(local_invocation_index) me: u32, @builtin(workgroup_id) group: vec3u) {
  let query = ${narrowAt}u + group.x * ${narrow}u + group.y * ${headSize}u;
  let visible = params.length + group.x + 1u;
  let key = group.y / ${heads / kvHeads}u * ${quads}u;
  let value = ${keys / 4}u + key + me % ${quads}u;
  let slice = me / ${quads}u;
  var seen = vec4f();
  var most = -3.0e38;
  var total = 0.0;
  for (var first = 0u; first < visible; first += ${LOOKING}u) {
    let position = first + me;
    var score = -3.0e38;
    if (position < visible) {
      score = 0.0;
      for (var c = 0u; c < ${quads}u; c++) {
        score += dot(four(query + 4u * c), cache[position * ${keys / 2}u + key + c]);
      }
      score *= ${float(1 / Math.sqrt(headSize))};
    }
    part[me] = score;
    workgroupBarrier();
    if (me < ${PARTS}u) {
      var top = score;
      for (var i = me; i < ${LOOKING}u; i += ${PARTS}u) { top = max(top, part[i]); }
      tops[me] = top;
    }
    workgroupBarrier();
    var top = most;
    for (var i = 0u; i < ${PARTS}u; i++) { top = max(top, tops[i]); }
    let share = select(0.0, exp(score - top), position < visible);
    part[me] = share;
    workgroupBarrier();
    if (me < ${PARTS}u) {
      var sum = 0.0;
      for (var i = me; i < ${LOOKING}u; i += ${PARTS}u) { sum += part[i]; }
      tops[me] = sum;
    }
    let before = exp(most - top);
    most = top;
    seen *= before;
    if (slice < ${slices}u) {
      for (var i = slice; i < min(${LOOKING}u, visible - first); i += ${slices}u) {
        seen += part[i] * cache[(first + i) * ${keys / 2}u + value];
      }
    }
    workgroupBarrier();
    total *= before;
    for (var i = 0u; i < ${PARTS}u; i++) { total += tops[i]; }
    workgroupBarrier();
  }
  sums[me] = seen;
  workgroupBarrier();
  if (me < ${quads}u) {
    for (var other = 1u; other < ${slices}u; other++) { seen += sums[me + other * ${quads}u]; }
    seen /= total;
    for (var lane = 0u; lane < 4u; lane++) { work[query + 4u * me + lane] = seen[lane]; }
  }
}

// The token with the greatest logit, the first of equals: the next of the reply.
@compute @workgroup_size(${LOOKING})
fn choose(@builtin(local_invocation_index) me: u32) {
  var best = -3.4e38;
  var chosen = 0u;
  for (var i = me; i < ${vocabulary}u; i += ${LOOKING}u) {
    let logit = logits[params.row * ${vocabulary}u + i];
    if (logit > best) { best = logit; chosen = i; }
  }
  sums[me] = vec4f(best, f32(chosen), 0.0, 0.0);
  for (var apart = 1u; apart < ${LOOKING}u; apart *= ${FOLD}u) {
    workgroupBarrier();
    if (me % (apart * ${FOLD}u) == 0u) {
      var own = sums[me];
      for (var i = 1u; i < ${FOLD}u; i++) {
        let other = sums[me + i * apart];
        if (other.x > own.x || (other.x == own.x && other.y < own.y)) { own = other; }
      }
      sums[me] = own;
    }
  }
  if (me == 0u) { tokens[params.step + 1u] = u32(sums[0].y); }
}
`;
}

/** A float as WGSL writes it. */
function float(value: number): string {
  return `f32(${value})`;
}
