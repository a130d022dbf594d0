/** The views that are lists: none is empty on a first visit, runs are compared, and memories are a row a task. */
import { expect, expectAccessible, test } from './site.ts';

test('no view is empty on a first visit, and what came with the page can be deleted and brought back', async ({
  page,
}) => {
  await page.goto('./#/runs');
  const rows = page.getByLabel('All runs').getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText(/Pocket student.*\d+ of 24/);
  // The two are compared by the same games, with the interval of the difference and how it was made.
  const compared = page.getByLabel('Two runs compared');
  await expect(compared).toContainText('Of 24 games that both have played');
  await expect(compared.getByRole('rowheader', { name: 'only in “No memory”' })).toBeVisible();
  await expect(compared.getByText(/points/).first()).toBeVisible();
  // One difference is clear: there is something to be seen.
  await expect(compared.getByText('Clearly fewer: the interval excludes 0.')).toBeVisible();
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
    .getByRole('region', { name: '24 games of homes that were lived in' })
    .getByRole('button', { name: 'Delete' })
    .click();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(3);
  await page.getByRole('button', { name: 'Restore what came with this page' }).click();
  await expect(page.getByRole('button', { name: 'Restore what came with this page' })).toHaveCount(0);

  // Runs of one's own: the same seed draws the same games, of more than one kind.
  const howMany = page.getByLabel('How many');
  for (const none of ['999999', '0', '-3', '']) {
    await howMany.fill(none);
    await expect(page.getByText('1 to 4000')).toBeVisible();
    await expect(howMany).toHaveValue(none);
    await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
  }
  await howMany.fill('4');
  await expect(page.getByText('1 to 4000')).toHaveCount(0);
  await page.getByLabel('Drawn with seed').fill('7');
  for (const [i, player] of ['scripted', 'pocket'].entries()) {
    await page.getByLabel('Who plays').selectOption(player);
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(rows).toHaveCount(4 + i);
    await expect(
      page.getByRole('region', { name: '4 games of homes that were lived in' }).getByText('4 of 4 games'),
    ).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled();
  }
  await expect(page.getByText(/games drawn with seed 7/)).toBeVisible();
  // All, and each kind that was drawn.
  const kinds = page.getByRole('region', { name: '4 games of homes that were lived in' }).locator('tbody tr');
  await expect.poll(() => kinds.count()).toBeGreaterThan(2);
  for (const box of [1, 2]) await rows.nth(box).getByRole('checkbox').check();
  await expect(compared).toContainText('Of 4 games that both have played');
  await expect(compared.getByRole('heading')).toContainText('against');
  await page.goBack();
  await expect(compared).toHaveCount(0);
});

test("red is for faults only: what this device can't have and what wasn't solved are none", async ({
  page,
}) => {
  const red = await page.goto('./#/models').then(() =>
    page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = 'var(--bad)';
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    }),
  );
  const refused = page.getByText('Not here', { exact: true });
  await expect(refused.first()).toBeVisible();
  for (const one of await refused.all()) await expect(one).not.toHaveCSS('color', red);

  // A person who looks about for thirty steps.
  await page.goto('./#/play?home=7&task=0&student=human&memory=none');
  await page.getByRole('button', { name: 'Let me play' }).click();
  const action = page.getByLabel('Your action');
  for (let step = 0; step < 30; step++) {
    await expect(page.getByText(`step ${step} of 30`)).toBeVisible();
    await expect(page.getByText(/commands are accepted now/)).toBeVisible();
    await action.fill('look');
    await action.press('Enter');
  }
  const lost = page.getByText('all 30 steps are used');
  await expect(lost).toBeVisible();
  await expect(lost).not.toHaveCSS('border-left-color', red);
  await expect(lost.getByText('Not solved')).not.toHaveCSS('color', red);
});

test('the benchmark uses a wide screen', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto('./#/benchmark');
  const panels = page.locator('.bench-panel');
  await expect(panels.first()).toBeVisible();
  const boxes = await Promise.all((await panels.all()).map((panel) => panel.boundingBox()));
  const row = boxes.filter((box) => box?.y === boxes[0]?.y);
  expect(row.length).toBeGreaterThanOrEqual(3);
  const last = row.at(-1);
  expect((last?.x ?? 0) + (last?.width ?? 0)).toBeGreaterThan(1840);
  // What it asks stands beside what it is.
  const [intro, form] = [
    await page.locator('.bench-intro').first().boundingBox(),
    await page.locator('form').boundingBox(),
  ];
  expect(form?.x).toBeGreaterThan((intro?.x ?? 0) + (intro?.width ?? 0));
});

test("an address that asks for what there isn't is told so, with what is shown instead", async ({ page }) => {
  await page.goto('./#/nonsense');
  await expect(page.getByText('This address names no view.')).toBeVisible();
  await page.goto('./#/play?home=-5');
  await expect(page.getByText('There is no home -5; this is home 4.')).toBeVisible();
  await expectAccessible(page);
  await page.goto('./#/play?home=5');
  await expect(page.getByText('There is no home')).toHaveCount(0);
  await page.goto('./#/play?home=3&chore=bad');
  await expect(page.getByText('This address names no chore that can be taught')).toBeVisible();
  await page.goto('./#/runs?run=gone');
  await expect(page.getByText("The run that this address names isn't on this device.")).toBeVisible();
  await page.goto('./#/memory?id=gone');
  await expect(page.getByText("This memory isn't here any more.")).toBeVisible();
});
