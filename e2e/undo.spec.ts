/** Whatever is deleted can be had back. */
import type { Locator, Page } from '@playwright/test';
import { zipOfGames } from '../src/testing/game-zip.ts';
import { expect, expectAccessible, solve, test } from './site.ts';

const undo = (page: Page) => page.getByRole('button', { name: 'Undo' });
const dismiss = (page: Page) => page.locator('.undo').getByRole('button', { name: 'Dismiss' });

test('shipped memories that were deleted come back: at once, one by one, and all of them later', async ({
  page,
}) => {
  await page.goto('./#/memory');
  const total = page.getByText(/^[\d,]+ memories of [\d,]+ tasks, the first 100 of them/);
  await expect(total).toBeVisible();
  const all = await total.textContent();
  const list = page.getByLabel('Memories', { exact: true });
  const names: string[] = [];
  for (let i = 0; i < 3; i++) {
    const first = list.getByRole('link').first();
    names.push((await first.locator('.memory-name').textContent()) ?? '');
    const href = (await first.getAttribute('href')) ?? '';
    await first.click();
    await page.getByRole('article').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText(/^Deleted: the memory “/)).toBeVisible();
    await expect(
      page.getByText(`${i + 1} ${i === 0 ? 'memory' : 'memories'} of this page that you deleted`),
    ).toBeVisible();
    // The list is read anew; until then the first of it is the one that is gone.
    await expect(list.locator(`a[href="${href}"]`)).toHaveCount(0);
  }
  await expect(total).not.toHaveText(all ?? '');
  await expectAccessible(page);
  // The latest at once, also from another view.
  await page.goto('./#/device');
  await undo(page).click();
  await expect(page.getByText('Restored.')).toBeVisible();
  await dismiss(page).click();
  await page.goto('./#/memory');
  const changed = page.getByText('2 memories of this page that you deleted or changed');
  await changed.click();
  const deleted = page.getByLabel('Deleted and changed memories');
  await deleted.getByRole('button').first().click();
  await expect(deleted.getByRole('listitem')).toHaveCount(1);
  // The rest long after: what was deleted before a reload.
  await page.reload();
  await page.getByText('1 memory of this page that you deleted or changed').click();
  await deleted.getByRole('button').first().click();
  await expect(deleted).toHaveCount(0);
  await expect(total).toHaveText(all ?? '');
  await expect
    .poll(() => list.locator('.memory-name').allTextContents())
    .toEqual(expect.arrayContaining(names));
});

test("a shipped memory in one's own words becomes what it was, and the own words can be had back", async ({
  page,
}) => {
  await page.goto('./#/memory');
  const list = page.getByLabel('Memories', { exact: true });
  await list.getByRole('link').first().click();
  const guidelines = page.locator('.guidelines');
  const shipped = await guidelines.textContent();
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel(/How to do it/).fill('Look behind the kettle.');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(guidelines).toHaveText('Look behind the kettle.');
  await page.getByText('1 memory of this page that you deleted or changed').click();
  await page.getByRole('button', { name: /^Restore the original/ }).click();
  await expect(guidelines).toHaveText(shipped ?? '');
  await undo(page).click();
  await expect(guidelines).toHaveText('Look behind the kettle.');
});

test('a deleted episode and a deleted run come back whole, the latest first', async ({ page }) => {
  await solve(page);
  await page.getByRole('button', { name: 'Keep episode' }).click();
  await expect(page.getByText('Kept on this device')).toBeVisible();
  await page.goto('./#/replay');
  const episodes = page.getByLabel('Kept episodes').getByRole('listitem');
  await expect(episodes).toHaveCount(1);
  await episodes.getByRole('button', { name: /^Delete/ }).click();
  await expect(page.getByText('None yet:')).toBeVisible();

  await page.goto('./#/runs');
  await page.getByLabel('How many').fill('3');
  await page.getByRole('button', { name: 'Start' }).click();
  const run = page.getByRole('region', { name: '3 games of homes that were lived in' });
  await expect(run.getByText('3 of 3 games')).toBeVisible();
  await run.getByRole('button', { name: 'Delete' }).click();
  await expect(run).toHaveCount(0);
  await expect(page.getByText('Deleted: the run “3 games of homes that were lived in”.')).toBeVisible();
  await undo(page).click();
  await expect(run.getByText('3 of 3 games')).toBeVisible();
  await dismiss(page).click();
  await undo(page).click();
  await expect(page.getByText('Restored.')).toBeVisible();
  // With its traces.
  await run.getByLabel('Episodes').getByRole('button').first().click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await page.goto('./#/replay');
  await episodes.getByRole('link').click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
});

