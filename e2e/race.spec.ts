/** What a stranger meets: the race, which starts by itself, and what one would do after it. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './site.ts';

// A model plays twice, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 500_000 };

/** How many steps each side took, as the end says. */
async function figures(page: Page): Promise<readonly number[]> {
  await expect(page.locator('.outcome')).toBeVisible(PATIENCE);
  const said = (await page.locator('.outcome .hidden').textContent()) ?? '';
  expect(said).toMatch(/^Without memory (not )?solved in \d+ steps, with memory solved in \d+ steps\.$/);
  return said.match(/\d+/g)?.map(Number) ?? [];
}

test('untouched, the race starts and ends, memory wins it, and the next one is a press away', {
  tag: '@student',
}, async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\w+\.$/);
  await expect(page.getByText(/^A [\d.]+ MB language model is thinking in this tab, twice/)).toBeVisible();
  const [without = 0, withMemory = 0] = await figures(page);
  expect(withMemory).toBeGreaterThan(0);
  expect(withMemory).toBeLessThan(without);
  await expect(page.getByText(/^Memory saved \d+ steps/)).toBeVisible();
  // Whoever did nothing else is led on.
  const next = page.getByRole('button', { name: 'Next task' });
  await expect(next).toBeFocused();
  await expectAccessible(page);
  const first = await page.getByRole('heading', { level: 1 }).textContent();
  await next.click();
  await expect(page).toHaveURL(/task=1/);
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(first ?? '');
  await expect(page.locator('.turn').first()).toBeAttached(PATIENCE);

  // Whoever comes again finds what they left, and it waits for them.
  const stranger = page.context();
  await page.close();
  const again = await stranger.newPage();
  await again.goto('./');
  await expect(again).toHaveURL(/#\/race\?.*task=1/);
  await expect(again.getByRole('button', { name: 'Start' })).toBeVisible();
  await expect(again.locator('.turn')).toHaveCount(0);
});

test('nothing starts by itself for who prefers that nothing moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./');
  await expect(page.locator('.house').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeVisible();
  await expect(page.locator('.turn')).toHaveCount(0);
});
