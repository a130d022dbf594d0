// What is committed is what the source compiles to, byte for byte.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Entry, kernelBinaryText, MODULES } from '../../scripts/lib/compile-kernels.ts';
import { kernelBytes } from './load.ts';
import { trainingBytes } from './load-training.ts';

test.each(Object.entries(MODULES) as [Entry, { file: string }][])(
  '%s compiles to the bytes that are shipped',
  async (entry, { file }) => {
    const committed = await readFile(new URL(`./${file}`, import.meta.url), 'utf8');
    expect(committed === (await kernelBinaryText(entry)), 'run npm run kernels').toBe(true);
  },
);

test.each([kernelBytes, trainingBytes])('both builds of a module together are small', (bytes) => {
  expect(bytes('simd').length + bytes('relaxed').length).toBeLessThan(40_000);
});
