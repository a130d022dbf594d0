/** The runtime over the kernels of src/kernels: on the CPU, in the page and in Node alike. */
import { ok, type Result, refuse } from '../../base/result.ts';
import { type Build, runsHere } from '../../kernels/load.ts';
import { type Cache, dimensionsOf, KernelModel } from '../../kernels/model.ts';
import type { TensorSource } from '../../kernels/placed-weights.ts';
import type { Qwen3Config } from '../../weights/qwen3.ts';
import { readQwen3Weights } from '../../weights/qwen3.ts';
import { Safetensors } from '../../weights/safetensors.ts';
import type { Extended, KvCache, Runtime } from './runtime.ts';

export interface KernelOptions {
  readonly breathe: () => Promise<void>;
  /** Frees what {@link breathe} holds. */
  readonly close?: () => void;
  /** The fastest that runs here, unless a test or a measurement wants another one. */
  readonly build?: Build;
}

/** What a trace calls them. */
const DEVICES: Readonly<Record<Build, string>> = {
  simd: 'wasm kernels',
  relaxed: 'wasm kernels, relaxed SIMD',
};

/** A runtime, and what can be measured of it. */
export interface KernelRuntime extends Runtime {
  /** Bytes that weights, buffers and all caches take. */
  readonly memoryBytes: number;
}

/**
 * Code KERNELS_FAILED: they can't compute this model (its sizes), or can't run here (no WebAssembly SIMD, no memory, a
 * content security policy); the message says which.
 */
export async function createKernelRuntime(
  config: Qwen3Config,
  weights: TensorSource,
  { breathe, close = () => {}, build = runsHere('relaxed') ? 'relaxed' : 'simd' }: KernelOptions,
): Promise<Result<KernelRuntime>> {
  try {
    const model = await KernelModel.create(dimensionsOf(config), weights, build);
    return ok(new OverKernels(model, breathe, close));
  } catch (error) {
    close();
    const message = error instanceof Error ? error.message : String(error);
    return refuse('KERNELS_FAILED', `The kernels can't run the model here: ${message}`);
  }
}

/** Reads model.safetensors. Codes: those of Safetensors, and of {@link createKernelRuntime}. */
export async function loadKernels(
  model: Uint8Array,
  config: Qwen3Config,
  options: KernelOptions,
): Promise<Result<KernelRuntime>> {
  const file = Safetensors.parse(model);
  const weights = file.ok ? readQwen3Weights(file.value, config) : file;
  if (weights.ok) return createKernelRuntime(config, weights.value, options);
  options.close?.();
  return weights;
}

class OverKernels implements KernelRuntime {
  readonly device: string;
  readonly vocabulary: number;
  readonly contextLimit: number;
  readonly breathe: () => Promise<void>;
  readonly #model: KernelModel;
  readonly #close: () => void;

  constructor(model: KernelModel, breathe: () => Promise<void>, close: () => void) {
    this.device = DEVICES[model.build];
    this.vocabulary = model.dimensions.vocabulary;
    this.contextLimit = model.dimensions.contextLimit;
    this.breathe = breathe;
    this.#model = model;
    this.#close = close;
  }

  get memoryBytes(): number {
    return this.#model.memoryBytes;
  }

  empty(): KvCache {
    return this.#model.empty();
  }

  async extend(cache: KvCache, tokens: readonly number[], rows: number): Promise<Extended> {
    return { cache, logits: this.#model.extend(cache as Cache, tokens, rows) };
  }

  async rewind(cache: KvCache, length: number): Promise<KvCache> {
    this.#model.rewind(cache as Cache, length);
    return cache;
  }

  release(cache: KvCache): void {
    this.#model.release(cache as Cache);
  }

  /** The memory goes with the last reference to it. */
  async dispose(): Promise<void> {
    this.#close();
  }
}
