/** The licences of what the page is made of ask for their notices: they come with it, and can be found. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DIST } from './static-server.ts';

test('the notices name what the build contains, with the licences, and the page leads to them', async ({
  page,
}) => {
  await page.goto('./#/device');
  await page.getByRole('link', { name: 'Third-party notices' }).click();
  await expect(page.locator('body')).toContainText('THE SOFTWARE IS PROVIDED');
  await expect(page.locator('body')).toContainText('SIL OPEN FONT LICENSE');
  const text = readFileSync(join(DIST, 'third-party-notices.txt'), 'utf8');
  const named = [...text.matchAll(/^(\S+)(?: \d+\.\d+\.\d+\S*)? \([\w. -]+\)(?:$|, as it comes in )/gm)].map(
    ([, name]) => name,
  );
  // What every build has: the first scripts, the workers' and the fonts.
  for (const name of ['react', 'react-dom', 'comlink', 'idb', '@zip.js/zip.js', '@fontsource/barlow'])
    expect(named).toContain(name);
  const files = readdirSync(DIST, { recursive: true }) as string[];
  const has = (part: RegExp): boolean => files.some((file) => part.test(file));
  expect(named.includes('@huggingface/transformers')).toBe(has(/assets\/transformers/));
  // What web-llm's own file is made of, none of which is installed beside it.
  for (const name of ['web-llm', 'web-runtime', 'web-tokenizers', 'web-xgrammar'])
    expect(named.includes(`@mlc-ai/${name}`)).toBe(has(/assets\/web-llm/));
  expect(named.includes('onnxruntime-web')).toBe(has(/runtime\/ort-/));
  // Nothing that only builds and tests it.
  for (const name of ['vitest', 'playwright', 'typescript']) expect(named).not.toContain(name);
});
