/**
 * The seam to whatever computes: a causal language model that extends a KV cache by tokens. kernel-runtime.ts and
 * gpu-runtime.ts have the kernels of this project behind them, onnx.ts any ONNX Runtime; tests put a small function in
 * its place.
 */

import type { Qwen3Config } from '../../weights/qwen3.ts';

/** What must be known of a model beside its graph; its config.json has it. */
export interface ModelShape {
  readonly layers: number;
  readonly vocabulary: number;
  /** Tokens of context that it was made for. */
  readonly contextLimit: number;
}

export function shapeOf({ maxPositions, vocabSize, layers }: Qwen3Config): ModelShape {
  return { contextLimit: maxPositions, vocabulary: vocabSize, layers };
}

/** Keys and values of the tokens computed so far; belongs to the runtime that made it. */
export interface KvCache {
  /** Tokens in it. */
  readonly length: number;
}

export interface Extended {
  /** The longer cache; the one that was given may not be used any more. */
  readonly cache: KvCache;
  /**
   * Natural logits, row after row, of the last `rows` tokens: each row as long as the vocabulary. The caller's own:
   * something else may be computed before they are read.
   */
  readonly logits: Float32Array;
}

/** Calls may not overlap on the same cache. What a device fails with is thrown. */
export interface Runtime {
  /** Where it runs, for the trace: `wasm kernels`, `webgpu kernels`, `onnxruntime-node cpu`, `wasm`. */
  readonly device: string;
  readonly vocabulary: number;
  /** Tokens of context that the model was made for. */
  readonly contextLimit: number;
  /**
   * How many more tokens it computes with one in little more time, each with the same bits as alone; absent where a
   * token more costs as much as the first, or other bits.
   */
  readonly guesses?: number;
  /** A cache without tokens. */
  empty(): KvCache;
  /**
   * Computes tokens behind a cache.
   * @param tokens at least one
   * @param rows of how many of the last tokens logits are wanted, from 1
   */
  extend(cache: KvCache, tokens: readonly number[], rows: number): Promise<Extended>;
  /** The same cache cut down to its first tokens; the one that was given may not be used any more. */
  rewind(cache: KvCache, length: number): Promise<KvCache>;
  /** Frees a cache. */
  release(cache: KvCache): void;
  /** Lets the platform deliver messages and events, such as the wish to stop. */
  breathe(): Promise<void>;
  /** Frees the model. */
  dispose(): Promise<void>;
}
