import { expect, type Page } from '@playwright/test';
import { expectAccessible, test } from './site.ts';

async function stepsToSolve(page: Page): Promise<number> {
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible();
  return page.locator('.turn').count();
}

test('a home that the teacher lived in is remembered, and remembering saves steps', async ({ page }) => {
  await page.goto('./#/play?home=7&task=0&student=scripted&memory=none');
  const without = await stepsToSolve(page);
  await page.getByLabel('Memory', { exact: true }).selectOption('memp');
  await expect(page.getByText('Nobody remembers this home yet.')).toBeVisible();
  await page.getByRole('button', { name: /Let the teacher do/ }).click();
  await expect(page.getByText(/\d+ memories of this home/)).toBeVisible();
  const withMemory = await stepsToSolve(page);
  const memories = page.locator('.stage-memories');
  await expect(memories.getByText('this home', { exact: true }).first()).toBeVisible();
  await expect(memories.getByText(/Reference trajectory, \d+ steps/)).toBeVisible();
  expect(withMemory).toBeLessThan(without);
  await expectAccessible(page);

  // They are still there when the page is opened again.
  await page.reload();
  await expect(page.getByText(/\d+ memories of this home/)).toBeVisible();
});

test('side by side, the same student takes more steps without memory than with it', async ({ page }) => {
  await page.goto('./#/compare?home=7&task=0&student=scripted&memory=memp');
  await page.getByRole('button', { name: /Let the teacher do/ }).click();
  await expect(page.getByText(/\d+ memories of this home/)).toBeVisible();
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run both' }).click();
  const outcome = page.getByText(/^Without memory (not )?solved in/);
  await expect(outcome).toBeVisible();
  const [without = 0, withMemory = 0] =
    ((await outcome.textContent()) ?? '').match(/\d+/g)?.map(Number) ?? [];
  expect(withMemory).toBeGreaterThan(0);
  expect(withMemory).toBeLessThan(without);
  await expectAccessible(page);
});
