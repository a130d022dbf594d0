/** The one file that touches onnxruntime-node. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf, type Result, refuse } from '../../base/result.ts';
import { createOnnxRuntime } from './onnx.ts';
import type { MakeTensor, OrtSession } from './onnx-types.ts';
import type { ModelShape, Runtime } from './runtime.ts';

/**
 * Loads a model for the CPU, on one thread: two models on two threads are faster than one on both.
 * Codes: ONNX_UNREADABLE, and those of createOnnxRuntime.
 */
export async function loadOnnxNode(model: Uint8Array, shape: ModelShape): Promise<Result<Runtime>> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // Warnings of unused constants would stand between the lines of a result.
      logSeverityLevel: 3,
    });
  } catch (error) {
    return refuse('ONNX_UNREADABLE', `ONNX Runtime can't load the model: ${messageOf(error)}`);
  }
  const makeTensor = ((type, data, dims) =>
    new Tensor(type as 'float32', data as Float32Array, dims)) as MakeTensor;
  return createOnnxRuntime({
    session: session as unknown as OrtSession,
    makeTensor,
    device: 'onnxruntime-node cpu',
    shape,
    breathe: turnOfTheLoop,
  });
}

/** Lets Node deliver messages and signals. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
