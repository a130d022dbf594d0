/** Memory that matters: a chore that a person makes up, shows once by clicking, and sees done in another home. */

import type { Page } from '@playwright/test';
import { generateHome, namedFamily, PAGE_HABITS } from '../src/homes/index.ts';
import { expect, expectAccessible, test } from './site.ts';

// A model plays twice, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 500_000 };

/** Does a command without a key: by the place or the thing itself, or by what it offers. */
async function click(page: Page, command: string): Promise<void> {
  const house = page.getByLabel('The house, as far as the agent has seen it');
  const itself = house.getByRole('button', { name: command, exact: true });
  const [, thing = '', place = ''] = /^\w+ (.+?)(?: (?:from|to|with) (.+))?$/.exec(command) ?? [];
  const name = command.startsWith('go to ') ? command.slice(6) : command.startsWith('move') ? place : thing;
  const offers = house.getByRole('button', { name: `${name}: what can be done here`, exact: true });
  await expect(itself.or(offers).first()).toBeVisible();
  if (!(await itself.first().isVisible())) await offers.first().click();
  await itself.first().click();
}

test("a chore with a name of one's own is shown once by clicks alone, done in another home, and not without memory", {
  tag: '@student',
}, async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./#/teach');
  await page.getByLabel('And put it').selectOption('Sofa');
  // A name in no letters is refused in words.
  await page.getByLabel('Call it').fill('5');
  await expect(page.getByText('Give it a name of letters')).toBeVisible();
  await page.getByLabel('Call it').fill('Omas Kaffee');
  await expect(
    page.getByText(/take mug at Omas Kaffee time.*take a mug, put it in or on a sofa/),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show it' }).click();

  // Back undoes it, and forward is there again.
  await expect(page.getByText('2. Show it once')).toBeVisible();
  await page.goBack();
  await expect(page.getByText('2. Show it once')).toHaveCount(0);
  await page.goForward();

  await expect(page.getByText(/^Take \w+ at Omas Kaffee time\.$/)).toBeVisible();
  const chore = 'Omas.Kaffee_1_nothing_Sofa';
  const home = Number(/home=(\d+)/.exec(page.url())?.[1]);
  const families = [namedFamily('Omas Kaffee', { count: 1, treatments: [] }, 'Sofa')];
  const { walkthrough } = generateHome(home, { habits: PAGE_HABITS, families, split: `chore_${chore}` }).game(
    0,
  );
  expect(walkthrough.length).toBeGreaterThan(2);
  for (const [i, command] of walkthrough.entries()) {
    await click(page, command);
    if (i + 1 < walkthrough.length)
      await expect(page.getByText(`${i + 1} step${i === 0 ? '' : 's'} of 30`)).toBeVisible();
  }
  await expect(page.getByText(`Solved in ${walkthrough.length} steps`)).toBeVisible();
  // The memory is opened for the first time.
  const watch = page.getByRole('heading', { name: '3. Watch it in another home' });
  await expect(watch).toBeFocused(PATIENCE);
  // Nothing to press: no ring.
  await expect(watch).toHaveCSS('outline-style', 'none');
  await page.getByRole('button', { name: 'Watch it' }).click();
  await expect(page.locator('.outcome .hidden')).toHaveText(
    /^Without memory not solved in 30 steps, with memory solved in \d+ steps\.$/,
    PATIENCE,
  );
  // The student has no such words: the page keeps the name, and says what was read in its place.
  await expect(page.getByText(/^Take \w+ at Omas Kaffee time\.$/)).toHaveCount(2);
  const note = page.getByText('This student has no word for');
  await expect(note).toHaveText(/^This student has no word for “Omas Kaffee”/);
  const [, word = ''] = /it read (\w+) time/.exec((await note.textContent()) ?? '') ?? [];
  expect(word).not.toBe('');
  await expectAccessible(page);
  const remembering = page.getByLabel('Remembering what you showed', { exact: true });
  await remembering.getByText('Every step').click();
  await remembering.getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/at Omas Kaffee time\.$/);
});

test('a chore that no home has things for is said to be one', async ({ page }) => {
  await page.goto('./#/teach?home=0&task=0&chore=tea_1_slice_Sofa');
  await expect(page.getByText('None of 30 homes has things that this could be done with')).toBeVisible(
    PATIENCE,
  );
});
