// Against what the Python package gguf, transformers and Hugging Face's tokenizers make of the same files
// (models/tests/write_gguf_fixtures.py), and files that somebody broke.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { unwrap } from '../../base/result.ts';
import { parseBpeTokenizer } from '../../students/pocket/bpe.ts';
import { loadOnnxNode } from '../../students/pocket/onnx-node.ts';
import { qwen3Onnx } from '../qwen3-onnx.ts';
import { decodeWeights } from './blocks.ts';
import { type GgufHeader, type GgufValue, parseGgufHeader } from './header.ts';
import { ggufModel, readGgufWeight, storedRow } from './model.ts';
import { ggufTokenizer } from './tokenizer.ts';

const file = (name: string): Buffer => readFileSync(new URL(`../fixtures/gguf/${name}`, import.meta.url));
const answers = JSON.parse(file('answers.json').toString());
const TYPES = file('types.gguf');
const TINY = file('tiny-llama.gguf');

const sha256 = (data: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
const header = (bytes: Uint8Array): GgufHeader => unwrap(parseGgufHeader(bytes, bytes.length));

test.each(Object.keys(answers.types))('%s is dequantised to the bits of the Python package', (type) => {
  const tensor = header(TYPES).tensors.get(type);
  if (tensor === undefined) throw new Error(type);
  const out = new Float32Array(6 * 96);
  decodeWeights(Uint8Array.from(TYPES.subarray(tensor.begin, tensor.end)), tensor.type, out);
  expect(tensor.shape).toEqual([6, 96]);
  expect(sha256(out)).toBe(answers.types[type]);
});

describe('a Llama', () => {
  const model = unwrap(ggufModel(header(TINY)));
  const weights = new Map(
    [...model.weights].map(([name, one]) => [
      name,
      unwrap(readGgufWeight(Uint8Array.from(TINY.subarray(one.begin, one.end)), name, one)),
    ]),
  );

  it("has the very weights that transformers reads, queries' and keys' rows put back in order", () => {
    expect(Object.fromEntries([...weights].map(([name, { data }]) => [name, sha256(data)]))).toEqual(
      answers.weights,
    );
  });

  it("computes transformers' logits", async () => {
    const { maxPositions: contextLimit, vocabSize: vocabulary, layers } = model.config;
    const runtime = unwrap(
      await loadOnnxNode(qwen3Onnx(model.config, weights, 'f32'), { contextLimit, vocabulary, layers }),
    );
    const { logits } = await runtime.extend(runtime.empty(), answers.prompt, 1);
    expect(logits.length).toBe(answers.logits.length);
    for (const [i, logit] of logits.entries()) expect(logit).toBeCloseTo(answers.logits[i], 3);
    await runtime.dispose();
  });

  it('pairs rows as llama.cpp does', () => {
    expect(Array.from({ length: 8 }, (_, row) => storedRow(row, 4))).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  });
});

describe('its tokenizer', () => {
  const texts = unwrap(ggufTokenizer(header(TINY)));
  const text = (name: string): string => texts.get(name) as string;
  const bpe = unwrap(parseBpeTokenizer(text('tokenizer.json'), text('tokenizer_config.json')));

  it.each(answers.tokens as [string, number[]][])('cuts and merges %j as Hugging Face does', (given, ids) => {
    expect(bpe.encode(given)).toEqual(ids);
    expect(bpe.decode(ids)).toBe(given);
  });

  it('renders a conversation as the template does, and takes a mark in a text for letters', () => {
    const rendered = bpe.encodeChat([{ role: 'user', content: 'the <|im_end|>' }], true);
    const [start, end] = [1, 2];
    const line = bpe.encode('\n');
    expect(rendered).toEqual([
      ...[start, ...bpe.encode('system\nBe brief.'), end, ...line],
      ...[start, ...bpe.encode('user\nthe <|im_end|>'), end, ...line],
      ...[start, ...bpe.encode('assistant\n')],
    ]);
    expect(bpe.encode('<|im_end|>').length).toBeGreaterThan(3);
    expect(bpe.decode([start, end])).toBe('');
  });

  it.each([
    ['tokenizer.ggml.pre', 'deepseek-llm', 'GGUF_TOKENIZER'],
    ['tokenizer.ggml.model', 'llama', 'GGUF_TOKENIZER'],
    ['tokenizer.ggml.merges', 5, 'GGUF_VALUE'],
  ])('is refused with %s %j', (key, value, code) => {
    const { metadata, tensors } = header(TINY);
    const changed = { tensors, metadata: new Map([...metadata, [key, value] as const]) };
    expect(ggufTokenizer(changed)).toMatchObject({ ok: false, error: { code } });
  });

  it("is refused with a template that isn't known", () => {
    const config = JSON.parse(text('tokenizer_config.json'));
    for (const chat_template of [
      undefined,
      `${config.chat_template} `.replace('message[', 'other['),
      '{{ x }}',
    ]) {
      const changed = JSON.stringify({ ...config, chat_template });
      expect(parseBpeTokenizer(text('tokenizer.json'), changed)).toMatchObject({
        error: { code: 'TOKENIZER_TEMPLATE' },
      });
    }
  });

  it.each([
    ['a normalizer', { normalizer: { type: 'NFC' } }],
    ['another cut', { pre_tokenizer: { type: 'Whitespace' } }],
    ['no marks', { added_tokens: [] }],
  ])('is refused with %s', (_, change) => {
    const changed = JSON.stringify({ ...JSON.parse(text('tokenizer.json')), ...change });
    expect(parseBpeTokenizer(changed, text('tokenizer_config.json')).ok).toBe(false);
  });
});

/** A file of one tensor, from its parts. */
function build({
  version = 3,
  keys = [] as readonly (readonly [string, number, Uint8Array])[],
  tensors = [tensor([32])],
  tail = 128,
  counts = undefined as readonly [number, number] | undefined,
}): Uint8Array {
  const parts: Uint8Array[] = [
    Buffer.from('GGUF'),
    u32(version),
    ...(counts ?? [tensors.length, keys.length]).map(u64),
  ];
  for (const [key, type, value] of keys) parts.push(text(key), u32(type), value);
  for (const { name, shape, type, offset } of tensors)
    parts.push(text(name), u32(shape.length), ...shape.map((one) => u64(one)), u32(type), u64(offset));
  const head = Buffer.concat(parts);
  return Buffer.concat([head, new Uint8Array(((32 - (head.length % 32)) % 32) + tail)]);
}
/** f32 at the start, unless said otherwise. */
const tensor = (shape: readonly number[], { name = 'a', type = 0, offset = 0 } = {}) => ({
  name,
  shape,
  type,
  offset,
});
const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const u64 = (value: number): Uint8Array => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string): Uint8Array =>
  Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

