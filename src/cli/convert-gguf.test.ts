// A GGUF file in the place of a Hugging Face folder: what transformers reads of it, and nothing else, comes out.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';
import { writeSyntheticAdapter } from '../testing/synthetic-model.ts';
import { words } from '../testing/words.ts';
import answers from '../weights/fixtures/gguf/answers.json' with { type: 'json' };
import { parseManifest } from '../weights/manifest.ts';
import { parseQwen3Config } from '../weights/qwen3.ts';
import { Safetensors } from '../weights/safetensors.ts';

const TINY = fileURLToPath(new URL('../weights/fixtures/gguf/tiny-llama.gguf', import.meta.url));
const root = temporaryFolder();
const folder = (name: string): string => join(root, name);
beforeAll(async () => {
  const merge = words`merge --base ${TINY} --storage f32 --out ${folder('plain')}`;
  expect(await runHere(merge)).toMatchObject({ exit: 0 });
});

it("merges to transformers' weights in f32, with configuration, tokenizer and template", async () => {
  const bytes = readFileSync(join(folder('plain'), 'model.safetensors'));
  const file = unwrap(Safetensors.parse(bytes));
  const digests = [...file.header.tensors].map(([name, { begin, end, dtype }]) => {
    expect(dtype).toBe('F32');
    return [name, createHash('sha256').update(bytes.subarray(begin, end)).digest('hex')];
  });
  expect(Object.fromEntries(digests)).toEqual(answers.weights);
  const text = (name: string) => JSON.parse(readFileSync(join(folder('plain'), name), 'utf8'));
  expect(text('config.json')).toMatchObject({
    model_type: 'llama',
    head_dim: 16,
    rope_theta: 500,
    eos_token_id: 2,
  });
  expect(text('tokenizer_config.json')).toMatchObject({
    eos_token: '<|im_end|>',
    chat_template: expect.stringContaining('im_start'),
  });
  expect(text('tokenizer.json').model.merges[0]).toEqual(['t', 'h']);
  expect(text('manifest.json').architecture).toBe('llama');
  expect((await runHere(['verify', '--model', folder('plain')])).exit).toBe(0);
});

it.each(['q4f16_1', 'q0f32'])(
  'converts with an adapter to %s as its own merged folder does',
  async (quantization) => {
    const config = unwrap(parseQwen3Config(readFileSync(join(folder('plain'), 'config.json'), 'utf8')));
    writeSyntheticAdapter(folder('adapter'), config, { rank: 4, alpha: 8, seed: 3 });
    const outs = [TINY, folder('plain')].map((base, i) => ({ base, out: folder(`${quantization}-${i}`) }));
    for (const { base, out } of outs) {
      const weights = words`--base ${base} --adapter ${folder('adapter')} --quantization ${quantization}`;
      expect(await runHere(words`convert ${weights} --out ${out}`)).toMatchObject({ exit: 0 });
      const manifest = unwrap(parseManifest(readFileSync(join(out, 'manifest.json'), 'utf8')));
      expect(manifest.architecture).toBe('llama');
    }
    const [one, other] = outs.map(({ out }) => out) as [string, string];
    for (const name of readdirSync(one).filter((each) => each !== 'manifest.json'))
      expect(readFileSync(join(one, name)).equals(readFileSync(join(other, name)))).toBe(true);
  },
);

it('writes the same ONNX file as from the folder', async () => {
  for (const [i, base] of [TINY, folder('plain')].entries()) {
    const merge = words`merge --base ${base} --format onnx --storage f32 --out ${folder(`onnx-${i}`)}`;
    expect(await runHere(merge)).toMatchObject({ exit: 0 });
  }
  const [one, other] = [0, 1].map((i) => readFileSync(join(folder(`onnx-${i}`), 'model.onnx')));
  expect(one?.equals(other as Buffer)).toBe(true);
});

it('that is cut off is refused, and nothing is left behind', async () => {
  writeFileSync(folder('cut.gguf'), readFileSync(TINY).subarray(0, 40_000));
  const outcome = await runHere(['merge', '--base', folder('cut.gguf'), '--out', folder('never')]);
  expect(outcome).toMatchObject({ exit: 3, message: expect.stringContaining('cut off') });
  expect(readdirSync(root)).not.toContain('never');
});

it('is told from its folder, and may have its name in capitals', async () => {
  for (const name of ['alone', 'beside']) {
    mkdirSync(folder(name));
    cpSync(TINY, join(folder(name), 'MODEL.GGUF'));
  }
  cpSync(join(folder('plain'), 'config.json'), join(folder('beside'), 'config.json'));
  for (const name of ['alone', 'beside'])
    for (const format of ['safetensors', 'onnx']) {
      const merge = words`merge --base ${folder(name)} --format ${format} --out ${folder('never')}`;
      expect(await runHere(merge)).toMatchObject({
        exit: 3,
        message: `${join(folder(name), 'MODEL.GGUF')}: This is a GGUF file; give the file itself in place of its folder.`,
      });
      const file = words`merge --base ${join(folder(name), 'MODEL.GGUF')} --format ${format}`;
      expect(await runHere([...file, '--out', folder(`${name}-${format}`)])).toMatchObject({ exit: 0 });
    }
});
