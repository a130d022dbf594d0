/** The pocket student out of the page's own files, tested against stored logits before it may play. */
import { deferred } from '../base/deferred.ts';
import { ok, type Refusal, type Refused, type Result, refuse } from '../base/result.ts';
import { loadGpu } from '../students/pocket/gpu-runtime.ts';
import { openKernelRuntime } from '../students/pocket/kernel-runtime.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { loadOnnxWeb } from '../students/pocket/onnx-web.ts';
import { type LoadRuntime, openPocket } from '../students/pocket/open.ts';
import { type DeviceSpeeds, replySpeed } from '../students/pocket/reply-speed.ts';
import { type Runtime, shapeOf } from '../students/pocket/runtime.ts';
import { parseSelfTest, passesSelfTest, type SelfTest } from '../students/pocket/self-test.ts';
import type { Student } from '../students/student.ts';
import { afterGpu, type DeviceWish, whereToRun } from './device-choice.ts';
import type { OnDevice } from './held-students.ts';
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

/**
 * @param measured what this device was measured at, if it was
 * @param lostBefore why the GPU was lost on this visit, if it was: it isn't used again
 * Codes: STUDENT_NOT_HERE, SHIPPED_…, SELF_TEST_…, DEVICE_WRONG, and those of openPocket.
 */
export async function openPocketStudent(
  page: PageAddress,
  wish: DeviceWish,
  measured?: DeviceSpeeds,
  lostBefore?: string,
): Promise<Result<OnDevice>> {
  const files = await readFiles(page);
  if (!files.ok) return files;
  const { promise: lost, resolve: lose } = deferred<string>();
  const onProcessor = async (why: string): Promise<Result<OnDevice>> => {
    const opened = await openOn('kernels', page, files.value, lose);
    if (opened.ok) return ok({ student: opened.value.student, note: why, lost });
    const fallen = await openOn('wasm', page, files.value, lose);
    if (!fallen.ok) return neither(opened.error, fallen.error);
    const note = `${why} ONNX Runtime plays it, since the page's own kernels didn't work: ${opened.error.message}`;
    return ok({ student: fallen.value.student, note, lost });
  };
  const { gpu, why } = whereToRun(wish, measured, lostBefore);
  if (!gpu) return onProcessor(why);
  const opened = await openOnGpu(page, files.value, lose);
  if (!opened.ok) return onProcessor(`It runs on the CPU, since WebGPU didn't work: ${opened.error.message}`);
  return ok({ student: opened.value.student, note: why, lost });
}

/** Why the kernels don't play comes first: ONNX Runtime is tried only for that. */
function neither(kernels: Refusal, onnx: Refusal): Refused {
  if (onnx.code === kernels.code) return { ok: false, error: kernels };
  return refuse(kernels.code, `${kernels.message} ONNX Runtime doesn't play it either: ${onnx.message}`);
}

/**
 * How fast the CPU and the GPU of this device are, each by the page's own kernels and only where it computes what it
 * should. Codes: those of {@link openPocketStudent}, GPU_NONE, GPU_FAILED, STUDENT_FAILED.
 */
export async function measureDevices(page: PageAddress): Promise<Result<DeviceSpeeds>> {
  const files = await readFiles(page);
  if (!files.ok) return files;
  const { stored } = files.value;
  if (stored === undefined) return refuse('SELF_TEST_NONE', UNTESTED);
  const speeds: number[] = [];
  for (const open of [openOn.bind(undefined, 'kernels'), openOnGpu]) {
    const opened = await open(page, files.value, () => {});
    if (!opened.ok) return opened;
    const { runtime, student } = opened.value;
    const speed = await replySpeed(runtime, stored, now);
    await student.dispose();
    if (!speed.ok) return speed;
    speeds.push(speed.value);
  }
  const [cpu = 0, gpu = 0] = speeds;
  return ok({ cpu, gpu });
}

/** What can compute it: the page's own kernels on the CPU or on the GPU, or ONNX Runtime. */
type Device = 'kernels' | 'wasm' | 'webgpu';

const UNTESTED = 'this build holds no stored figures to test a GPU with.';

interface PocketParts {
  readonly model: ShippedFile;
  readonly weights: ShippedFile | undefined;
  readonly config: string;
  readonly tokenizer: string;
  readonly stored: SelfTest | undefined;
}

/** All but the weights. */
async function readFiles(page: PageAddress): Promise<Result<PocketParts>> {
  const shipped = await shippedFiles(page);
  if (!shipped.ok) return shipped;
  const find = (name: string) => shipped.value.find(({ path }) => path === FOLDER + name);
  const model = MODELS.map(find).find((file) => file !== undefined);
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
  return ok({
    ...{ model, weights: find('model.safetensors'), stored: stored?.value },
    ...{ config: configText.value, tokenizer: tokenizerText.value },
  });
}

interface Opened {
  readonly student: Student;
  readonly runtime: Runtime;
}

/** Opens it on a device, and tests it there. */
async function openOn(
  device: Device,
  page: PageAddress,
  { model, weights, config, tokenizer, stored }: PocketParts,
  onLost: (reason: string) => void,
): Promise<Result<Opened>> {
  const readWeights = async (): Promise<Result<Uint8Array>> =>
    weights === undefined
      ? refuse('STUDENT_NOT_HERE', "this build doesn't hold its weights as the kernels need them.")
      : readChecked(page, weights);
  const loaders: Readonly<Record<Device, LoadRuntime>> = {
    kernels: async (shape) => {
      const bytes = await readWeights();
      return bytes.ok ? openKernelRuntime(bytes.value, shape, messageTurns(now)) : bytes;
    },
    webgpu: async (shape) => {
      const bytes = await readWeights();
      return bytes.ok ? loadGpu(bytes.value, shape, { now, onLost, ...messageTurns(now) }) : bytes;
    },
    wasm: async (shape) => {
      const paths = runtimePaths(page);
      const bytes = await readChecked(page, model);
      if (!bytes.ok) return bytes;
      // Fetched here: ONNX Runtime itself waits for ever for a host that stands still.
      const wasm = await readShipped(page, paths.wasm);
      if (!wasm.ok) return wasm;
      return loadOnnxWeb(bytes.value, shapeOf(shape), { wasm: paths, wasmBinary: wasm.value.buffer });
    },
  };
  let runtime: Runtime | undefined;
  const student = await openPocket(
    { name: 'pocket', weights: model.sha256 },
    { config, tokenizer },
    async (shape) => {
      const loaded = await loaders[device](shape);
      if (loaded.ok) runtime = loaded.value;
      return loaded;
    },
    now,
  );
  if (!student.ok) return student;
  const opened = { student: student.value, runtime: runtime as unknown as Runtime };
  if (stored === undefined) return ok(opened);
  const passed = await passesSelfTest(opened.runtime, stored, 8);
  if (passed.ok) return ok(opened);
  await student.value.dispose();
  return passed;
}

/** Only what was tested there may play on a GPU. */
async function openOnGpu(
  page: PageAddress,
  files: PocketParts,
  onLost: (reason: string) => void,
): Promise<Result<Opened>> {
  if (files.stored === undefined) return refuse('SELF_TEST_NONE', UNTESTED);
  return afterGpu(openOn('webgpu', page, files, onLost), ({ student }) => student.dispose());
}

async function readSelfTest(page: PageAddress, file: ShippedFile): Promise<Result<SelfTest>> {
  const text = await readText(page, file);
  return text.ok ? parseSelfTest(text.value) : text;
}

async function readText(page: PageAddress, file: ShippedFile): Promise<Result<string>> {
  const bytes = await readChecked(page, file);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}
