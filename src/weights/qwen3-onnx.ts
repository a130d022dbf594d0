/**
 * Writes a model as an ONNX file with a KV cache, under the names that transformers.js expects (input_ids,
 * attention_mask, num_logits_to_keep, past_key_values.N.key and .value; logits, present.N.key and .value), so that
 * both transformers.js and our own loop can drive it. One conversation at a time: the batch is 1.
 *
 * Plain operators, on purpose: the fused attention (com.microsoft.GroupQueryAttention) is four times slower on WASM
 * and silently wrong on some WebGPU adapters. The contributed operators that stay are right everywhere:
 * SimplifiedLayerNormalization (RMS norm), the same with a sum in front of it, RotaryEmbedding and QuickGelu. A decode
 * step of a small model takes as long as it has operators, so there are as few as these allow.
 */
import { ok, type Parsed } from '../base/result.ts';
import { architectureOf } from './architecture.ts';
import { beyondFloat16, cellAt } from './faulty-value.ts';
import { firstBeyondFloat16 } from './float-blocks.ts';
import { FLOAT, INT64, OnnxGraph, type StoredAs } from './onnx-graph.ts';
import { type Qwen3Config, tensorShapes, type WeightSource } from './qwen3.ts';
import type { Tensor } from './safetensors.ts';

/** Far below any score, far above the smallest f16. */
const MASKED = -6e4;
const MICROSOFT = 'com.microsoft';

/** What is yet to be added up: the sum so far, and what a layer adds to it. */
type Sum = readonly [string, string?];

/** {@link qwen3Onnx} of weights from outside. Code TENSOR_RANGE (too large for f16, which would make it infinity). */
export function rangedOnnx(
  config: Qwen3Config,
  weights: WeightSource,
  storage: StoredAs,
): Parsed<Uint8Array<ArrayBuffer>, 'TENSOR_RANGE'> {
  for (const name of storage === 'f16' ? tensorShapes(config).keys() : []) {
    const { shape, data } = weights.get(name) as Tensor;
    const beyond = firstBeyondFloat16(data);
    if (beyond !== -1) return beyondFloat16(name, cellAt(beyond, shape.at(-1) as number));
  }
  return ok(qwen3Onnx(config, weights, storage));
}

/** Of weights that are known to fit. */
export function qwen3Onnx(
  config: Qwen3Config,
  weights: WeightSource,
  storage: StoredAs,
): Uint8Array<ArrayBuffer> {
  return new Writer(config, weights, storage).write();
}

class Writer {
  readonly #graph: OnnxGraph;
  readonly #c: Qwen3Config;
  readonly #weights: WeightSource;

  constructor(config: Qwen3Config, weights: WeightSource, storage: StoredAs) {
    this.#graph = new OnnxGraph(storage);
    this.#c = config;
    this.#weights = weights;
  }

  write(): Uint8Array<ArrayBuffer> {
    const graph = this.#graph;
    this.#signature();
    this.#shapes();
    this.#mask();
    this.#rotaryTable();
    const embedding = this.#tensor('model.embed_tokens.weight');
    graph.weights('embedding', embedding.shape, embedding.data);
    graph.node('Gather', ['embedding', 'input_ids'], 'embedded', { axis: 0 });
    let sum: Sum = ['embedded'];
    for (let i = 0; i < this.#c.layers; i++) sum = this.#layer(i, sum);
    this.#head(sum);
    return graph.model('qwen3', { [MICROSOFT]: 1 });
  }

  #tensor(name: string): Tensor {
    return this.#weights.get(name) as Tensor;
  }

