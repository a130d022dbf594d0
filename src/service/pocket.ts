/** The pocket student out of the page's own files, tested against stored logits before it may play. */
import { ok, type Result, refuse } from '../base/result.ts';
import { within } from '../base/within.ts';
import { askForAdapter, expectDevice } from '../students/adapter.ts';
import { loadKernels } from '../students/pocket/kernel-runtime.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { loadOnnxWeb } from '../students/pocket/onnx-web.ts';
import { type LoadRuntime, openPocket } from '../students/pocket/open.ts';
import { type Runtime, shapeOf } from '../students/pocket/runtime.ts';
import { parseSelfTest, passesSelfTest, type SelfTest } from '../students/pocket/self-test.ts';
import type { Student } from '../students/student.ts';
import type { Qwen3Config } from '../weights/qwen3.ts';
import {
  type PageAddress,
  readChecked,
  readShipped,
  runtimePaths,
  type ShippedFile,
  shippedFiles,
} from './shipped.ts';

const FOLDER = 'models/pocket/';
const now = (): number => performance.now();
const MODELS = ['model_fp16.onnx', 'model.onnx', 'onnx/model_fp16.onnx', 'onnx/model.onnx'];

/** Where the person wants it to run. */
export type DeviceWish = 'auto' | 'webgpu' | 'wasm';

export interface OpenedPocket {
  readonly student: Student;
  /** Where it runs and why, for a person. */
  readonly note: string;
  /** Resolves with the reason when the device that it runs on is lost; the student can't be used any more. */
  readonly lost: Promise<string>;
}

/**
 * @param lostBefore why the GPU was lost on this visit, if it was: it isn't used again
 * Codes: STUDENT_NOT_HERE, SHIPPED_…, SELF_TEST_…, DEVICE_WRONG, and those of openPocket.
 */
export async function openPocketStudent(
  page: PageAddress,
  wish: DeviceWish,
  lostBefore?: string,
): Promise<Result<OpenedPocket>> {
  const shipped = await shippedFiles(page);
  if (!shipped.ok) return shipped;
  const find = (name: string) => shipped.value.find(({ path }) => path === FOLDER + name);
  const model = MODELS.map(find).find((file) => file !== undefined);
  const weights = find('model.safetensors');
  const [config, tokenizer, test] = [find('config.json'), find('tokenizer.json'), find('self-test.json')];
  if (model === undefined || config === undefined || tokenizer === undefined) {
    return refuse(
      'STUDENT_NOT_HERE',
      'This build of the page holds no pocket student yet; choose another player.',
    );
  }
  const [configText, tokenizerText, stored] = await Promise.all([
    readText(page, config),
    readText(page, tokenizer),
    test === undefined ? undefined : readSelfTest(page, test),
  ]);
  if (!configText.ok) return configText;
  if (!tokenizerText.ok) return tokenizerText;
  if (stored !== undefined && !stored.ok) return stored;

  let lose: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const loaders: Readonly<Record<Device, LoadRuntime>> = {
    kernels: async (shape) => {
      if (weights === undefined)
        return refuse('STUDENT_NOT_HERE', "this build doesn't hold its weights as they need them.");
      const bytes = await readChecked(page, weights);
      return bytes.ok ? loadKernels(bytes.value, shape, messageTurns(now)) : bytes;
    },
    wasm: (shape) => onOnnx('wasm', shape),
    webgpu: (shape) => onOnnx('webgpu', shape),
  };
  const onOnnx = async (device: 'wasm' | 'webgpu', shape: Qwen3Config): Promise<Result<Runtime>> => {
    const paths = runtimePaths(page, device);
    const bytes = await readChecked(page, model);
    if (!bytes.ok) return bytes;
    // Opening on a GPU has a limit as a whole.
    if (device === 'webgpu') {
      return loadOnnxWeb(bytes.value, shapeOf(shape), { device, wasm: paths, onLost: lose });
    }
    // Fetched here: ONNX Runtime itself waits for ever for a host that stands still.
    const wasm = await readShipped(page, paths.wasm);
    if (!wasm.ok) return wasm;
    return loadOnnxWeb(bytes.value, shapeOf(shape), { device, wasm: paths, wasmBinary: wasm.value.buffer });
  };
  const openOn = async (device: Device): Promise<Result<Student>> => {
    let runtime: Runtime | undefined;
    const student = await openPocket(
      { name: 'pocket', weights: model.sha256 },
      { config: configText.value, tokenizer: tokenizerText.value },
      async (shape) => {
        const loaded = await loaders[device](shape);
        if (loaded.ok) runtime = loaded.value;
        return loaded;
      },
      now,
    );
    if (!student.ok || runtime === undefined) return student;
    if (stored === undefined) return student;
    const passed = await passesSelfTest(runtime, stored.value, device === 'webgpu' ? 2 : 8);
    if (passed.ok) return student;
    await student.value.dispose();
    return passed;
  };
  const onProcessor = async (why: string): Promise<Result<OpenedPocket>> => {
    const student = await openOn('kernels');
    if (student.ok) return ok({ student: student.value, note: why, lost });
    const fallen = await openOn('wasm');
    const note = `${why} ONNX Runtime plays it, since the page's own kernels didn't work: ${student.error.message}`;
    return fallen.ok ? ok({ student: fallen.value, note, lost }) : fallen;
  };

  if (lostBefore !== undefined)
    return onProcessor(
      `It runs on the CPU, since the GPU was lost (${lostBefore}). Reload the page to try it again.`,
    );
  const choice = await chooseDevice(wish, stored !== undefined);
  if (choice.device === 'processor') return onProcessor(choice.note);
  const opening = openOn('webgpu');
  try {
    const student = await within(OPENING_PATIENCE, 'The GPU', opening);
    if (student.ok) return ok({ student: student.value, note: choice.note, lost });
    return onProcessor(withoutGpu(student.error.message));
  } catch (error) {
    // Should it come after all, nobody waits for it any more.
    void opening.then((late) => (late.ok ? late.value.dispose() : undefined)).catch(() => {});
    return onProcessor(withoutGpu(reasonOf(error)));
  }
}

