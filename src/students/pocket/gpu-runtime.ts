/** The runtimes over the GPU kernels of src/kernels/webgpu. They ask for no more than every adapter has. */

import { deferred } from '../../base/deferred.ts';
import { messageOf, ok, type Result, refuse } from '../../base/result.ts';
import { dimensionsOf } from '../../kernels/model.ts';
import type { GpuConversations, GpuOptions } from '../../kernels/webgpu/conversations.ts';
import { GpuModel } from '../../kernels/webgpu/model.ts';
import { parseQwen3Weights, type Qwen3Config } from '../../weights/qwen3.ts';
import { askForAdapter, askForDevice } from '../adapter.ts';
import { failingWhenLost } from './loss.ts';
import { modelRuntime } from './model-runtime.ts';
import type { Runtime } from './runtime.ts';

export interface GpuRuntimeOptions {
  readonly now: () => number;
  readonly breathe: () => Promise<void>;
  /** Frees what {@link breathe} holds. */
  readonly close?: () => void;
  /** Called when the GPU is lost: the runtime can't be used any more. */
  readonly onLost?: (reason: string) => void;
}

/**
 * Reads model.safetensors, and asks the browser for a GPU.
 * Codes: those of Safetensors; GPU_NONE (the browser offers none); GPU_FAILED (it doesn't answer, can't hold the model or
 * can't compile the kernels; the message says which).
 */
export async function loadGpu(
  model: Uint8Array,
  config: Qwen3Config,
  options: GpuRuntimeOptions,
): Promise<Result<Runtime>> {
  const weights = parseQwen3Weights(model, config);
  if (!weights.ok) {
    options.close?.();
    return weights;
  }
  return createGpuRuntime(config, options, (device, about) =>
    GpuModel.create(dimensionsOf(config), weights.value, device, about),
  );
}

/**
 * A runtime over what is made on a GPU that the browser is asked for. Codes: GPU_NONE, GPU_FAILED.
 * @param create throws why the GPU can't compute the model
 */
export async function createGpuRuntime(
  config: Qwen3Config,
  { now, breathe, close = () => {}, onLost }: GpuRuntimeOptions,
  create: (device: GPUDevice, about: GpuOptions) => Promise<GpuConversations>,
): Promise<Result<Runtime>> {
  try {
    const adapter = await askForAdapter();
    if (adapter === null) {
      close();
      return refuse(
        'GPU_NONE',
        'This browser has no WebGPU. Try a newer browser, or switch hardware acceleration on.',
      );
    }
    const device = await askForDevice(adapter);
    const [end] = config.ends;
    const about = { now, ...(end === undefined ? {} : { end }) };
    const model = await create(device, about).catch((error: unknown) => {
      device.destroy();
      throw error;
    });
    const { promise: gone, resolve: lose } = deferred<string>();
    void device.lost.then(({ message, reason }) => lose(message || reason || 'no reason was given'));
    void gone.then((why) => onLost?.(why));
    const free = (): void => {
      close();
      model.dispose();
      device.destroy();
    };
    return ok(failingWhenLost(modelRuntime('webgpu kernels', model, breathe, free), gone, lose));
  } catch (error) {
    close();
    const message = messageOf(error);
    return refuse('GPU_FAILED', message.endsWith('.') ? message : `${message}.`);
  }
}
