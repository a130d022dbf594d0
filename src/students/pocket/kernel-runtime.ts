/** The runtime over the kernels of src/kernels: on the CPU, in the page and in Node alike. */

import { messageOf, ok, type Result, refuse } from '../../base/result.ts';
import { type Build, runsHere } from '../../kernels/load.ts';
import { dimensionsOf, KernelModel } from '../../kernels/model.ts';
import type { TensorSource } from '../../kernels/placed-weights.ts';
import type { Thread } from '../../kernels/threads.ts';
import { parseQwen3Weights, type Qwen3Config } from '../../weights/qwen3.ts';
import { modelRuntime } from './model-runtime.ts';
import type { Runtime } from './runtime.ts';

export interface KernelOptions {
  readonly breathe: () => Promise<void>;
  /** Frees what {@link breathe} holds. */
  readonly close?: () => void;
  /** The fastest that runs here, unless a test or a measurement wants another one. */
  readonly build?: Build;
  /** That compute with it, where the weights have eight bits; they end with the runtime. */
  readonly threads?: readonly Thread[];
}

/** What a trace calls them. */
const DEVICES: Readonly<Record<Build, string>> = {
  simd: 'wasm kernels',
  relaxed: 'wasm kernels, relaxed SIMD',
};

/** Bytes that caches hold from one token to the next: reading weights beyond that is what a token costs. */
const CACHED = 32e6;
/** Twice as many gained nothing in SmolLM2's replies. */
const GUESSES = 8;

/** A runtime, and what can be measured of it. */
export interface KernelRuntime extends Runtime {
  /** Bytes of weights that a token reads. */
  readonly weightBytes: number;
  /** Bytes that weights, buffers and all caches take. */
  memoryBytes(): number;
}

/**
 * Code KERNELS_FAILED: they can't compute this model (its sizes), or can't run here (no WebAssembly SIMD, no memory, a
 * content security policy); the message says which.
 */
export async function createKernelRuntime(
  config: Qwen3Config,
  weights: TensorSource,
  { breathe, close = () => {}, build = runsHere('relaxed') ? 'relaxed' : 'simd', threads }: KernelOptions,
): Promise<Result<KernelRuntime>> {
  try {
    const model = await KernelModel.create(dimensionsOf(config), weights, build, threads);
    const device = DEVICES[model.build] + (model.threads > 1 ? `, ${model.threads} threads` : '');
    // The memory goes with the last reference to it.
    const runtime = modelRuntime(device, model, breathe, () => {
      model.close();
      close();
    });
    return ok({
      ...runtime,
      guesses: model.weightBytes > CACHED ? GUESSES : 0,
      weightBytes: model.weightBytes,
      memoryBytes: () => model.memoryBytes,
    });
  } catch (error) {
    close();
    return refuse('KERNELS_FAILED', `The kernels can't run the model here: ${messageOf(error)}`);
  }
}

/** Reads model.safetensors. Codes: those of Safetensors, and of {@link createKernelRuntime}. */
export async function openKernelRuntime(
  model: Uint8Array,
  config: Qwen3Config,
  options: KernelOptions,
): Promise<Result<KernelRuntime>> {
  const weights = parseQwen3Weights(model, config);
  if (weights.ok) return createKernelRuntime(config, weights.value, options);
  options.close?.();
  return weights;
}
