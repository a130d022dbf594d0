/**
 * The page stays free to answer from its first moment on: while it opens, while a model loads and while it plays. Counted
 * is what the page's own PerformanceObserver tells of: tasks of more than 50 ms. On a busy machine such a task may have
 * done next to nothing but wait for the CPU, so the browser's own trace has to say of each entry what it was: one
 * whose thread did not even run for 50 ms of it is the machine's, one that playwright had the page do (looking for an
 * element) is playwright's, and every other one is the page's. There must be none of these.
 */

import type { Browser, Page } from '@playwright/test';
import { firstTask } from '../src/testing/page-tasks.ts';
import { expect, test } from './site.ts';

// The recorder of playwright's own traces works in the page, and would be counted.
test.use({ trace: 'off' });

/** Milliseconds. */
const LONG = 50;
/** How the browser calls the line on which playwright asks things of the page. */
const DRIVER = 'blink.mojom.DevToolsSession';
const PICTURE = 'the house is there';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds of the CPU. */
  readonly tdur?: number;
  /** Microseconds that the thread had run by then. */
  readonly tts?: number;
  readonly args: {
    readonly data?: { readonly documentLoaderURL?: string };
    readonly name?: string;
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
  };
}

/** What the observer tells of: milliseconds since the page was opened. */
interface Entry {
  readonly startTime: number;
  readonly duration: number;
}

test('no task of the page takes long while it opens and the student loads, plays and remembers', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  await page.addInitScript((picture) => {
    const entries: Entry[] = [];
    Object.assign(globalThis, { longTasks: entries });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) entries.push({ startTime, duration });
    }).observe({ type: 'longtask' });
    const look = (): void => {
      if (document.querySelector('.house .place') === null) requestAnimationFrame(look);
      else console.info(picture);
    };
    look();
  }, PICTURE);
  // Playwright's own code for finding elements is large: nothing is looked for until the page has opened.
  const shown = page.waitForEvent('console', (message) => message.text() === PICTURE);
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  await page.goto(`./#/play?${firstTask().where}&student=pocket&memory=memp`);
  await shown;
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await expect(page.getByRole('button', { name: 'Run' })).toBeEnabled();
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.ending')).toBeVisible({ timeout: 500_000 });
  const before = await entriesOf(page);
  // That a long task of the page's own would be seen, and told from the machine's.
  await page.evaluate(
    (ms) =>
      new Promise<void>((resolve) =>
        setTimeout(() => {
          let done = 0;
          for (const until = performance.now() + ms; performance.now() < until; ) done++;
          setTimeout(resolve, 100 + (done & 0));
          // Well after playwright asked for it, or it would count as playwright's.
        }, 200),
      ),
    40 * LONG,
  );
  const [deliberate] = (await entriesOf(page)).slice(before.length).sort((a, b) => b.duration - a.duration);
  const isOwn = await judge(browser);
  const own = before.filter(isOwn);
  console.info(
    `The observer told of ${before.length} long tasks, ${own.length} of them the page's: ${JSON.stringify(before)}`,
  );
  expect(deliberate && isOwn(deliberate)).toBe(true);
  expect(own).toEqual([]);
});

function entriesOf(page: Page): Promise<Entry[]> {
  return page.evaluate(() => (globalThis as unknown as { longTasks: Entry[] }).longTasks);
}

/**
 * Tells whether what the observer tells of is the page's doing, by the trace that ends here: whether the page's main
 * thread ran for {@link LONG} in that time, and not for playwright. The trace has the thread's own clock at the beginning
 * and the end of whatever it does.
 */
async function judge(browser: Browser): Promise<(entry: Entry) => boolean> {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const opened = traceEvents.find(
    ({ name, args }) =>
      name === 'navigationStart' && args.data?.documentLoaderURL?.startsWith('http') === true,
  );
  if (opened === undefined) throw new Error('The trace does not say when the page was opened.');
  const main = traceEvents.filter(({ pid, tid }) => pid === opened.pid && tid === opened.tid);
  const readings = main
    .flatMap(({ ts, tts, dur = 0, tdur = 0 }) =>
      tts === undefined
        ? []
        : [
            [ts, tts],
            [ts + dur, tts + tdur],
          ],
    )
    .map(([at = 0, ran = 0]) => ({ at: (at - opened.ts) / 1000, ran: ran / 1000 }))
    .sort((a, b) => a.at - b.at);
  const driven = main
    .filter(({ args }) => args.chrome_mojo_event_info?.mojo_interface_tag === DRIVER)
    .map(({ ts }) => (ts - opened.ts) / 1000);
  if (readings.length < 100) throw new Error('The trace holds nothing of what the page did.');
  return ({ startTime, duration }) => {
    const end = startTime + duration;
    if (driven.some((at) => startTime - 1 <= at && at <= end)) return false;
    const before = readings.findLast(({ at }) => at <= startTime + 1)?.ran ?? 0;
    const after = readings.find(({ at }) => at >= end - 1)?.ran ?? Number.POSITIVE_INFINITY;
    return after - before >= LONG;
  };
}
