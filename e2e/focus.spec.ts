/** Whoever acts by keyboard goes on from there: what was pressed may go, but the focus never falls to the top of the page. */
import type { Locator, Page } from '@playwright/test';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { expect, test } from './site.ts';

// Some of it is work for the student or the teacher, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 500_000 };

const button = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole('button', { name, exact: typeof name === 'string' }).first();

async function press(pressed: Locator): Promise<void> {
  await expect(pressed).toBeEnabled(PATIENCE);
  await pressed.focus();
  await pressed.press('Enter');
}

/** Something in there has the focus; anything at all, where nothing is named. */
async function expectFocus(within: Locator): Promise<void> {
  const focused = within.page().locator(':focus');
  await expect(within.and(focused).or(within.locator(':focus'))).toHaveCount(1);
}

test('a memory is changed, left, deleted and had back', async ({ page }) => {
  await page.goto('./#/memory');
  const list = page.getByLabel('Memories', { exact: true });
  const [article, undo] = [page.getByRole('article'), page.locator('.undo')];
  await press(list.getByRole('link').first());
  await press(button(article, 'Change'));
  await expect(page.getByLabel(/^For which task/)).toBeFocused();
  await press(button(page, 'Leave it'));
  await expectFocus(article);
  await press(button(article, 'Delete'));
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await press(button(undo, 'Undo'));
  await expectFocus(page.locator('main, .undo'));
  await press(button(undo, 'Dismiss'));
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('an episode is deleted, and another gone through to its first step', async ({ page }) => {
  await page.goto('./#/replay');
  const episodes = page.getByLabel('Episodes of this page').getByRole('listitem');
  await expect(episodes.nth(1)).toBeVisible();
  const count = await episodes.count();
  // The next one, and of the last the one before: never what would delete it.
  const next = await episodes.nth(1).getByRole('link').getAttribute('href');
  await press(button(episodes.first(), /^Delete/));
  await expect(episodes).toHaveCount(count - 1);
  await expect(episodes.first().getByRole('link')).toBeFocused();
  await expect(page.locator(':focus')).toHaveAttribute('href', next ?? '');
  await press(button(episodes.last(), /^Delete/));
  await expect(episodes).toHaveCount(count - 2);
  await expect(episodes.last().getByRole('link')).toBeFocused();
  await press(episodes.first().getByRole('link'));
  // A view without anything of the one that the link was in.
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await press(button(page, 'Forward'));
  await expect(button(page, 'Forward')).toBeFocused();
  await press(button(page, 'Back'));
  await expect(button(page, 'Back')).toBeDisabled();
  await expect(button(page, 'Forward')).toBeFocused();
});

test('a run is started, stopped and deleted', async ({ page }) => {
  await page.goto('./#/runs');
  const [form, run, undo] = [page.locator('form'), page.locator('section.run'), page.locator('.undo')];
  await page.getByLabel('How many').fill('40');
  await press(button(form, 'Start'));
  await expect(button(form, 'Start')).toBeDisabled();
  await expectFocus(form);
  await press(button(run, 'Stop'));
  await expect(button(run, 'Resume')).toBeFocused(PATIENCE);
  const title = (await run.getByRole('heading').first().textContent()) ?? '';
  await press(button(run, 'Delete'));
  await expect(undo).toContainText(title);
  await expectFocus(page.locator('main'));
  await press(button(undo, 'Dismiss'));
  await expectFocus(page.locator('main'));
});

test('the device is asked to delete everything, and not to', async ({ page }) => {
  await page.goto('./#/memory');
  await press(button(page, 'Add a memory'));
  await page.getByLabel(/^For which task/).fill('put a cool mug in cabinet.');
  await page.getByLabel(/^How to do it/).fill('The mug is behind the kettle.');
  await press(button(page.locator('form'), 'Keep'));
  await expectFocus(page.getByRole('article'));
  await page.goto('./#/device');
  const storage = page.getByLabel('Storage');
  await press(button(storage, 'Delete everything of yours'));
  await press(button(storage, 'Keep'));
  await expect(button(storage, 'Delete everything of yours')).toBeFocused();
  await press(button(storage, 'Delete everything of yours'));
  await press(button(storage, 'Yes, delete'));
  await expectFocus(page.locator('main'));
});

test('the benchmark is begun and broken off, and a key that is held down does so once', async ({ page }) => {
  await page.goto('./#/benchmark?profile=full&parts=engine');
  const [measure, cancel] = [button(page, 'Measure'), button(page, 'Cancel')];
  await measure.focus();
  await page.keyboard.down('Enter');
  await expect(cancel).toBeFocused();
  await page.keyboard.down('Enter');
  await expect(cancel).toBeFocused();
  await page.keyboard.up('Enter');
  await press(cancel);
  await expect(measure).toBeFocused();
});

test('a chore is made and practised, and the practice stopped', async ({ page }) => {
  await page.goto('./#/teach');
  await press(button(page, 'Show it'));
  await expectFocus(page.locator('[aria-labelledby="lesson-2"]'));
  await page.goto('./#/models');
  const practice = page.getByRole('region', { name: 'Practise it' });
  await practice.getByLabel('The teacher shows it in').selectOption('4');
  await practice.getByLabel('How long').selectOption('10');
  await press(button(practice, 'Begin'));
  await expectFocus(practice.locator('.practice-progress'));
  await press(button(practice, 'Stop'));
  await expect(button(practice, 'Begin')).toBeFocused(PATIENCE);
});

test('the teacher is let to work in a home, and stopped', async ({ page }) => {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=memp&past=none`);
  const memories = page.locator('.home-memories');
  await press(button(memories, /^Let the teacher do/));
  await expect(button(memories, 'Stop')).toBeFocused();
  await press(button(memories, 'Stop'));
  await expectFocus(memories);
});

test('what the page says of itself is put away', async ({ page }) => {
  await page.addInitScript(() =>
    Object.assign(IDBFactory.prototype, { databases: () => Promise.reject(new Error('not here')) }),
  );
  await page.goto('./#/about');
  await press(button(page, 'All right'));
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('nothing moves for who clicks beside everything or types, and a mouse sees no ring', async ({
  page,
}) => {
  await page.goto('./#/memory');
  const [search, article] = [page.getByRole('searchbox'), page.getByRole('article')];
  await page.getByLabel('Memories', { exact: true }).getByRole('link').first().click();
  await button(article, 'Change').click();
  await expect(page.getByLabel(/^For which task/)).toBeFocused();
  await button(page, 'Leave it').click();
  await expectFocus(article);
  await expect(page.locator(':focus-visible')).toHaveCount(0);
  // What is out of sight takes the focus there.
  await page.setViewportSize({ width: 1280, height: 200 });
  await page.evaluate(() => window.scrollTo(0, 0));
  await button(article, 'Change').evaluate((change: HTMLElement) => {
    change.focus({ preventScroll: true });
    change.click();
  });
  await expect(page.getByLabel(/^For which task/)).toBeFocused();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await button(page, 'Leave it').click();
  await expectFocus(article);
  // Whoever types goes on, though what they came from is gone.
  await button(article, 'Delete').focus();
  await search.focus();
  await page.keyboard.type('mug');
  await expect(page.getByText(/^The nearest \d+ tasks? of/)).toBeVisible();
  await expect(search).toBeFocused();
  // And who clicked beside everything is nowhere, and stays so while views come and go.
  await page.locator('.bar').click({ position: { x: 3, y: 3 } });
  for (const view of ['device', 'memory']) {
    await page.evaluate((address) => window.location.replace(address), `#/${view}`);
    await expect(page.locator('main').getByText(/allows\.$|the first 100 of them/)).toBeVisible();
    expect(await page.evaluate(() => document.activeElement?.nodeName)).toBe('BODY');
  }
});
