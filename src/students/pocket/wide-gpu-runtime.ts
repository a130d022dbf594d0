/** The runtime over the GPU kernels of eight bits a weight: in a file of its own, since only SmolLM2 needs them. */

import type { Result } from '../../base/result.ts';
import { dimensionsOf } from '../../kernels/model.ts';
import type { TensorSource } from '../../kernels/placed-weights.ts';
import { WideGpuModel } from '../../kernels/webgpu/wide-model.ts';
import type { Qwen3Config } from '../../weights/qwen3.ts';
import { createGpuRuntime, type GpuRuntimeOptions } from './gpu-runtime.ts';
import type { Runtime } from './runtime.ts';

/** Codes: GPU_NONE, GPU_FAILED. */
export function createWideGpuRuntime(
  config: Qwen3Config,
  weights: TensorSource,
  options: GpuRuntimeOptions,
): Promise<Result<Runtime>> {
  return createGpuRuntime(config, options, (device, about) =>
    WideGpuModel.create(dimensionsOf(config), weights, device, about),
  );
}
