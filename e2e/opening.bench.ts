/**
 * What a stranger waits for: the page is opened untouched and its race runs to the end, in a browser that was never
 * here and again in the same one. Long tasks are what the page's own PerformanceObserver tells of; on a busy machine it
 * also tells of tasks that only waited for the CPU, so they are printed here and asserted nowhere.
 */
import { expect, type Page, test } from '@playwright/test';
import type { Figure, FigureName } from '../src/bench/figures.ts';
import { PROFILES } from '../src/bench/profile.ts';
import { benchTask, keep, measure, resultOf } from './bench-task.ts';

type Opening = Readonly<Record<'paint' | 'action' | 'end', number>> & { readonly tasks: readonly number[] };

const SUBJECTS = ['page/first', 'page/again'] as const;

test('opening the page', async ({ page, browser }, info) => {
  const described = await measure(page, ['device', 'pocket/kernels'], info);
  const openings: Record<(typeof SUBJECTS)[number], Opening[]> = { 'page/first': [], 'page/again': [] };
  for (let i = 0; i < PROFILES[benchTask().profile].loads; i++) {
    const context = await browser.newContext({ baseURL: info.project.use.baseURL ?? page.url() });
    for (const subject of SUBJECTS) {
      const opened = await context.newPage();
      openings[subject].push(await watch(opened));
      await opened.evaluate(() => navigator.serviceWorker?.ready);
      // Whoever was here before meets what they left; its end would be all that there is to see.
      await opened.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
      await opened.close();
    }
    await context.close();
  }
  const figures = SUBJECTS.flatMap((subject): Figure[] => {
    const all = openings[subject];
    const figure = (name: FigureName, of: (opening: Opening) => number): Figure => ({
      subject,
      name,
      samples: all.map(of),
    });
    return [
      figure('first-paint', ({ paint }) => paint / 1000),
      figure('first-action', ({ paint, action }) => (action - paint) / 1000),
      figure('race-end', ({ paint, end }) => (end - paint) / 1000),
      figure('long-tasks', ({ tasks }) => tasks.length),
      figure('longest-task', ({ tasks }) => Math.max(0, ...tasks) / 1000),
    ];
  });
  await keep(resultOf(described, figures, described.weights), info);
  expect(figures.every(({ samples }) => samples.every(Number.isFinite))).toBe(true);
});

/** Opens the page and looks on. Playwright's own code for finding elements is long tasks too: it looks for none. */
async function watch(page: Page): Promise<Opening> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    const seen: { action?: number; end?: number } = {};
    new PerformanceObserver((list) => {
      if (seen.end === undefined) for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
    new MutationObserver(() => {
      if (seen.action === undefined && document.querySelector('.column .turn:not(.saying)') !== null)
        seen.action = performance.now();
      if (seen.end !== undefined || document.querySelector('.outcome:not(:empty)') === null) return;
      seen.end = performance.now();
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
      console.info(`opening ${JSON.stringify({ ...seen, paint, tasks })}`);
    }).observe(document, { childList: true, subtree: true });
  });
  const told = page.waitForEvent('console', {
    predicate: (message) => message.text().startsWith('opening '),
    timeout: 600_000,
  });
  await page.goto('./');
  return JSON.parse((await told).text().slice('opening '.length)) as Opening;
}
