/** The arithmetic that libraries are compared with, against what torch computed for the pocket student, also a Qwen3. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { unwrap } from '../../src/base/result.ts';
import { parseSelfTest } from '../../src/students/pocket/self-test.ts';
import { temporaryFolder } from '../../src/testing/folders.ts';
import { runHere } from '../../src/testing/run-here.ts';
import { parseQwen3Config } from '../../src/weights/qwen3.ts';
import { readMetadata } from './metadata.ts';
import { Reference } from './reference.ts';

const pocket = fileURLToPath(new URL('../../models/pocket', import.meta.url));
const root = temporaryFolder();

/**
 * @param {string[]} words how
 * @returns {Promise<string>} the folder
 */
async function convert(...words) {
  const out = join(root, words.join(''));
  const converted = await runHere(['convert', '--base', pocket, '--out', out, '--quantization', ...words]);
  expect(converted).toMatchObject({ exit: 0 });
  return out;
}

/**
 * @param {string} folder
 * @param {boolean} normed
 */
function reference(folder, normed) {
  const config = unwrap(parseQwen3Config(readFileSync(join(pocket, 'config.json'), 'utf8')));
  return new Reference(folder, config, { ropeTheta: config.ropeTheta, normed });
}

/**
 * The largest difference between scores, and whether the same token comes first.
 * @param {Reference} model
 */
function compare(model) {
  const tests = parseSelfTest(readFileSync(join(pocket, 'self-test.json'), 'utf8'));
  const [first] = tests.ok ? tests.value.cases : [];
  if (first === undefined) throw new Error('The pocket student has no self-test.');
  const scores = model.next(first.prompt);
  const difference = first.logits.reduce((most, x, i) => Math.max(most, Math.abs(x - (scores[i] ?? 1e9))), 0);
  return { difference, same: scores.indexOf(Math.max(...scores)) === first.greedy[0] };
}

test('a converted Qwen3 says in plain arithmetic what torch says, and without its norms another thing', async () => {
  const folder = await convert('q0f32', '--f32', 'f32');
  const { difference, same } = compare(reference(folder, true));
  expect(difference).toBeLessThan(0.02);
  expect(same).toBe(true);
  expect(compare(reference(folder, false)).difference).toBeGreaterThan(1);
});

test('in four bits it says nearly the same', async () => {
  const { difference, same } = compare(reference(await convert('q4f32_1'), true));
  expect(difference).toBeLessThan(4);
  expect(same).toBe(true);
});

/**
 * A module with what a library says of itself somewhere in it.
 * @param {object} metadata
 */
function library(metadata) {
  return Buffer.concat([
    Buffer.from('\0asm\x01\0\0\0\x00name'),
    Buffer.from(JSON.stringify(metadata)),
    Buffer.of(0, 255, 125),
  ]);
}

const shapes = {
  'model.embed_tokens.q_weight': [640, 8],
  'model.norm.weight': [64],
  'model.layers.0.mlp.gate_up_proj.q_weight': [192, 8],
};
const params = Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'uint32' }));
const cache = { num_hidden_layers: 1, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 16 };

test('a library tells its sizes', () => {
  const read = unwrap(
    readMetadata(library({ model_type: 'qwen3', quantization: 'q4f32_1', params, kv_cache: cache })),
  );
  expect(read.quantization).toBe('q4f32_1');
  expect(read.parameters.get('model.embed_tokens.q_weight')).toBe('uint32 640 x 8');
  expect(read.sizes).toEqual({
    hiddenSize: 64,
    layers: 1,
    heads: 4,
    kvHeads: 2,
    headDim: 16,
    intermediateSize: 96,
    vocabSize: 640,
    tied: true,
  });
});

test.each([
  ['another architecture', library({ model_type: 'llama', params, kv_cache: cache }), 'LIBRARY_KIND'],
  ['no sizes', library({ model_type: 'qwen3', params }), 'LIBRARY_KIND'],
  ['a module without a word', Buffer.from('\0asm\x01\0\0\0'), 'LIBRARY_FILE'],
  ['a text that ends too early', Buffer.from('\0asm{"model_type":"qwen3"'), 'LIBRARY_FILE'],
  ['no module', Buffer.from('<!doctype html>{"model_type":"qwen3"}'), 'LIBRARY_FILE'],
])('%s is refused', (_, bytes, code) => {
  expect(readMetadata(bytes)).toMatchObject({ ok: false, error: { code } });
});
