/**
 * The matrices of a model in training: W, which stays, and a LoRA adapter on some of them, W + (alpha / r) B A, which is
 * merged anew before each batch. So the forward pass is that of inference with a merged adapter, and nothing of the
 * products with A and B is left in it but for their gradients.
 *
 * Matrices that are read together (queries, keys and values; gate and up) lie below each other as one. All A and B lie
 * in one row, so do their gradients and the optimiser's means: a step is one call. Ranks are filled up to a multiple of
 * eight; what fills them stays zero, as its gradients are.
 */
import type { Random } from '../base/random.ts';
import type { Arena } from './arena.ts';
import type { TrainingKernels } from './load-training.ts';
import type { ModelDimensions, WeightTensors } from './model.ts';

export const PROJECTIONS = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;
export type Projection = (typeof PROJECTIONS)[number];

export interface LoraShape {
  readonly rank: number;
  /** What is added is multiplied with alpha / rank. */
  readonly alpha: number;
  readonly targets: readonly Projection[];
}

/** Modes of a product; assembly/tiles.ts. */
export const [SET, ADD, GO_ON] = [0, 1, 2];
const PANEL = 8;
/** Of AdamW. */
const BETAS = [0.9, 0.95] as const;

/** An adapter's two matrices, by the name of the module (`model.layers.0.self_attn.q_proj`). */
export interface LoraPair {
  /** A, [rank, in]. */
  readonly down: Float32Array<ArrayBuffer>;
  /** B, [out, rank]. */
  readonly up: Float32Array<ArrayBuffer>;
}
export type LoraTensors = ReadonlyMap<string, LoraPair>;

/** Matrices below each other, [out, in]. */
export interface Stack {
  readonly out: number;
  readonly inner: number;
  /** Row by row, as they were; 0 where nothing is trained in it. */
  readonly base: number;
  /** Packed for X Wᵀ. */
  readonly rows: number;
  /** Packed for dY W. */
  readonly columns: number;
  readonly trained: readonly Trained[];
}

/** The part of a stack that has an adapter. */
interface Trained {
  readonly module: string;
  /** Its first row in the stack. */
  readonly from: number;
  readonly out: number;
  /** Floats into the row of all parameters. */
  readonly down: number;
  readonly up: number;
  /** (alpha / r) A packed by rows, (alpha / r) B packed by columns. */
  readonly downRows: number;
  readonly upColumns: number;
}

export interface LayerStacks {
  readonly qkv: Stack;
  readonly output: Stack;
  readonly gateAndUp: Stack;
  readonly down: Stack;
}

export class TrainedMatrices {
  readonly shape: LoraShape;
  readonly layers: readonly LayerStacks[];
  readonly #arena: Arena;
  readonly #k: TrainingKernels;
  readonly #weights: WeightTensors;
  /** The rank, filled up. */
  readonly #width: number;
  /** Floats of all A and B. */
  #count = 0;
  /** Rows of parameters, of their gradients, of the optimiser's means. */
  readonly #rows: { readonly parameters: number; readonly gradient: number; readonly means: number };
  readonly #staging: number;
  readonly #small: number;
  readonly #products: number;
  /** Steps taken. */
  #steps = 0;

  /** Throws where a tensor is missing and where the platform has no more memory. */
  constructor(
    d: ModelDimensions,
    weights: WeightTensors,
    shape: LoraShape,
    { arena, kernels, block }: { arena: Arena; kernels: TrainingKernels; block: number },
  ) {
    this.shape = shape;
    this.#arena = arena;
    this.#k = kernels;
    this.#weights = weights;
    this.#width = Math.ceil(shape.rank / PANEL) * PANEL;
    const attention = d.heads * d.headSize;
    const qkv = (d.heads + 2 * d.kvHeads) * d.headSize;
    const largest = Math.max(qkv, 2 * d.feedForward) * d.hidden;
    const longest = Math.max(attention, qkv, 2 * d.feedForward, d.hidden);
    this.#staging = arena.take(4 * Math.max(largest, attention * d.hidden));
    this.#small = arena.take(8 * this.#width * longest);
    this.#products = arena.take(8 * this.#width * block);
    this.layers = Array.from({ length: d.layers }, (_, i): LayerStacks => {
      const attentionOf = `model.layers.${i}.self_attn.`;
      const mlpOf = `model.layers.${i}.mlp.`;
      return {
        qkv: this.#stack(d.hidden, attentionOf, ['q_proj', 'k_proj', 'v_proj']),
        output: this.#stack(attention, attentionOf, ['o_proj']),
        gateAndUp: this.#stack(d.hidden, mlpOf, ['gate_proj', 'up_proj']),
        down: this.#stack(d.feedForward, mlpOf, ['down_proj']),
      };
    });
    const bytes = 4 * this.#count;
    this.#rows = { parameters: arena.take(bytes), gradient: arena.take(bytes), means: arena.take(2 * bytes) };
  }

