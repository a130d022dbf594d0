/** The pocket student itself, as it ships. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, playOut, test } from './site.ts';

// A model plays, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 500_000 };

test('the pocket student solves the first task that is shown, reuses its cache, and can be asked why', {
  tag: '@student',
}, async ({ page }) => {
  await page.goto('./#/play');
  await expect(page.getByLabel('Who plays')).toHaveValue('pocket');
  await expect(page.getByLabel('Memory', { exact: true })).toHaveValue('memp');
  await playOut(page, 'Run', PATIENCE);
  const figures = page.getByLabel('Figures');
  await expect(figures).toContainText('tokens in context');
  // All but the latest turn comes out of the KV cache.
  const shown = ((await figures.textContent()) ?? '').replaceAll(',', '');
  const [, context = '0', prefilled = '0'] =
    /(\d+)tokens in context(\d+)prefilled/.exec(reorder(shown)) ?? [];
  expect(Number(prefilled)).toBeLessThan(Number(context) / 4);

  await page.getByRole('button', { name: 'Why step 1?' }).click();
  const said = await expectReasons(page);
  await expectAccessible(page);

  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText(/^A replay: .* on the CPU/)).toBeVisible();
  await page.getByRole('button', { name: 'Show step 1', exact: true }).click();
  await page.getByRole('button', { name: 'Why step 1?' }).click();
  // The same question has the same answer.
  expect(await expectReasons(page)).toBe(said);
  await expectAccessible(page);
});

/**
 * One sentence that says what the table below it says, and figures that differ: what each memory does to the reply,
 * the thought's words included. Returns what the answer says.
 */
async function expectReasons(page: Page): Promise<string> {
  const why = page.getByRole('region', { name: 'Why step 1' });
  const all = why.getByRole('row', { name: /^every memory/ });
  await expect(all).toBeVisible(PATIENCE);
  const rows = await why.locator('tbody tr').evaluateAll((shown) =>
    shown.map((row) => {
      const [label = '', probability = '', instead = ''] = Array.from(
        row.children,
        (cell) => cell.textContent,
      );
      return { label, percent: Number.parseFloat(probability), instead };
    }),
  );
  // Every bar lies in its cell, left of the figure.
  const inside = await why.locator('tbody .probability').evaluateAll((bars) =>
    bars.map((bar) => {
      const [a, b] = [bar.getBoundingClientRect(), bar.closest('td')?.getBoundingClientRect()];
      return (
        b !== undefined && a.width === 100 && a.left >= b.left && a.right < b.right && a.bottom <= b.bottom
      );
    }),
  );
  expect(inside).toEqual(rows.map(() => true));
  const memories = rows.filter(({ label }) => label !== 'every memory');
  // Rows stand by how much they change, so the first of its kind is the one that the sentence has to name.
  const said = (await why.locator('.why-sentence').textContent()) ?? '';
  const without = rows.find(({ label }) => label === 'every memory')?.instead;
  const deciding = memories.find(({ instead }) => instead !== 'the same');
  const named = (label: string): string => (label.startsWith('the ') ? label : `“${label}”`);
  if (deciding !== undefined) {
    expect(said).toBe(
      `Because of ${named(deciding.label)}: without it the student would ${deciding.instead} instead.`,
    );
  } else if (without !== 'the same') {
    expect(said).toMatch(/^Because of its memories together: /);
    expect(said).toContain(`would ${without} instead`);
  } else {
    expect(said).toMatch(
      /^(The student would do the same without its memories, but|Not because of any one) /,
    );
  }
  // And the engine of it, outside of the page, comes to the same sentence.
  return why.innerText();
}

test('a step can be asked about while the episode goes on, and both come to their end', {
  tag: '@student',
}, async ({ page }) => {
  await page.goto('./#/play');
  await page.getByLabel('Pace').selectOption('fast');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('button', { name: 'Why step 1?' }).click(PATIENCE);
  await expectReasons(page);
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible(PATIENCE);
});

/** Figures stand as name and value; the value comes first on the screen. */
function reorder(text: string): string {
  return text.replace(/tokens in context(\d+)prefilled(\d+)/, '$1tokens in context$2prefilled');
}

test('it solves most of the homes, which no player by chance does', { tag: '@student' }, async ({ page }) => {
  await page.goto('./#/runs');
  await page.getByLabel('Who plays').selectOption('pocket');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('10 of 10 games')).toBeVisible(PATIENCE);
  const all = (await page.getByRole('row', { name: /^All/ }).textContent()) ?? '';
  const solved = Number(/(\d+) of 10/.exec(all)?.[1]);
  expect(solved).toBeGreaterThan(5);
});
