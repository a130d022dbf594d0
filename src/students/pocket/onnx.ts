/**
 * The runtime over ONNX Runtime, whichever package it comes from: onnx-node.ts and the page's worker hand their own
 * in. The graph is one that transformers.js takes as well: inputs input_ids, attention_mask, perhaps position_ids and
 * num_logits_to_keep, past_key_values.N.key and .value; outputs logits and present.N.key and .value.
 */
import { ok, type Result, refuse } from '../../engine/result.ts';
import type { Extended, KvCache, ModelShape, Runtime } from './runtime.ts';

type TensorType = 'float32' | 'float16' | 'int64';

/** Of onnxruntime-common: what is used of a tensor. */
export interface OrtTensor {
  readonly dims: readonly number[];
  readonly location: string;
  readonly data: unknown;
  getData(): Promise<unknown>;
  dispose(): void;
}

/** Of onnxruntime-common: what is used of a session. */
export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly unknown[];
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export type MakeTensor = (type: TensorType, data: unknown, dims: readonly number[]) => OrtTensor;

export interface OnnxParts {
  readonly session: OrtSession;
  readonly makeTensor: MakeTensor;
  readonly device: string;
  readonly shape: ModelShape;
  readonly breathe: () => Promise<void>;
  /** Frees what {@link breathe} holds. */
  readonly close?: () => void;
}

interface OnnxCache extends KvCache {
  /** By name, without `past_key_values.` or `present.`. */
  readonly tensors: ReadonlyMap<string, OrtTensor>;
}

interface CacheShape {
  readonly names: readonly string[];
  readonly heads: number;
  readonly size: number;
  readonly type: 'float32' | 'float16';
}

const PAST = 'past_key_values.';
const PRESENT = 'present.';
/** Inputs besides the cache that are understood. */
const INPUTS = new Set(['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep']);

/** Code ONNX_GRAPH: the graph is none of a causal language model as described above. */
export function createOnnxRuntime(parts: OnnxParts): Result<Runtime> {
  const { session } = parts;
  const unknown = session.inputNames.find((name) => !INPUTS.has(name) && !name.startsWith(PAST));
  if (unknown !== undefined) return refuse('ONNX_GRAPH', `The model wants the input ${unknown}.`);
  const shape = cacheShape(session);
  if (shape === undefined) return refuse('ONNX_GRAPH', 'The model has no KV cache of a known shape.');
  for (const name of ['logits', ...shape.names.map((one) => `${PRESENT}${one}`)]) {
    if (!session.outputNames.includes(name)) return refuse('ONNX_GRAPH', `The model has no output ${name}.`);
  }
  return ok(new OnnxRuntime(parts, shape));
}

function cacheShape({ inputNames, inputMetadata }: OrtSession): CacheShape | undefined {
  const names = inputNames.filter((name) => name.startsWith(PAST)).map((name) => name.slice(PAST.length));
  const first = inputMetadata[inputNames.indexOf(`${PAST}${names[0]}`)];
  const { type, shape } = (first ?? {}) as { type?: unknown; shape?: unknown };
  if (!Array.isArray(shape) || (type !== 'float32' && type !== 'float16')) return undefined;
  const [, heads, , size] = shape as unknown[];
  if (shape.length !== 4 || typeof heads !== 'number' || typeof size !== 'number') return undefined;
  return { names, heads, size, type };
}

class OnnxRuntime implements Runtime {
  readonly device: string;
  readonly vocabulary: number;
  readonly contextLimit: number;
  readonly breathe: () => Promise<void>;
  readonly #session: OrtSession;
  readonly #makeTensor: MakeTensor;
  readonly #shape: CacheShape;
  readonly #close: () => void;
  readonly #keepsLogits: boolean;
  readonly #wantsPositions: boolean;

  constructor(parts: OnnxParts, shape: CacheShape) {
    this.device = parts.device;
    this.vocabulary = parts.shape.vocabulary;
    this.contextLimit = parts.shape.contextLimit;
    this.breathe = parts.breathe;
    this.#session = parts.session;
    this.#makeTensor = parts.makeTensor;
    this.#shape = shape;
    this.#close = parts.close ?? (() => {});
    this.#keepsLogits = parts.session.inputNames.includes('num_logits_to_keep');
    this.#wantsPositions = parts.session.inputNames.includes('position_ids');
  }

  empty(): OnnxCache {
    const { names, heads, size, type } = this.#shape;
    const none = (): OrtTensor => this.#makeTensor(type, arrayOf(type, 0), [1, heads, 0, size]);
    return { length: 0, tensors: new Map(names.map((name) => [name, none()])) };
  }

  async extend(cache: KvCache, tokens: readonly number[], rows: number): Promise<Extended> {
    const { length: before, tensors } = cache as OnnxCache;
    const length = before + tokens.length;
    const whole = (data: BigInt64Array, dims: readonly number[]): OrtTensor =>
      this.#makeTensor('int64', data, dims);
    const feeds: Record<string, OrtTensor> = {
      input_ids: whole(BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
      attention_mask: whole(new BigInt64Array(length).fill(1n), [1, length]),
    };
    if (this.#keepsLogits) feeds.num_logits_to_keep = whole(BigInt64Array.of(BigInt(rows)), []);
    if (this.#wantsPositions) {
      feeds.position_ids = whole(
        BigInt64Array.from(tokens, (_, i) => BigInt(before + i)),
        [1, tokens.length],
      );
    }
    for (const [name, tensor] of tensors) feeds[PAST + name] = tensor;
    const outputs = await this.#session.run(feeds);
    this.release(cache);
    const logits = (await tensorOf(outputs, 'logits').getData()) as Float32Array;
    tensorOf(outputs, 'logits').dispose();
    const present = this.#shape.names.map((name) => [name, tensorOf(outputs, PRESENT + name)] as const);
    const extended: OnnxCache = { length, tensors: new Map(present) };
    return { cache: extended, logits: logits.subarray(logits.length - rows * this.vocabulary) };
  }

  async rewind(cache: KvCache, length: number): Promise<OnnxCache> {
    const { tensors, length: before } = cache as OnnxCache;
    if (length === before) return cache as OnnxCache;
    if (length === 0) {
      this.release(cache);
      return this.empty();
    }
    const { heads, size, type } = this.#shape;
    const shorter = new Map<string, OrtTensor>();
    for (const [name, tensor] of tensors) {
      const all = (await tensor.getData()) as Float32Array;
      const kept = all.slice(0, heads * length * size);
      for (let head = 0; head < heads; head++) {
        const start = head * before * size;
        kept.set(all.subarray(start, start + length * size), head * length * size);
      }
      shorter.set(name, this.#makeTensor(type, kept, [1, heads, length, size]));
    }
    this.release(cache);
    return { length, tensors: shorter };
  }

  release(cache: KvCache): void {
    // Tensors in ordinary memory are freed with their arrays; on a GPU they would stay.
    for (const tensor of (cache as OnnxCache).tensors.values()) {
      if (tensor.location !== 'cpu') tensor.dispose();
    }
  }

  dispose(): Promise<void> {
    this.#close();
    return this.#session.release();
  }
}

function tensorOf(outputs: Record<string, OrtTensor>, name: string): OrtTensor {
  const tensor = outputs[name];
  if (tensor === undefined) throw new Error(`the model gave no ${name}`);
  return tensor;
}

function arrayOf(type: 'float32' | 'float16', length: number): Float32Array | Uint16Array {
  return type === 'float32' ? new Float32Array(length) : new Uint16Array(length);
}
