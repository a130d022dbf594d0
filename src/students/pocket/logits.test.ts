import { expect, test } from 'vitest';
import { argmax, logProbability } from './logits.ts';

test('the greatest logit, the first of equals, no NaN', () => {
  expect(argmax(Float32Array.of(1, 3, 3, 2))).toBe(1);
  expect(argmax(Float32Array.of(-5, -4))).toBe(1);
  expect(argmax(Float32Array.of(1, Number.NaN, 3))).toBeUndefined();
  expect(argmax(Float32Array.of(Number.NaN))).toBeUndefined();
  expect(argmax(new Float32Array(0))).toBeUndefined();
});

test('the logarithm of the softmax, without overflow', () => {
  // softmax(1, 2, 3) = 0.0900, 0.2447, 0.6652
  const row = Float32Array.of(1, 2, 3);
  expect([0, 1, 2].map((token) => Math.exp(logProbability(row, token)))).toEqual(
    [0.09003057, 0.24472847, 0.66524096].map((p) => expect.closeTo(p, 7)),
  );
  expect(logProbability(Float32Array.of(1000, 0), 0)).toBeCloseTo(0, 12);
  expect(logProbability(Float32Array.of(1000, 0), 1)).toBeCloseTo(-1000, 9);
});