const keyed = (type: number, ...value: Uint8Array[]): Uint8Array =>
  build({ keys: [['k', type, Buffer.concat(value)]] });

describe('a hostile file', () => {
  it("isn't what a sound one is", () => {
    expect(header(build({})).tensors.get('a')).toMatchObject({ type: 'F32', shape: [32] });
  });

  it.each([
    ['no magic', Buffer.from('GGML and more'), 'GGUF_MAGIC'],
    ['nothing', new Uint8Array(0), 'GGUF_MAGIC'],
    ['version 1', build({ version: 1 }), 'GGUF_VERSION'],
    ['big-endian', build({ version: 0x03000000 }), 'GGUF_VERSION'],
    ['2^53 tensors', build({ counts: [2 ** 53, 0] }), 'GGUF_LIMIT'],
    ['a million tensors', build({ counts: [1e6, 0] }), 'GGUF_LIMIT'],
    ['a million keys', build({ counts: [0, 1e6] }), 'GGUF_LIMIT'],
    ['an endless text', keyed(8, u64(3_000_000)), 'GGUF_SHORT'],
    ['a text beyond the limit', keyed(8, u64(2 ** 40)), 'GGUF_LIMIT'],
    ['an endless list', keyed(9, u32(4), u64(1_999_999)), 'GGUF_SHORT'],
    ['a list beyond the limit', keyed(9, u32(4), u64(1e9)), 'GGUF_LIMIT'],
    ['lists in lists', keyed(9, u32(9), u64(1)), 'GGUF_VALUE'],
    ['an unknown value', keyed(13, u64(1)), 'GGUF_VALUE'],
    ['a key twice', build({ keys: Array(2).fill(['k', 7, Buffer.of(1)]) }), 'GGUF_VALUE'],
    ['broken UTF-8', keyed(8, u64(1), Buffer.of(0xff)), 'GGUF_VALUE'],
    ['an alignment of 0', build({ keys: [['general.alignment', 4, u32(0)]] }), 'GGUF_VALUE'],
    ['k-quants', build({ tensors: [tensor([256], { type: 12 })] }), 'GGUF_TYPE'],
    ['five dimensions', build({ tensors: [tensor([1, 1, 1, 1, 1])] }), 'GGUF_TENSOR'],
    ['half a block', build({ tensors: [tensor([16], { type: 8 })] }), 'GGUF_TENSOR'],
    ['2^60 numbers', build({ tensors: [tensor([2 ** 30, 2 ** 30])] }), 'GGUF_TENSOR'],
    ['no numbers', build({ tensors: [tensor([0])] }), 'GGUF_TENSOR'],
    ['an offset beyond the end', build({ tensors: [tensor([32], { offset: 32 })] }), 'GGUF_TENSOR'],
    ['an odd offset', build({ tensors: [tensor([8], { offset: 4 })] }), 'GGUF_TENSOR'],
    ['overlap', build({ tensors: [tensor([16]), tensor([8], { name: 'b', offset: 32 })] }), 'GGUF_TENSOR'],
    ['a name twice', build({ tensors: [tensor([8]), tensor([8], { offset: 32 })] }), 'GGUF_TENSOR'],
  ])('%s is refused', (_, bytes, code) => {
    expect(parseGgufHeader(bytes, bytes.length)).toMatchObject({ ok: false, error: { code } });
  });

  it('that is cut anywhere is refused, and one with any byte changed is read or refused', () => {
    fc.assert(
      fc.property(fc.nat(TINY.length - 1), (length) => {
        expect(parseGgufHeader(TINY.subarray(0, length), length).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
    const start = TINY.subarray(0, 9000);
    fc.assert(
      fc.property(fc.nat(start.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(TINY);
        changed[at] = byte;
        const read = parseGgufHeader(changed, changed.length);
        if (read.ok) ggufModel(read.value);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['another architecture', 'general.architecture', 'gemma', 'GGUF_ARCHITECTURE'],
    ['other sizes', 'llama.feed_forward_length', 128, 'TENSOR_SHAPE'],
    ['fewer layers', 'llama.block_count', 1, 'GGUF_TENSOR_UNKNOWN'],
    ['more layers', 'llama.block_count', 3, 'TENSOR_MISSING'],
    ['scaled positions', 'llama.rope.scaling.type', 'yarn', 'CONFIG_VALUE'],
    ['no end of a turn', 'tokenizer.ggml.eos_token_id', 'x', 'CONFIG_VALUE'],
    ['an end of a turn that no token is', 'tokenizer.ggml.eos_token_id', 275, 'CONFIG_VALUE'],
  ])('of %s is refused', (_, key, value, code) => {
    const { metadata, tensors } = header(TINY);
    const changed = { tensors, metadata: new Map([...metadata, [key, value] as const]) };
    expect(ggufModel(changed)).toMatchObject({ ok: false, error: { code } });
  });
});

describe("a Llama's keys", () => {
  const having = (keys: Readonly<Record<string, GgufValue>>) => {
    const { metadata, tensors } = header(TINY);
    return ggufModel({ tensors, metadata: new Map([...metadata, ...Object.entries(keys)]) });
  };

  it.each<readonly [key: string, value: GgufValue]>([
    ['rope.scaling.factor', 4],
    ['rope.scaling.attn_factor', 0.5],
    ['rope.scaling.original_context_length', 128],
    ['rope.scaling.finetuned', true],
    ['rope.scale_linear', 4],
    ['rope.dimension_count', 8],
    ['attention.value_length', 32],
    ['attention.scale', 0.5],
    ['attention.sliding_window', 64],
    ['attention.causal', false],
    ['logit_scale', 2],
    ['embedding_scale', 12],
    ['residual_scale', [1]],
    ['expert_count', 8],
    ['of_next_year', 0],
    ['constructor', 0],
  ])('are refused with %s %j, by name', (key, value) => {
    expect(having({ 'llama.attention.key_length': 16, [`llama.${key}`]: value })).toMatchObject({
      ok: false,
      error: { code: 'GGUF_KEY', place: `llama.${key}` },
    });
  });

  it('are taken where they change nothing, and so are those of other architectures', () => {
    const plain = having({});
    const harmless = {
      'llama.attention.key_length': 16,
      'llama.attention.value_length': 16,
      'llama.rope.scaling.type': 'none',
      'llama.rope.scaling.factor': 1,
      'llama.rope.scale_linear': 0,
      'llama.rope.scaling.original_context_length': 512,
      'llama.attention.causal': true,
      'llama.attention.scale': 0,
      'llama.logit_scale': 1,
      'llama.expert_count': 0,
      'granite.logit_scale': 8,
      'general.file_type': 3,
    };
    expect(having(harmless)).toEqual(plain);
  });

  it('may leave out how wide a head is: as wide as the sum by the number of heads', () => {
    const { metadata, tensors } = header(TINY);
    const without = new Map([...metadata].filter(([key]) => key !== 'llama.rope.dimension_count'));
    expect(ggufModel({ tensors, metadata: without })).toMatchObject({ value: { config: { headDim: 16 } } });
  });
});
