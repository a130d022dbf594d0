/**
 * The forward pass in WGSL, for models small enough that a workgroup holds a token's numbers. A workgroup walks a token
 * through a layer by itself; only attention looks at other tokens, through the cache. So the second half of a layer and
 * the first of the next are one dispatch for all tokens of a prompt, which takes one more than there are layers; and a
 * single workgroup that walks on through all layers, chooses the next token and begins anew takes one dispatch for a
 * whole reply. Dimensions are constants of the source.
 */
import type { ModelDimensions } from '../model.ts';
import { type Layout, qkvSize, vectors } from './layout.ts';

/** Invocations in a workgroup: the most that every adapter has. */
const INVOCATIONS = 256;
/** Bytes of a workgroup's memory: as many as every adapter has. */
const MEMORY = 16_384;
/** Parts that a sum of squares is added up from. */
const PARTS = 16;
/** Bytes of workgroup memory that a token takes. */
function memoryOf(d: ModelDimensions): number {
  return 4 * (d.hidden + narrowOf(d) + wideOf(d)) + 16 * INVOCATIONS + 16;
}

function narrowOf({ hidden, heads, headSize }: ModelDimensions): number {
  return Math.max(hidden, heads * headSize);
}

function wideOf(d: ModelDimensions): number {
  return Math.max(qkvSize(d), 2 * d.feedForward);
}

/** Why a model can't be computed; undefined where it can. */
export function unfitForGpu(d: ModelDimensions): string | undefined {
  if (memoryOf(d) > MEMORY) return "a workgroup's memory doesn't hold a token of a model this wide";
  if (d.heads * d.headSize > 4 * INVOCATIONS) return 'it has more queries than a workgroup adds up at once';
  return undefined;
}

/** Bindings of the first group, in their order; the second one is the conversation's cache. */
export const BINDINGS = ['params', 'weights', 'turns', 'scores', 'carried', 'logits', 'tokens'] as const;

/** Numbers in the uniform, 32 bits each, in the order of `Params` below. */
export const PARAMS = 12;

/** Vectors that a token takes in the cache: keys and values of a layer, then of the next. */
export function cacheVectors({ layers, kvHeads, headSize }: ModelDimensions): number {
  return (layers * 2 * kvHeads * headSize) / 4;
}

