/** The last norm, the head and the cross-entropy in training, and the way back: of rows that predict a learnt token alone. */
import type { Arena } from './arena.ts';
import type { TrainingKernels } from './load-training.ts';
import type { ModelDimensions, WeightTensors } from './model.ts';
import { SET } from './trained-matrices.ts';

/** Rows of logits at once. */
const ROWS = 32;

export class TrainedHead {
  readonly #d: ModelDimensions;
  readonly #arena: Arena;
  readonly #k: TrainingKernels;
  readonly #norm: number;
  /** The vocabulary, filled up to a multiple of eight. */
  readonly #width: number;
  /** The head packed for X Wᵀ, and for dY W. */
  readonly #rows: number;
  readonly #columns: number;
  readonly #chosen: number;
  readonly #normed: number;
  readonly #dChosen: number;
  readonly #logits: number;
  readonly #targets: number;
  readonly #found: number;

  /** Throws where a tensor is missing. */
  constructor(d: ModelDimensions, weights: WeightTensors, arena: Arena, kernels: TrainingKernels) {
    this.#d = d;
    this.#arena = arena;
    this.#k = kernels;
    const norm = weights.get('model.norm.weight')?.data;
    const head = (weights.get('lm_head.weight') ?? weights.get('model.embed_tokens.weight'))?.data;
    if (norm === undefined || head === undefined) throw new Error('the model has no head');
    const take = (floats: number): number => arena.take(4 * floats);
    this.#norm = take(d.hidden);
    arena.floats(this.#norm, d.hidden).set(norm);
    this.#width = Math.ceil(d.vocabulary / 8) * 8;
    const size = this.#width * d.hidden;
    const [plain, rows, columns] = [take(size), take(size), take(size)];
    arena.floats(plain, size).set(head);
    kernels.packRows(rows, plain, 4 * d.hidden, this.#width, d.hidden);
    kernels.packColumns(columns, plain, 4 * d.hidden, this.#width, d.hidden);
    [this.#rows, this.#columns] = [rows, columns];
    this.#chosen = take(ROWS * d.hidden);
    this.#normed = take(ROWS * d.hidden);
    this.#dChosen = take(ROWS * d.hidden);
    this.#logits = take(ROWS * this.#width);
    this.#targets = take(ROWS);
    this.#found = take(2 * ROWS);
  }

  /**
   * Sets the gradient's rows that predict something; the others stay as they are.
   * @param x behind the last layer, `dx` its gradient
   * @returns the sum of the cross-entropy, in nats
   */
  lossAndBack(
    dx: number,
    x: number,
    tokens: readonly number[],
    learnt: readonly number[],
    weight: number,
  ): number {
    const { hidden, vocabulary, normEpsilon } = this.#d;
    const k = this.#k;
    const [wide, width] = [4 * hidden, 4 * this.#width];
    const [chosen, normed, dChosen, logits] = [this.#chosen, this.#normed, this.#dChosen, this.#logits];
    let loss = 0;
    for (let at = 0; at < learnt.length; at += ROWS) {
      const some = learnt.slice(at, at + ROWS);
      const count = some.length;
      for (const [i, position] of some.entries())
        this.#arena.copy(chosen + i * wide, x + (position - 1) * wide, wide);
      k.rmsNorm(normed, chosen, this.#norm, count, hidden, normEpsilon);
      k.product(logits, width, normed, wide, this.#rows, 32, 8 * wide, count, this.#width / 8, hidden, SET);
      this.#arena.integers(this.#targets, count).set(some.map((position) => tokens[position] as number));
      k.crossEntropy(logits, width, count, vocabulary, this.#targets, this.#found, weight);
      const found = this.#arena.floats(this.#found, 2 * count);
      for (let i = 0; i < count; i++) loss += (found[2 * i] as number) + Math.log(found[2 * i + 1] as number);
      k.product(
        normed,
        wide,
        logits,
        width,
        this.#columns,
        32,
        8 * width,
        count,
        hidden / 8,
        this.#width,
        SET,
      );
      this.#arena.floats(dChosen, count * hidden).fill(0);
      k.rmsNormBack(dChosen, normed, chosen, this.#norm, count, hidden, normEpsilon);
      for (const [i, position] of some.entries())
        this.#arena.copy(dx + (position - 1) * wide, dChosen + i * wide, wide);
    }
    return loss;
  }
}