  /** Trained numbers. */
  get parameters(): number {
    const { rank } = this.shape;
    return this.#trained.reduce((sum, { part, stack }) => sum + rank * (stack.inner + part.out), 0);
  }

  /** As peft begins: A uniform within the root of 1 / in, B zero. */
  begin(random: Random): void {
    for (const { part, stack } of this.#trained) {
      const bound = 1 / Math.sqrt(stack.inner);
      const down = Float32Array.from(
        { length: this.shape.rank * stack.inner },
        () => (2 * random.next() - 1) * bound,
      );
      this.#put(part, stack, { down, up: new Float32Array(part.out * this.shape.rank) });
    }
    this.merge();
  }

  /** Throws where a module's pair is missing. */
  set(tensors: LoraTensors): void {
    for (const { part, stack } of this.#trained) {
      const pair = tensors.get(part.module);
      if (pair === undefined) throw new Error(`the adapter has nothing for ${part.module}`);
      this.#put(part, stack, pair);
    }
    this.merge();
  }

  get(): LoraTensors {
    return this.#read(this.#rows.parameters);
  }

  /** Gradients by the same names. */
  gradients(): LoraTensors {
    return this.#read(this.#rows.gradient);
  }

  /** The optimiser's state: its two means of all parameters, and how many steps it took. */
  get optimiser(): { readonly means: Float32Array<ArrayBuffer>; readonly steps: number } {
    return { means: this.#arena.floats(this.#rows.means, 2 * this.#count).slice(), steps: this.#steps };
  }

  /** Throws RangeError where the state is another shape's. */
  resume(state: { readonly means: Float32Array; readonly steps: number }): void {
    if (state.means.length !== 2 * this.#count) throw new RangeError('the optimiser was of another adapter');
    this.#arena.floats(this.#rows.means, 2 * this.#count).set(state.means);
    this.#steps = state.steps;
  }

  /**
   * A step of AdamW along the gradients gathered so far, which are forgotten; then the adapter is merged anew.
   * @param clip the longest that the gradient may be
   * @returns how long it was
   */
  step(rate: number, clip: number, { decay = 0 }: { readonly decay?: number } = {}): number {
    const [beta1, beta2] = BETAS;
    const { parameters, gradient, means } = this.#rows;
    const norm = Math.sqrt(this.#k.squares(gradient, this.#count));
    const factor = Math.min(1, clip / (norm + 1e-6));
    this.#steps++;
    const [first, second] = [1 - beta1 ** this.#steps, 1 - beta2 ** this.#steps];
    this.#k.adamW(
      parameters,
      gradient,
      means,
      means + 4 * this.#count,
      this.#count,
      factor,
      rate,
      beta1,
      beta2,
      1e-8,
      decay,
      first,
      second,
    );
    this.forget();
    this.merge();
    return norm;
  }

  /** Gradients become zero. */
  forget(): void {
    this.#arena.floats(this.#rows.gradient, this.#count).fill(0);
  }

  /** Y = X Wᵀ, or Y + X Wᵀ. Strides in bytes. */
  forward(
    y: number,
    yStride: number,
    x: number,
    xStride: number,
    stack: Stack,
    rows: number,
    mode: number,
  ): void {
    const { out, inner } = stack;
    this.#k.product(y, yStride, x, xStride, stack.rows, 32, 32 * inner, rows, out / PANEL, inner, mode);
  }

  /** dX = dY W. */
  back(dx: number, dxStride: number, dy: number, dyStride: number, stack: Stack, rows: number): void {
    const { out, inner } = stack;
    this.#k.product(dx, dxStride, dy, dyStride, stack.columns, 32, 32 * out, rows, inner / PANEL, out, SET);
  }

  /** Adds to the gradients of a stack's adapters. @param x what the stack was multiplied with */
  gather(dy: number, dyStride: number, x: number, xStride: number, stack: Stack, rows: number): void {
    const width = this.#width;
    const [bytes, panels] = [4 * width, width / PANEL];
    const { inner } = stack;
    const { gradient } = this.#rows;
    for (const { from, out, down, up, downRows, upColumns } of stack.trained) {
      const [d, xa] = [dy + 4 * from, this.#products];
      const db = xa + bytes * rows;
      this.#k.product(xa, bytes, x, xStride, downRows, 32, 32 * inner, rows, panels, inner, SET);
      this.#k.product(db, bytes, d, dyStride, upColumns, 32, 32 * out, rows, panels, out, SET);
      const [dDown, dUp] = [gradient + 4 * down, gradient + 4 * up];
      this.#k.productAcross(dDown, 4 * inner, db, bytes, x, xStride, 32, width, inner / PANEL, rows, GO_ON);
      this.#k.productAcross(dUp, bytes, d, dyStride, xa, bytes, 32, out, panels, rows, GO_ON);
    }
  }

  /** Packs W + (alpha / r) B A of all that is trained. */
  merge(): void {
    const [width, scale] = [this.#width, this.shape.alpha / this.shape.rank];
    for (const stack of this.#stacks) {
      const { out, inner, base, trained } = stack;
      if (trained.length === 0) continue;
      const staged = this.#staging;
      new Uint8Array(this.#arena.memory.buffer).copyWithin(staged, base, base + 4 * out * inner);
      for (const part of trained) {
        const [down, up] = [part.down, part.up].map((at) => this.#rows.parameters + 4 * at) as [
          number,
          number,
        ];
        const [scaled, columns] = [this.#small, this.#small + 4 * width * Math.max(inner, part.out)];
        this.#k.scaled(scaled, down, width * inner, scale);
        this.#k.packRows(part.downRows, scaled, 4 * inner, width, inner);
        this.#k.scaled(scaled, up, part.out * width, scale);
        this.#k.packColumns(part.upColumns, scaled, 4 * width, part.out, width);
        this.#k.packColumns(columns, down, 4 * inner, width, inner);
        const rows = staged + 4 * part.from * inner;
        const panel = 32 * width;
        this.#k.product(
          rows,
          4 * inner,
          scaled,
          4 * width,
          columns,
          32,
          panel,
          part.out,
          inner / PANEL,
          width,
          ADD,
        );
      }
      this.#pack(stack, staged);
    }
  }

  #pack({ rows, columns, out, inner }: Stack, from: number): void {
    this.#k.packRows(rows, from, 4 * inner, out, inner);
    this.#k.packColumns(columns, from, 4 * inner, out, inner);
  }

  get #stacks(): Stack[] {
    return this.layers.flatMap(({ qkv, output, gateAndUp, down }) => [qkv, output, gateAndUp, down]);
  }

  get #trained(): { readonly part: Trained; readonly stack: Stack }[] {
    return this.#stacks.flatMap((stack) => stack.trained.map((part) => ({ part, stack })));
  }

  #stack(inner: number, prefix: string, names: readonly Projection[]): Stack {
    const parts = names.map((name) => {
      const module = `${prefix}${name}`;
      const data = this.#weights.get(`${module}.weight`)?.data;
      if (data === undefined) throw new Error(`the model has no ${module}`);
      return { name, module, data, out: data.length / inner };
    });
    const out = parts.reduce((sum, part) => sum + part.out, 0);
    const bytes = 4 * out * inner;
    const keeps = names.some((name) => this.shape.targets.includes(name));
    const trained: Trained[] = [];
    const base = keeps ? this.#arena.take(bytes) : 0;
    let from = 0;
    for (const { name, module, data, out: rows } of parts) {
      const at = (keeps ? base : this.#staging) + 4 * from * inner;
      this.#arena.floats(at, data.length).set(data);
      if (this.shape.targets.includes(name)) {
        const down = this.#count;
        const up = down + this.#width * inner;
        this.#count = up + rows * this.#width;
        const [downRows, upColumns] = [inner, rows].map((n) => this.#arena.take(4 * this.#width * n)) as [
          number,
          number,
        ];
        trained.push({ module, from, out: rows, down, up, downRows, upColumns });
      }
      from += rows;
    }
    const [rows, columns] = [this.#arena.take(bytes), this.#arena.take(bytes)];
    const stack: Stack = { out, inner, base, rows, columns, trained };
    this.#pack(stack, keeps ? base : this.#staging);
    return stack;
  }

  #put(part: Trained, { inner }: Stack, { down, up }: LoraPair): void {
    const { rank } = this.shape;
    const width = this.#width;
    const all = this.#arena.floats(this.#rows.parameters, this.#count);
    all.set(down, part.down);
    for (let row = 0; row < part.out; row++)
      all.set(up.subarray(row * rank, (row + 1) * rank), part.up + row * width);
    all.fill(0, part.down + rank * inner, part.down + width * inner);
  }

  #read(from: number): LoraTensors {
    const { rank } = this.shape;
    const width = this.#width;
    const all = this.#arena.floats(from, this.#count);
    return new Map(
      this.#trained.map(({ part, stack }) => {
        const down = all.slice(part.down, part.down + rank * stack.inner);
        const up = new Float32Array(part.out * rank);
        for (let row = 0; row < part.out; row++) {
          const at = part.up + row * width;
          up.set(all.subarray(at, at + rank), row * rank);
        }
        return [part.module, { down, up }];
      }),
    );
  }
}
