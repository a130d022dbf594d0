import { expect, test } from 'vitest';
import { type FakeRuntime, fakeRuntime, VOCABULARY } from '../../testing/fake-runtime.ts';
import { parseSelfTest, runSelfTest, type SelfTest } from './self-test.ts';

const next = (tokens: readonly number[]): number => (tokens.length * 7) % VOCABULARY;
const prompt = Array.from({ length: 70 }, (_, i) => i % 50);
const logits = Float32Array.from({ length: VOCABULARY }, (_, token) => (token === next(prompt) ? 1 : -1));
const greedy = [70, 71, 72].map((length) => (length * 7) % VOCABULARY);
const vectors: SelfTest = { tolerance: 0.05, cases: [{ prompt, logits, greedy }] };
const base64 = Buffer.from(logits.buffer).toString('base64');
const written = {
  version: 1,
  dtype: 'float32',
  tolerance: 0.05,
  cases: [{ prompt, logits: base64, greedy }],
};
const withCase = (keys: object): string =>
  JSON.stringify({ ...written, cases: [{ ...written.cases[0], ...keys }] });

function distorted(change: (logits: Float32Array, tokens: number) => void): FakeRuntime {
  const runtime = fakeRuntime(next);
  const { extend } = runtime;
  runtime.extend = async (cache, tokens, rows) => {
    const extended = await extend(cache, tokens, rows);
    change(extended.logits, tokens.length);
    return extended;
  };
  return runtime;
}

test('a device that computes the same passes', async () => {
  const runtime = fakeRuntime(next);
  expect(await runSelfTest(runtime, vectors)).toEqual({
    ok: true,
    value: { passed: true, largestDifference: 0, agreeingTokens: 3, tokens: 3 },
  });
  expect(runtime.open.size).toBe(0);
});

test.each([
  ['other logits', (logits: Float32Array) => void logits.set([0.5], 3), { largestDifference: 1.5 }],
  [
    'no numbers',
    (logits: Float32Array) => void logits.set([Number.NaN], 3),
    { largestDifference: Infinity, agreeingTokens: 0 },
  ],
  [
    'other single tokens',
    (logits: Float32Array, tokens: number) => {
      if (tokens === 1) logits.fill(0).fill(9, 5, 6);
    },
    { largestDifference: 0, agreeingTokens: 1 },
  ],
])('a device that computes %s fails', async (_, change, result) => {
  expect(await runSelfTest(distorted(change), vectors)).toMatchObject({
    ok: true,
    value: { passed: false, ...result },
  });
});

test('a rounding error passes', async () => {
  const runtime = distorted((logits) => {
    logits[3] = (logits[3] as number) + 0.02;
  });
  expect(await runSelfTest(runtime, vectors)).toMatchObject({ value: { passed: true } });
});

test('a device that throws is a refusal', async () => {
  const runtime = fakeRuntime(next);
  runtime.failure = new Error('lost');
  expect(await runSelfTest(runtime, vectors)).toMatchObject({
    ok: false,
    error: { code: 'SELF_TEST_FAILED' },
  });
});

test('a slow device may be asked for fewer tokens', async () => {
  const two = { ...vectors, cases: [...vectors.cases, ...vectors.cases] };
  expect(await runSelfTest(fakeRuntime(next), two, 1)).toMatchObject({
    value: { passed: true, tokens: 2, agreeingTokens: 2 },
  });
});

test('vectors are read as they were written', () => {
  expect(parseSelfTest(JSON.stringify(written))).toEqual({ ok: true, value: vectors });
});

test.each([
  ['no JSON', '{', 'SELF_TEST_JSON', "isn't JSON"],
  ['another version', JSON.stringify({ ...written, version: 2 }), 'SELF_TEST_SHAPE', 'version'],
  ['no cases', JSON.stringify({ ...written, cases: [] }), 'SELF_TEST_SHAPE', 'is empty'],
  ['a short prompt', withCase({ prompt: [1] }), 'SELF_TEST_SHAPE', 'too short'],
  ['no floats', withCase({ logits: 'AAA=' }), 'SELF_TEST_SHAPE', 'floats'],
  ['no base64', withCase({ logits: '%' }), 'SELF_TEST_SHAPE', 'floats'],
])('%s is refused', (_, text, code, message) => {
  expect(parseSelfTest(text)).toMatchObject({
    ok: false,
    error: { code, message: expect.stringContaining(message) },
  });
});
