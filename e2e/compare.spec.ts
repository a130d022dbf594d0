/** Side by side, the paper's figure 1, by the students that a visitor meets: whatever the pace, both columns end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { mlcFolder } from '../src/testing/mlc-folder.ts';
import { firstTask } from '../src/testing/page-tasks.ts';
import { stubGpu, takeInFolder } from './large-model.ts';
import { expect, expectAccessible, test } from './site.ts';

// Two episodes at the slowest pace are a minute of rest alone.
test.describe.configure({ timeout: 900_000 });
const PATIENCE = { timeout: 600_000 };

const COLUMNS = ['Without memory', 'With memory: Plans and an example (MemP)'];

/** Runs both, and returns what is said of them at the end; what either broke off with fails the test. */
async function runBoth(page: Page, pace: string): Promise<string> {
  await page.getByLabel('Pace').selectOption(pace);
  await page.getByRole('button', { name: 'Run both' }).click();
  const outcome = page.locator('.outcome .hidden');
  await expect(outcome.or(page.locator('.column .notice.bad', { hasText: 'Broke off' })).first()).toBeVisible(
    PATIENCE,
  );
  await expect(outcome).toBeVisible(PATIENCE);
  const said = (await outcome.textContent()) ?? '';
  expect(said).toMatch(
    /^Without memory (not )?solved in \d+ steps?, with memory (not )?solved in \d+ steps?\.$/,
  );
  return said;
}

for (const pace of ['slow', 'readable', 'fast', 'as fast as it goes']) {
  test(`the pocket student ends on both sides, ${pace}`, async ({ page }) => {
    await page.goto(`./#/compare?${firstTask().where}&student=pocket&memory=memp`);
    await expect(page.getByLabel('Who plays')).toHaveValue('pocket');
    const said = await runBoth(page, pace);
    for (const [i, title] of COLUMNS.entries()) {
      const column = page.getByLabel(title, { exact: true });
      const steps = Number(said.match(/\d+/g)?.[i]);
      await expect(column.locator('.turn')).toHaveCount(steps);
      // Each turn went on in a cache of its own: two conversations in one would be read anew all the time.
      await expect(column.getByLabel('Figures')).toContainText('reused');
    }
    await expect(page.getByRole('button', { name: 'Again' })).toBeVisible();
    if (pace === 'fast') await expectAccessible(page);
  });
}

test('paused while its home gets a past, nobody takes a step until they are sent on', {
  tag: '@student',
}, async ({ page }) => {
  await page.goto(`./#/compare?${firstTask().where}&student=pocket&memory=memp`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run both' }).click();
  await page.getByRole('button', { name: 'Pause both' }).click();
  const goOn = page.getByRole('button', { name: 'Go on' });
  await expect(goOn).toBeVisible();
  const column = page.getByLabel(COLUMNS[1] ?? '', { exact: true });
  await expect(column.getByText(/^reads \d+ nearest memories/)).toBeVisible(PATIENCE);
  await expect(goOn).toBeVisible();
  await expect(column.locator('.clock')).toContainText('0 steps');
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await goOn.click();
  await expect(page.locator('.outcome .hidden')).toBeAttached(PATIENCE);
});

test('where the memories of a home were deleted, it is said, and they can be made anew', {
  tag: '@student',
}, async ({ page }) => {
  const where = `${firstTask().where}&student=pocket&memory=memp`;
  await page.goto(`./#/compare?${where}`);
  await runBoth(page, 'as fast as it goes');
  await expect(page.getByText('It remembers nothing of this home.')).toHaveCount(0);
  await page.goto('./#/device');
  await page.getByRole('button', { name: 'Delete Memories made here' }).click();
  await expect(page.getByRole('row', { name: /^Memories made here 0 memories/ })).toBeVisible();
  // The race shows the same two.
  await page.goto(`./#/race?${where}`);
  await page.getByRole('button', { name: 'Again' }).click();
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.locator('.outcome').getByText('It remembers nothing of this home.')).toBeVisible(
    PATIENCE,
  );
  await expect(page.getByText(/once remembering what is in its memory bank\.$/)).toBeVisible();
  await page.goto(`./#/compare?${where}`);
  await page.getByRole('button', { name: 'Let the teacher do 30 other tasks here' }).click();
  await expect(page.getByText(/It has lived here for 30 tasks/)).toBeVisible(PATIENCE);
});

test('as fast as it goes, the pocket student does side by side what it does alone', async ({ page }) => {
  const actions = (where: string) => page.locator(`${where} .turn .action`).allTextContents();
  await page.goto(`./#/compare?${firstTask().where}&student=pocket&memory=memp`);
  await runBoth(page, 'as fast as it goes');
  const [without, withMemory] = [
    await actions('.column:nth-child(1)'),
    await actions('.column:nth-child(2)'),
  ];
  for (const [memory, expected] of [
    ['none', without],
    ['memp', withMemory],
  ] as const) {
    await page.goto(`./#/play?${firstTask().where}&student=pocket&memory=${memory}`);
    await page.getByLabel('Pace').selectOption('as fast as it goes');
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(page.getByLabel('Conversation').getByText(/Solved in|Not solved/)).toBeVisible(PATIENCE);
    await expect.poll(() => actions('')).toEqual(expected);
  }
});

test.describe('the 4B student', () => {
  // What a service worker asks for can't be replaced by a test.
  test.use({ serviceWorkers: 'block' });

  test('replies to both sides in turn, from one engine, until both have used their steps', async ({
    page,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'duomem-folder-'));
    const files = mlcFolder({ library: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) });
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    await stubGpu(page);
    await takeInFolder(page, folder, 'Tiny-Qwen3');
    rmSync(folder, { recursive: true });
    await page.goto(`./#/compare?${firstTask().where}&student=mlc&memory=memp`);
    // The stub looks around for ever.
    expect(await runBoth(page, 'as fast as it goes')).toBe(
      'Without memory not solved in 30 steps, with memory not solved in 30 steps.',
    );
    const engines = await Promise.all(
      page
        .workers()
        .map((worker) =>
          worker.evaluate(() => (globalThis as { duomemStub?: { opened: number } }).duomemStub?.opened),
        ),
    );
    expect(engines.filter((opened) => opened !== undefined)).toEqual([1]);
  });
});
