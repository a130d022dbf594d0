/** Work belongs to the page: what one view began goes on while others are looked at, and a reload can go on with it. */
import type { Page } from '@playwright/test';
import { zipOfGames } from '../src/testing/game-zip.ts';
import { firstTask, HOT_APPLE, SIMPLE } from '../src/testing/page-tasks.ts';
import { expect, expectAccessible, playOut, test } from './site.ts';

const FIRST = firstTask();
const POCKET = `./#/play?${FIRST.where}&student=pocket&memory=memp`;
const underWay = (page: Page) => page.getByLabel('Under way');
const said = (page: Page) => page.locator('.turn .action').allTextContents();

/** Goes there without a reload. */
async function look(page: Page, view: string): Promise<void> {
  await page.getByLabel('Views').getByRole('link', { name: view, exact: true }).click();
  await expect(page.getByLabel('Views').getByRole('link', { name: view, exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
}

test('an episode goes on while other views are looked at; the header says so, leads back and can stop it', {
  tag: '@student',
}, async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto(POCKET);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.turn').first()).toBeVisible({ timeout: 90_000 });
  await expect(underWay(page)).toHaveCount(0);
  const before = await said(page);
  await look(page, 'Memory');
  const row = underWay(page).getByRole('listitem');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText(FIRST.sentence);
  // It takes steps that nobody looks at.
  await expect(row).not.toContainText(new RegExp(`\\b${before.length} steps?\\b`));
  await expectAccessible(page);
  await row.getByRole('link', { name: FIRST.sentence }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(FIRST.sentence);
  await expect(underWay(page)).toHaveCount(0);
  await expect(page.locator('.turn').nth(before.length)).toBeVisible();
  // The game is drawn bit by bit.
  await expect.poll(async () => (await said(page)).slice(0, before.length)).toEqual(before);

  const solved = page.getByLabel('Conversation').getByText(/Solved in \d+ steps/);
  await expect(solved).toBeVisible({ timeout: 120_000 });
  // What was looked at isn't told again.
  await look(page, 'Device');
  await expect(underWay(page)).toHaveCount(0);

  const again = async () => {
    await look(page, 'Play');
    await page.getByLabel('Pace').selectOption('slow');
    await page.getByRole('button', { name: 'Again' }).click();
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(page.locator('.turn').first()).toBeVisible({ timeout: 60_000 });
  };
  // What ends while nobody looks is.
  await again();
  await look(page, 'Replay');
  await expect(row).toContainText(/solved in \d+ steps/, { timeout: 120_000 });
  await row.getByRole('link').click();
  await expect(solved).toBeVisible();
  await look(page, 'Device');
  await expect(underWay(page)).toHaveCount(0);

  await again();
  await look(page, 'Device');
  await row.getByRole('button', { name: 'Stop' }).click();
  await expect(underWay(page)).toHaveCount(0);
  await look(page, 'Play');
  await expect(page.getByText(/^Stopped after \d+ steps?/)).toBeVisible();
});

test('a reload offers to go on where the student stood, and it does', { tag: '@student' }, async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto(POCKET);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.turn').nth(1)).toBeVisible({ timeout: 90_000 });
  const memories = await page.locator('.stage-memories li.memory').allInnerTexts();
  await page.reload();
  await expect(
    page.getByText('This page was reloaded. The episode can go on where it stopped.'),
  ).toBeVisible();
  const before = await said(page);
  expect(before.length).toBeGreaterThan(1);
  // Also from another view: the header leads back.
  await look(page, 'Models');
  await expect(underWay(page)).toContainText('paused');
  await underWay(page).getByRole('link', { name: FIRST.sentence }).click();
  await playOut(page, 'Go on', { timeout: 90_000 });
  // The game is drawn bit by bit.
  await expect.poll(async () => (await said(page)).slice(0, before.length)).toEqual(before);
  await expect.poll(() => page.locator('.stage-memories li.memory').allInnerTexts()).toEqual(memories);
  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  // A solved episode is still there after a reload.
  await page.goBack();
  await page.reload();
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible();
});

test("a run, the teacher's lessons and an episode all end beside each other; another setup lets the episode stand still", {
  tag: '@student',
}, async ({ page }) => {
  test.setTimeout(600_000);
  const ended = { timeout: 500_000 };
  await page.goto(`${POCKET}&past=none`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.turn').first()).toBeVisible({ timeout: 90_000 });
  // Nothing plays on that is neither shown nor asked for.
  await page.getByRole('button', { name: 'Home after' }).click();
  const episode = underWay(page).getByRole('listitem').filter({ hasText: FIRST.sentence });
  await expect(episode).toContainText(/\d+ steps?, paused/);
  await episode.getByRole('link').click();
  await expect(page.getByText('Paused because another episode was chosen.')).toBeVisible();
  const before = await said(page);
  expect(before.length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Go on' }).click();

  await page.getByRole('button', { name: 'Let the teacher do 30 other tasks here' }).click();
  await look(page, 'Runs');
  await expect(page.getByLabel('Who plays')).toHaveValue('pocket');
  await page.getByLabel('How many').fill('3');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('3 of 3 games')).toBeVisible(ended);
  await expect(episode).toContainText(/solved in \d+ steps/, ended);
  await episode.getByRole('link').click();
  // The game is drawn bit by bit.
  await expect.poll(async () => (await said(page)).slice(0, before.length)).toEqual(before);
  // The lessons may have ended before this view was left: the header tells only of what ended unseen.
  await expect(page.getByText(/\d+ memor(y|ies) of this home\./)).toBeVisible(ended);
});

test("the teacher's lessons and measuring can be stopped; a half-made chore is there again", async ({
  page,
}) => {
  await page.goto(`${POCKET}&past=none`);
  await page.getByRole('button', { name: 'Let the teacher do 30 other tasks here' }).click();
  await page.locator('.home-memories').getByRole('button', { name: 'Stop' }).click();
  await expect(
    page.getByText(/(\d+ memor(y|ies) of this home|Nobody remembers this home yet)\./),
  ).toBeVisible();
  await look(page, 'Teach');
  await page.getByLabel('Call it').fill('Candle time');
  await page.getByLabel('First').selectOption('clean');
  await look(page, 'Models');
  const pocket = page.getByRole('article', { name: 'Pocket student' });
  // Both presses before the worker can answer: measuring takes a fraction of a second.
  await pocket.getByRole('button', { name: 'Load and measure' }).evaluate(async (button: HTMLElement) => {
    button.click();
    while (button.textContent !== 'Stop') await Promise.resolve();
    button.click();
  });
  await expect(pocket.getByText('Stopped: nothing was measured.')).toBeVisible();
  await look(page, 'Teach');
  await page.reload();
  await expect(page.getByLabel('Call it')).toHaveValue('Candle time');
  await expect(page.getByLabel('First')).toHaveValue('clean');
});

test("a person's turn waits for them, over views and a reload", async ({ page }) => {
  const [go = '', take = ''] = SIMPLE.walkthrough;
  await page.goto(`./#/play?${SIMPLE.where}&student=human&memory=none`);
  await page.getByRole('button', { name: 'Let me play' }).click();
  const act = async (action: string): Promise<void> => {
    await page.getByLabel('Your action').fill(action);
    await page.getByRole('button', { name: 'Do it' }).click();
  };
  await act(go);
  await expect(page.locator('.turn')).toHaveCount(1);
  await look(page, 'Memory');
  await expect(underWay(page)).toContainText('your turn');
  // The view's own link leads back to where it was left.
  await look(page, 'Play');
  await act(take);
  await expect(page.locator('.turn')).toHaveCount(2);
  await page.reload();
  await page.getByRole('button', { name: 'Go on' }).click();
  for (const [i, action] of SIMPLE.walkthrough.slice(2).entries()) {
    await act(action);
    await expect(page.locator('.turn')).toHaveCount(3 + i);
  }
  await expect(page.getByLabel('Conversation').getByText('Solved in 4 steps')).toBeVisible();
});

test('side by side, both go on unseen, and the header tells of them as one', async ({ page }) => {
  test.setTimeout(900_000);
  await page.goto(`./#/compare?${HOT_APPLE.where}&student=pocket&memory=memp&past=none`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run both' }).click();
  await expect(page.locator('.turn').first()).toBeVisible({ timeout: 300_000 });
  await look(page, 'Models');
  await expect(underWay(page).getByRole('listitem')).toHaveCount(1);
  // Nobody looks on until both have ended: whoever looks on is told nothing.
  await expect(underWay(page)).toContainText(/\d+ → \d+ steps with memory|without memory .*; with memory /, {
    timeout: 600_000,
  });
  await underWay(page).getByRole('link', { name: HOT_APPLE.sentence }).click();
  await expect(page.locator('.outcome .hidden')).toHaveText(/^Without memory solved in/);
});

test('a run goes on unseen, is stopped from the header and resumed, also after a reload', async ({
  page,
}) => {
  test.setTimeout(900_000);
  const patience = { timeout: 600_000 };
  await page.goto('./#/runs');
  await page.getByLabel('How many').fill('40');
  await expect(page.getByLabel('Who plays')).toHaveValue('pocket');
  await page.getByRole('button', { name: 'Start' }).click();
  const run = page.getByRole('region', { name: '40 games of homes that were lived in' });
  await expect(run.getByText(/^[1-9]\d* of 40 games/)).toBeVisible(patience);
  await look(page, 'Device');
  await expect(underWay(page)).toContainText(/40 games of homes that were lived in.*[1-9]\d* of 40 games/);
  await underWay(page).getByRole('button', { name: 'Stop' }).click();
  await expect(underWay(page)).toHaveCount(0);
  await look(page, 'Runs');
  await run.getByRole('button', { name: 'Resume' }).click();
  await expect(run.getByRole('button', { name: 'Stop' })).toBeVisible();
  await look(page, 'Models');
  await page.reload();
  await expect(underWay(page)).toContainText('interrupted by a reload');
  await underWay(page).getByRole('link').click();
  await run.getByRole('button', { name: 'Resume' }).click();
  await look(page, 'Models');
  await expect(underWay(page)).toContainText(/\d+ of 40 games solved/, patience);
  await underWay(page).getByRole('link').click();
  await expect(run.getByText('40 of 40 games')).toBeVisible();
});

test('an import goes on unseen, and what came of it is there when one comes back', async ({ page }) => {
  await page.goto('./#/device');
  // Chosen and left in one go: a dozen games are imported faster than a test can look away.
  const { name, buffer } = await zipOfGames();
  await page.getByLabel('A zip of games').evaluate(
    (input: HTMLInputElement, [name = '', text = '']) => {
      const chosen = new DataTransfer();
      chosen.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
      input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
      document.querySelector<HTMLElement>('nav a[href^="#/models"]')?.click();
    },
    [name, buffer.toString('base64')],
  );
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
  await expect(underWay(page)).toContainText('12 games imported');
  await underWay(page).getByRole('link', { name: 'Importing games.zip' }).click();
  await expect(page.getByText('12 games imported.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Imported games 12 games/ })).toBeVisible();
  await expect(underWay(page)).toHaveCount(0);
});

test('a half-typed memory is there again, over views and a reload, until it is kept or left', async ({
  page,
}) => {
  await page.goto('./#/memory');
  await page.getByRole('button', { name: 'Add a memory' }).click();
  const [task, how] = [page.getByLabel(/For which task/), page.getByLabel(/How to do it/)];
  await task.fill('put a mug in shelf');
  await look(page, 'Device');
  await look(page, 'Memory');
  await expect(task).toHaveValue('put a mug in shelf');
  await how.fill('The mug is behind the kettle.');
  await page.reload();
  await expect(task).toHaveValue('put a mug in shelf');
  await expect(how).toHaveValue('The mug is behind the kettle.');
  // Left by mistake.
  await page.getByRole('button', { name: 'Leave it' }).click();
  await expect(task).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(how).toHaveValue('The mug is behind the kettle.');
  // Had back from another opening of the view than the one where it was left, and over an open form.
  const undone = page.getByText('Restored.');
  for (const views of [['Device', 'Memory'], ['Device'], []]) {
    await page.getByRole('button', { name: 'Leave it' }).click();
    await expect(task).toHaveCount(0);
    for (const view of views) await look(page, view);
    if (views.length === 0) await page.getByRole('button', { name: 'Add a memory' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(undone).toBeVisible();
    await expect(task).toHaveValue('put a mug in shelf');
    await expect(how).toHaveValue('The mug is behind the kettle.');
  }
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(
    page.getByLabel('Memories', { exact: true }).getByText('Put a mug in shelf').first(),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Add a memory' }).click();
  await expect(task).toHaveValue('');
});

test('the same file can be chosen again, whatever came of it', async ({ page }) => {
  await page.goto('./#/device');
  // The browser tells of a choice only where it differs from what the field holds: so it must hold nothing.
  const held = (label: string) =>
    page.getByLabel(label).evaluate((input) => (input as HTMLInputElement).value);
  for (const label of ['A zip of games', 'Import a file']) {
    await page
      .getByLabel(label)
      .setInputFiles({ name: 'a.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip') });
    await expect(page.locator('.notice.bad').last()).toBeVisible();
    expect(await held(label)).toBe('');
  }
  await page.getByLabel('A zip of games').setInputFiles(await zipOfGames());
  expect(await held('A zip of games')).toBe('');
  await expect(page.getByText('12 games imported.')).toBeVisible();
  await page.goto('./#/replay');
  await page
    .getByLabel('A trace file')
    .setInputFiles({ name: 'a.jsonl', mimeType: 'text/plain', buffer: Buffer.from('no trace') });
  await expect(page.locator('.notice.bad')).toBeVisible();
  expect(await held('A trace file')).toBe('');
});
