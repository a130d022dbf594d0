/** Bad checkpoints and adapters: each ends with 3 and one sentence that names the tensor or file, and leaves nothing. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../testing/run-here.ts';
import { shape, writeSyntheticAdapter, writeSyntheticModel } from '../testing/synthetic-model.ts';
import { WEIGHT_MAP_NAME } from '../weights/weight-map.ts';

const SIZES = shape({ vocabSize: 600, hiddenSize: 64, headDim: 16, layers: 1, intermediateSize: 32 });
const QUERY = 'model.layers.0.self_attn.q_proj.weight';
const LORA = 'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'duomem-refusals-'));
  writeSyntheticModel(join(root, 'base'), SIZES, { seed: 1, dtype: 'BF16', shardBytes: 60_000 });
  writeSyntheticAdapter(join(root, 'adapter'), SIZES, { rank: 4, alpha: 8, seed: 1 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Fields = Readonly<Record<string, unknown>>;

/** A folder of weights that can be spoilt. */
class Folder {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  remove(name: string): void {
    rmSync(join(this.path, name));
  }
  json(name: string, change: (fields: Fields) => Fields): void {
    const path = join(this.path, name);
    const fields = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify(change(fields)));
  }
  text(name: string, content: string): void {
    writeFileSync(join(this.path, name), content);
  }
  /** The file that holds a tensor. */
  holder(tensor: string): string {
    const found = this.weights().find((name) => readFileSync(join(this.path, name)).includes(`"${tensor}"`));
    if (found === undefined) throw new Error(`${tensor} is nowhere`);
    return found;
  }
  weights(): string[] {
    return readdirSync(this.path).filter((name) => name.endsWith('.safetensors'));
  }
  /** Puts a tensor into another file, as far as the index knows. */
  index(tensor: string, file: (there: unknown) => unknown): void {
    this.json(WEIGHT_MAP_NAME, (index) => {
      const map = index.weight_map as Fields;
      return { ...index, weight_map: { ...map, [tensor]: file(map[tensor]) } };
    });
  }
  /** Replaces text in a header by text of the same length. */
  header(tensor: string, from: string | RegExp, to: string): void {
    this.bytes(this.holder(tensor), (bytes) => {
      const length = Number(bytes.readBigUInt64LE());
      const text = bytes.toString('latin1', 8, 8 + length);
      const at = text.indexOf(`"${tensor}"`);
      const changed = text.slice(0, at) + text.slice(at).replace(from, to);
      expect(changed).not.toBe(text);
      bytes.write(changed.padEnd(length).slice(0, length), 8, 'latin1');
    });
  }
  bytes(name: string, change: (bytes: Buffer) => unknown): void {
    const path = join(this.path, name);
    const bytes = readFileSync(path);
    const changed = change(bytes);
    writeFileSync(path, changed instanceof Buffer ? changed : bytes);
  }
  /** Overwrites one number of a tensor. */
  value(tensor: string, index: number, write: (bytes: Buffer, at: number) => void, size = 2): void {
    this.bytes(this.holder(tensor), (bytes) => {
      const length = Number(bytes.readBigUInt64LE());
      const info = JSON.parse(bytes.toString('utf8', 8, 8 + length))[tensor];
      write(bytes, 8 + length + info.data_offsets[0] + size * index);
    });
  }
}

const bf16 = (bits: number) => (bytes: Buffer, at: number) => void bytes.writeUInt16LE(bits, at);
const f32 = (x: number) => (bytes: Buffer, at: number) => void bytes.writeFloatLE(x, at);

async function refusal(
  command: 'convert' | 'merge',
  spoil: (base: Folder, adapter: Folder) => void,
  quantization = 'q4f16_1',
): Promise<string> {
  const scene = mkdtempSync(join(root, 'scene-'));
  const base = new Folder(join(scene, 'base'));
  const adapter = new Folder(join(scene, 'adapter'));
  cpSync(join(root, 'base'), base.path, { recursive: true });
  cpSync(join(root, 'adapter'), adapter.path, { recursive: true });
  spoil(base, adapter);
  const out = join(scene, 'new', 'out');
  const words = [command, '--base', base.path, '--adapter', adapter.path, '--out', out];
  const outcome = await runHere(command === 'convert' ? [...words, '--quantization', quantization] : words);
  expect(outcome.exit).toBe(3);
  expect(readdirSync(scene).sort()).toEqual(['adapter', 'base']);
  const message = outcome.message ?? '';
  expect(message).toMatch(/^[^\n]+\.$/);
  rmSync(scene, { recursive: true });
  return message.replaceAll(`${scene}/`, '');
}