  #signature(): void {
    const graph = this.#graph;
    const { layers, kvHeads, headDim, vocabSize } = this.#c;
    graph.input('input_ids', INT64, ['batch_size', 'sequence_length']);
    graph.input('attention_mask', INT64, ['batch_size', 'total_sequence_length']);
    graph.input('num_logits_to_keep', INT64, []);
    const past = ['batch_size', kvHeads, 'past_sequence_length', headDim] as const;
    const present = ['batch_size', kvHeads, 'total_sequence_length', headDim] as const;
    graph.output('logits', FLOAT, ['batch_size', 'num_logits', vocabSize]);
    for (let i = 0; i < layers; i++) {
      for (const kind of ['key', 'value']) {
        graph.input(`past_key_values.${i}.${kind}`, FLOAT, past);
        graph.output(`present.${i}.${kind}`, FLOAT, present);
      }
    }
  }

  /** Constants, and the lengths that shapes depend on: of the new tokens, of all, and of those before the new ones. */
  #shapes(): void {
    const graph = this.#graph;
    const { heads, kvHeads, headDim } = this.#c;
    graph.integers('zero', [0]);
    graph.integers('one', [1]);
    graph.node('Shape', ['input_ids'], 'new_length', { start: 1, end: 2 });
    graph.node('Shape', ['attention_mask'], 'all_length', { start: 1, end: 2 });
    graph.node('Sub', ['all_length', 'new_length'], 'past_length');
    graph.integers('split_heads', [0, 0, -1, headDim]);
    graph.integers('parts', [heads, kvHeads, kvHeads]);
    graph.integers('group_rows', [0, kvHeads, -1, headDim]);
    graph.integers('all_heads', [0, heads, -1, headDim]);
    graph.integers('join_heads', [0, 0, heads * headDim]);
    graph.integers('group', [heads / kvHeads]);
  }

  /**
   * What a token may look at: itself and everything before it. Added to the scores of a group of heads, whose rows
   * stand below each other: [group x new, all].
   */
  #mask(): void {
    const graph = this.#graph;
    graph.node('Range', ['past_length', 'all_length', 'one'], 'positions');
    graph.node('Tile', ['positions', 'group'], 'group_positions');
    graph.node('Unsqueeze', ['group_positions', 'one'], 'rows');
    graph.node('Range', ['zero', 'all_length', 'one'], 'columns');
    graph.node('GreaterOrEqual', ['rows', 'columns'], 'visible');
    graph.constant('nothing', [], Float32Array.of(0));
    graph.constant('masked', [], Float32Array.of(MASKED));
    graph.node('Where', ['visible', 'nothing', 'masked'], 'mask');
  }

  /**
   * cos and sin of position times frequency, [positions, headDim / 2]. A whole table would be as large in the file as
   * a layer; so two small tables by the digits of the position, p = 64 a + b, and the theorems of addition. All of it
   * is constant: a runtime computes the whole table once, when it loads.
   */
  #rotaryTable(): void {
    const graph = this.#graph;
    const { headDim, ropeTheta, maxPositions } = this.#c;
    const half = headDim / 2;
    const digits = 64;
    const high = Math.ceil(maxPositions / digits);
    const table = (
      name: string,
      shape: readonly number[],
      unit: number,
      f: (angle: number) => number,
    ): void => {
      const rows = Math.max(...shape.slice(0, 2));
      const values = new Float32Array(rows * half);
      for (let row = 0; row < rows; row++)
        for (let j = 0; j < half; j++)
          values[row * half + j] = f(row * unit * ropeTheta ** ((-2 * j) / headDim));
      graph.constant(name, shape, values);
    };
    table('cos_high', [high, 1, half], digits, Math.cos);
    table('sin_high', [high, 1, half], digits, Math.sin);
    table('cos_low', [1, digits, half], 1, Math.cos);
    table('sin_low', [1, digits, half], 1, Math.sin);
    graph.integers('table', [high * digits, half]);
    graph.node('Mul', ['cos_high', 'cos_low'], 'cos_cos');
    graph.node('Mul', ['sin_high', 'sin_low'], 'sin_sin');
    graph.node('Sub', ['cos_cos', 'sin_sin'], 'cos_by_digits');
    graph.node('Reshape', ['cos_by_digits', 'table'], 'cos');
    graph.node('Mul', ['sin_high', 'cos_low'], 'sin_cos');
    graph.node('Mul', ['cos_high', 'sin_low'], 'cos_sin');
    graph.node('Add', ['sin_cos', 'cos_sin'], 'sin_by_digits');
    graph.node('Reshape', ['sin_by_digits', 'table'], 'sin');
  }

  #norm(x: string, weight: string, output: string): string {
    const attributes = { axis: -1, epsilon: { float: this.#c.normEpsilon }, stash_type: 1 };
    return this.#graph.node('SimplifiedLayerNormalization', [x, weight], output, attributes);
  }

  /** The sum's norm and the sum itself, by one operator where there is something to add. */
  #normedSum(sum: Sum, weight: string, here: string): readonly [normed: string, total: string] {
    const [x, added] = sum;
    if (added === undefined) return [this.#norm(x, weight, here), x];
    const total = `${here}_sum`;
    this.#graph.node(
      'SkipSimplifiedLayerNormalization',
      [x, added, weight],
      [here, '', '', total],
      { epsilon: { float: this.#c.normEpsilon } },
      MICROSOFT,
    );
    return [here, total];
  }

  #normWeight(name: string, scale = 1): string {
    const { shape, data } = this.#tensor(name);
    return this.#graph.weights(
      name.replace('model.', ''),
      shape,
      scale === 1 ? data : data.map((v) => v * scale),
    );
  }

  /** x times matrices that are stored [out, in], the first of them scaled, their results side by side. */
  #linear(x: string, names: readonly string[], output: string, scale = 1): string {
    const parts = names.map((name) => this.#tensor(name));
    const columns = parts[0]?.shape[1] as number;
    const rows = parts.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
    const transposed = new Float32Array(rows * columns);
    let at = 0;
    for (const [part, { shape, data }] of parts.entries()) {
      const factor = part === 0 ? scale : 1;
      for (let i = 0; i < (shape[0] as number); i++, at++)
        for (let k = 0; k < columns; k++)
          transposed[k * rows + at] = factor * (data[i * columns + k] as number);
    }
    const matrix = this.#graph.weights(`${output}_weight`, [columns, rows], transposed);
    return this.#graph.node('MatMul', [x, matrix], output);
  }

  #layer(i: number, sum: Sum): Sum {
    const graph = this.#graph;
    const name = `model.layers.${i}`;
    const here = `layer_${i}`;
    const inWeight = this.#normWeight(`${name}.input_layernorm.weight`);
    const [normed, x] = this.#normedSum(sum, inWeight, `${here}_in`);
    const attended = this.#attention(i, normed);
    const innerWeight = this.#normWeight(`${name}.post_attention_layernorm.weight`);
    const [inner, middle] = this.#normedSum([x, attended], innerWeight, `${here}_inner`);
    const gate = this.#linear(inner, [`${name}.mlp.gate_proj.weight`], `${here}_gate`);
    const up = this.#linear(inner, [`${name}.mlp.up_proj.weight`], `${here}_up`);
    // x times sigmoid(1 x): the SiLU.
    graph.node('QuickGelu', [gate], `${here}_silu`, { alpha: { float: 1 } }, MICROSOFT);
    graph.node('Mul', [`${here}_silu`, up], `${here}_gated`);
    return [middle, this.#linear(`${here}_gated`, [`${name}.mlp.down_proj.weight`], `${here}_down`)];
  }

  /** Grouped heads without repeating keys and values: the queries of a group are rows of one product. */
  #attention(i: number, x: string): string {
    const graph = this.#graph;
    const name = `model.layers.${i}.self_attn`;
    const here = `layer_${i}`;
    // The softmax's scale rides on the norm of the queries or, where they have none, on their matrix.
    const scale = 1 / Math.sqrt(this.#c.headDim);
    const normed = architectureOf(this.#c.modelType).queryKeyNorms;
    const queryNorm = normed ? this.#normWeight(`${name}.q_norm.weight`, scale) : undefined;
    const keyNorm = normed ? this.#normWeight(`${name}.k_norm.weight`) : undefined;
    // Queries, keys and values in one product: what is brought into heads once isn't brought three times.
    const projections = ['q_proj', 'k_proj', 'v_proj'].map((one) => `${name}.${one}.weight`);
    graph.node(
      'Reshape',
      [this.#linear(x, projections, `${here}_qkv`, normed ? 1 : scale), 'split_heads'],
      `${here}_qkv_heads`,
    );
    graph.node('Transpose', [`${here}_qkv_heads`], `${here}_qkv_by_head`, { perm: [0, 2, 1, 3] });
    const heads = ['q', 'k', 'v'].map((one) => `${here}_${one}`) as [string, string, string];
    graph.node('Split', [`${here}_qkv_by_head`, 'parts'], heads, { axis: 1 });
    const query = this.#rotated(heads[0], queryNorm);
    const key = this.#rotated(heads[1], keyNorm);
    const past = `past_key_values.${i}`;
    const keys = graph.node('Concat', [`${past}.key`, key], `present.${i}.key`, { axis: 2 });
    const values = graph.node('Concat', [`${past}.value`, heads[2]], `present.${i}.value`, { axis: 2 });
    graph.node('Reshape', [query, 'group_rows'], `${here}_q_rows`);
    // On WebGPU this is a dispatch of its own; FusedMatMul, which would spare it, runs on the CPU there.
    graph.node('Transpose', [keys], `${here}_keys`, { perm: [0, 1, 3, 2] });
    graph.node('MatMul', [`${here}_q_rows`, `${here}_keys`], `${here}_scores`);
    graph.node('Add', [`${here}_scores`, 'mask'], `${here}_masked`);
    graph.node('Softmax', [`${here}_masked`], `${here}_shares`, { axis: -1 });
    graph.node('MatMul', [`${here}_shares`, values], `${here}_mixed`);
    graph.node('Reshape', [`${here}_mixed`, 'all_heads'], `${here}_heads`);
    graph.node('Transpose', [`${here}_heads`], `${here}_heads_last`, { perm: [0, 2, 1, 3] });
    graph.node('Reshape', [`${here}_heads_last`, 'join_heads'], `${here}_joined`);
    return this.#linear(`${here}_joined`, [`${name}.o_proj.weight`], `${here}_attended`);
  }

  /** Heads, each normed where there is a norm, turned by its position: [1, heads, new, headDim]. */
  #rotated(heads: string, norm: string | undefined): string {
    const normed = norm === undefined ? heads : this.#norm(heads, norm, `${heads}_normed`);
    // The tables' row for the r-th new token is past_length + r.
    const inputs = [normed, 'past_length', 'cos', 'sin'];
    return this.#graph.node('RotaryEmbedding', inputs, `${heads}_rotated`, {}, MICROSOFT);
  }

  /** Logits of the last num_logits_to_keep positions; of all, if that is 0. */
  #head(sum: Sum): void {
    const graph = this.#graph;
    const { tied } = this.#c;
    const [all] = this.#normedSum(sum, this.#normWeight('model.norm.weight'), 'final');
    graph.node('Neg', ['num_logits_to_keep'], 'first_kept');
    graph.node('Reshape', ['first_kept', 'one'], 'first_kept_1');
    graph.integers('to_the_end', [0x7fffffffffffffffn]);
    graph.node('Slice', [all, 'first_kept_1', 'to_the_end', 'one'], 'kept');
    if (!tied) {
      this.#linear('kept', ['lm_head.weight'], 'logits');
      return;
    }
    graph.node('Transpose', ['embedding'], 'head', { perm: [1, 0] });
    graph.node('MatMul', ['kept', 'head'], 'logits');
  }
}
