import { HOT_APPLE, SIMPLE } from '../src/testing/page-tasks.ts';
import { expect, expectAccessible, settled, solve, test, viewAddresses, watchWidth } from './site.ts';

test("a first visit shows the house and the task, and one button solves it before one's eyes", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const patience = { timeout: 300_000 };
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await expect(page).toHaveTitle(`${HOT_APPLE.sentence.slice(0, -1)} · DuoMem`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOT_APPLE.sentence);
  const house = page.getByLabel('The house, as far as the agent has seen it');
  await expect(house.getByText('microwave 1', { exact: true })).toBeAttached();
  const goal = page.getByLabel('Conditions of the goal');
  await expect(goal).toContainText('an apple is hot: not known yet');

  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run' }).click();
  const talk = page.getByLabel('Conversation');
  await expect(talk.getByText(/heat apple \d with microwave 1/)).toBeVisible(patience);
  await expect(talk.getByText(/Solved in \d+ steps/)).toBeVisible(patience);
  await expect(goal).toContainText('an apple is hot: done');
  await expect(house).toContainText(/apple \d hot/);
  const target = HOT_APPLE.walkthrough.at(-1)?.split(' to ')[1]?.split(' ')[0] ?? '';
  await expect(house).toContainText(`Stands at ${target}`);
});

test('only what was observed is drawn: nothing lies anywhere before the first step', async ({ page }) => {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  const house = page.getByLabel('The house, as far as the agent has seen it');
  await expect(house.getByText('not looked at yet').first()).toBeAttached();
  await expect(house.locator('.thing, .empty, .closed, .open')).toHaveCount(0);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.turn')).toHaveCount(1);
  await expect(house.locator('.place.here')).toHaveCount(1);
  await expect(house.locator('.unseen')).not.toHaveCount(0);
});

test('pause, step, go on and stop do what they say', async ({ page }) => {
  test.setTimeout(600_000);
  const patience = { timeout: 300_000 };
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  const turns = page.locator('.turn');
  await expect(turns.first()).toBeVisible(patience);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  // A step that was under way is still taken; then the clock of the slow pace passes without one.
  await page.waitForTimeout(2500);
  const paused = await turns.count();
  await page.waitForTimeout(2500);
  await expect(turns).toHaveCount(paused);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(turns).toHaveCount(paused + 1, patience);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(turns.nth(paused + 1)).toBeVisible(patience);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/^Stopped after \d+ steps/)).toBeVisible(patience);
  await page.getByRole('button', { name: 'Again' }).click();
  await expect(turns).toHaveCount(0);
});

