/** The views that are lists: none is empty on a first visit, runs are compared, and memories are a row a task. */
import { expect, expectAccessible, test } from './site.ts';

test('no view is empty on a first visit, and what came with the page can be deleted and brought back', async ({
  page,
}) => {
  await page.goto('./#/runs');
  const rows = page.getByLabel('All runs').getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText(/Pocket student.*\d+ of 12/);
  // The two are compared by the same games, with the interval of the difference and how it was made.
  const compared = page.getByLabel('Two runs compared');
  await expect(compared).toContainText('Of 12 games that both have played');
  await expect(compared.getByText(/points/).first()).toBeVisible();
  await expect(compared).toContainText(/Newcombe.*method 10/);
  await expectAccessible(page);
  // They take none of the visitor's room.
  await page.goto('./#/device');
  await expect(page.getByRole('row', { name: /^Runs 0 runs/ })).toBeVisible();
  await page.goto('./#/replay');
  const episodes = page.getByLabel('Episodes of this page').getByRole('listitem');
  await expect(episodes).toHaveCount(3);
  await episodes
    .first()
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(episodes).toHaveCount(2);
  await episodes.first().getByRole('link').click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();

  await page.goto('./#/runs');
  await page
    .getByRole('region', { name: '12 games of homes that were lived in' })
    .getByRole('button', { name: 'Delete' })
    .click();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(3);
  await page.getByRole('button', { name: 'Bring back what came with this page' }).click();
  await expect(page.getByRole('button', { name: 'Bring back what came with this page' })).toHaveCount(0);

  // Runs of one's own: the same seed draws the same games, of more than one kind.
  await page.getByLabel('How many').fill('4');
  await page.getByLabel('Drawn with seed').fill('7');
  for (const [i, player] of ['scripted', 'pocket'].entries()) {
    await page.getByLabel('Who plays').selectOption(player);
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(rows).toHaveCount(4 + i);
    await expect(
      page.getByRole('region', { name: '4 games of homes of this page' }).getByText('4 of 4 games'),
    ).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled();
  }
  await expect(page.getByText(/games drawn with seed 7/)).toBeVisible();
  // All, and each kind that was drawn.
  const kinds = page.getByRole('region', { name: '4 games of homes of this page' }).locator('tbody tr');
  expect(await kinds.count()).toBeGreaterThan(2);
  for (const box of [1, 2]) await rows.nth(box).getByRole('checkbox').check();
  await expect(compared).toContainText('Of 4 games that both have played');
  await expect(compared.getByRole('heading')).toContainText('against');
  await page.goBack();
  await expect(compared).toHaveCount(0);
});
