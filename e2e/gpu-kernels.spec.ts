/** The GPU kernels on the browser's adapter, a software one where there is no GPU: the same tests as the CPU's. */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import { EIGHT_BIT_MODELS, type RandomModel } from '../src/testing/eight-bit-models.ts';
import type { Compared, Kind, Promises } from './gpu-kernels.ts';

const { models } = JSON.parse(
  readFileSync(new URL('../src/kernels/fixtures/random-models.json', import.meta.url), 'utf8'),
) as { models: RandomModel[] };

/** Evaluates the module beside this file in the page, and calls one of its functions. */
async function inPage<T>(page: Page, call: string, ...given: readonly unknown[]): Promise<T> {
  const entry = new URL('./gpu-kernels.ts', import.meta.url).pathname;
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'kernels' } },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const [chunk] = first !== undefined && 'output' in first ? first.output : [];
  if (chunk?.type !== 'chunk') throw new Error("it wasn't built");
  await page.goto('./manifest.webmanifest');
  return page.evaluate<T>(
    `(() => { ${chunk.code}; return kernels.${call}(...${JSON.stringify(given)}); })()`,
  );
}

const KINDS: readonly (readonly [Kind, string, readonly RandomModel[]])[] = [
  ['narrow', 'a workgroup for each token', models],
  ['wide', 'eight bits, many workgroups', EIGHT_BIT_MODELS],
];

for (const [kind, how, given] of KINDS) {
  test(`the GPU computes what the CPU computes: random models, ${how}`, async ({ page }) => {
    test.setTimeout(600_000);
    const compared = await inPage<Compared[]>(page, 'compareAll', kind, given);
    expect(compared).toHaveLength(given.length);
    for (const { name, difference, sameTokens } of compared) {
      expect(difference, name).toBeLessThan(1e-4);
      expect(sameTokens, name).toBe(true);
    }
  });

  test(`a prompt in pieces, two conversations, a rewind, one submission a reply: ${how}`, async ({
    page,
  }) => {
    test.setTimeout(300_000);
    const promises = await inPage<Promises>(page, 'keepsItsPromises', kind, given[1]);
    expect(promises.inPieces).toBeLessThan(1e-4);
    expect(promises.together).toBeLessThan(1e-4);
    expect(promises.rewound).toBeLessThan(1e-4);
    expect(promises.submits).toBe(1);
    // One up to the end; what is asked for behind it is computed anew.
    expect(promises.upToTheEnd).toBe(2);
  });
}
