/**
 * The runtime over ONNX Runtime, whichever package it comes from: onnx-node.ts and the page's worker hand their own
 * in. The graph is one that transformers.js takes as well: inputs input_ids, attention_mask, perhaps position_ids and
 * num_logits_to_keep, past_key_values.N.key and .value; outputs logits and present.N.key and .value.
 */
import { ok, type Result, refuse } from '../../base/result.ts';
import { type CacheStrategy, cacheShape, PAST, PRESENT, rowStrategy, tensorStrategy } from './onnx-cache.ts';
import { type MakeTensor, type OrtSession, type OrtTensor, tensorOf } from './onnx-types.ts';
import type { Extended, KvCache, ModelShape, Runtime } from './runtime.ts';

interface OnnxParts {
  readonly session: OrtSession;
  readonly makeTensor: MakeTensor;
  readonly device: string;
  readonly shape: ModelShape;
  /** Outputs with the new tokens' rows of the cache, where those of all tokens would be copied (onnx-new-rows.ts). */
  readonly newRows?: ReadonlyMap<string, string> | undefined;
  readonly breathe: () => Promise<void>;
  /** Frees what {@link breathe} holds. */
  readonly close?: () => void;
}

/** Inputs besides the cache that are understood. */
const INPUTS = new Set(['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep']);

/** Code ONNX_GRAPH: the graph is none of a causal language model as described above. */
export function createOnnxRuntime(parts: OnnxParts): Result<Runtime> {
  const { session, makeTensor, newRows } = parts;
  const unknown = session.inputNames.find((name) => !INPUTS.has(name) && !name.startsWith(PAST));
  if (unknown !== undefined) return refuse('ONNX_GRAPH', `The model wants the input ${unknown}.`);
  const shape = cacheShape(session);
  if (shape === undefined) return refuse('ONNX_GRAPH', 'The model has no KV cache of a known shape.');
  for (const name of ['logits', ...shape.names.map((one) => `${PRESENT}${one}`)]) {
    if (!session.outputNames.includes(name)) return refuse('ONNX_GRAPH', `The model has no output ${name}.`);
  }
  const byRows = newRows !== undefined && shape.names.every((name) => newRows.has(name));
  const strategy = byRows ? rowStrategy(shape, makeTensor, newRows) : tensorStrategy(shape, makeTensor);
  return ok(new OnnxRuntime(parts, strategy));
}

class OnnxRuntime implements Runtime {
  readonly device: string;
  readonly vocabulary: number;
  readonly contextLimit: number;
  readonly breathe: () => Promise<void>;
  readonly #session: OrtSession;
  readonly #makeTensor: MakeTensor;
  readonly #strategy: CacheStrategy;
  readonly #fetches: readonly string[];
  readonly #close: () => void;
  readonly #keepsLogits: boolean;
  readonly #wantsPositions: boolean;
  /** The mask is of ones only: nothing is padded. */
  #ones = new BigInt64Array(0);

  constructor(parts: OnnxParts, strategy: CacheStrategy) {
    this.device = parts.device;
    this.vocabulary = parts.shape.vocabulary;
    this.contextLimit = parts.shape.contextLimit;
    this.breathe = parts.breathe;
    this.#session = parts.session;
    this.#makeTensor = parts.makeTensor;
    this.#strategy = strategy;
    this.#fetches = ['logits', ...strategy.fetches];
    this.#close = parts.close ?? (() => {});
    this.#keepsLogits = parts.session.inputNames.includes('num_logits_to_keep');
    this.#wantsPositions = parts.session.inputNames.includes('position_ids');
  }

  empty(): KvCache {
    return this.#strategy.empty();
  }

  async extend(cache: KvCache, tokens: readonly number[], rows: number): Promise<Extended> {
    const before = cache.length;
    const length = before + tokens.length;
    const whole = (data: BigInt64Array, dims: readonly number[]): OrtTensor =>
      this.#makeTensor('int64', data, dims);
    const feeds: Record<string, OrtTensor> = {
      input_ids: whole(BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
      attention_mask: whole(this.#mask(length), [1, length]),
    };
    if (this.#keepsLogits) feeds.num_logits_to_keep = whole(BigInt64Array.of(BigInt(rows)), []);
    if (this.#wantsPositions) {
      feeds.position_ids = whole(
        BigInt64Array.from(tokens, (_, i) => BigInt(before + i)),
        [1, tokens.length],
      );
    }
    const outputs = await this.#session.run({ ...feeds, ...this.#strategy.feeds(cache) }, this.#fetches);
    const logits = (await tensorOf(outputs, 'logits').getData()) as Float32Array;
    tensorOf(outputs, 'logits').dispose();
    return {
      cache: this.#strategy.after(cache, outputs, length),
      logits: logits.subarray(logits.length - rows * this.vocabulary),
    };
  }

  rewind(cache: KvCache, length: number): Promise<KvCache> {
    return this.#strategy.rewind(cache, length);
  }

  release(cache: KvCache): void {
    this.#strategy.release(cache);
  }

  dispose(): Promise<void> {
    this.#close();
    return this.#session.release();
  }

  #mask(length: number): BigInt64Array {
    if (this.#ones.length < length) this.#ones = new BigInt64Array(2 * length).fill(1n);
    return this.#ones.subarray(0, length);
  }
}
