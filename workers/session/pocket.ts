/** The pocket student out of the page's own files, tested against stored logits before it may play. */
import { ok, type Result, refuse } from '../../src/engine/result.ts';
import { loadOnnxWeb } from '../../src/students/pocket/onnx-web.ts';
import { openPocket } from '../../src/students/pocket/open.ts';
import type { Runtime } from '../../src/students/pocket/runtime.ts';
import { parseSelfTest, runSelfTest } from '../../src/students/pocket/self-test.ts';
import type { Student } from '../../src/students/student.ts';
import { type PageAddress, readChecked, runtimePaths, shippedFiles } from './shipped.ts';

const FOLDER = 'models/pocket/';
const MODELS = ['model_fp16.onnx', 'model.onnx', 'onnx/model_fp16.onnx', 'onnx/model.onnx'];

/** Codes: STUDENT_NOT_HERE, SHIPPED_…, SELF_TEST_…, DEVICE_WRONG, and those of openPocket. */
export async function openPocketStudent(page: PageAddress): Promise<Result<Student>> {
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
  const [modelBytes, configText, tokenizerText] = await Promise.all([
    readChecked(page, model),
    readText(page, config),
    readText(page, tokenizer),
  ]);
  if (!modelBytes.ok) return modelBytes;
  if (!configText.ok) return configText;
  if (!tokenizerText.ok) return tokenizerText;
  let runtime: Runtime | undefined;
  const student = await openPocket(
    { name: 'pocket', weights: model.sha256 },
    { config: configText.value, tokenizer: tokenizerText.value, model: modelBytes.value },
    async (bytes, shape) => {
      const loaded = await loadOnnxWeb(bytes, shape, { device: 'wasm', wasm: runtimePaths(page) });
      if (loaded.ok) runtime = loaded.value;
      return loaded;
    },
    () => performance.now(),
  );
  if (!student.ok || runtime === undefined || test === undefined) return student;
  const passed = await selfTest(page, test, runtime);
  if (passed.ok) return student;
  await student.value.dispose();
  return passed;
}

async function selfTest(
  page: PageAddress,
  file: Parameters<typeof readChecked>[1],
  runtime: Runtime,
): Promise<Result<true>> {
  const text = await readText(page, file);
  if (!text.ok) return text;
  const stored = parseSelfTest(text.value);
  if (!stored.ok) return stored;
  // One case is enough to show a device that computes wrongly, and warms the code up on the way.
  const result = await runSelfTest(runtime, { ...stored.value, cases: stored.value.cases.slice(0, 1) }, 8);
  if (!result.ok) return result;
  if (result.value.passed) return ok(true);
  return refuse(
    'DEVICE_WRONG',
    `This device computes other numbers than it should (off by ${result.value.largestDifference.toFixed(2)}), so the student will not play on it.`,
  );
}

async function readText(page: PageAddress, file: Parameters<typeof readChecked>[1]): Promise<Result<string>> {
  const bytes = await readChecked(page, file);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}
