/** A GPU that is lost, and a worker that ends without a word: injected through the browser, not the page. */
import { expect, type Page, test } from '@playwright/test';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { playOut } from './site.ts';

/** Lets a test reach the devices that the page's workers ask for. */
function catchDevices(page: Page): void {
  page.on('worker', (worker) => {
    void worker
      .evaluate(() => {
        const { GPUAdapter: Adapter } = self as unknown as {
          GPUAdapter?: { prototype: { requestDevice(...args: unknown[]): Promise<unknown> } };
        };
        if (Adapter === undefined) return;
        const request = Adapter.prototype.requestDevice;
        Adapter.prototype.requestDevice = async function (...args) {
          const device = await request.apply(this, args);
          Object.assign(self, { caughtDevice: device });
          return device;
        };
      })
      .catch(() => undefined);
  });
}

test('one decision on WebGPU is the one on WASM; then the device is lost, and the episode goes on without it', {
  tag: '@student',
}, async ({ page }) => {
  test.setTimeout(400_000);
  catchDevices(page);
  const address = `./#/play?${HOT_APPLE.where}&student=pocket&memory=none`;
  const decide = async (): Promise<string> => {
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect(page.locator('.turn .action')).toHaveCount(1, { timeout: 180_000 });
    return (await page.locator('.turn').first().innerText()).replace(/^\d+\s*/, '');
  };
  await page.goto('./#/device');
  await page.getByLabel('The pocket student runs on').selectOption('wasm');
  await page.goto(address);
  const onProcessor = await decide();
  // A model that answers by chance says nothing that the game accepts.
  expect(onProcessor).toMatch(/(You arrive at|You open|You pick up)/);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Again' }).click();

  await page.goto('./#/device');
  await page.getByLabel('The pocket student runs on').selectOption('webgpu');
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  await expect(page.getByText(/Ready\. It runs on/)).toBeVisible({ timeout: 180_000 });
  await expect(page.getByText(/Ready\. It runs on the GPU, through WebGPU/)).toBeVisible();
  await page.goto(address);
  expect(await decide()).toBe(onProcessor);

  const destroyed = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluate(() => {
        const { caughtDevice } = self as unknown as { caughtDevice?: { destroy(): void } };
        caughtDevice?.destroy();
        return caughtDevice !== undefined;
      }),
    ),
  );
  expect(destroyed).toContain(true);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(
    page.getByText(/The GPU was lost .* The agent was restarted and can go on where it stopped\./),
  ).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.turn .action')).toHaveCount(1);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.turn .action')).toHaveCount(2, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await page.getByRole('link', { name: 'Device' }).click();
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  await expect(page.getByText(/on the CPU, since the GPU was lost/)).toBeVisible();
});

test('a worker that ends without a word is noticed, and the episode goes on from where it stood', async ({
  page,
}) => {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.turn').nth(1)).toBeVisible();
  // The agent is the one that is asked first on this view.
  const [agent] = page.workers();
  await agent?.evaluate(() => self.close());
  await expect(
    page.getByText(/The agent broke down \(it ended without an error message\)\..*go on where it stopped/),
  ).toBeVisible();
  const before = await page.locator('.turn .action').allTextContents();
  await playOut(page, 'Go on');
  const after = await page.locator('.turn .action').allTextContents();
  expect(after.slice(0, before.length)).toEqual(before);
});
