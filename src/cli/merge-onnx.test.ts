/** What `duomem merge --format onnx` refuses: the same as the merge to a folder, with nothing written. */
import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';
import { shape, writeSyntheticAdapter, writeSyntheticModel } from '../testing/synthetic-model.ts';
import { WeightFolder } from '../testing/weight-folder.ts';

const SIZES = shape({
  modelType: 'llama',
  vocabSize: 600,
  hiddenSize: 64,
  headDim: 16,
  layers: 1,
  intermediateSize: 32,
});
const UP = 'model.layers.0.mlp.up_proj.weight';
const QUERY = 'model.layers.0.self_attn.q_proj';
const LORA = `base_model.model.${QUERY}.lora_`;

const root = temporaryFolder();
beforeAll(() => {
  writeSyntheticModel(join(root, 'base'), SIZES, { seed: 1, dtype: 'F32', shardBytes: 1e9 });
  writeSyntheticAdapter(join(root, 'adapter'), SIZES, { rank: 4, alpha: 8, seed: 1 });
});

const f32 = (x: number) => (bytes: Buffer, at: number) => void bytes.writeFloatLE(x, at);

interface Scene {
  readonly base: WeightFolder;
  readonly adapter: WeightFolder;
  /** Runs the merge. */
  merge(
    ...words: readonly string[]
  ): Promise<{ readonly exit: number; readonly message?: string | undefined }>;
  /** What is there beside base and adapter. */
  left(): readonly string[];
}

function scene(): Scene {
  const folder = mkdtempSync(join(root, 'scene-'));
  const [base, adapter] = ['base', 'adapter'].map((name) => {
    cpSync(join(root, name), join(folder, name), { recursive: true });
    return new WeightFolder(join(folder, name));
  }) as [WeightFolder, WeightFolder];
  const files = ['--base', base.path, '--adapter', adapter.path, '--out', join(folder, 'out')];
  return {
    base,
    adapter,
    async merge(...words) {
      const { exit, message } = await runHere(['merge', ...files, ...words]);
      return { exit, message: message?.replaceAll(`${folder}/`, '') };
    },
    left: () => readdirSync(folder).filter((name) => name !== 'base' && name !== 'adapter'),
  };
}

/** Puts a tensor of zeros behind the others. */
function addTensor(folder: WeightFolder, name: string, length: number): void {
  folder.bytes('model.safetensors', (bytes) => {
    const head = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + head));
    const data = bytes.subarray(8 + head);
    header[name] = { dtype: 'F32', shape: [length], data_offsets: [data.length, data.length + 4 * length] };
    const text = Buffer.from(JSON.stringify(header));
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([start, text, data, Buffer.alloc(4 * length)]);
  });
}

describe('merge --format onnx', () => {
  it('takes the folders as they are', async () => {
    const { merge, left } = scene();
    expect(await merge('--format', 'onnx')).toMatchObject({ exit: 0 });
    expect(left()).toEqual(['out']);
  });

  it("refuses a weight that f16 can't hold, as the folder does, and takes it in f32", async () => {
    const { base, merge, left } = scene();
    base.value(UP, 64 * 2 + 1, f32(-1e5), 4);
    const message = `${UP}: The value at row 2, column 1 is too large for f16.`;
    expect(await merge('--storage', 'f16')).toEqual({ exit: 3, message });
    expect(await merge('--format', 'onnx')).toEqual({ exit: 3, message: `base, ${message}` });
    expect(left()).toEqual([]);
    expect(await merge('--format', 'onnx', '--storage', 'f32')).toMatchObject({ exit: 0 });
  });

  it.each(['f16', 'f32'])('refuses an adapter that overflows, in %s too', async (storage) => {
    const { adapter, merge, left } = scene();
    for (const letter of 'AB') adapter.value(`${LORA}${letter}.weight`, 0, f32(3e38), 4);
    expect(await merge('--format', 'onnx', '--storage', storage)).toEqual({
      exit: 3,
      message: `adapter/adapter_model.safetensors, ${QUERY}.weight with the adapter: The tensor holds an infinite or undefined value at row 0, column 0.`,
    });
    expect(left()).toEqual([]);
  });

  it('refuses a bias, which it would leave out, as the folder does', async () => {
    const { base, merge, left } = scene();
    addTensor(base, `${QUERY}.bias`, 64);
    const message = `base/model.safetensors, ${QUERY}.bias: A Llama of this configuration has no such tensor.`;
    expect(await merge()).toEqual({ exit: 3, message });
    expect(await merge('--format', 'onnx')).toEqual({ exit: 3, message });
    expect(left()).toEqual([]);
  });

  it('reads a base in shards, to the same file as in one piece', async () => {
    const folder = mkdtempSync(join(root, 'sharded-'));
    const files: Buffer[] = [];
    for (const [name, shardBytes] of [
      ['whole', 1e9],
      ['parts', 40_000],
    ] as const) {
      const [base, out] = [join(folder, name), join(folder, `${name}-out`)];
      writeSyntheticModel(base, SIZES, { seed: 2, dtype: 'BF16', shardBytes });
      const merge = await runHere(['merge', '--base', base, '--format', 'onnx', '--out', out]);
      expect(merge).toMatchObject({ exit: 0 });
      files.push(readFileSync(join(out, 'model_fp16.onnx')));
    }
    expect(readdirSync(join(folder, 'parts'))).toContain('model.safetensors.index.json');
    expect(files[1]?.equals(files[0] as Buffer)).toBe(true);
  });

  it('passes over what a model holds twice', async () => {
    const { base, merge } = scene();
    addTensor(base, 'model.layers.0.self_attn.rotary_emb.inv_freq', 8);
    expect(await merge('--format', 'onnx')).toMatchObject({ exit: 0 });
  });
});
