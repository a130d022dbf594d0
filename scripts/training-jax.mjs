/**
 * How fast jax-js trains an adapter on a model of the pocket student's shape, for training-speed.ts: a step of one
 * sequence (forward, backward, clipping, AdamW) as one compiled function on its WebAssembly backend. Prints seconds of
 * the CPU. `node scripts/training-jax.mjs FOLDER LENGTH STEPS`, where FOLDER is an installed @jax-js/jax.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [folder = '', lengthText, stepsText] = process.argv.slice(2);
const [length, steps] = [Number(lengthText), Number(stepsText)];
/** @type {any} */
const jax = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
const { numpy: np, nn, random } = jax;
await jax.init('wasm');
jax.defaultDevice('wasm');

const pocket = fileURLToPath(new URL('../models/pocket/config.json', import.meta.url));
const config = JSON.parse(readFileSync(pocket, 'utf8'));
const [hidden, layers, vocabulary] = [config.hidden_size, config.num_hidden_layers, config.vocab_size];
const [heads, kvHeads, size] = [config.num_attention_heads, config.num_key_value_heads, config.head_dim];
const [rank, scale] = [16, 2];
const feedForward = config.intermediate_size;
/** In and out of each projection. */
const SHAPES = [
  [hidden, heads * size],
  [hidden, kvHeads * size],
  [hidden, kvHeads * size],
  [heads * size, hidden],
  [hidden, feedForward],
  [hidden, feedForward],
  [feedForward, hidden],
];

/** Of jax-js: this project has no types of it. @typedef {any} Tensor */

let key = random.key(1);
/** @param {readonly number[]} shape @param {number} by @returns {Tensor} */
function normal(shape, by) {
  const [next, now] = random.split(key);
  key = next;
  return random.normal(now, shape).mul(by);
}
// Speed doesn't depend on the numbers, so they are random ones.
const base = {
  embedding: normal([vocabulary, hidden], 1),
  weights: Array.from({ length: layers }, () => SHAPES.map(([from, to]) => normal([from, to], from ** -0.5))),
  norms: Array.from({ length: layers }, () => [hidden, size, size, hidden].map((width) => np.ones([width]))),
  norm: np.ones([hidden]),
};
let adapter = Array.from({ length: layers }, () =>
  SHAPES.flatMap(([from, to]) => [normal([from, rank], from ** -0.5), np.zeros([rank, to])]),
);
const angles = np
  .arange(length)
  .reshape([length, 1, 1])
  .mul(
    np
      .array(Array.from({ length: size / 2 }, (_, i) => config.rope_theta ** ((-2 * i) / size)))
      .reshape([1, 1, size / 2]),
  );
const [cos, sin] = [np.cos(angles.ref), np.sin(angles)];

/** @param {Tensor} x @param {Tensor} weight @returns {Tensor} */
function rmsNorm(x, weight) {
  const mean = np.mean(np.square(x.ref), -1, { keepdims: true });
  return x.mul(np.reciprocal(np.sqrt(mean.add(config.rms_norm_eps)))).mul(weight);
}

/** @param {Tensor} x @param {Tensor} c @param {Tensor} s @returns {Tensor} */
function turned(x, c, s) {
  const [a, b] = np.split(x, 2, -1);
  return np.concatenate([a.ref.mul(c.ref).sub(b.ref.mul(s.ref)), b.mul(c).add(a.mul(s))], -1);
}

/**
 * @param {Tensor} lora of each layer, A and B of each projection
 * @param {Tensor} model like {@link base}
 * @param {Tensor} c
 * @param {Tensor} s
 * @param {Tensor} tokens
 * @param {Tensor} learnt one row a learnt token: the row of the token before it is 1
 * @param {Tensor} targets one row a learnt token
 * @returns {Tensor}
 */
