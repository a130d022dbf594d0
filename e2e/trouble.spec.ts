/** What goes wrong in the field, made to go wrong: not by the fixture that takes every complaint for a failure. */
import { expect, type Page, test } from '@playwright/test';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { openSettings, playOut } from './site.ts';
import { DIST, handingOut, serveFolder } from './static-server.ts';

// The student that a visitor meets plays, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 300_000 };

test('a worker that crashes is noticed, and the episode goes on from where it stood', async ({ page }) => {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  const turns = page.locator('.turn');
  await expect(turns.nth(1)).toBeVisible(PATIENCE);
  const [worker] = page.workers();
  await worker?.evaluate(() => {
    setTimeout(() => {
      throw new Error('injected fault');
    });
  });
  await expect(
    page.getByText(/The agent broke down \(.*injected fault.*can go on where it stopped/),
  ).toBeVisible();
  const before = await page.locator('.turn .action').allTextContents();
  expect(before.length).toBeGreaterThanOrEqual(2);
  await playOut(page, 'Go on', PATIENCE);
  const after = await page.locator('.turn .action').allTextContents();
  expect(after.slice(0, before.length)).toEqual(before);
  // The trace is one that the engine agrees with from end to end.
  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
});

test('a worker that crashes in a run is said, and the run is resumed with what it had', async ({ page }) => {
  await page.goto('./#/runs');
  await expect(page.getByLabel('Who plays')).toHaveValue('pocket');
  await page.getByLabel('How many').fill('400');
  await page.getByRole('button', { name: 'Start' }).click();
  const run = page.getByRole('region', { name: '400 games of homes that were lived in' });
  const played = async (): Promise<number> =>
    Number(/(\d+) of 400/.exec((await run.textContent()) ?? '')?.[1]);
  await expect.poll(played, PATIENCE).toBeGreaterThan(2);
  // It falls silent in the middle of an episode, and ends.
  const agent = page.workers().find((worker) => worker.url().includes('/agent-'));
  await agent?.evaluate(() => {
    MessagePort.prototype.postMessage = () => {
      setTimeout(() => {
        throw new Error('injected fault');
      });
    };
  });
  await expect(page.getByText(/The agent broke down \(.*injected fault.*\); resume the run\./)).toBeVisible();
  const before = await played();
  await run.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(played, PATIENCE).toBeGreaterThan(before + 2);
  await run.getByRole('button', { name: 'Stop' }).click();
});

async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

test('a hidden tab pauses and says so', async ({ page }) => {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.turn').first()).toBeVisible(PATIENCE);
  await hide(page);
  await expect(page.getByText('Paused because this tab was hidden.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
});

test('two episodes side by side pause in a hidden tab, and say so', async ({ page }) => {
  await page.goto(`./#/compare?${HOT_APPLE.where}&student=pocket&memory=memp`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run both' }).click();
  for (const column of ['Without memory', 'With memory: Plans and an example (MemP)']) {
    await expect(page.getByLabel(column, { exact: true }).locator('.turn').first()).toBeVisible(PATIENCE);
  }
  await hide(page);
  await expect(page.getByText('Paused because this tab was hidden.')).toHaveCount(1);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('Paused because this tab was hidden.')).toHaveCount(0, PATIENCE);
});

test('files that were damaged on the way are refused in words, and what needs none of them goes on', async ({
  page,
}) => {
  const server = await serveFolder(DIST);
  server.meddle = handingOut((path) => (path.endsWith('.bank') ? 'not a bank' : undefined));
  await page.goto(`${server.address}#/play?${HOT_APPLE.where}&student=pocket&memory=memp`);
  await expect(
    page.getByText(/official\.bank is damaged: it isn't the file that belongs to this page/).first(),
  ).toBeVisible();
  await openSettings(page);
  await page.getByLabel('Memory', { exact: true }).selectOption('none');
  await playOut(page);
  await server.stop();
});

test('two tabs that start at once end up with one whole memory', async ({ context }) => {
  const tabs = [await context.newPage(), await context.newPage()];
  await Promise.all(tabs.map((tab) => tab.goto('./#/memory')));
  for (const tab of tabs)
    await expect(tab.getByText(/^[\d,]+ memories of [\d,]+ tasks, the first 100 of them/)).toBeVisible();
  const told = await Promise.all(tabs.map((tab) => tab.getByText(/^[\d,]+ memories/).textContent()));
  expect(told[0]).toBe(told[1]);
});
