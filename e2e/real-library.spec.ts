/**
 * The whole way with a real MLC library, on request: a folder that `duomem convert` wrote and the library that fits it
 * (docs/student-4b.md). Nothing is stubbed: web-llm compiles the library's shaders for the machine's own graphics
 * device, or for a software adapter where it has none. There it takes minutes for a few tokens, and needs q4f32_1.
 *
 *     DUOMEM_MLC_FOLDER=converted DUOMEM_MLC_LIBRARY=Qwen3-0.6B-q4f32_1_cs1k-webgpu.wasm \
 *       npx playwright test --config e2e real-library
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { chooseLaunch, findBrowsers } from '../scripts/bench/browsers.ts';
import { unwrap } from '../src/base/result.ts';
import { sha256Hex } from '../src/base/sha256.ts';
import { badServer } from '../src/testing/bad-server.ts';
import { formatManifest, parseManifest } from '../src/weights/manifest.ts';
import { unhindered } from './large-model.ts';
import { openSettings } from './site.ts';

const { DUOMEM_MLC_FOLDER: folder, DUOMEM_MLC_LIBRARY: library } = process.env;
const wanted = folder !== undefined || library !== undefined;
const [browser] = wanted ? findBrowsers([]).found : [];
const launch = browser === undefined ? undefined : await chooseLaunch(browser, false);

if (launch !== undefined) test.use({ launchOptions: { ...launch, args: [...launch.args] } });
test.skip(!wanted, 'on request: DUOMEM_MLC_FOLDER and DUOMEM_MLC_LIBRARY name a folder and a library');
test.setTimeout(3_600_000);

/** A path that was given and is there; a sentence otherwise. */
function given(name: string, path: string | undefined): string {
  if (path === undefined) throw new Error(`${name} is to be given too.`);
  if (!existsSync(path)) throw new Error(`${name}: there is no ${path}.`);
  return path;
}

test('a converted model is fetched, compiled and played, with its KV cache reused', async ({ page }) => {
  const from = given('DUOMEM_MLC_FOLDER', folder);
  const compiled = given('DUOMEM_MLC_LIBRARY', library);
  const manifest = unwrap(parseManifest(readFileSync(join(from, 'manifest.json'), 'utf8')));
  const wasm = readFileSync(compiled);
  const path = basename(compiled);
  const host = await badServer();
  for (const name of readdirSync(from)) host.files.set(`model/${name}`, readFileSync(join(from, name)));
  host.files.set(`model/${path}`, wasm);
  // The library joins the folder, and so its manifest.
  const files = [...manifest.files, { path, bytes: wasm.length, sha256: sha256Hex(wasm) }];
  host.files.set('model/manifest.json', Buffer.from(formatManifest({ ...manifest, files })));

  await page.goto('./#/models');
  await page.getByLabel('From an address').fill(`${host.address}model`);
  await page.getByRole('button', { name: 'Check it' }).click();
  await unhindered(page, page.locator('#bring .findings'), 60_000);
  await page.getByRole('button', { name: 'Import it' }).click();
  const card = page.getByRole('article', { name: manifest.model });
  await expect(card.getByText('ready')).toBeVisible({ timeout: 1_200_000 });
  await host.stop();
  await card.getByRole('link', { name: 'Play with it' }).click();
  await openSettings(page);
  await page.getByLabel('Memory', { exact: true }).selectOption('No memory');
  const figures = page.getByLabel('Figures');
  for (let step = 0; step < 2; step++) {
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await unhindered(page, page.locator('.turn').nth(step), 1_800_000);
    console.log(`step ${step + 1}: ${(await figures.innerText()).replaceAll('\n', ' ')}`);
  }
  const reused = figures.locator('div').filter({ has: page.getByText('reused', { exact: true }) });
  await expect(reused.locator('dd')).not.toHaveText('0');
});
