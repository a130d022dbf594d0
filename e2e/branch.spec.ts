/**
 * What a replay is good for besides looking: from any of its steps one goes on, by hand with steps taken back, or with
 * a student; and it leaves as a page that plays without this one, and as a picture.
 */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, solve, test } from './site.ts';

// A model plays, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 500_000 };

test('a replay is gone on with from one of its steps, by hand with steps taken back, and by the student', async ({
  page,
}) => {
  await solve(page);
  const said = await page.locator('.turn .action').allTextContents();
  await page.getByLabel('pocket student at work').getByRole('link', { name: 'Replay' }).click();
  await expect(page).toHaveTitle(/^\w.+: solved in \d+ steps by the pocket student · DuoMem$/);
  await expect(page.locator('meta[name="description"]')).toHaveAttribute(
    'content',
    /by the pocket student, plans and an example \(MemP\): every step/,
  );
  await page.getByLabel('Step of the replay').fill('2');
  await page
    .getByRole('group', { name: 'Go on from step 2' })
    .getByRole('button', { name: 'By hand' })
    .click();

  await expect(page.getByText('Goes on after step 2 of an episode by the pocket student')).toBeVisible();
  const turns = page.locator('.turn');
  await expect(turns).toHaveCount(2);
  const action = page.getByLabel('Your action');
  const back = page.getByRole('button', { name: 'Take back' });
  // What another player did stays.
  await expect(page.getByText(/commands are accepted now/)).toBeVisible();
  await expect(back).toBeDisabled();
  await expect(action).toBeFocused();
  await action.fill('Inventry');
  await action.press('Enter');
  await expect(page.getByText('step 3 of 30')).toBeVisible();
  await expect(turns.last()).toContainText('inventory');
  await expectAccessible(page);
  await back.click();
  await expect(page.getByText('step 2 of 30')).toBeVisible();
  await expect(turns).toHaveCount(2);
  await expect(action).toBeFocused();
  for (const [i, command] of said.slice(2).entries()) {
    await expect(turns).toHaveCount(2 + i);
    await expect(page.getByText(/commands are accepted now/)).toBeVisible();
    await action.fill(command.toUpperCase());
    await action.press('Enter');
  }
  await expect(page.getByLabel('Conversation').getByText(`Solved in ${said.length} steps`)).toBeVisible();

  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await expect(page.getByText('the first 2 from an episode by the pocket student')).toBeVisible();
  await savedPagePlaysOnItsOwn(page, said);
  await savedPictureIsOne(page);

  // After the end there is nothing to go on with.
  await page.getByLabel('Step of the replay').fill(String(said.length));
  await expect(page.getByRole('button', { name: 'By hand' })).toBeDisabled();
  await page.getByLabel('Step of the replay').fill('3');
  await page.getByRole('button', { name: 'Without memory' }).click();
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  const ending = page.locator('.ending');
  await expect(ending).toContainText(/Solved in \d+ steps|Not solved/, PATIENCE);
  // The same, as a link: a stranger finds where it branches off; a damaged one is refused in words.
  const link = page.url();
  await page.goto(link.replace(/from=[\w-]{40}/, 'from='));
  await page.reload();
  await expect(page.getByText('This link is damaged')).toBeVisible();
  await page.getByRole('link', { name: 'Play it from the start' }).click();
  await expect(page.getByRole('button', { name: 'Run' })).toBeVisible();
});

/** In a profile of its own, from the disk, without a network. */
async function savedPagePlaysOnItsOwn(page: Page, said: readonly string[]): Promise<void> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a page' }).click();
  const path = test.info().outputPath('replay.html');
  await (await download).saveAs(path);
  const offline = await page.context().browser()?.newContext({ offline: true });
  const alone = await offline?.newPage();
  if (alone === undefined) throw new Error('there is a browser');
  const complaints: string[] = [];
  alone.on('console', (message) => complaints.push(message.text()));
  alone.on('pageerror', (error) => complaints.push(error.message));
  alone.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
  await alone.goto(`file://${path}`);
  await expect(alone).toHaveTitle(new RegExp(`solved in ${said.length} steps by a person$`));
  await expect(alone.getByText('The engine gave the same texts, word for word')).toBeVisible();
  const shown = alone.locator('.frame:visible');
  await expect(shown).toHaveCount(1);
  await expect(shown).toContainText(`Step 0 of ${said.length}`);
  await expect(shown.locator('svg.house')).toBeVisible();
  await alone.getByRole('button', { name: 'Forward' }).click();
  await expect(shown).toContainText(said[0] ?? 'no action');
  await alone.getByRole('button', { name: 'Play' }).click();
  await expect(shown).toContainText(`Step ${said.length} of ${said.length}`);
  await expect(alone.getByRole('button', { name: 'From the start' })).toBeVisible();
  await expectAccessible(alone);
  expect(complaints).toEqual([]);
  await offline?.close();
}

async function savedPictureIsOne(page: Page): Promise<void> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save picture' }).click();
  const path = test.info().outputPath('ending.png');
  await (await download).saveAs(path);
  const png = await readFile(path);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
}
