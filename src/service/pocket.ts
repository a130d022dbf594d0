/** The pocket student out of the page's own files, tested against stored logits before it may play. */
import { ok, type Result, refuse } from '../base/result.ts';
import { loadOnnxWeb } from '../students/pocket/onnx-web.ts';
import { openPocket } from '../students/pocket/open.ts';
import type { Runtime } from '../students/pocket/runtime.ts';
import { parseSelfTest, runSelfTest, type SelfTest } from '../students/pocket/self-test.ts';
import type { Student } from '../students/student.ts';
import { type PageAddress, readChecked, runtimePaths, type ShippedFile, shippedFiles } from './shipped.ts';

const FOLDER = 'models/pocket/';
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
 * @param lostBefore why the graphics device was lost on this visit, if it was: it isn't used again
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
  const [config, tokenizer, test] = [find('config.json'), find('tokenizer.json'), find('self-test.json')];
  if (model === undefined || config === undefined || tokenizer === undefined) {
    return refuse(
      'STUDENT_NOT_HERE',
      'This build of the page holds no pocket student yet; choose another player.',
    );
  }
  const [bytes, configText, tokenizerText, stored] = await Promise.all([
    readChecked(page, model),
    readText(page, config),
    readText(page, tokenizer),
    test === undefined ? undefined : readSelfTest(page, test),
  ]);
  if (!bytes.ok) return bytes;
  if (!configText.ok) return configText;
  if (!tokenizerText.ok) return tokenizerText;
  if (stored !== undefined && !stored.ok) return stored;

  let lose: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const openOn = async (device: 'wasm' | 'webgpu'): Promise<Result<Student>> => {
    let runtime: Runtime | undefined;
    const student = await openPocket(
      { name: 'pocket', weights: model.sha256 },
      { config: configText.value, tokenizer: tokenizerText.value, model: bytes.value },
      async (content, shape) => {
        const loaded = await loadOnnxWeb(content, shape, {
          device,
          wasm: runtimePaths(page, device),
          onLost: lose,
        });
        if (loaded.ok) runtime = loaded.value;
        return loaded;
      },
      () => performance.now(),
    );
    if (!student.ok || runtime === undefined) return student;
    if (stored === undefined) return student;
    const passed = await selfTest(stored.value, runtime, device === 'webgpu' ? 2 : 8);
    if (passed.ok) return student;
    await student.value.dispose();
    return passed;
  };

  const choice =
    lostBefore === undefined
      ? await chooseDevice(wish, stored !== undefined)
      : ({
          device: 'wasm',
          note: `It runs on the processor, since the graphics device was lost (${lostBefore}). Reload the page to try it again.`,
        } as const);
  if (choice.device === 'webgpu') {
    const student = await openOn('webgpu');
    if (student.ok) return ok({ student: student.value, note: choice.note, lost });
    const fallen = await openOn('wasm');
    const note = `It runs on the processor, since WebGPU did not work: ${student.error.message}`;
    return fallen.ok ? ok({ student: fallen.value, note, lost }) : fallen;
  }
  const student = await openOn('wasm');
  return student.ok ? ok({ student: student.value, note: choice.note, lost }) : student;
}

interface Choice {
  readonly device: 'wasm' | 'webgpu';
  readonly note: string;
}

/** The largest tensors are far smaller; a device below this is none that the standard knows. */
const BINDING_NEEDED = 64_000_000;

/** WebGPU's part that is looked at; the types of the platform don't know it yet. */
interface Gpu {
  requestAdapter(): Promise<{
    readonly limits?: { readonly maxStorageBufferBindingSize?: number };
    readonly isFallbackAdapter?: boolean;
    readonly info?: { readonly isFallbackAdapter?: boolean };
  } | null>;
}

async function chooseDevice(wish: DeviceWish, tested: boolean): Promise<Choice> {
  if (wish === 'wasm') return { device: 'wasm', note: 'It runs on the processor, as you chose.' };
  const { gpu } = navigator as { readonly gpu?: Gpu };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter === undefined || adapter === null) {
    return {
      device: 'wasm',
      note: 'It runs on the processor: this browser offers no WebGPU. A newer browser, or one with hardware acceleration switched on, may.',
    };
  }
  if (!tested) {
    return {
      device: 'wasm',
      note: 'It runs on the processor: this build holds no stored figures to test a graphics device with.',
    };
  }
  const binding = adapter.limits?.maxStorageBufferBindingSize ?? Number.POSITIVE_INFINITY;
  if (binding < BINDING_NEEDED) {
    return {
      device: 'wasm',
      note: `It runs on the processor: the graphics device hands out ${Math.floor(binding / 1e6)} MB at a time, and the student needs ${BINDING_NEEDED / 1e6}. A newer browser or graphics driver may allow more.`,
    };
  }
  const software = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  if (software && wish === 'auto') {
    return {
      device: 'wasm',
      note: 'It runs on the processor: the WebGPU of this browser is a program, and slower. It can be chosen all the same.',
    };
  }
  return { device: 'webgpu', note: 'It runs on the graphics device, through WebGPU.' };
}

async function readSelfTest(page: PageAddress, file: ShippedFile): Promise<Result<SelfTest>> {
  const text = await readText(page, file);
  return text.ok ? parseSelfTest(text.value) : text;
}

async function selfTest(stored: SelfTest, runtime: Runtime, tokens: number): Promise<Result<true>> {
  // One case is enough to show a device that computes wrongly, and warms the code up on the way.
  const result = await runSelfTest(runtime, { ...stored, cases: stored.cases.slice(0, 1) }, tokens);
  if (!result.ok) return result;
  if (result.value.passed) return ok(true);
  return refuse(
    'DEVICE_WRONG',
    `This device computes other numbers than it should (off by ${result.value.largestDifference.toFixed(2)}), so the student will not play on it. A newer browser or graphics driver may help.`,
  );
}

async function readText(page: PageAddress, file: ShippedFile): Promise<Result<string>> {
  const bytes = await readChecked(page, file);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}
