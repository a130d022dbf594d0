/** Bad checkpoints and adapters: each ends with 3 and one sentence that names the tensor or file, and leaves nothing. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';
import { shape, writeSyntheticAdapter, writeSyntheticModel } from '../testing/synthetic-model.ts';
import { WeightFolder } from '../testing/weight-folder.ts';
import { WEIGHT_MAP_NAME } from '../weights/weight-map.ts';

const SIZES = shape({ vocabSize: 600, hiddenSize: 64, headDim: 16, layers: 1, intermediateSize: 32 });
const QUERY = 'model.layers.0.self_attn.q_proj.weight';
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 16\n`;
const LORA = 'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight';

const root = temporaryFolder();
beforeAll(() => {
  writeSyntheticModel(join(root, 'base'), SIZES, { seed: 1, dtype: 'BF16', shardBytes: 60_000 });
  writeSyntheticAdapter(join(root, 'adapter'), SIZES, { rank: 4, alpha: 8, seed: 1 });
});

const bf16 = (bits: number) => (bytes: Buffer, at: number) => void bytes.writeUInt16LE(bits, at);
const f32 = (x: number) => (bytes: Buffer, at: number) => void bytes.writeFloatLE(x, at);

type Spoil = (base: WeightFolder, adapter: WeightFolder) => void;

async function refusal(
  command: 'convert' | 'merge',
  spoil: Spoil,
  quantization = 'q4f16_1',
): Promise<string> {
  const scene = mkdtempSync(join(root, 'scene-'));
  const base = new WeightFolder(join(scene, 'base'));
  const adapter = new WeightFolder(join(scene, 'adapter'));
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

const config = (change: object): Spoil => {
  return (base) => base.json('config.json', (fields) => ({ ...fields, ...change }));
};
const adapterConfig = (change: object): Spoil => {
  return (_, adapter) => adapter.json('adapter_config.json', (fields) => ({ ...fields, ...change }));
};
/** The bytes of the file that holds the queries' weights. */
const holder = (change: (bytes: Buffer) => unknown): Spoil => {
  return (base) => base.bytes(base.holder(QUERY), change);
};
/** The queries' weights under another name, in the index too. */
const renamed = (from: string, to: string): Spoil => {
  return (base) => {
    base.header(QUERY, from, to);
    const index = readFileSync(join(base.path, WEIGHT_MAP_NAME), 'utf8');
    base.text(WEIGHT_MAP_NAME, index.replace(from, to));
  };
};
/** Another file in the place of all weights. */
const instead = (name: string, content: string): Spoil => {
  return (base) => {
    for (const one of [WEIGHT_MAP_NAME, ...base.weights()]) base.remove(one);
    base.text(name, content);
  };
};
const CASES: readonly (readonly [what: string, spoil: Spoil, message: RegExp])[] = [
  ['no config.json', (base) => base.remove('config.json'), /^base\/config\.json: .*no such file/],
  [
    'another architecture',
    config({ model_type: 'mistral' }),
    /config\.json, model_type: The model isn't a Qwen3 or Llama\./,
  ],
  [
    'weights of few bits, by name',
    config({ quantization_config: { quant_method: 'awq', bits: 4 } }),
    /config\.json, quantization_config: The weights are quantised by awq; give the model's unquantised checkpoint/,
  ],
  [
    'weights of bitsandbytes, by their type',
    (base) => base.header(QUERY, '"BF16"', '"U16" '),
    /q_proj\.weight: The tensor holds U16, .*: quantised weights can't be read, give the unquantised checkpoint\.$/,
  ],
  [
    'weights with scales beside them',
    renamed('self_attn.q_proj.weight', 'attn.q_proj.weight_scale'),
    /attn\.q_proj\.weight_scale: .* no such tensor: it is part of quantised weights, give the unquantised checkpoint\.$/,
  ],
  [
    'positions that are scaled, as transformers 5 writes it',
    (base) =>
      base.json('config.json', ({ rope_theta, ...c }) => ({
        ...c,
        rope_parameters: {
          rope_theta,
          rope_type: 'yarn',
          factor: 4,
          original_max_position_embeddings: 32_768,
        },
      })),
    /config\.json, rope_parameters: Scaled positions \("yarn"\) aren't supported, only "default"\.$/,
  ],
  [
    'a setting that nobody here knows',
    config({ logits_soft_cap: 30 }),
    /config\.json: duomem doesn't know "logits_soft_cap", which may change what the model computes\.$/,
  ],
  [
    'a git-lfs pointer for weights',
    holder(() => Buffer.from(POINTER)),
    /safetensors: This is a git-lfs pointer, not the file itself: run git lfs pull in its folder/,
  ],
  [
    'a web page for weights',
    holder(() => Buffer.from('<!doctype html>\n<html class="">'.padEnd(40_000))),
    /safetensors: This is a web page, not the file itself: download it again, .*\/resolve\//,
  ],
  [
    "a server's answer for weights",
    holder(() => Buffer.from('Entry not found')),
    /safetensors: This is a server's answer, "Entry not found": /,
  ],
  [
    'a git-lfs pointer for a text',
    (_, adapter) => adapter.text('adapter_config.json', POINTER),
    /^adapter\/adapter_config\.json: This is a git-lfs pointer/,
  ],
  [
    'weights in a form of PyTorch',
    instead('pytorch_model-00001-of-00002.bin', ''),
    /^base\/pytorch_model-00001-of-00002\.bin: This is a file of PyTorch's\. /,
  ],
  [
    'weights in a form of llama.cpp',
    instead('model-q8_0.gguf', 'GGUF'),
    /^base\/model-q8_0\.gguf: This is a GGUF file; /,
  ],
  [
    'an adapter in place of a model',
    (base, adapter) => {
      base.remove('config.json');
      cpSync(join(adapter.path, 'adapter_config.json'), join(base.path, 'adapter_config.json'));
    },
    /^base\/adapter_config\.json: This folder holds an adapter: give it with --adapter\.$/,
  ],
  [
    'no end of a reply',
    (base) => {
      base.json('config.json', ({ eos_token_id: _, ...c }) => c);
      base.json('generation_config.json', ({ eos_token_id: _, ...c }) => c);
    },
    /^base: Neither config\.json nor generation_config\.json names eos_token_id, /,
  ],
  [
    'an end of a reply that no token is',
    (base) => base.json('generation_config.json', (c) => ({ ...c, eos_token_id: 600 })),
    /^base\/generation_config\.json: eos_token_id names a token beyond the vocabulary of 600, /,
  ],
  ['biases', config({ attention_bias: true }), /attention_bias isn't supported/],
  [
    "a config that isn't a text",
    (base) => base.bytes('config.json', () => Buffer.from([0xff, 0xfe])),
    /config\.json: The file isn't UTF-8 text\./,
  ],
  [
    'nesting without end',
    (base) => base.text('config.json', '['.repeat(5e6)),
    /config\.json: config\.json nests more than 64 brackets\./,
  ],
  [
    'more layers than there are',
    config({ num_hidden_layers: 2 }),
    /^model\.layers\.1\.input_layernorm\.weight: The checkpoint in base lacks this tensor\.$/,
  ],
  [
    'fewer layers than there are',
    config({ vocab_size: 599 }),
    /model\.embed_tokens\.weight: The tensor is 600 x 64, but must be 599 x 64\.$/,
  ],
  [
    'an untied head that is missing',
    config({ tie_word_embeddings: false }),
    /^lm_head\.weight: The checkpoint in base lacks/,
  ],
  [
    'a tensor of another model',
    renamed('self_attn.q_proj.weight', 'self_attn.q_proj.we1ght'),
    /safetensors, model\.layers\.0\.self_attn\.q_proj\.we1ght: A Qwen3 of this configuration has no such tensor\./,
  ],
  [
    'whole numbers',
    (base) => base.header(QUERY, '"BF16"', '"I16" '),
    /safetensors, .*q_proj\.weight: The tensor holds I16/,
  ],
  ['no tokenizer', (base) => base.remove('tokenizer.json'), /^base: The folder holds no tokenizer\.json/],
  [
    'a template of another conversation',
    (base) => base.text('chat_template.jinja', '<|start_header_id|>user<|end_header_id|>'),
    /^base, chat_template\.jinja: The chat template isn't plain ChatML .*: give a model that was trained with ChatML\.$/,
  ],
  [
    'a tokenizer that puts a space before a text',
    (base) =>
      base.json('tokenizer.json', (json) => ({ ...json, normalizer: { type: 'Prepend', prepend: '▁' } })),
    /^base, tokenizer\.json: The normalizer puts a space before a text /,
  ],
  ["a tokenizer that isn't JSON", (base) => base.text('tokenizer.json', '{'), /tokenizer\.json isn't JSON/],

  ["an index that isn't JSON", (base) => base.text(WEIGHT_MAP_NAME, '{'), /index\.json: .*isn't JSON\.$/],
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

  ['an empty file', holder(() => Buffer.alloc(0)), /safetensors: The file is shorter than its header\./],
  [
    'a file that was cut',
    holder((bytes) => bytes.subarray(0, -1)),
    /safetensors: The file is cut off: it has (\d+) bytes, and should have \d+\.$/,
  ],
  [
    'a header beyond the file',
    holder((bytes) => void bytes.writeBigUInt64LE(9_000_000n)),
    /The file is shorter than its header\./,
  ],
  [
    'an enormous header',
    holder((bytes) => void bytes.writeBigUInt64LE(2n ** 63n)),
    /The header is longer than/,
  ],
  [
    'tensors that overlap',
    (base) => base.header(QUERY, /"data_offsets":\[\d/, '"data_offsets":[9'),
    /safetensors, [^:]+: (dtype, shape and offsets|The tensors don't fill)/,
  ],

  [
    'no adapter_config.json',
    (_, adapter) => adapter.remove('adapter_config.json'),
    /^adapter\/adapter_config\.json: .*no such file/,
  ],
  ['another kind of adapter', adapterConfig({ use_dora: true }), /use_dora: DoRA adapters can't be merged/],
  [
    'an adapter of whole modules that it lacks',
    adapterConfig({ modules_to_save: ['lm_head'] }),
    /adapter_model\.safetensors, lm_head: modules_to_save names it, but the adapter doesn't hold it\.$/,
  ],
  [
    'an adapter of a base that its initialisation changed',
    adapterConfig({ init_lora_weights: 'pissa_niter_4' }),
    /init_lora_weights: This adapter was trained on a base that its initialisation \("pissa_niter_4"\) had changed\. /,
  ],
  [
    'an adapter of another kind than any known',
    adapterConfig({ use_next: { years: 1 } }),
    /adapter_config\.json: duomem doesn't know "use_next", which may change what the adapter does\.$/,
  ],
  [
    'an adapter of a rank that its pattern contradicts',
    adapterConfig({ rank_pattern: { k_proj: 2 } }),
    /k_proj\.lora_A\.weight: The tensor is 4 x 64, but must be 2 x 64\.$/,
  ],
  [
    'a pattern that could run for ever',
    adapterConfig({ rank_pattern: { '(q|q)*': 2 } }),
    /rank_pattern: "\(q\|q\)\*" can't be matched here; /,
  ],
  [
    "a rank that doesn't fit",
    adapterConfig({ r: 8 }),
    /lora_A\.weight: The tensor is 4 x 64, but must be 8 x 64\.$/,
  ],
  [
    'an adapter saved by pickle',
    (_, adapter) => {
      adapter.remove('adapter_model.safetensors');
      adapter.text('adapter_model.bin', 'PK\x03\x04');
    },
    /^adapter\/adapter_model\.bin: This is a file of PyTorch's\. .* save_pretrained, which writes safetensors\.$/,
  ],
  [
    'a model in place of an adapter',
    (base, adapter) => {
      adapter.remove('adapter_config.json');
      cpSync(join(base.path, 'config.json'), join(adapter.path, 'config.json'));
    },
    /^adapter\/config\.json: This folder holds a whole model, not an adapter: give it with --base\.$/,
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

const ONLY_CONVERT = new Set([
  'no end of a reply',
  'an end of a reply that no token is',
  'no tokenizer',
  'a template of another conversation',
  'a tokenizer that puts a space before a text',
  "a tokenizer that isn't JSON",
]);

describe('convert refuses', () => {
  it.each(CASES)('%s', async (_, spoil, message) => {
    expect(await refusal('convert', spoil)).toMatch(message);
  });

  it("weights that f16 can't hold, and takes them in f32", async () => {
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
