import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';
import { shape, writeSyntheticModel } from '../testing/synthetic-model.ts';
import { verifyFolder } from './converting/verify-folder.ts';

const SIZES = shape({ vocabSize: 600, hiddenSize: 32, headDim: 8, layers: 1, intermediateSize: 32 });

const root = temporaryFolder();
const whole = join(root, 'whole');
let folder = '';
beforeAll(async () => {
  writeSyntheticModel(join(root, 'base'), SIZES, { seed: 1, dtype: 'BF16', shardBytes: 20_000 });
  const words = ['convert', '--base', join(root, 'base'), '--quantization', 'q4f16_1', '--out', whole];
  expect((await runHere(words)).exit).toBe(0);
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'copy-'));
  cpSync(whole, folder, { recursive: true });
});

/** What verify says: the codes by file, `refused` where it can't read the manifest. */
async function problems(): Promise<Record<string, string> | 'refused'> {
  const verified = await verifyFolder(folder);
  return verified.ok
    ? Object.fromEntries(verified.value.problems.map(({ path, code }) => [path, code]))
    : 'refused';
}

it('finds nothing wrong with what was written', async () => {
  expect(await problems()).toEqual({});
});

it('finds every bit that is flipped, in whatever file', async () => {
  const names = readdirSync(folder);
  const place = fc.record({ name: fc.constantFrom(...names), where: fc.nat({ max: 2 ** 30 }) });
  await fc.assert(
    fc.asyncProperty(place, async ({ name, where }) => {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      const bit = where % (8 * bytes.length);
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      writeFileSync(path, flipped);
      const found = await problems();
      writeFileSync(path, bytes);
      if (name === 'manifest.json') expect(found).toBe('refused');
      else expect(found).toEqual({ [name]: 'CHANGED' });
    }),
    { numRuns: 300 },
  );
  expect(await problems()).toEqual({});
});

it('finds missing, truncated, grown and empty files', async () => {
  rmSync(join(folder, 'tokenizer.json'));
  truncateSync(join(folder, 'params_shard_0.bin'), 100);
  writeFileSync(
    join(folder, 'mlc-chat-config.json'),
    `${readFileSync(join(folder, 'mlc-chat-config.json'))} `,
  );
  truncateSync(join(folder, 'tensor-cache.json'), 0);
  expect(await problems()).toEqual({
    'tokenizer.json': 'MISSING',
    'params_shard_0.bin': 'SIZE',
    'mlc-chat-config.json': 'SIZE',
    'tensor-cache.json': 'SIZE',
  });
});

it('finds extra files, in folders too', async () => {
  writeFileSync(join(folder, 'params_shard_9.bin'), '');
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  writeFileSync(join(folder, 'deep', 'er', '.hidden'), 'x');
  expect(await problems()).toEqual({ 'params_shard_9.bin': 'EXTRA', 'deep/er/.hidden': 'EXTRA' });
});

it("finds what isn't a file, and follows no link", async () => {
  renameSync(join(folder, 'params_shard_0.bin'), join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), join(folder, 'params_shard_0.bin'));
  rmSync(join(folder, 'tokenizer.json'));
  mkdirSync(join(folder, 'tokenizer.json'));
  expect(await problems()).toEqual({ 'params_shard_0.bin': 'NOT_A_FILE', 'tokenizer.json': 'NOT_A_FILE' });
});

it('tells swapped files from changed ones', async () => {
  // Files of one size: the shards of keys and values, where each tensor has its own.
  writeSyntheticModel(join(root, 'split'), SIZES, { seed: 1, dtype: 'BF16', shardBytes: 1 });
  rmSync(folder, { recursive: true });
  expect((await runHere(['merge', '--base', join(root, 'split'), '--out', folder])).exit).toBe(0);
  const holder = (tensor: string): string =>
    readdirSync(folder).find(
      (name) => name.endsWith('rs') && readFileSync(join(folder, name)).includes(tensor),
    ) ?? '';
  const [a, b] = [holder('self_attn.k_proj'), holder('self_attn.v_proj')];
  expect(readFileSync(join(folder, a)).length).toBe(readFileSync(join(folder, b)).length);
  renameSync(join(folder, a), join(folder, 'x'));
  renameSync(join(folder, b), join(folder, a));
  renameSync(join(folder, 'x'), join(folder, b));
  expect(await problems()).toEqual({ [a]: 'SWAPPED', [b]: 'SWAPPED' });
});

it('ends with 1 and a line for each file, or with 3 where the manifest is useless', async () => {
  truncateSync(join(folder, 'params_shard_0.bin'), 1);
  expect(await runHere(['verify', '--model', folder])).toMatchObject({
    exit: 1,
    message: "1 of the folder's files aren't as they were written.",
    result: {
      model: 'whole',
      quantization: 'q4f16_1',
      problems: [{ path: 'params_shard_0.bin', code: 'SIZE' }],
    },
  });
  writeFileSync(join(folder, 'manifest.json'), '{}');
  expect(await runHere(['verify', '--model', folder])).toMatchObject({
    exit: 3,
    message: expect.stringMatching(/manifest\.json, format: /),
  });
  rmSync(folder, { recursive: true });
  expect((await runHere(['verify', '--model', folder])).exit).toBe(3);
});
