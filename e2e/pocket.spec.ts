/** The pocket student itself, as it ships. */
import { expect, expectAccessible, test } from './site.ts';

test('the pocket student solves the first task that is shown, reuses its cache, and says which memory made it act', {
  tag: '@student',
}, async ({ page }) => {
  await page.goto('./');
  await expect(page.getByLabel('Who plays')).toHaveValue('pocket');
  await expect(page.getByLabel('Memory', { exact: true })).toHaveValue('memp');
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible({
    timeout: 90_000,
  });
  const figures = page.getByLabel('Figures');
  await expect(figures).toContainText('tokens in context');
  // All but the latest turn comes out of the KV cache.
  const shown = ((await figures.textContent()) ?? '').replaceAll(',', '');
  const [, context = '0', prefilled = '0'] =
    /(\d+)tokens in context(\d+)prefilled/.exec(reorder(shown)) ?? [];
  expect(Number(prefilled)).toBeLessThan(Number(context) / 4);

  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText(/^A replay: .* on wasm kernels/)).toBeVisible();
  await page.getByRole('button', { name: 'Show step 1', exact: true }).click();
  await page.getByRole('button', { name: 'Why step 1?' }).click();
  await expect(page.getByText(/has a probability of \d/)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole('row', { name: /^every memory/ })).toBeVisible();
  await expectAccessible(page);
});

/** Figures stand as name and value; the value comes first on the screen. */
function reorder(text: string): string {
  return text.replace(/tokens in context(\d+)prefilled(\d+)/, '$1tokens in context$2prefilled');
}

test('it solves most of the homes, which no player by chance does', { tag: '@student' }, async ({ page }) => {
  await page.goto('./#/runs');
  await page.getByLabel('Who plays').selectOption('pocket');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('10 of 10 games')).toBeVisible({ timeout: 110_000 });
  const all = (await page.getByRole('row', { name: /^All/ }).textContent()) ?? '';
  const solved = Number(/(\d+) of 10/.exec(all)?.[1]);
  expect(solved).toBeGreaterThanOrEqual(4);
});