/** What can compute it: the page's own kernels, or ONNX Runtime on the CPU or on WebGPU. */
type Device = 'kernels' | 'wasm' | 'webgpu';

interface Choice {
  readonly device: 'processor' | 'webgpu';
  readonly note: string;
}

/** Milliseconds for loading and testing the model there: shaders are compiled, on a software adapter for long. */
const OPENING_PATIENCE = 120_000;

/** The largest tensors are far smaller; a device below this is none that the standard knows. */
const BINDING_NEEDED = 64_000_000;

/** WebGPU only where somebody wants it: its hundred dispatches a token take longer than the whole token does here. */
async function chooseDevice(wish: DeviceWish, tested: boolean): Promise<Choice> {
  if (wish === 'wasm') return { device: 'processor', note: 'It runs on the CPU, as you chose.' };
  if (wish === 'auto') {
    const note = 'It runs on the CPU: a student this small is faster there than through WebGPU.';
    return { device: 'processor', note };
  }
  const adapter = await askForAdapter().catch(reasonOf);
  if (typeof adapter === 'string') return { device: 'processor', note: withoutGpu(adapter) };
  if (adapter === null) {
    return {
      device: 'processor',
      note: 'It runs on the CPU: this browser offers no WebGPU. A newer browser, or one with hardware acceleration switched on, may.',
    };
  }
  if (!tested) {
    return {
      device: 'processor',
      note: 'It runs on the CPU: this build holds no stored figures to test a GPU with.',
    };
  }
  const binding = adapter.limits.maxStorageBufferBindingSize;
  if (binding < BINDING_NEEDED) {
    return {
      device: 'processor',
      note: `It runs on the CPU: the GPU hands out ${Math.floor(binding / 1e6)} MB at a time, and the student needs ${BINDING_NEEDED / 1e6}. A newer browser or GPU driver may allow more.`,
    };
  }
  const against = await expectDevice(adapter).catch(reasonOf);
  if (against !== undefined) return { device: 'processor', note: withoutGpu(against) };
  return { device: 'webgpu', note: 'It runs on the GPU, through WebGPU.' };
}

function withoutGpu(why: string): string {
  return `It runs on the CPU, since WebGPU didn't work: ${why}`;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.endsWith('.') ? message : `${message}.`;
}

async function readSelfTest(page: PageAddress, file: ShippedFile): Promise<Result<SelfTest>> {
  const text = await readText(page, file);
  return text.ok ? parseSelfTest(text.value) : text;
}

async function readText(page: PageAddress, file: ShippedFile): Promise<Result<string>> {
  const bytes = await readChecked(page, file);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}
