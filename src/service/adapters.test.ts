import 'fake-indexeddb/auto';
import { beforeAll, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { changeAdapter, markAdapter, purgeAdapters, readAdapters } from '../storage/adapters-db.ts';
import { type AdapterFiles, formatAdapter } from '../students/practice/adapter-file.ts';
import { readShippedBase, SMALL_SHAPE, smallAdapter } from '../testing/pocket-base.ts';
import { BASE_NAME, BASE_NOTE, exportAdapter, importAdapter } from './adapters.ts';
import { mergeAll, nameWith, openAdapted, type PocketBase } from './pocket-base.ts';

let base: PocketBase;
let files: AdapterFiles;

beforeAll(async () => {
  base = readShippedBase();
  files = await smallAdapter(base, 'boots time');
});

const asFiles = ({ config, weights }: { config: string; weights: Uint8Array<ArrayBuffer> }): File[] => [
  new File([config], 'adapter_config.json'),
  new File([weights], 'adapter_model.safetensors'),
];

test('what was exported comes back as it was, and is switched off', async () => {
  const card = unwrap(await importAdapter(asFiles(files), base));
  expect(card).toMatchObject({ name: 'boots time', rank: 2, on: false, strength: 1 });
  expect(card.chore).toBeUndefined();
  expect(unwrap(await exportAdapter(card.id))).toEqual(files);
  unwrap(await changeAdapter(card.id, { on: true, strength: 0.5, name: 'mine' }));
  expect(unwrap(await readAdapters())).toMatchObject([
    { id: card.id, on: true, strength: 0.5, name: 'mine' },
  ]);
  // Deleted, brought back, deleted for good.
  unwrap(await markAdapter(card.id, true));
  expect(unwrap(await readAdapters())).toEqual([]);
  unwrap(await markAdapter(card.id, false));
  expect(unwrap(await readAdapters())).toMatchObject([{ id: card.id, name: 'mine' }]);
  unwrap(await markAdapter(card.id, true));
  unwrap(await purgeAdapters(card.id));
  unwrap(await markAdapter(card.id, false));
  expect(unwrap(await readAdapters())).toEqual([]);
});

test('its strength goes from the base to the adapter, and a trace tells both', async () => {
  const name = 'model.layers.0.self_attn.q_proj.weight';
  const merged = (strength: number): Float32Array =>
    unwrap(mergeAll(base, [{ name: 'x', base: base.digest, ...files, strength }])).get(name)
      ?.data as Float32Array;
  const plain = base.weights.get(name)?.data as Float32Array;
  expect(merged(0)).toEqual(plain);
  const [half, whole] = [merged(0.5), merged(1)];
  const at = whole.findIndex((x, i) => Math.abs(x - (plain[i] as number)) > 1e-4);
  const step = (of: Float32Array): number => (of[at] as number) - (plain[at] as number);
  expect(step(half) / step(whole)).toBeCloseTo(0.5, 2);
  expect(nameWith([])).toBe('pocket');
  const on = [
    { name: 'boots time', base: base.digest, ...files, strength: 1 },
    { name: 'other', base: base.digest, ...files, strength: 0.5 },
  ];
  const student = unwrap(await openAdapted(base, on));
  expect(student.identity.name).toBe('pocket, practised: boots time, other (50 %)');
  const alone = unwrap(await openAdapted(base, on.slice(0, 1)));
  expect(alone.identity.weights).not.toBe(student.identity.weights);
  await student.dispose();
  await alone.dispose();
});

test('hostile files, and adapters of another model, are refused in words', async () => {
  const refusal = async (given: readonly File[]): Promise<string> => {
    const result = await importAdapter(given, base);
    return result.ok ? 'imported' : result.error.code;
  };
  expect(await refusal(asFiles(files).slice(1))).toBe('ADAPTER_FILES');
  const cut = files.weights.slice(0, files.weights.length - 4);
  expect(await refusal(asFiles({ ...files, weights: cut }))).toBe('SAFETENSORS_LENGTH');
  const bad = files.weights.slice();
  new DataView(bad.buffer).setFloat32(bad.length - 4, Number.NaN, true);
  expect(await refusal(asFiles({ ...files, weights: bad }))).toBe('TENSOR_NOT_FINITE');
  const dora = files.config.replace('"use_dora": false', '"use_dora": true');
  expect(await refusal(asFiles({ ...files, config: dora }))).toBe('ADAPTER_UNSUPPORTED');
  const tensors = new Map([
    ['model.layers.9.self_attn.q_proj', { down: new Float32Array(384), up: new Float32Array(384) }],
  ]);
  const foreign = formatAdapter(SMALL_SHAPE, tensors, BASE_NAME);
  expect(await refusal(asFiles(foreign))).toBe('ADAPTER_TENSOR');
  // The name alone, where a file notes no digest; the digest, where it does.
  expect(await refusal(asFiles(formatAdapter(SMALL_SHAPE, tensors, 'HuggingFaceTB/SmolLM2-135M')))).toBe(
    'ADAPTER_BASE',
  );
  expect(
    await refusal(asFiles(formatAdapter(SMALL_SHAPE, tensors, BASE_NAME, { [BASE_NOTE]: 'f'.repeat(64) }))),
  ).toBe('ADAPTER_BASE');
  expect(unwrap(await readAdapters())).toEqual([]);
});