test('deleted games come back and can be played, until the room that they take is freed', async ({
  page,
}) => {
  await page.goto('./#/device');
  await page.getByLabel('A zip of games').setInputFiles(await zipOfGames());
  const set = page.getByRole('row', { name: /^games 12/ });
  const row = page.getByRole('row', { name: /^Imported games/ });
  await expect(row).toContainText('12 games');
  const games = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const opened = indexedDB.open('duomem-memory');
          opened.onsuccess = () => {
            const count = opened.result.transaction('games').objectStore('games').count();
            count.onsuccess = () => {
              opened.result.close();
              resolve(count.result);
            };
          };
        }),
    );
  await set.getByRole('button', { name: 'Delete' }).click();
  await expect(row).toContainText('0 games');
  await expect(
    page.getByText(/Deleted: the set of games “games”\. Its .* are freed when you dismiss this/),
  ).toBeVisible();
  expect(await games()).toBe(12);
  await undo(page).click();
  await expect(row).toContainText('12 games');
  await dismiss(page).click();
  await set.getByRole('button', { name: 'Delete' }).click();
  await dismiss(page).click();
  await expect.poll(games).toBe(0);
  await expect(undo(page)).toHaveCount(0);

  // What is deleted and not brought back before the page is closed makes room on the next visit.
  await page.getByLabel('A zip of games').setInputFiles(await zipOfGames());
  await expect(row).toContainText('12 games');
  await set.getByRole('button', { name: 'Delete' }).click();
  await expect(row).toContainText('0 games');
  await page.reload();
  await expect(row).toContainText('0 games');
  await expect.poll(games).toBe(0);
});

test('what is deleted by a double click is deleted once, and one undo brings it back', async ({ page }) => {
  const bar = page.locator('.undo');
  /** @param things one of which is deleted */
  const twice = async (button: Locator, things: Locator, count: number): Promise<void> => {
    await expect(things).toHaveCount(count);
    // Before the page can take the button away.
    await button.evaluate((element: HTMLElement) => {
      element.click();
      element.click();
    });
    await expect(bar.getByText(/^Deleted: /)).toBeVisible();
    await expect(things).toHaveCount(count - 1);
    await undo(page).click();
    await expect(bar.getByText('Restored.')).toBeVisible();
    await expect(things).toHaveCount(count);
    await dismiss(page).click();
    await expect(bar).toHaveText('');
  };
  await page.goto('./#/replay');
  const episodes = page.getByLabel('Episodes of this page').getByRole('listitem');
  await twice(episodes.first().getByRole('button', { name: /^Delete/ }), episodes, 3);

  await page.goto('./#/runs');
  const runs = page.getByRole('table', { name: 'All runs' }).locator('tbody tr');
  await runs.first().getByRole('button').click();
  await twice(page.locator('.panel.run').getByRole('button', { name: 'Delete' }), runs, 2);

  await page.goto('./#/memory');
  await page.getByRole('button', { name: 'Add a memory' }).click();
  await page.getByLabel(/For which task/).fill('put a clean hat in fridge.');
  await page.getByLabel(/How to do it/).fill('Look behind the kettle.');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  const own = page.getByLabel('Memories', { exact: true }).getByText('Put a clean hat in fridge');
  await twice(page.getByRole('article').getByRole('button', { name: 'Delete' }), own, 1);

  await page.goto('./#/device');
  await twice(
    page.getByRole('button', { name: 'Delete Memories made here' }),
    page.getByRole('row', { name: /^Memories made here 1 memory/ }),
    1,
  );
});

test('a run that is deleted in another tab while it is played stops and says so; brought back it goes on where it was', async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  await other.goto('./#/device');
  await page.goto('./#/runs');
  await page.getByLabel('How many').fill('200');
  await page.getByRole('button', { name: 'Start' }).click();
  const title = '200 games of homes that were lived in';
  const run = page.getByRole('region', { name: title });
  await expect(run.getByText(/^[1-9]\d* of 200 games/)).toBeVisible();
  await other.getByLabel('Views').getByRole('link', { name: 'Runs', exact: true }).click();
  await other.getByRole('button', { name: title }).click();
  await other.getByRole('region', { name: title }).getByRole('button', { name: 'Delete' }).click();
  await expect(other.getByText(`Deleted: the run “${title}”.`)).toBeVisible();
  await expect(page.getByText(`${title}: This run was deleted, perhaps in another tab`)).toBeVisible();
  await expect(page.getByRole('table', { name: 'All runs' }).getByText(title)).toHaveCount(0);
  await undo(other).click();
  await expect(other.getByText('Restored.')).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: title }).click();
  await expect(run.getByText(/^[1-9]\d* of 200 games/)).toBeVisible();
  await run.getByRole('button', { name: 'Resume' }).click();
  await expect(run.getByRole('button', { name: 'Stop' })).toBeVisible();
});