test('the address says everything: a link opens the same task, and back goes back', async ({ page }) => {
  await page.goto(`./#/play?${SIMPLE.where}&student=human&memory=none`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(SIMPLE.sentence);
  await expect(page.getByLabel('Who plays')).toHaveValue('human');
  await page.getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Replay');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(SIMPLE.sentence);
  await page.getByRole('button', { name: 'Home after' }).click();
  await expect(page).toHaveURL(new RegExp(`home=${SIMPLE.home + 1}&task=0`));
  // Back undoes a choice, and doesn't leave.
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(SIMPLE.sentence);
});

test("a home's number can be cleared and typed anew", async ({ page }) => {
  await page.goto('./#/play?home=7&task=0&student=human&memory=none');
  const home = page.getByLabel('Home', { exact: true });
  await home.press('End');
  await home.press('Backspace');
  await expect(home).toHaveValue('');
  await expect(page.getByText('0 to 1000000')).toBeVisible();
  await expect(page).toHaveURL(/home=7&/);
  await home.pressSequentially('12');
  await expect(home).toHaveValue('12');
  await expect(page).toHaveURL(/home=12&/);
  await home.fill('');
  await page.getByRole('button', { name: 'Home after' }).click();
  await expect(home).toHaveValue('13');
});

test('a person plays by typing and by clicking the house', async ({ page }) => {
  const [go = '', take = '', goOn = '', move = ''] = SIMPLE.walkthrough;
  await page.goto(`./#/play?${SIMPLE.where}&student=human&memory=none`);
  await page.getByRole('button', { name: 'Let me play' }).click();
  await page.getByLabel('Your action').fill('go to the moon');
  await page.getByRole('button', { name: 'Do it' }).click();
  await expect(page.getByText('Nothing would happen.')).toBeVisible();
  await expect(page.locator('.turn')).toHaveCount(0);
  await page.getByRole('button', { name: 'Do it' }).click();
  await expect(page.getByText('Nothing happens.')).toBeVisible();
  await page.getByLabel('Your action').press('ArrowUp');
  await expect(page.getByLabel('Your action')).toHaveValue('go to the moon');
  await page.getByLabel('Your action').fill('');
  await page.getByRole('button', { name: go }).first().click();
  await page
    .getByRole('button', { name: take.split(' from ')[0] ?? '' })
    .first()
    .click();
  await expect(page.getByText(/^You pick up the/)).toBeVisible();
  await page.getByRole('button', { name: goOn }).first().click();
  await page.getByText(/commands are accepted now/).click();
  await page.getByRole('button', { name: move }).click();
  await expect(page.getByLabel('Conversation').getByText(/Solved in 5 steps/)).toBeVisible();
});

test('a link replays an episode exactly in a fresh profile, and a damaged one says so', async ({
  page,
  browser,
  baseURL,
}) => {
  await solve(page, `#/play?${HOT_APPLE.where}&student=pocket&memory=memp`);
  const link = await page
    .getByLabel('pocket student at work')
    .getByRole('link', { name: 'Replay' })
    .getAttribute('href');
  const steps = await page.locator('.turn').count();
  const said = await page.locator('.turn .action').allTextContents();

  const stranger = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await stranger.goto(`./${link}`);
  await expect(stranger.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await expect(stranger.locator('.turn .action')).toHaveText(said);
  await stranger.getByLabel('Step of the replay').fill(String(steps));
  await expect(stranger.getByLabel('Conditions of the goal')).toContainText('an apple is hot: done');
  await stranger.getByRole('button', { name: 'Show step 1', exact: true }).click();
  await expect(stranger.getByLabel('Conditions of the goal')).toContainText('an apple is hot: not known yet');

  await stranger.goto(`./${link?.slice(0, -200)}`);
  await expect(stranger.getByText('This link is damaged')).toBeVisible();
  await stranger.context().close();
});

test('nothing that a program can find is in the way of people with disabilities', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto('about:blank');
    await solve(page);
    await expectAccessible(page);
    await page.goto(`./#/play?${SIMPLE.where}&student=human&memory=none`);
    await page.getByRole('button', { name: 'Let me play' }).click();
    await page
      .getByRole('button', { name: SIMPLE.walkthrough[0] ?? '' })
      .first()
      .click();
    await expect(page.locator('.turn')).toHaveCount(1);
    await expectAccessible(page);
    // Otherwise it would still be there the next time.
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Again' }).click();
  }
});

test('a word as long as an address widens nothing on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const widest = await watchWidth(page);
  const address = `https://example.org/${'a-very-long-path/'.repeat(12)}`;
  const long = 'Donaudampfschifffahrtsgesellschaftskapi';
  for (const view of [
    `play?home=7&task=0&student=human&memory=none&words=${encodeURIComponent(`put it into ${address}`)}`,
    `teach?home=0&task=0&chore=${long}_2_clean-cool_DiningTable`,
    'memory',
  ]) {
    await page.goto(`./#/${view}`);
    await expect(page.locator('main h1').first()).toBeVisible();
    if (view === 'memory') {
      await page.getByRole('button', { name: 'Add a memory' }).click();
      await page.getByLabel(/For which task/).fill(`put a mug in ${address}`);
      await page.getByLabel(/How to do it/).fill(`See ${address} for more.`);
      await page.getByRole('button', { name: 'Keep', exact: true }).click();
      await expect(page.getByRole('article').getByText(/^See https/)).toBeVisible();
    } else {
      const said = view.startsWith('play') ? address : /Donaudampf/i;
      await expect(page.locator('main').getByText(said).first()).toBeVisible();
      await expect(page.locator('.house .place').first()).toBeVisible();
    }
    expect(await widest(), view).toBe(0);
  }
});

test('at phone width and at twice the text size nothing is cut off, in any view', async ({ page }) => {
  const widest = await watchWidth(page);
  for (const size of [
    { width: 390, height: 844 },
    { width: 320, height: 640 },
    { width: 720, height: 450 },
  ]) {
    await page.setViewportSize(size);
    await page.goto('about:blank');
    await solve(page);
    if (size.width === 720) {
      // Broad and low: house and conversation stay beside each other.
      const house = await page.locator('.stage-house').boundingBox();
      const talk = await page.locator('.stage-talk').boundingBox();
      expect(talk?.x).toBeGreaterThanOrEqual((house?.x ?? 0) + (house?.width ?? 720));
    }
    expect(await widest(), `play at ${size.width}`).toBe(0);
    for (const view of await viewAddresses(page)) {
      await page.goto(view);
      await expect(page.locator('main h1').first()).toBeVisible();
      await settled(page, 500);
      expect(await widest(), `${view} at ${size.width}`).toBe(0);
    }
  }
});
