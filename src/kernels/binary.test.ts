// What is committed is what the source compiles to, byte for byte.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { kernelBinaryText } from '../../scripts/lib/compile-kernels.ts';
import { kernelBytes } from './load.ts';

test('the source compiles to the bytes that are shipped', async () => {
  const committed = await readFile(new URL('./binary.ts', import.meta.url), 'utf8');
  expect(committed === (await kernelBinaryText()), 'run npm run kernels').toBe(true);
});

test('both builds together are small', () => {
  expect(kernelBytes('simd').length + kernelBytes('relaxed').length).toBeLessThan(40_000);
});
