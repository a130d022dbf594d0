/** What a stranger meets: the race, which starts by itself, and what one would do after it. */
import type { Page } from '@playwright/test';
import { countShifts } from './shifts.ts';
import { expect, expectAccessible, test } from './site.ts';

test.use({ serviceWorkers: 'allow' });

// A model plays twice, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 500_000 };
const LEDE = /^A [\d.]+\sMB language model does a chore in this tab, twice/;

/** Shares of the screen that may move without being meant to. */
const SHIFT = 0.01;

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
  const nothingMoved = await countShifts(page);
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\w+\.$/);
  await expect(page.getByText(LEDE)).toBeVisible();
  const [without = 0, withMemory = 0] = await figures(page);
  expect(withMemory).toBeGreaterThan(0);
  expect(withMemory).toBeLessThan(without);
  await expect(page.getByText(/^Memory saved \d+ steps/)).toBeVisible();
  // Whoever did nothing is led nowhere: the end is read out.
  const next = page.getByRole('button', { name: 'Next task' });
  await expect(next).toBeVisible();
  await nothingMoved(SHIFT);
  expect(await page.evaluate(() => document.activeElement?.nodeName)).toBe('BODY');
  for (const side of ['without memory', 'with memory'])
    await expect(page.getByText(`Every step ${side}`)).toBeVisible();
  await expect(page.getByLabel('With memory').getByRole('link', { name: 'Replay' })).toBeVisible();
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

// A phone, and a desktop at twice the text size.
for (const [width, height] of [
  [390, 844],
  [720, 450],
] as const) {
  test(`at ${width}×${height} nothing moves either, and the sentence and both houses stay in sight`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    const nothingMoved = await countShifts(page);
    // Looked at with every picture: on a busy machine the race may be over before a test asks.
    await page.addInitScript(() => {
      const counted = { before: false, later: false };
      Object.assign(globalThis, { counted });
      const look = (): void => {
        const figures = document.querySelector('.score .outcome-figures');
        const isShown = figures?.checkVisibility({ visibilityProperty: true });
        if (isShown === true) counted.later = true;
        if (isShown === false && !counted.later) counted.before = true;
        requestAnimationFrame(look);
      };
      look();
    });
    await page.goto('./');
    const inSight = async (): Promise<void> => {
      await expect(page.getByText(LEDE)).toBeInViewport({ ratio: 1 });
      const controlBar = (await page.locator('.control-bar').boundingBox())?.y ?? 0;
      for (const house of await page.locator('.house').all()) {
        await expect(house).toBeInViewport();
        const plan = await house.locator('.plan').boundingBox();
        expect((plan?.y ?? height) + (plan?.height ?? height)).toBeLessThanOrEqual(controlBar);
      }
    };
    // It goes on while it's looked at, and may be over on a busy machine.
    await expect(page.locator('.turn').first()).toBeAttached(PATIENCE);
    await inSight();
    await expect(page.locator('.outcome')).toBeInViewport(PATIENCE);
    // Nothing was counted at first, and then it was.
    const counted = await page.evaluate(() => (globalThis as unknown as { counted: object }).counted);
    expect(counted).toEqual({ before: true, later: true });
    await expect(page.getByRole('button', { name: 'Next task' })).toBeVisible();
    await inSight();
    // No names stand there, and a finger gets no tooltip.
    const house = page.locator('.house').first();
    const place = house.locator('.place').first();
    await place.click();
    await expect(house.locator('.told')).toHaveText((await place.getAttribute('title')) ?? '');
    await nothingMoved(SHIFT);
    const last = page.locator('.every-step summary').last();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const below = await last.boundingBox();
    const bar = await page.locator('.control-bar').boundingBox();
    expect((below?.y ?? height) + (below?.height ?? height)).toBeLessThanOrEqual(bar?.y ?? 0);
  });
}

test('the first picture says what this is before any code has run', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.goto('./');
  await expect(page.getByText(LEDE)).toBeVisible();
  await expect(page.locator('.outline').first()).toBeVisible();
  await context.close();
});

test("nothing starts by itself for who prefers that nothing moves, saves data, or doesn't look", async ({
  page,
}) => {
  const waits = async (): Promise<void> => {
    await expect(page.locator('.house').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start' })).toBeVisible();
    await expect(page.locator('.turn')).toHaveCount(0);
  };
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./');
  await waits();

  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.addInitScript(() => {
    // Nobody has been here; a blank page has no storage to clear.
    if (location.protocol.startsWith('http')) localStorage.clear();
    Object.defineProperty(navigator, 'connection', { value: { saveData: true }, configurable: true });
  });
  await page.goto('about:blank');
  await page.goto('./');
  await waits();

  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: undefined });
    Object.defineProperty(document, 'hidden', { get: () => !Object.hasOwn(globalThis, 'looks') });
  });
  await page.goto('about:blank');
  await page.goto('./');
  await waits();
  // As soon as someone looks, it does.
  await page.evaluate(() => {
    Object.assign(globalThis, { looks: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect(page.locator('.turn').first()).toBeAttached(PATIENCE);
});
