/**
 * The one file of the pocket student that touches onnxruntime-web: the plain WASM build (2.5 times faster a token than
 * the one with WebGPU in it), or the WebGPU build. Whoever calls decides which, and where the WASM files lie; nothing
 * is fetched from elsewhere.
 */
import { ok, type Result, refuse } from '../../base/result.ts';
import { within } from '../../base/within.ts';
import { withNewRows } from '../../weights/onnx-new-rows.ts';
import { failingWhenLost } from './loss.ts';
import { messageTurns } from './message-turns.ts';
import { createOnnxRuntime } from './onnx.ts';
import type { MakeTensor, OrtSession } from './onnx-types.ts';
import type { ModelShape, Runtime } from './runtime.ts';

export interface WebOptions {
  readonly device: 'wasm' | 'webgpu';
  /** Absolute URLs of ONNX Runtime's own files, of the build that the device needs. */
  readonly wasm?: { readonly mjs: string; readonly wasm: string };
  /** The bytes of the .wasm file, where they are at hand already. */
  readonly wasmBinary?: ArrayBuffer;
  /** Called when the GPU is lost: the runtime can't be used any more. */
  readonly onLost?: (reason: string) => void;
}

/** Milliseconds: its own script is imported first, for which a browser has no limit where the host stands still. */
const CREATING_PATIENCE = 120_000;

/** Codes: ONNX_UNREADABLE, and those of createOnnxRuntime. */
export async function loadOnnxWeb(
  model: Uint8Array,
  shape: ModelShape,
  { device, wasm, wasmBinary, onLost }: WebOptions,
): Promise<Result<Runtime>> {
  try {
    const ort =
      device === 'wasm' ? await import('onnxruntime-web/wasm') : await import('onnxruntime-web/webgpu');
    // Two threads are slower than one on busy cores, and one needs no cross-origin isolation.
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.proxy = false;
    ort.env.logLevel = 'error';
    if (wasm !== undefined) ort.env.wasm.wasmPaths = { mjs: wasm.mjs, wasm: wasm.wasm };
    if (wasmBinary !== undefined) ort.env.wasm.wasmBinary = wasmBinary;
    // WebAssembly's memory is its own: all that a run is asked for is copied out of it. On a GPU the cache just stays.
    const rows = device === 'wasm' ? withNewRows(model) : undefined;
    const creating = ort.InferenceSession.create(rows?.model ?? model, {
      executionProviders: [device],
      logSeverityLevel: 3,
      // The cache stays on the GPU.
      ...(device === 'webgpu' ? { preferredOutputLocation: onGpu(shape.layers) } : {}),
    });
    const session = await within(CREATING_PATIENCE, 'it', creating);
    const makeTensor = ((type, data, dims) =>
      new ort.Tensor(type as 'float32', data as Float32Array, dims)) as MakeTensor;
    const runtime = createOnnxRuntime({
      session: session as unknown as OrtSession,
      makeTensor,
      device,
      shape,
      newRows: rows?.outputs,
      ...messageTurns(() => performance.now()),
    });
    if (!runtime.ok || device === 'wasm') return runtime;
    const { lost } = (await ort.env.webgpu.device) as GPUDevice;
    let lose: (why: string) => void = () => {};
    const gone = new Promise<string>((resolve) => {
      lose = resolve;
    });
    void lost.then(({ message, reason }) => lose(message || reason));
    void gone.then((why) => onLost?.(why));
    return ok(failingWhenLost(runtime.value, gone, lose));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse('ONNX_UNREADABLE', `ONNX Runtime can't load the model: ${message}`);
  }
}

function onGpu(layers: number): Record<string, 'gpu-buffer'> {
  const names = Array.from({ length: layers }, (_, i) => [`present.${i}.key`, `present.${i}.value`]);
  return Object.fromEntries(names.flat().map((name) => [name, 'gpu-buffer' as const]));
}
