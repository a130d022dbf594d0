/** Where the pocket student runs: made to go wrong, so without the fixture that takes every complaint for a failure. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DIST } from './static-server.ts';

// Requests that a service worker makes can't be falsified by a test.
test.use({ serviceWorkers: 'block' });

const STORED = join(DIST, 'models/pocket/self-test.json');
test('WebGPU is tested against stored figures before the student plays on it', async ({ page }) => {
  await page.goto('./#/device');
  await page.getByLabel('The pocket student runs on').selectOption('webgpu');
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  // On a software adapter this takes a while; without any it says that there is none.
  await expect(page.getByText(/Ready\. It runs on the (graphics device|processor)/)).toBeVisible({
    timeout: 110_000,
  });
});

test('a device that computes wrong numbers is not played on, and one that fails is replaced', async ({
  page,
}) => {
  // A runtime that can't be had: the processor takes over.
  await page.route('**/runtime/*asyncify*', (route) => route.fulfill({ status: 200, body: 'not a module' }));
  await page.goto('./#/device');
  await page.getByLabel('The pocket student runs on').selectOption('webgpu');
  const load = page.getByRole('button', { name: 'Load and test the pocket student' });
  await load.click();
  await expect(page.getByText(/since WebGPU did not work|offers no WebGPU/)).toBeVisible();

  // Stored figures that this device can't agree with.
  const figures = JSON.parse(readFileSync(STORED, 'utf8')) as { cases: { greedy: number[] }[] };
  const greedy = figures.cases[0]?.greedy;
  if (greedy?.[0] !== undefined) greedy[0] += 1;
  const falsified = JSON.stringify(figures);
  const sha256 = createHash('sha256').update(falsified).digest('hex');
  await page.route('**/models/pocket/self-test.json', (route) => route.fulfill({ body: falsified }));
  await page.route('**/shipped.json', async (route) => {
    const list = (await (await route.fetch()).json()) as { files: { path: string; sha256: string }[] };
    const files = list.files.map((file) =>
      file.path === 'models/pocket/self-test.json' ? { ...file, sha256 } : file,
    );
    await route.fulfill({ json: { files } });
  });
  await page.reload();
  await page.getByLabel('The pocket student runs on').selectOption('wasm');
  await load.click();
  await expect(page.getByText(/computes other numbers than it should/)).toBeVisible();
});
