/**
 * Attention in training, a whole sequence at once: forward, and the way back. Shares are computed a block of queries at
 * a time and never kept. What is shared by the layers lies here: positions, turned heads, gradients.
 */
import type { Arena } from './arena.ts';
import type { TrainingKernels } from './load-training.ts';
import type { ModelDimensions } from './model.ts';

/** Rows of queries whose shares are there at once; assembly/training.ts. */
const QUERIES = 32;
/** A line of the CPU's cache, in bytes. */
const LINE = 64;

/** Weights of the norms of queries and keys by address, 0 where there are none. */
export interface HeadNorms {
  readonly query: number;
  readonly key: number;
}

export class TrainedAttention {
  /** Gradients of queries, keys and values, in rows like theirs. */
  readonly dQkv: number;
  /** The gradient of what attention gave. */
  readonly dAttended: number;
  readonly #d: ModelDimensions;
  readonly #arena: Arena;
  readonly #k: TrainingKernels;
  /** Bytes of a row of queries, keys and values. */
  readonly #stride: number;
  readonly #cos: number;
  readonly #sin: number;
  /** Queries and keys normed and turned, values as they are. */
  readonly #turned: number;
  // Of a head: keys by rows and by columns, values either way; shares and their gradients.
  readonly #keyRows: number;
  readonly #keyColumns: number;
  readonly #values: number;
  readonly #shares: number;
  readonly #dShares: number;
  readonly #sharesStride: number;

  constructor(d: ModelDimensions, longest: number, arena: Arena, kernels: TrainingKernels) {
    this.#d = d;
    this.#arena = arena;
    this.#k = kernels;
    this.#stride = 4 * (d.heads + 2 * d.kvHeads) * d.headSize;
    const half = d.headSize / 2;
    this.dQkv = arena.take(longest * this.#stride);
    this.dAttended = arena.take(4 * longest * d.heads * d.headSize);
    this.#turned = arena.take(longest * this.#stride);
    this.#cos = arena.take(4 * longest * half);
    this.#sin = arena.take(4 * longest * half);
    const packed = 4 * Math.ceil(longest / 8) * 8 * d.headSize;
    this.#keyRows = arena.take(packed);
    this.#keyColumns = arena.take(packed);
    this.#values = arena.take(packed);
    // An odd number of lines: rows that lie below each other aren't to fall on the same few places of the cache.
    this.#sharesStride = LINE * (Math.ceil((4 * (longest + 8)) / LINE) | 1);
    this.#shares = arena.take(QUERIES * this.#sharesStride);
    this.#dShares = arena.take(QUERIES * this.#sharesStride);
    this.#positions(longest, half);
  }

  /** @param qkv kept as it is; `attended` is what comes out */
  forward(qkv: number, attended: number, norms: HeadNorms, rows: number): void {
    const k = this.#k;
    const { headSize } = this.#d;
    this.#turn(qkv, norms, rows);
    this.#eachKvHead((keysAt, valuesAt, queries, scale) => {
      k.packRows(this.#keyRows, this.#turned + keysAt, this.#stride, rows, headSize);
      k.packColumns(this.#values, this.#turned + valuesAt, this.#stride, rows, headSize);
      for (const at of queries)
        k.attendAll(
          attended + at,
          this.#attendedStride,
          this.#turned + at,
          this.#stride,
          rows,
          headSize,
          scale,
          this.#keyRows,
          this.#values,
          this.#shares,
          this.#sharesStride,
        );
    });
  }

  /** From {@link dAttended} to {@link dQkv}. */
  back(qkv: number, attended: number, norms: HeadNorms, rows: number): void {
    const k = this.#k;
    const { heads, kvHeads, headSize, normEpsilon } = this.#d;
    this.#turn(qkv, norms, rows);
    this.#arena.floats(this.dQkv, (rows * this.#stride) / 4).fill(0);
    this.#eachKvHead((keysAt, valuesAt, queries, scale) => {
      k.packRows(this.#keyRows, this.#turned + keysAt, this.#stride, rows, headSize);
      k.packColumns(this.#keyColumns, this.#turned + keysAt, this.#stride, rows, headSize);
      k.packRows(this.#values, this.#turned + valuesAt, this.#stride, rows, headSize);
      for (const at of queries)
        k.attendBack(
          this.dQkv + at,
          this.dQkv + keysAt,
          this.dQkv + valuesAt,
          this.#turned + at,
          this.#stride,
          attended + at,
          this.dAttended + at,
          this.#attendedStride,
          rows,
          headSize,
          scale,
          this.#keyRows,
          this.#keyColumns,
          this.#values,
          this.#shares,
          this.#dShares,
          this.#sharesStride,
        );
    });
    const unturn = (from: number, count: number, norm: number): void =>
      k.rotateAndNormBack(
        this.dQkv + from,
        qkv + from,
        this.#stride,
        rows,
        count,
        headSize,
        norm,
        normEpsilon,
        this.#cos,
        this.#sin,
      );
    unturn(0, heads, norms.query);
    unturn(4 * heads * headSize, kvHeads, norms.key);
  }

  get #attendedStride(): number {
    return 4 * this.#d.heads * this.#d.headSize;
  }

  /** Queries and keys as they are compared. */
  #turn(qkv: number, norms: HeadNorms, rows: number): void {
    const { heads, kvHeads, headSize, normEpsilon } = this.#d;
    this.#arena.copy(this.#turned, qkv, rows * this.#stride);
    const turn = (from: number, count: number, norm: number): void =>
      this.#k.normAndRotate(
        from,
        this.#stride,
        rows,
        count,
        headSize,
        norm,
        normEpsilon,
        this.#cos,
        this.#sin,
      );
    turn(this.#turned, heads, norms.query);
    turn(this.#turned + 4 * heads * headSize, kvHeads, norms.key);
  }

  /** Places of a head's keys, values and queries in a row of all three, in bytes. */
  #eachKvHead(
    visit: (keys: number, values: number, queries: readonly number[], scale: number) => void,
  ): void {
    const { heads, kvHeads, headSize } = this.#d;
    const head = 4 * headSize;
    const group = heads / kvHeads;
    for (let kv = 0; kv < kvHeads; kv++) {
      const keys = (heads + kv) * head;
      const queries = Array.from({ length: group }, (_, i) => (kv * group + i) * head);
      visit(keys, keys + kvHeads * head, queries, 1 / Math.sqrt(headSize));
    }
  }

  #positions(longest: number, half: number): void {
    const [cos, sin] = [this.#cos, this.#sin].map((at) => this.#arena.floats(at, longest * half)) as [
      Float32Array,
      Float32Array,
    ];
    for (let at = 0; at < cos.length; at++) {
      const angle = Math.floor(at / half) * this.#d.ropeTheta ** (-(at % half) / half);
      [cos[at], sin[at]] = [Math.cos(angle), Math.sin(angle)];
    }
  }
}
