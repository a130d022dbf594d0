/** Students as the benchmark opens them: every part of the opening timed, nothing kept from an earlier one. */

import { ok, type Result, refuse } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import type { LoadReport, LoadRequest } from '../bench/host.ts';
import {
  type ModelCost,
  modelCost,
  runtimeSpeed,
  type Speed,
  type SpeedRequest,
  speedOfReplies,
} from '../bench/student-speed.ts';
import { readModels } from '../storage/models-db.ts';
import { loadGpu } from '../students/pocket/gpu-runtime.ts';
import { openKernelRuntime } from '../students/pocket/kernel-runtime.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { loadOnnxWeb } from '../students/pocket/onnx-web.ts';
import { type LoadRuntime, openPocket } from '../students/pocket/open.ts';
import { type Runtime, shapeOf } from '../students/pocket/runtime.ts';
import { parseSelfTest, runSelfTest } from '../students/pocket/self-test.ts';
import type { Student } from '../students/student.ts';
import { parseQwen3Config } from '../weights/qwen3.ts';
import { MlcStudents } from './mlc.ts';
import { type PageAddress, readChecked, runtimePaths, type ShippedFile, shippedFiles } from './shipped.ts';

/** A student that can be measured, whatever runs it. */
export interface MeasuredStudent {
  readonly student: Student;
  readonly cost: ModelCost;
  /** Whether a prompt is read in passes of CHUNK tokens, so that the work of a task is known. */
  readonly chunked: boolean;
  speed(request: SpeedRequest): Promise<Result<Speed>>;
}

interface TimedStudent {
  readonly measured: MeasuredStudent;
  readonly report: LoadReport;
}

/** Codes: STUDENT_NOT_HERE, SHIPPED_…, SELF_TEST_…, and those of openPocket. */
export function openMeasured(
  page: PageAddress,
  request: LoadRequest,
  now: () => number,
): Promise<Result<TimedStudent>> {
  switch (request.subject) {
    case 'pocket/kernels':
      return openPocketOn('kernels', page, request, now);
    case 'pocket/wasm':
      return openPocketOn('wasm', page, request, now);
    case 'pocket/webgpu':
      return openPocketOn('webgpu', page, request, now);
    default:
      return openLarge(now);
  }
}

/** The 4B student that was fetched under Models; its speed is told by the counters of its replies. */
async function openLarge(now: () => number): Promise<Result<TimedStudent>> {
  const models = await readModels();
  if (!models.ok) return models;
  const students = new MlcStudents();
  for (const model of models.value) {
    const began = now();
    const opened = await students.open(model.id, false);
    if (!opened.ok && opened.error.code === 'STUDENT_NOT_HERE') continue;
    if (!opened.ok) return opened;
    const student = opened.value;
    // As stored: the arithmetic unpacks them on the way.
    const weights = model.files.filter(({ name }) => /params_shard_\d+\.bin$/.test(name));
    const { layers, kvHeads, headDim } = model.shape;
    const bytesOfCache = model.quantization.endsWith('f32') || model.quantization.includes('f32_') ? 4 : 2;
    return ok({
      measured: {
        student,
        cost: {
          weightBytes: weights.reduce((sum, { bytes }) => sum + bytes, 0),
          kvBytesPerToken: bytesOfCache * 2 * layers * kvHeads * headDim,
        },
        chunked: false,
        speed: (request) => speedOfReplies(student, request),
      },
      report: {
        loadSeconds: (now() - began) / 1000,
        selfTestSeconds: undefined,
        weights: sha256Text(`${model.weights} ${model.quantization}`),
      },
    });
  }
  return refuse('STUDENT_NOT_HERE', "The 4B student isn't on this device.");
}

