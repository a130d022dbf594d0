/**
 * Writes a Qwen3 as an ONNX model with a KV cache, under the names that transformers.js expects (input_ids,
 * attention_mask, num_logits_to_keep, past_key_values.N.key and .value; logits, present.N.key and .value), so that
 * both transformers.js and our own loop can drive it. One conversation at a time: the batch is 1.
 *
 * Plain operators, on purpose: the fused attention (com.microsoft.GroupQueryAttention) is four times slower on WASM
 * and silently wrong on some WebGPU adapters. Two contributed operators stay, which are right everywhere:
 * SimplifiedLayerNormalization (RMS norm) and RotaryEmbedding.
 */
import { FLOAT, INT64, OnnxGraph, type Storage } from './onnx-graph.ts';
import type { Qwen3Config, Qwen3Weights } from './qwen3.ts';
import type { Tensor } from './safetensors.ts';

/** Far below any score, far above the smallest f16. */
const MASKED = -6e4;
const MICROSOFT = 'com.microsoft';

export function qwen3Onnx(
  config: Qwen3Config,
  weights: Qwen3Weights,
  storage: Storage,
): Uint8Array<ArrayBuffer> {
  return new Writer(config, weights, storage).write();
}

class Writer {
  readonly #graph: OnnxGraph;
  readonly #c: Qwen3Config;
  readonly #weights: Qwen3Weights;

  constructor(config: Qwen3Config, weights: Qwen3Weights, storage: Storage) {
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
    let x = graph.node('Gather', ['embedding', 'input_ids'], 'embedded', { axis: 0 });
    for (let i = 0; i < this.#c.layers; i++) x = this.#layer(i, x);
    this.#head(x);
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

  /** Constants and the two lengths that shapes depend on: of the new tokens, and of all. */
  #shapes(): void {
    const graph = this.#graph;
    const { heads, kvHeads, headDim } = this.#c;
    graph.integers('zero', 0);
    graph.integers('one', 1);
    graph.integers('axis_0', [0]);
    graph.integers('axis_1', [1]);
    graph.node('Shape', ['input_ids'], 'ids_shape');
    graph.node('Gather', ['ids_shape', 'one'], 'new_length', { axis: 0 });
    graph.node('Shape', ['attention_mask'], 'mask_shape');
    graph.node('Gather', ['mask_shape', 'one'], 'all_length', { axis: 0 });
    graph.node('Sub', ['all_length', 'new_length'], 'past_length');
    graph.integers('split_heads', [0, 0, -1, headDim]);
    graph.integers('group_rows', [0, kvHeads, -1, headDim]);
    graph.integers('all_heads', [0, heads, -1, headDim]);
    graph.integers('join_heads', [0, 0, heads * headDim]);
    graph.node('Unsqueeze', ['new_length', 'axis_0'], 'new_length_1');
    graph.node('Unsqueeze', ['all_length', 'axis_0'], 'all_length_1');
    graph.integers('group_prefix', [-1, kvHeads, heads / kvHeads]);
    graph.node('Concat', ['group_prefix', 'new_length_1', 'all_length_1'], 'by_group', { axis: 0 });
    graph.integers('flat_prefix', [0, kvHeads, -1]);
    graph.node('Concat', ['flat_prefix', 'all_length_1'], 'flat_rows', { axis: 0 });
  }

  /** What a token may look at: itself and everything before it. [new, all], added to the scores. */
  #mask(): void {
    const graph = this.#graph;
    graph.node('Range', ['past_length', 'all_length', 'one'], 'positions');
    graph.node('Unsqueeze', ['positions', 'axis_1'], 'rows');
    graph.node('Range', ['zero', 'all_length', 'one'], 'columns');
    graph.node('GreaterOrEqual', ['rows', 'columns'], 'visible');
    graph.constant('nothing', [], Float32Array.of(0));
    graph.constant('masked', [], Float32Array.of(MASKED));
    graph.node('Where', ['visible', 'nothing', 'masked'], 'mask');
  }

