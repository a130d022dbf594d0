// Which runtime plays a folder's student, and that the choice is told.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unwrap } from '../../base/result.ts';
import { openPocketFolder, POCKET_FOLDER } from './open-pocket.ts';

const ALL = ['config.json', 'tokenizer.json', 'self-test.json', 'model.safetensors', 'model_fp16.onnx'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duomem-pocket-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fill(...names: readonly string[]): Promise<void> {
  for (const name of names) await copyFile(join(POCKET_FOLDER, name), join(folder, name));
}

/** Where the folder's student runs, its weights, and what was warned of. */
async function opened(): Promise<{ device: string; weights: string | undefined; warning: string }> {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const student = unwrap(await openPocketFolder(folder, () => 0));
  await student.dispose();
  const { device = '', weights } = student.identity;
  return { device, weights, warning: warn.mock.calls.map(([message]) => String(message)).join('\n') };
}

test('the kernels play the student that ships, under the name that its ONNX file gives it', async () => {
  await fill(...ALL);
  const both = await opened();
  expect(both).toMatchObject({ device: expect.stringMatching(/^wasm kernels/), warning: '' });
  await rm(join(folder, 'model.safetensors'));
  const onnx = await opened();
  expect(onnx).toEqual({ device: 'onnxruntime-node cpu', weights: both.weights, warning: '' });
});

test('the kernels play what training wrote, without an ONNX file', async () => {
  await fill(...ALL.slice(0, 4));
  expect(await opened()).toMatchObject({ device: expect.stringMatching(/^wasm kernels/), warning: '' });
});

test('an ONNX file of other weights is played as it is, and that is told', async () => {
  await fill(...ALL);
  const bytes = await readFile(join(folder, 'model.safetensors'));
  bytes.writeUInt8((bytes.at(-2) as number) ^ 1, bytes.length - 2);
  await writeFile(join(folder, 'model.safetensors'), bytes);
  const { device, warning } = await opened();
  expect(device).toBe('onnxruntime-node cpu');
  expect(warning).toMatch(/model_fp16\.onnx wasn't made of it/);
});

test('an ONNX file beside damaged safetensors is played, and that is told', async () => {
  await fill(...ALL);
  await writeFile(join(folder, 'model.safetensors'), 'nothing');
  const { device, warning } = await opened();
  expect(device).toBe('onnxruntime-node cpu');
  expect(warning).toMatch(/shorter than its header/);
});

test('kernels that disagree with the stored figures leave the play to ONNX Runtime, and that is told', async () => {
  await fill(...ALL);
  const stored = JSON.parse(await readFile(join(folder, 'self-test.json'), 'utf8'));
  stored.cases[0].greedy[3] = (stored.cases[0].greedy[3] + 1) % 700;
  await writeFile(join(folder, 'self-test.json'), JSON.stringify(stored));
  const { device, warning } = await opened();
  expect(device).toBe('onnxruntime-node cpu');
  expect(warning).toMatch(/computes other numbers .* ONNX Runtime plays instead/);
});

test('where no WebAssembly may run ONNX Runtime plays, and that is told', async () => {
  await fill(...ALL);
  vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(new Error('unsafe-eval'));
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const { device, warning } = await opened();
  expect(device).toBe('onnxruntime-node cpu');
  expect(warning).toMatch(/kernels can't run the model here: unsafe-eval/);
});
