/** Everything that is the user's as one file, and runs and episodes that are kept. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { zipOfGames } from '../src/testing/game-zip.ts';
import { firstTask } from '../src/testing/page-tasks.ts';
import { expect, expectAccessible, savedBy, solve, test } from './site.ts';

test.use({ serviceWorkers: 'allow' });

/** A task of a home without a past, so that nothing is remembered but what a test keeps. */
const UNREMEMBERED = `#/play?${firstTask().where}&student=pocket&memory=none`;

async function addMemory(page: Page, task: string, guidelines: string): Promise<void> {
  await page.goto('./#/memory');
  await page.getByRole('button', { name: 'Add a memory' }).click();
  await page.getByLabel(/For which task/).fill(task);
  await page.getByLabel(/How to do it/).fill(guidelines);
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('article').getByText(guidelines)).toBeVisible();
}

test('everything goes into one file, and comes back in another profile after its counts were shown', async ({
  page,
  browser,
  baseURL,
}) => {
  await addMemory(page, 'put a cool mug in cabinet.', 'The mug is always behind the kettle.');
  await page.goto('./#/device');
  await page.getByLabel('A zip of games').setInputFiles(await zipOfGames());
  await expect(page.getByText('12 games imported.')).toBeVisible();
  await page.goto('./#/runs?set=games');
  await expect(page.getByLabel('Games', { exact: true })).toContainText('games, valid (12)');
  await page.getByLabel('How many').fill('3');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('3 of 3 games')).toBeVisible();
  await solve(page, UNREMEMBERED);
  await page.getByRole('button', { name: 'Keep episode' }).click();
  await expect(page.getByText('Kept on this device')).toBeVisible();

  await page.goto('./#/device');
  const storage = page.getByLabel('Storage');
  await expect(storage.getByRole('row', { name: /^Memories made here 1 memory \d/ })).toBeVisible();
  await expect(storage.getByRole('row', { name: /^Imported games 12 games \d/ })).toBeVisible();
  await expect(storage.getByRole('row', { name: /^Runs 1 run \d/ })).toBeVisible();
  await expect(storage.getByRole('row', { name: /^Kept episodes 1 episode \d/ })).toBeVisible();
  const file = await savedBy(page.getByRole('button', { name: 'Export' }));

  const other = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await other.goto('./#/device');
  await expect(other.getByRole('row', { name: /^Runs 0 runs/ })).toBeVisible();
  const cut = readFileSync(file).subarray(0, 20_000);
  const importing = other.getByLabel('Import a file');
  await importing.setInputFiles({ name: 'cut.zip', mimeType: 'application/zip', buffer: cut });
  await expect(other.getByText(/the file is cut off\. Nothing was changed\./)).toBeVisible();
  await importing.setInputFiles(await zipOfGames());
  await expect(other.getByText(/isn't a file that this page has exported/)).toBeVisible();

  await importing.setInputFiles(file);
  await expect(
    other.getByText('The file holds 1 memory, 12 games in 1 set, 1 run and 1 kept episode.'),
  ).toBeVisible();
  await expect(other.getByRole('row', { name: /^Runs 0 runs/ })).toBeVisible();
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Import it all' }).click();
  await expect(other.getByText('Everything in the file was imported.')).toBeVisible();
  await expect(other.getByRole('row', { name: /^Imported games 12 games/ })).toBeVisible();

  await other.goto('./#/runs');
  const run = other.getByRole('region', { name: '3 games of games, valid' });
  await expect(run.getByText('3 of 3 games')).toBeVisible();
  await run.getByLabel('Episodes').getByRole('button').first().click();
  await expect(other.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await other.goto('./#/memory?q=chill+a+mug');
  await expect(other.getByLabel('Memories').getByText('kept on this device')).toBeVisible();
  await other.goto('./#/replay');
  await other.getByLabel('Kept episodes').getByRole('link', { name: firstTask().sentence }).click();
  await expect(other.getByText('The engine gives the same texts, word for word.')).toBeVisible();

  // Once more: everything is there already, and only its like gives way.
  await other.goto('./#/device');
  await importing.setInputFiles(file);
  await expect(other.getByText(/4 of them take the place of what is here by the same name/)).toBeVisible();
  await other.getByRole('button', { name: 'Import it all' }).click();
  await expect(other.getByText('Everything in the file was imported.')).toBeVisible();
  await expect(other.getByRole('row', { name: /^Imported games 12 games/ })).toBeVisible();
  await other.context().close();
});

test('what is kept is deleted kind by kind, all of it after a question, and each can be undone', async ({
  page,
}) => {
  await addMemory(page, 'put a mug in desk.', 'Look on the shelf.');
  await solve(page, UNREMEMBERED);
  await page.getByRole('button', { name: 'Keep episode' }).click();
  await expect(page.getByText('Kept on this device')).toBeVisible();
  await page.goto('./#/device');
  await page.getByRole('button', { name: 'Delete Kept episodes' }).click();
  await expect(page.getByRole('row', { name: /^Kept episodes 0 episodes/ })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('row', { name: /^Kept episodes 1 episode/ })).toBeVisible();
  await page.getByRole('button', { name: 'Delete Kept episodes' }).click();
  await expect(page.getByRole('row', { name: /^Kept episodes 0 episodes/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Memories made here 1 memory/ })).toBeVisible();
  const everything = page.getByRole('button', { name: 'Delete everything of yours' });
  await everything.click();
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('row', { name: /^Memories made here 1 memory/ })).toBeVisible();
  for (const undone of [true, false]) {
    await everything.click();
    await page.getByRole('button', { name: 'Yes, delete' }).click();
    await expect(page.getByRole('row', { name: /^Memories made here 0 memories/ })).toBeVisible();
    if (!undone) break;
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('row', { name: /^Memories made here 1 memory/ })).toBeVisible();
  }
  await page.goto('./#/memory?q=mug+in+desk');
  await expect(page.getByText(/The nearest/)).toBeVisible();
  await expect(page.getByText('kept on this device')).toHaveCount(0);
});

test('a run is stopped, resumed after a reload, and not played in two tabs at once', async ({
  page,
  context,
}) => {
  await page.goto('./#/runs');
  await page.getByLabel('Who plays').selectOption('scripted');
  await page.getByLabel('How many').fill('400');
  await page.getByRole('button', { name: 'Start' }).click();
  const run = page.getByRole('region', { name: '400 games of homes that were lived in' });
  await expect(run.getByText(/^[1-9]\d* of 400 games/)).toBeVisible({ timeout: 90_000 });

  const second = await context.newPage();
  await second.goto('./#/runs');
  await second.getByRole('button', { name: 'Resume' }).click();
  await expect(second.getByText('Another tab is playing this run.')).toBeVisible();
  await second.close();

  await run.getByRole('button', { name: 'Stop' }).click();
  await expect(run.getByRole('button', { name: 'Resume' })).toBeVisible();
  const played = async (): Promise<number> =>
    Number(/(\d+) of 400/.exec((await run.textContent()) ?? '')?.[1]);
  const before = await played();
  expect(before).toBeLessThan(400);
  await page.reload();
  await expect(run.getByText(`${before} of 400 games`)).toBeVisible();
  await run.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(played).toBeGreaterThan(before + 2);
  await run.getByRole('button', { name: 'Stop' }).click();
  await run.getByLabel('Episodes').getByRole('button').first().click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
});