  /**
   * cos and sin of position times frequency for the new positions, [new, headDim / 2]. A whole table would be as large
   * as a layer, and sin on a GPU is only good for small angles; so two small tables by the digits of the position,
   * p = 64 a + b, and the theorems of addition.
   */
  #rotaryTable(): void {
    const graph = this.#graph;
    const { headDim, ropeTheta, maxPositions } = this.#c;
    const half = headDim / 2;
    const digits = 64;
    const table = (name: string, rows: number, unit: number, f: (angle: number) => number): void => {
      const values = new Float32Array(rows * half);
      for (let row = 0; row < rows; row++)
        for (let j = 0; j < half; j++)
          values[row * half + j] = f(row * unit * ropeTheta ** ((-2 * j) / headDim));
      graph.constant(name, [rows, half], values);
    };
    const high = Math.ceil(maxPositions / digits);
    table('cos_high', high, digits, Math.cos);
    table('sin_high', high, digits, Math.sin);
    table('cos_low', digits, 1, Math.cos);
    table('sin_low', digits, 1, Math.sin);
    graph.integers('digits', digits);
    graph.node('Div', ['positions', 'digits'], 'position_high');
    graph.node('Mul', ['position_high', 'digits'], 'position_floor');
    graph.node('Sub', ['positions', 'position_floor'], 'position_low');
    for (const f of ['cos', 'sin'])
      for (const digit of ['high', 'low'])
        graph.node('Gather', [`${f}_${digit}`, `position_${digit}`], `${f}_${digit}_rows`, { axis: 0 });
    graph.node('Mul', ['cos_high_rows', 'cos_low_rows'], 'cos_cos');
    graph.node('Mul', ['sin_high_rows', 'sin_low_rows'], 'sin_sin');
    graph.node('Sub', ['cos_cos', 'sin_sin'], 'cos');
    graph.node('Mul', ['sin_high_rows', 'cos_low_rows'], 'sin_cos');
    graph.node('Mul', ['cos_high_rows', 'sin_low_rows'], 'cos_sin');
    graph.node('Add', ['sin_cos', 'cos_sin'], 'sin');
  }

  #norm(x: string, weight: string, output: string): string {
    const attributes = { axis: -1, epsilon: { float: this.#c.normEpsilon }, stash_type: 1 };
    return this.#graph.node('SimplifiedLayerNormalization', [x, weight], output, attributes);
  }

  #normWeight(name: string, scale = 1): string {
    const { shape, data } = this.#tensor(name);
    return this.#graph.weights(
      name.replace('model.', ''),
      shape,
      scale === 1 ? data : data.map((v) => v * scale),
    );
  }

  /** x times a matrix that is stored [out, in]. */
  #linear(x: string, name: string, output: string): string {
    const { shape, data } = this.#tensor(name);
    const [rows, columns] = shape as [number, number];
    const transposed = new Float32Array(data.length);
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < columns; k++) transposed[k * rows + i] = data[i * columns + k] as number;
    const matrix = this.#graph.weights(name.replace('model.', ''), [columns, rows], transposed);
    return this.#graph.node('MatMul', [x, matrix], output);
  }

  #layer(i: number, x: string): string {
    const graph = this.#graph;
    const name = `model.layers.${i}`;
    const here = `layer_${i}`;
    const normed = this.#norm(x, this.#normWeight(`${name}.input_layernorm.weight`), `${here}_in`);
    const attended = this.#attention(i, normed);
    const middle = graph.node('Add', [x, attended], `${here}_middle`);
    const inner = this.#norm(
      middle,
      this.#normWeight(`${name}.post_attention_layernorm.weight`),
      `${here}_inner`,
    );
    const gate = this.#linear(inner, `${name}.mlp.gate_proj.weight`, `${here}_gate`);
    const up = this.#linear(inner, `${name}.mlp.up_proj.weight`, `${here}_up`);
    graph.node('Sigmoid', [gate], `${here}_sigmoid`);
    graph.node('Mul', [gate, `${here}_sigmoid`], `${here}_silu`);
    graph.node('Mul', [`${here}_silu`, up], `${here}_gated`);
    const down = this.#linear(`${here}_gated`, `${name}.mlp.down_proj.weight`, `${here}_down`);
    return graph.node('Add', [middle, down], `${here}_out`);
  }

  /** Grouped heads without repeating keys and values: the queries of a group are rows of one product. */
  #attention(i: number, x: string): string {
    const graph = this.#graph;
    const name = `model.layers.${i}.self_attn`;
    const here = `layer_${i}`;
    // The softmax's scale rides on the norm of the queries.
    const queryNorm = this.#normWeight(`${name}.q_norm.weight`, 1 / Math.sqrt(this.#c.headDim));
    const keyNorm = this.#normWeight(`${name}.k_norm.weight`);
    const query = this.#rotated(
      this.#linear(x, `${name}.q_proj.weight`, `${here}_q`),
      queryNorm,
      `${here}_q`,
    );
    const key = this.#rotated(this.#linear(x, `${name}.k_proj.weight`, `${here}_k`), keyNorm, `${here}_k`);
    this.#linear(x, `${name}.v_proj.weight`, `${here}_v`);
    graph.node('Reshape', [`${here}_v`, 'split_heads'], `${here}_v_heads`);
    graph.node('Transpose', [`${here}_v_heads`], `${here}_v_new`, { perm: [0, 2, 1, 3] });
    const keys = graph.node('Concat', [`past_key_values.${i}.key`, key], `present.${i}.key`, { axis: 2 });
    const values = graph.node(
      'Concat',
      [`past_key_values.${i}.value`, `${here}_v_new`],
      `present.${i}.value`,
      {
        axis: 2,
      },
    );
    graph.node('Reshape', [query, 'group_rows'], `${here}_q_rows`);
    graph.node('Transpose', [keys], `${here}_keys`, { perm: [0, 1, 3, 2] });
    graph.node('MatMul', [`${here}_q_rows`, `${here}_keys`], `${here}_scores`);
    graph.node('Reshape', [`${here}_scores`, 'by_group'], `${here}_scores_5`);
    graph.node('Add', [`${here}_scores_5`, 'mask'], `${here}_masked`);
    graph.node('Softmax', [`${here}_masked`], `${here}_shares_5`, { axis: -1 });
    graph.node('Reshape', [`${here}_shares_5`, 'flat_rows'], `${here}_shares`);
    graph.node('MatMul', [`${here}_shares`, values], `${here}_mixed`);
    graph.node('Reshape', [`${here}_mixed`, 'all_heads'], `${here}_heads`);
    graph.node('Transpose', [`${here}_heads`], `${here}_heads_last`, { perm: [0, 2, 1, 3] });
    graph.node('Reshape', [`${here}_heads_last`, 'join_heads'], `${here}_joined`);
    return this.#linear(`${here}_joined`, `${name}.o_proj.weight`, `${here}_attended`);
  }

  /** Heads apart, each normed, turned by its position: [1, heads, new, headDim]. */
  #rotated(x: string, norm: string, here: string): string {
    const graph = this.#graph;
    graph.node('Reshape', [x, 'split_heads'], `${here}_heads`);
    this.#norm(`${here}_heads`, norm, `${here}_normed`);
    graph.node('Transpose', [`${here}_normed`], `${here}_by_head`, { perm: [0, 2, 1, 3] });
    // Row r of the tables belongs to the r-th new token.
    return graph.node(
      'RotaryEmbedding',
      [`${here}_by_head`, 'axis_0', 'cos', 'sin'],
      `${here}_rotated`,
      {},
      MICROSOFT,
    );
  }

  /** Logits of the last num_logits_to_keep positions; of all, if that is 0. */
  #head(x: string): void {
    const graph = this.#graph;
    const { tied } = this.#c;
    graph.node('Neg', ['num_logits_to_keep'], 'first_kept');
    graph.node('Reshape', ['first_kept', 'axis_1'], 'first_kept_1');
    graph.integers('to_the_end', [0x7fffffffffffffffn]);
    graph.node('Slice', [x, 'first_kept_1', 'to_the_end', 'axis_1'], 'kept');
    const normed = this.#norm('kept', this.#normWeight('model.norm.weight'), 'final');
    if (!tied) {
      this.#linear(normed, 'lm_head.weight', 'logits');
      return;
    }
    graph.node('Transpose', ['embedding'], 'head', { perm: [1, 0] });
    graph.node('MatMul', [normed, 'head'], 'logits');
  }
}
