/** The Benchmark view: measuring, cancelling, saving exactly what is shown. No time is asserted. */
import { readFileSync } from 'node:fs';
import { unwrap } from '../src/base/result.ts';
import { parseBench } from '../src/bench/bench-file.ts';
import { expect, expectAccessible, savedBy, test } from './site.ts';

// The machine may be busy with other things.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 500_000 };

// A part that takes a moment, and needs neither a model nor a GPU.
const SMALL = './#/benchmark?profile=short&parts=memory&label=a+test';

test('measures, shows each figure with its spread, and saves what it shows and nothing else', async ({
  page,
}) => {
  await page.goto(SMALL);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  const save = page.getByRole('button', { name: 'Save the result' });
  await expect(save).toBeVisible(PATIENCE);
  await expect(page.getByRole('row', { name: /^Embedding a task/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Retrieval/ })).toBeVisible();
  await page.getByText('Everything in the file').click();
  const shown = await page.locator('.bench-file pre').textContent();
  const saved = readFileSync(await savedBy(save), 'utf8');
  expect(saved).toBe(shown);
  const result = unwrap(parseBench(saved));
  expect(result.device.label).toBe('a test');
  expect(result.figures.map(({ subject }) => subject)).toEqual(['memory', 'memory']);
  await expectAccessible(page);
  // A look elsewhere loses nothing.
  await page.getByRole('link', { name: 'Device' }).click();
  await page.getByRole('link', { name: 'Benchmark' }).click();
  await expect(save).toBeVisible();
});

test('is stopped at once, and keeps nothing of it', async ({ page }) => {
  await page.goto('./#/benchmark?profile=full&parts=engine');
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByText('Measuring the engine')).toBeVisible(PATIENCE);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Measure' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save the result' })).toHaveCount(0);
  await expect(page.getByRole('progressbar')).toHaveCount(0);
});

test('a run whose tab was hidden for a while says so, though it was seen again', async ({ page }) => {
  await page.addInitScript(() => {
    const seen = { state: 'visible' };
    Object.assign(globalThis, { seen });
    Object.defineProperty(document, 'visibilityState', { get: () => seen.state });
  });
  await page.goto(SMALL);
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.evaluate(() => {
    for (const state of ['hidden', 'visible']) {
      Object.assign((globalThis as unknown as { seen: object }).seen, { state });
      document.dispatchEvent(new Event('visibilitychange'));
    }
  });
  // A busy machine has an alert of its own.
  await expect(page.getByRole('alert').filter({ hasText: 'The tab was hidden' })).toBeVisible(PATIENCE);
  const path = await savedBy(page.getByRole('button', { name: 'Save the result' }));
  const result = parseBench(readFileSync(path, 'utf8'));
  expect(result.ok && result.value.invalid.map(({ code }) => code)).toContain('HIDDEN');
});

test("a run in a hidden tab says that it doesn't count", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  });
  await page.goto(SMALL);
  await page.getByRole('button', { name: 'Measure' }).click();
  const hidden = page.getByRole('alert').filter({ hasText: 'The tab was hidden' });
  await expect(hidden).toContainText("This run doesn't count.", PATIENCE);
});