function loss(lora, { embedding, weights, norms, norm }, c, s, tokens, learnt, targets) {
  let x = np.take(embedding.ref, tokens, 0);
  for (let i = 0; i < layers; i++) {
    /** @type {(input: Tensor, at: number) => Tensor} */
    const project = (input, at) => {
      const low = np.matmul(input.ref, lora[i][2 * at]);
      return np.matmul(input, weights[i][at]).add(np.matmul(low, lora[i][2 * at + 1]).mul(scale));
    };
    const normed = rmsNorm(x.ref, norms[i][0]);
    const q = rmsNorm(project(normed.ref, 0).reshape([length, heads, size]), norms[i][1]);
    const k = rmsNorm(project(normed.ref, 1).reshape([length, kvHeads, size]), norms[i][2]);
    const v = project(normed, 2).reshape([length, kvHeads, size]);
    const attended = nn.dotProductAttention(turned(q, c.ref, s.ref), turned(k, c.ref, s.ref), v, {
      isCausal: true,
    });
    x = x.add(project(attended.reshape([length, heads * size]), 3));
    const inner = rmsNorm(x.ref, norms[i][3]);
    x = x.add(project(nn.silu(project(inner.ref, 4)).mul(project(inner, 5)), 6));
  }
  c.dispose();
  s.dispose();
  const logits = np.matmul(np.matmul(learnt, rmsNorm(x, norm)), np.transpose(embedding));
  return np.mean(np.sum(nn.logSoftmax(logits, -1).mul(targets), -1)).mul(-1);
}

const zeros = () => adapter.map((layer) => layer.map((one) => np.zeros(one.shape)));
let [first, second] = [zeros(), zeros()];
const [rate, beta1, beta2, decay] = [1e-4, 0.9, 0.999, 0.01];
/** @type {(...trees: Tensor[]) => Tensor[]} */
const update = (lora, m, v, model, c, s, tokens, learnt, targets, rise1, rise2) => {
  const [value, gradient] = jax.valueAndGrad(loss)(jax.tree.ref(lora), model, c, s, tokens, learnt, targets);
  const squares = gradient.flat().map((/** @type {Tensor} */ one) => np.sum(np.square(one.ref)));
  const norm = np.sqrt(squares.reduce((/** @type {Tensor} */ a, /** @type {Tensor} */ b) => a.add(b)));
  const clip = np.minimum(np.reciprocal(norm.add(1e-6)), 1);
  /** @type {Tensor} */
  const params = [];
  /** @type {Tensor} */
  const means = [];
  /** @type {Tensor} */
  const deviations = [];
  for (let i = 0; i < layers; i++) {
    params.push([]);
    means.push([]);
    deviations.push([]);
    lora[i].forEach((/** @type {Tensor} */ one, /** @type {number} */ j) => {
      const g = gradient[i][j].mul(clip.ref);
      const mean = m[i][j].mul(beta1).add(g.ref.mul(1 - beta1));
      const square = v[i][j].mul(beta2).add(np.square(g).mul(1 - beta2));
      const by = mean.ref.mul(rise1.ref).mul(np.reciprocal(np.sqrt(square.ref.mul(rise2.ref)).add(1e-8)));
      params[i].push(one.mul(1 - rate * decay).sub(by.mul(rate)));
      means[i].push(mean);
      deviations[i].push(square);
    });
  }
  for (const one of [clip, rise1, rise2]) one.dispose();
  return [params, means, deviations, value];
};
const step = jax.jit(update);

const seconds = [];
for (let i = 0; i <= steps; i++) {
  const tokens = Array.from({ length }, (_, at) => (at * 7 + i * 13) % vocabulary);
  const learnt = Array.from({ length: Math.floor((length + 1) / 3) }, (_, at) => 3 * at + 1);
  const spent = process.cpuUsage();
  const targets = nn.oneHot(
    np.array(
      learnt.map((at) => tokens[at]),
      { dtype: np.int32 },
    ),
    vocabulary,
  );
  // Rows are picked by a product: compiled code can't go back through an index.
  const before = nn.oneHot(
    np.array(
      learnt.map((at) => at - 1),
      { dtype: np.int32 },
    ),
    length,
  );
  const rises = [1 / (1 - beta1 ** (i + 1)), 1 / (1 - beta2 ** (i + 1))].map((one) => np.array(one));
  const data = [np.array(tokens, { dtype: np.int32 }), before, targets, ...rises];
  const [next, m, v, value] = step(adapter, first, second, jax.tree.ref(base), cos.ref, sin.ref, ...data);
  [adapter, first, second] = [next, m, v];
  await jax.blockUntilReady(adapter);
  if (!Number.isFinite(value.item())) throw new Error('the loss is no number');
  const { user, system } = process.cpuUsage(spent);
  seconds.push((user + system) / 1e6);
}
// The first compiles.
console.log(JSON.stringify(seconds.slice(1)));