type Spoil = (base: Folder, adapter: Folder) => void;
const CASES: readonly (readonly [what: string, spoil: Spoil, message: RegExp])[] = [
  ['no config.json', (base) => base.remove('config.json'), /^base\/config\.json: .*no such file/],
  [
    'another architecture',
    (base) => base.json('config.json', (c) => ({ ...c, model_type: 'llama' })),
    /config\.json, model_type: The model is not a Qwen3\./,
  ],
  [
    'biases',
    (base) => base.json('config.json', (c) => ({ ...c, attention_bias: true })),
    /attention_bias is not supported/,
  ],
  [
    'a config that is no text',
    (base) => base.bytes('config.json', () => Buffer.from([0xff, 0xfe])),
    /config\.json: The file is not UTF-8 text\./,
  ],
  [
    'nesting without end',
    (base) => base.text('config.json', '['.repeat(5e6)),
    /config\.json: config\.json is not JSON\./,
  ],
  [
    'more layers than there are',
    (base) => base.json('config.json', (c) => ({ ...c, num_hidden_layers: 2 })),
    /^model\.layers\.1\.input_layernorm\.weight: The checkpoint in base lacks this tensor\.$/,
  ],
  [
    'fewer layers than there are',
    (base) => base.json('config.json', (c) => ({ ...c, vocab_size: 599 })),
    /model\.embed_tokens\.weight: The tensor is 600 x 64, but must be 599 x 64\.$/,
  ],
  [
    'an untied head that is missing',
    (base) => base.json('config.json', (c) => ({ ...c, tie_word_embeddings: false })),
    /^lm_head\.weight: The checkpoint in base lacks/,
  ],
  [
    'a tensor of another model',
    (base) => {
      base.header(QUERY, 'self_attn.q_proj.weight', 'self_attn.q_proj.we1ght');
      base.text(
        WEIGHT_MAP_NAME,
        readFileSync(join(base.path, WEIGHT_MAP_NAME), 'utf8').replace('q_proj.weight', 'q_proj.we1ght'),
      );
    },
    /safetensors, model\.layers\.0\.self_attn\.q_proj\.we1ght: A Qwen3 of this configuration has no such tensor\./,
  ],
  [
    'whole numbers',
    (base) => base.header(QUERY, '"BF16"', '"I16" '),
    /safetensors, .*q_proj\.weight: The tensor holds I16/,
  ],
  ['no tokenizer', (base) => base.remove('tokenizer.json'), /^base: The folder holds no tokenizer\.json/],
  [
    'a tokenizer that is no JSON',
    (base) => base.text('tokenizer.json', '{'),
    /tokenizer\.json is not a JSON object/,
  ],

  [
    'an index that is no JSON',
    (base) => base.text(WEIGHT_MAP_NAME, '{'),
    /index\.json: .*holds no weight_map/,
  ],
  [
    'an index that leads out',
    (base) => base.index(QUERY, () => '../../etc/x.safetensors'),
    /index\.json, .*q_proj\.weight: The index must name a \.safetensors file in the same folder\./,
  ],
  [
    'an index that leads to another kind of file',
    (base) => base.index(QUERY, () => 'config.json'),
    /The index must name a \.safetensors file/,
  ],
  [
    'an index of a missing file',
    (base) => base.remove(base.holder(QUERY)),
    /^base\/model-0000\d-of-0000\d\.safetensors: .*no such file/,
  ],
  [
    'an index that puts a tensor elsewhere',
    (base) => base.index(QUERY, (there) => base.weights().find((name) => name !== there)),
    /q_proj\.weight: The (index puts this tensor elsewhere|file lacks this tensor, which the index puts there)\./,
  ],

  [
    'an empty file',
    (base) => base.bytes(base.holder(QUERY), () => Buffer.alloc(0)),
    /safetensors: The file is shorter than its header\./,
  ],
  [
    'a file that was cut',
    (base) => base.bytes(base.holder(QUERY), (bytes) => bytes.subarray(0, -1)),
    /safetensors: The file is cut off: it has (\d+) bytes, and should have \d+\.$/,
  ],
  [
    'a header beyond the file',
    (base) => base.bytes(base.holder(QUERY), (bytes) => void bytes.writeBigUInt64LE(9_000_000n)),
    /The file is shorter than its header\./,
  ],
  [
    'an enormous header',
    (base) => base.bytes(base.holder(QUERY), (bytes) => void bytes.writeBigUInt64LE(2n ** 63n)),
    /The header is longer than/,
  ],
  [
    'tensors that overlap',
    (base) => base.header(QUERY, /"data_offsets":\[\d/, '"data_offsets":[9'),
    /safetensors, [^:]+: (dtype, shape and offsets|The tensors do not fill)/,
  ],

  [
    'no adapter_config.json',
    (_, adapter) => adapter.remove('adapter_config.json'),
    /^adapter\/adapter_config\.json: .*no such file/,
  ],
  [
    'another kind of adapter',
    (_, adapter) => adapter.json('adapter_config.json', (c) => ({ ...c, use_dora: true })),
    /use_dora: DoRA adapters can not be merged/,
  ],
  [
    'an adapter of whole modules',
    (_, adapter) => adapter.json('adapter_config.json', (c) => ({ ...c, modules_to_save: ['lm_head'] })),
    /modules_to_save: Adapters that change more/,
  ],
  [
    'a rank that does not fit',
    (_, adapter) => adapter.json('adapter_config.json', (c) => ({ ...c, r: 8 })),
    /lora_A\.weight: The tensor is 4 x 64, but must be 8 x 64\.$/,
  ],
  [
    'an adapter without its weights',
    (_, adapter) => adapter.remove('adapter_model.safetensors'),
    /^adapter\/adapter_model\.safetensors: .*no such file/,
  ],
  [
    'an adapter of a larger model',
    (_, adapter) =>
      writeSyntheticAdapter(adapter.path, { ...SIZES, layers: 2 }, { rank: 4, alpha: 8, seed: 1 }),
    /layers\.1\..*lora_A\.weight: This tensor belongs to no matrix of the base model\./,
  ],
  [
    'an adapter of a wider model',
    (_, adapter) =>
      writeSyntheticAdapter(adapter.path, { ...SIZES, hiddenSize: 96 }, { rank: 4, alpha: 8, seed: 1 }),
    /lora_A\.weight: The tensor is 4 x 96, but must be 4 x 64\.$/,
  ],
  [
    'an adapter with half a pair',
    (_, adapter) => adapter.header(LORA, 'lora_B.weight', 'lora_C.weight'),
    /lora_C\.weight: This tensor belongs to no matrix|lora_B\.weight: The file lacks/,
  ],

  [
    'NaN',
    (base) => base.value(QUERY, 64 * 3 + 5, bf16(0x7fc1)),
    /^model\.layers\.0\.self_attn\.q_proj\.weight: The tensor holds an infinite or undefined value at row 3, column 5\.$/,
  ],
  [
    'infinity',
    (base) => base.value('model.norm.weight', 7, bf16(0xff80)),
    /^model\.norm\.weight: .* at row 0, column 7\.$/,
  ],
  [
    'NaN in the adapter',
    (_, adapter) => adapter.value(LORA, 9, f32(Number.NaN), 4),
    /^lora_B of model\.layers\.0\.self_attn\.q_proj\.weight: .* at row 2, column 1\.$/,
  ],
  [
    'an adapter that overflows',
    (_, adapter) => {
      for (let i = 0; i < 4; i++) adapter.value(LORA, i, f32(3e38), 4);
      adapter.value(LORA.replace('lora_B', 'lora_A'), 0, f32(3e38), 4);
    },
    /^model\.layers\.0\.self_attn\.q_proj\.weight with the adapter: .* at row 0, column 0\.$/,
  ],
];

const ONLY_CONVERT = new Set(['no tokenizer', 'a tokenizer that is no JSON']);

describe('convert refuses', () => {
  it.each(CASES)('%s', async (_, spoil, message) => {
    expect(await refusal('convert', spoil)).toMatch(message);
  });

  it('weights that f16 can not hold, and takes them in f32', async () => {
    const spoil: Spoil = (base) => base.value('model.layers.0.mlp.up_proj.weight', 64 * 2 + 1, bf16(0x4780));
    expect(await refusal('convert', spoil)).toBe(
      'model.layers.0.mlp.up_proj.weight: The value at row 2, column 1 is too large for f16.',
    );
    expect(await refusal('convert', spoil, 'q0f16')).toMatch(/too large for f16/);
    await expect(refusal('convert', spoil, 'q4f32_1')).rejects.toThrow(/expected \+?0 to be 3/);
  });
});

describe('merge refuses', () => {
  it.each(CASES.filter(([what]) => !ONLY_CONVERT.has(what)))('%s', async (_, spoil, message) => {
    expect(await refusal('merge', spoil)).toMatch(message);
  });
});

it('the same folders are taken as they are', async () => {
  const out = join(root, 'whole');
  const words = ['--base', join(root, 'base'), '--adapter', join(root, 'adapter'), '--out', out];
  expect(await runHere(['convert', ...words, '--quantization', 'q4f16_1'])).toMatchObject({ exit: 0 });
  expect(existsSync(join(out, 'manifest.json'))).toBe(true);
});
