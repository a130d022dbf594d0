/** Whoever comes with a keyboard only, a dislike of motion, a dark screen or a large type: the page is theirs as well. */
import type { Page } from '@playwright/test';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { expect, expectAccessible, test } from './site.ts';

const VIEWS = [
  ...['race', 'teach', 'play', 'compare', 'memory', 'runs'],
  ...['replay', 'benchmark', 'models', 'device', 'about'],
];

/** Presses Tab until what has the focus bears the name; fails after too many, or where the focus can't be seen. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const { label, outline } = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement)) return { label: '', outline: 0 };
      const field = focused instanceof HTMLSelectElement || focused instanceof HTMLInputElement;
      const label = field
        ? (focused.getAttribute('aria-label') ?? focused.labels?.[0]?.textContent ?? '')
        : (focused.textContent ?? '');
      return { label: label.trim(), outline: Number.parseFloat(getComputedStyle(focused).outlineWidth) };
    });
    if (typeof name === 'string' ? label !== name : !name.test(label)) continue;
    expect(outline, `${label} shows that it has the focus`).toBeGreaterThanOrEqual(2);
    return;
  }
  throw new Error(`Tab doesn't lead to ${String(name)}.`);
}

test('a task is solved, replayed and left again by keyboard alone', async ({ page }) => {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=memp`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOT_APPLE.sentence);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'To the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await tabTo(page, /^Settings/);
  await page.keyboard.press('Enter');
  await tabTo(page, 'Who plays');
  // As typed: the first letters choose.
  await page.keyboard.type('Scripted');
  await expect(page.getByLabel('Who plays')).toHaveValue('scripted');
  await page.keyboard.press('Home');
  await expect(page.getByLabel('Who plays')).toHaveValue('pocket');
  await tabTo(page, 'Pace');
  await page.keyboard.type('as fast');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'Run' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible();
  await tabTo(page, 'Replay');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await page.getByRole('link', { name: 'To the content' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const step = page.getByLabel('Step of the replay');
  await expect(step).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByLabel('Conditions of the goal')).toContainText('an apple is hot: done');
});

test("the focus goes where the action is: on while it runs, to what comes next at the end, and to one's own turn", async ({
  page,
}) => {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  const run = page.getByRole('button', { name: 'Run' });
  await expect(run).toBeEnabled();
  await run.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Next task' })).toBeFocused({ timeout: 100_000 });

  // Whoever is elsewhere by then stays there.
  await page.getByRole('button', { name: 'Again' }).click();
  await run.click();
  const pace = page.getByLabel('Pace');
  await pace.focus();
  await expect(page.getByRole('link', { name: 'Next task' })).toBeVisible({ timeout: 100_000 });
  await expect(pace).toBeFocused();

  await page.goto(`./#/play?${HOT_APPLE.where}&student=human&memory=none`);
  await page.getByRole('button', { name: 'Let me play' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Your action')).toBeFocused();
  await page.keyboard.type('look');
  await page.keyboard.press('Enter');
  await expect(page.getByText('step 1 of 30')).toBeVisible();
  await expect(page.getByLabel('Your action')).toBeFocused();
});

test('nothing moves for who prefers it so', async ({ page }) => {
  const moving = (): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
        const moves =
          transitionDuration.split(', ').some((time) => time !== '0s') ||
          (animationName !== 'none' && animationDuration !== '0s');
        return moves ? [element.className.toString()] : [];
      }),
    );
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.place.here')).toBeVisible();
  expect(await moving()).toContain('agent');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view is free of what a program can find, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    for (const view of VIEWS) {
      await page.goto('about:blank');
      await page.goto(`./#/${view}`);
      await expect(page.locator('main h1').first()).toBeVisible();
      // What is still being opened isn't a view yet.
      await expect(page.locator('main p.quiet', { hasText: /…$/ })).toHaveCount(0);
      await expect(page.locator(`nav a[aria-current]`)).toHaveAttribute('href', `#/${view}`);
      await expectAccessible(page);
    }
  });
}