export function shaderOf(d: ModelDimensions, layout: Layout): string {
  const { hidden, feedForward, heads, kvHeads, headSize, vocabulary } = d;
  const attended = heads * headSize;
  const keys = kvHeads * headSize;
  /** Invocations that share a head's scores, and those that share four of its sums. */
  const perHead = Math.floor(INVOCATIONS / heads);
  const sums = attended / 4;
  const slices = Math.floor(INVOCATIONS / sums);

  /**
   * A vector times a matrix: four outputs an invocation. Where there are fewer of them than invocations, several share
   * one and sum a stretch each.
   * @param store what is done with `sum`, the outputs 4 × `group` to 4 × `group` + 3
   */
  const product = (from: string, inner: number, outputs: number, matrix: string, store: string): string => {
    const groups = vectors(outputs);
    const shares = Math.max(1, Math.floor(INVOCATIONS / groups));
    const stretch = Math.ceil(inner / shares);
    const summed = (first: string, end: string): string => `var sum = vec4f();
    for (var i = ${first}; i < ${end}; i++) { sum += ${from}[i] * weights[${matrix} + i * ${groups}u + group]; }`;
    if (shares === 1)
      return `
  for (var group = me; group < ${groups}u; group += ${INVOCATIONS}u) {
    ${summed('0u', `${inner}u`)}
    ${store}
  }
  workgroupBarrier();`;
    return `
  {
    let group = me % ${groups}u;
    let share = me / ${groups}u;
    ${summed(`share * ${stretch}u`, `min(${inner}u, (share + 1u) * ${stretch}u)`)}
    part[me] = sum;
    workgroupBarrier();
    if (share == 0u) {
      for (var other = 1u; other < ${shares}u; other++) { sum += part[group + other * ${groups}u]; }
      ${store}
    }
  }
  workgroupBarrier();`;
  };
  const toWide = 'for (var lane = 0u; lane < 4u; lane++) { wide[4u * group + lane] = sum[lane]; }';
  const toStream = 'for (var lane = 0u; lane < 4u; lane++) { x[4u * group + lane] += sum[lane]; }';

  /** The residual stream, normed, into `narrow`. */
  const norm = (weight: string): string => `
  if (me < ${PARTS}u) {
    var sum = 0.0;
    for (var i = me; i < ${hidden}u; i += ${PARTS}u) { sum += x[i] * x[i]; }
    part[me].x = sum;
  }
  workgroupBarrier();
  for (var i = me; i < ${hidden}u; i += ${INVOCATIONS}u) {
    var sum = 0.0;
    for (var p = 0u; p < ${PARTS}u; p++) { sum += part[p].x; }
    let scale = inverseSqrt(sum / ${hidden}.0 + ${float(d.normEpsilon)});
    narrow[i] = x[i] * scale * weights[${weight} + i / 4u][i % 4u];
  }
  workgroupBarrier();`;

  /** Four numbers of `wide` from the place `at` on. */
  const four = (at: string): string =>
    `vec4f(wide[${at}], wide[${at} + 1u], wide[${at} + 2u], wide[${at} + 3u])`;
  /** What the two halves of a head are multiplied with. */
  const scaled = (norm: number | undefined): string =>
    norm === undefined
      ? ''
      : `first *= scale * weights[layer + ${norm}u + c];
      second *= scale * weights[layer + ${norm + headSize / 8}u + c];`;

  return `
struct Params {
  // Tokens in the cache before, and tokens now.
  length: u32, count: u32,
  // The walk: layers that lie behind at first, and at last.
  first: u32, last: u32,
  // Of how many of the last tokens logits are wanted; tokens that aren't walked.
  wanted: u32, skip: u32,
  // Whether further tokens are chosen here, and which one ends a reply.
  choosing: u32, end: u32,
  // Places that there are for a head's scores.
  capacity: u32, a: u32, b: u32, c: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> turns: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;
@group(0) @binding(4) var<storage, read_write> carried: array<f32>;
@group(0) @binding(5) var<storage, read_write> logits: array<f32>;
@group(0) @binding(6) var<storage, read_write> tokens: array<u32>;
@group(1) @binding(0) var<storage, read_write> cache: array<vec4f>;

var<private> me: u32;
// The residual stream; what was normed, then the queries; and whatever is wide: queries, keys and values, then what was
// attended to, then gates and what passes them.
var<workgroup> x: array<f32, ${hidden}>;
var<workgroup> narrow: array<f32, ${narrowOf(d)}>;
var<workgroup> wide: array<f32, ${wideOf(d)}>;
var<workgroup> part: array<vec4f, ${INVOCATIONS}>;
var<workgroup> chosen: u32;

fn embed(token: u32) {
  for (var i = me; i < ${hidden}u; i += ${INVOCATIONS}u) {
    x[i] = weights[${layout.embedding}u + i * ${vectors(vocabulary)}u + token / 4u][token % 4u];
  }
}

// From the residual stream to queries, and to keys and values in the cache.
fn ask(number: u32, position: u32) {
  let layer = number * ${layout.layerSize}u;
  let kept = position * ${cacheVectors(d)}u + number * ${keys / 2}u;
  ${norm(`layer + ${layout.attentionNorm}u`)}
  ${product('narrow', hidden, qkvSize(d), `layer + ${layout.qkv}u`, toWide)}
  for (var item = me; item < ${((heads + kvHeads) * headSize) / 8}u; item += ${INVOCATIONS}u) {
    // Four numbers of a head's first half, and the four that they are turned with.
    let c = item % ${headSize / 8}u;
    let head = item / ${headSize / 8}u;
    let at = head * ${headSize}u + 4u * c;
    ${
      layout.queryNorm === undefined
        ? ''
        : `var squares = 0.0;
    for (var i = head * ${headSize}u; i < (head + 1u) * ${headSize}u; i++) { squares += wide[i] * wide[i]; }
    let scale = inverseSqrt(squares / ${headSize}.0 + ${float(d.normEpsilon)});`
    }
    var first = ${four('at')};
    var second = ${four(`at + ${headSize / 2}u`)};
    if (head < ${heads}u) {
      ${scaled(layout.queryNorm)}
    } else {
      ${scaled(layout.keyNorm)}
    }
    let turn = position * ${headSize / 2}u + 4u * c;
    let cosines = vec4f(turns[turn].x, turns[turn + 1u].x, turns[turn + 2u].x, turns[turn + 3u].x);
    let sines = vec4f(turns[turn].y, turns[turn + 1u].y, turns[turn + 2u].y, turns[turn + 3u].y);
    let turned = first * cosines - second * sines;
    let other = second * cosines + first * sines;
    if (head < ${heads}u) {
      for (var lane = 0u; lane < 4u; lane++) {
        narrow[at + lane] = turned[lane];
        narrow[at + ${headSize / 2}u + lane] = other[lane];
      }
    } else {
      let to = kept + (head - ${heads}u) * ${headSize / 4}u + c;
      cache[to] = turned;
      cache[to + ${headSize / 8}u] = other;
    }
  }
  for (var c = me; c < ${keys / 4}u; c += ${INVOCATIONS}u) {
    cache[kept + ${keys / 4}u + c] = ${four(`${attended + keys}u + 4u * c`)};
  }
  storageBarrier();
  workgroupBarrier();
}

// The queries over the first tokens of the cache.
fn attend(number: u32, visible: u32, mine: u32) {
  let head = me / ${perHead}u;
  let at = number * ${keys / 2}u + head / ${heads / kvHeads}u * ${headSize / 4}u;
  let score = mine + head * params.capacity;
  var most = -3.0e38;
  if (head < ${heads}u) {
    for (var token = me % ${perHead}u; token < visible; token += ${perHead}u) {
      var sum = 0.0;
      for (var c = 0u; c < ${headSize / 4}u; c++) {
        let q = head * ${headSize}u + 4u * c;
        sum += dot(vec4f(narrow[q], narrow[q + 1u], narrow[q + 2u], narrow[q + 3u]), cache[token * ${cacheVectors(d)}u + at + c]);
      }
      sum *= ${float(1 / Math.sqrt(headSize))};
      scores[score + token] = sum;
      most = max(most, sum);
    }
  }
  part[me] = vec4f(most);
  workgroupBarrier();
  var total = 0.0;
  if (head < ${heads}u) {
    for (var i = 0u; i < ${perHead}u; i++) { most = max(most, part[head * ${perHead}u + i].x); }
    for (var token = me % ${perHead}u; token < visible; token += ${perHead}u) {
      let share = exp(scores[score + token] - most);
      scores[score + token] = share;
      total += share;
    }
  }
  workgroupBarrier();
  part[me] = vec4f(total);
  storageBarrier();
  workgroupBarrier();
  let item = me % ${sums}u;
  let asking = item / ${headSize / 4}u;
  total = 0.0;
  for (var i = 0u; i < ${perHead}u; i++) { total += part[asking * ${perHead}u + i].x; }
  workgroupBarrier();
  var sum = vec4f();
  if (me < ${sums * slices}u) {
    let value = number * ${keys / 2}u + ${keys / 4}u + asking / ${heads / kvHeads}u * ${headSize / 4}u + item % ${headSize / 4}u;
    for (var token = me / ${sums}u; token < visible; token += ${slices}u) {
      sum += scores[mine + asking * params.capacity + token] * cache[token * ${cacheVectors(d)}u + value];
    }
  }
  part[me] = sum;
  workgroupBarrier();
  if (me < ${sums}u) {
    for (var slice = 1u; slice < ${slices}u; slice++) { sum += part[me + slice * ${sums}u]; }
    sum /= total;
    for (var lane = 0u; lane < 4u; lane++) { wide[4u * me + lane] = sum[lane]; }
  }
  workgroupBarrier();
}

// From the queries through the rest of the layer.
fn go(number: u32, position: u32, mine: u32) {
  let layer = number * ${layout.layerSize}u;
  attend(number, position + 1u, mine);
  ${product('wide', attended, hidden, `layer + ${layout.output}u`, toStream)}
  ${norm(`layer + ${layout.feedForwardNorm}u`)}
  ${product('narrow', hidden, 2 * feedForward, `layer + ${layout.gateAndUp}u`, toWide)}
  for (var i = me; i < ${feedForward}u; i += ${INVOCATIONS}u) {
    wide[i] = wide[i] / (1.0 + exp(-wide[i])) * wide[i + ${feedForward}u];
  }
  workgroupBarrier();
  ${product('wide', feedForward, hidden, `layer + ${layout.down}u`, toStream)}
}

// The logits behind a token.
fn say(row: u32) {
  ${norm(`${layout.norm}u`)}
  ${product(
    'narrow',
    hidden,
    vocabulary,
    `${layout.head}u`,
    `for (var lane = 0u; lane < 4u && 4u * group + lane < ${vocabulary}u; lane++) {
      logits[row * ${vocabulary}u + 4u * group + lane] = sum[lane];
    }`,
  )}
  storageBarrier();
  workgroupBarrier();
}

// The token with the greatest logit in a row, the first of equals.
fn choose(row: u32) {
  var best = vec2f(-3.4e38, 0.0);
  for (var i = me; i < ${vocabulary}u; i += ${INVOCATIONS}u) {
    let logit = logits[row * ${vocabulary}u + i];
    if (logit > best.x) { best = vec2f(logit, f32(i)); }
  }
  part[me] = vec4f(best, 0.0, 0.0);
  for (var apart = 1u; apart < ${INVOCATIONS}u; apart *= ${PARTS}u) {
    workgroupBarrier();
    if (me % (apart * ${PARTS}u) == 0u) {
      for (var i = 1u; i < ${PARTS}u; i++) {
        let other = part[me + i * apart].xy;
        if (other.x > best.x || (other.x == best.x && other.y < best.y)) { best = other; }
      }
      part[me] = vec4f(best, 0.0, 0.0);
    }
  }
  if (me == 0u) { chosen = u32(best.y); }
}

// A prompt's tokens each have a workgroup, and go a layer a dispatch. A reply's have one together: from the first on, each
// further one chosen here, up to the end; afterwards the tokens that were computed lie behind their number.
@compute @workgroup_size(${INVOCATIONS})
fn walk(@builtin(local_invocation_index) index: u32, @builtin(workgroup_id) workgroup: vec3u) {
  me = index;
  let mine = workgroup.x * ${heads}u * params.capacity;
  var step = workgroup.x + params.skip;
  if (me == 0u) { chosen = tokens[step]; }
  loop {
    let token = workgroupUniformLoad(&chosen);
    if (params.choosing == 1u) {
      if (step == params.count || (step > 0u && token == params.end)) { break; }
      if (me == 0u) { tokens[1u + step] = token; }
    }
    let position = params.length + step;
    let held = step * ${hidden + attended}u;
    if (params.first == 0u) {
      embed(token);
    } else {
      for (var i = me; i < ${hidden}u; i += ${INVOCATIONS}u) { x[i] = carried[held + i]; }
      for (var i = me; i < ${attended}u; i += ${INVOCATIONS}u) { narrow[i] = carried[held + ${hidden}u + i]; }
    }
    workgroupBarrier();
    for (var layer = params.first; layer <= params.last; layer++) {
      if (layer > 0u) { go(layer - 1u, position, mine); }
      if (layer < ${d.layers}u) { ask(layer, position); } else { say(step + params.wanted - params.count); }
    }
    if (params.choosing == 0u) {
      if (params.last < ${d.layers}u) {
        for (var i = me; i < ${hidden}u; i += ${INVOCATIONS}u) { carried[held + i] = x[i]; }
        for (var i = me; i < ${attended}u; i += ${INVOCATIONS}u) { carried[held + ${hidden}u + i] = narrow[i]; }
      }
      return;
    }
    choose(step);
    step++;
  }
  if (me == 0u) { tokens[0] = step; }
}
`;
}

/** A float as WGSL writes it. */
function float(value: number): string {
  return `f32(${value})`;
}