async function openPocketOn(
  device: 'kernels' | 'wasm' | 'webgpu',
  page: PageAddress,
  { cold, selfTestTokens }: LoadRequest,
  now: () => number,
): Promise<Result<TimedStudent>> {
  const began = now();
  const shipped = await shippedFiles(page);
  if (!shipped.ok) return shipped;
  const find = (name: RegExp): ShippedFile | undefined =>
    shipped.value.find(({ path }) => path.startsWith('models/pocket/') && name.test(path));
  const weights = find(device === 'wasm' ? /\.onnx$/ : /\.safetensors$/);
  // What the weights are known by, whatever form of them is read.
  const known = find(/\.onnx$/);
  const found = [/\/config\.json$/, /\/tokenizer\.json$/, /\/self-test\.json$/].map(find);
  const [config, tokenizer, test] = found;
  if (
    weights === undefined ||
    known === undefined ||
    config === undefined ||
    tokenizer === undefined ||
    test === undefined
  ) {
    return refuse('STUDENT_NOT_HERE', 'This build of the page holds no pocket student.');
  }
  const afresh = ({ path, ...rest }: ShippedFile): ShippedFile => ({ ...rest, path: bust(path, cold) });
  const read = await Promise.all(
    [weights, config, tokenizer, test].map((file) => readChecked(page, afresh(file))),
  );
  const [weightBytes, configBytes, tokenizerBytes, testBytes] = read;
  for (const one of read) if (!one.ok) return one;
  if (!weightBytes?.ok || !configBytes?.ok || !tokenizerBytes?.ok || !testBytes?.ok) {
    return refuse('STUDENT_NOT_HERE', "A file of the pocket student couldn't be read.");
  }
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  /** Of the kernels, which have a form of their own for them. */
  let ownWeightBytes: number | undefined;
  const load: LoadRuntime = async (shape) => {
    if (device === 'kernels') {
      const loaded = await openKernelRuntime(weightBytes.value, shape, messageTurns(now));
      if (loaded.ok) ownWeightBytes = loaded.value.weightBytes;
      return loaded;
    }
    if (device === 'webgpu') return loadGpu(weightBytes.value, shape, { now, ...messageTurns(now) });
    const paths = runtimePaths(page);
    const wasm = { mjs: bust(paths.mjs, cold), wasm: bust(paths.wasm, cold) };
    return loadOnnxWeb(weightBytes.value, shapeOf(shape), { wasm });
  };
  let runtime: Runtime | undefined;
  const student = await openPocket(
    { name: 'pocket', weights: known.sha256 },
    { config: text(configBytes.value), tokenizer: text(tokenizerBytes.value) },
    async (shape) => {
      const loaded = await load(shape);
      if (loaded.ok) runtime = loaded.value;
      return loaded;
    },
    now,
  );
  if (!student.ok) return student;
  const ready = now();
  if (runtime === undefined) return refuse('STUDENT_NOT_HERE', 'The pocket student has no runtime.');
  const stored = parseSelfTest(text(testBytes.value));
  if (!stored.ok) return stored;
  const cases = stored.value.cases.slice(0, 1);
  const tested = await runSelfTest(runtime, { ...stored.value, cases }, selfTestTokens);
  if (!tested.ok) return tested;
  if (!tested.value.passed) {
    return refuse('DEVICE_WRONG', "This device computes other numbers than it should; it wasn't measured.");
  }
  const shape = parseQwen3Config(text(configBytes.value));
  if (!shape.ok) return shape;
  const running = runtime;
  return ok({
    measured: {
      student: student.value,
      cost: { ...modelCost(shape.value), ...(ownWeightBytes && { weightBytes: ownWeightBytes }) },
      chunked: true,
      speed: (request) => runtimeSpeed(running, request, now),
    },
    report: {
      loadSeconds: (ready - began) / 1000,
      selfTestSeconds: (now() - ready) / 1000,
      weights: known.sha256,
    },
  });
}

function bust(address: string, cold: string | undefined): string {
  return cold === undefined ? address : `${address}?cold=${cold}`;
}
