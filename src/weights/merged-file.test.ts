// A merged file of the small Llama that the Python package gguf wrote, against the weights that it was made of.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { createKernelRuntime } from '../students/pocket/kernel-runtime.ts';
import { packedWeights } from '../students/smollm2/open.ts';
import { bytesSource } from './byte-source.ts';
import { openGguf } from './gguf/merged.ts';
import { mergedBytes, openMerged, planMerge } from './merged-file.ts';

const FILE = readFileSync(new URL('./fixtures/gguf/tiny-llama.gguf', import.meta.url));
const ORIGIN = { base: 'a'.repeat(64), adapter: 'b'.repeat(64), strength: 0.5 };

async function made(from = 0): Promise<Uint8Array<ArrayBuffer>> {
  const base = unwrap(await openGguf(bytesSource(FILE)));
  const weights = unwrap(base.merged(undefined));
  const plan = unwrap(planMerge(base, weights, ORIGIN));
  const bytes = new Uint8Array(plan.bytes - from);
  let at = 0;
  for await (const piece of mergedBytes(plan, weights, from)) {
    bytes.set(unwrap(piece), at);
    at += unwrap(piece).length;
  }
  expect(at).toBe(bytes.length);
  return bytes;
}

test('goes on from any byte with the bytes that the whole has there', async () => {
  const whole = await made();
  for (const from of [0, 7, 5000, Math.floor(whole.length / 2), whole.length - 1, whole.length])
    expect(Buffer.from(await made(from)).equals(whole.subarray(from))).toBe(true);
});

test('is read into the model that the weights themselves make', async () => {
  const base = unwrap(await openGguf(bytesSource(FILE)));
  const merged = unwrap(await openMerged(bytesSource(await made())));
  expect(merged.config).toEqual(base.config);
  expect(merged.tokenizer.get('tokenizer.json')).toBe(base.tokenizer.get('tokenizer.json'));
  const options = { breathe: async () => {} };
  const logits = [];
  for (const weights of [merged.weights, packedWeights(unwrap(base.merged(undefined)))]) {
    const runtime = unwrap(await createKernelRuntime(base.config, weights, options));
    logits.push((await runtime.extend(runtime.empty(), [5, 9, 2, 7], 1)).logits);
  }
  expect(logits[0]?.some((one) => one !== 0)).toBe(true);
  expect(logits[0]).toEqual(logits[1]);
});

test('another file, another version and a file whose tensors are others are refused', async () => {
  const whole = await made();
  const text = Buffer.from(whole).toString('latin1');
  const changed = (from: string, to: string): Uint8Array => Buffer.from(text.replace(from, to), 'latin1');
  for (const [file, code] of [
    [changed('duomem-panels8', 'duomem-panels9'), 'MERGE_FORMAT'],
    [changed('"version":"1"', '"version":"2"'), 'MERGE_FORMAT'],
    [changed('model.norm.weight', 'model.norn.weight'), 'MERGE_FORMAT'],
    [whole.subarray(0, whole.length - 1), 'SAFETENSORS_LENGTH'],
    [FILE, 'SAFETENSORS_FOREIGN'],
  ] as const)
    expect(await openMerged(bytesSource(file))).toMatchObject({ ok: false, error: { code } });
});
