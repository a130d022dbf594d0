/**
 * The one file of the pocket student that touches onnxruntime-web: its plain WASM build. Whoever calls decides where the
 * WASM files lie; nothing is fetched from elsewhere.
 */
import { messageOf, type Result, refuse } from '../../base/result.ts';
import { within } from '../../base/within.ts';
import { withNewRows } from '../../weights/onnx-new-rows.ts';
import { messageTurns } from './message-turns.ts';
import { createOnnxRuntime } from './onnx.ts';
import type { MakeTensor, OrtSession } from './onnx-types.ts';
import type { ModelShape, Runtime } from './runtime.ts';

interface WebOptions {
  /** Absolute URLs of ONNX Runtime's own files. */
  readonly wasm?: { readonly mjs: string; readonly wasm: string };
  /** The bytes of the .wasm file, where they are at hand already. */
  readonly wasmBinary?: ArrayBuffer;
}

/** Milliseconds: its own script is imported first, for which a browser has no limit where the host stands still. */
const CREATING_PATIENCE = 120_000;

/** Codes: ONNX_UNREADABLE, and those of createOnnxRuntime. */
export async function loadOnnxWeb(
  model: Uint8Array,
  shape: ModelShape,
  { wasm, wasmBinary }: WebOptions,
): Promise<Result<Runtime>> {
  try {
    const ort = await import('onnxruntime-web/wasm');
    // Two threads are slower than one on busy cores, and one needs no cross-origin isolation.
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.proxy = false;
    ort.env.logLevel = 'error';
    if (wasm !== undefined) ort.env.wasm.wasmPaths = { mjs: wasm.mjs, wasm: wasm.wasm };
    if (wasmBinary !== undefined) ort.env.wasm.wasmBinary = wasmBinary;
    // WebAssembly's memory is its own: all that a run is asked for is copied out of it.
    const rows = withNewRows(model);
    const creating = ort.InferenceSession.create(rows?.model ?? model, {
      executionProviders: ['wasm'],
      logSeverityLevel: 3,
    });
    const session = await within(CREATING_PATIENCE, 'it', creating);
    const makeTensor = ((type, data, dims) =>
      new ort.Tensor(type as 'float32', data as Float32Array, dims)) as MakeTensor;
    return createOnnxRuntime({
      session: session as unknown as OrtSession,
      makeTensor,
      device: 'wasm',
      shape,
      newRows: rows?.outputs,
      ...messageTurns(() => performance.now()),
    });
  } catch (error) {
    return refuse('ONNX_UNREADABLE', `ONNX Runtime can't load the model: ${messageOf(error)}`);
  }
}
