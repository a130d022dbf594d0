/**
 * The page stays free to answer while it opens, while a student loads and while it plays: what its main thread does is
 * counted in calls of functions, which no busy machine changes. Times, and the tasks that took long, are printed by
 * `npm run bench` (opening.bench.ts).
 */
import type { Page } from '@playwright/test';
import { firstTask } from '../src/testing/page-tasks.ts';
import { expect, test } from './site.ts';

// The recorder of playwright's own traces works in the page, and would be counted.
test.use({ trace: 'off' });

/** Until the house stands there: React, the view, the game. */
const TO_OPEN = 50_000;
/** A step of an episode, its words included: the house, the goal and the conversation drawn a few times. */
const A_STEP = 60_000;

/** Calls of the page's functions since it was last asked. */
async function callCounter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  return async () => {
    const { result } = await session.send('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.startsWith('http'))
      .flatMap(({ functions }) => functions)
      .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  };
}

test('opening takes few calls of functions, and a step of an episode no more, however long the episode is', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const calls = await callCounter(page);
  await page.goto(`./#/play?${firstTask().where}&student=pocket&memory=none`);
  await expect(page.locator('.house .place').first()).toBeVisible();
  const opening = await calls();
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  const step = page.getByRole('button', { name: 'Step', exact: true });
  const turns = page.getByLabel('Conversation').locator('.turn:not(.saying)');
  const counts: number[] = [];
  for (let taken = 1; taken <= 12; taken++) {
    await step.click();
    await expect(turns).toHaveCount(taken, { timeout: 300_000 });
    await expect(step).toBeEnabled();
    counts.push(await calls());
  }
  console.info(`Calls of functions: ${opening} to open, then a step each ${counts.join(', ')}`);
  expect(opening).toBeGreaterThan(1000);
  expect(opening).toBeLessThanOrEqual(TO_OPEN);
  // The first one loads the student.
  for (const count of counts.slice(1)) expect(count).toBeLessThanOrEqual(A_STEP);
});
