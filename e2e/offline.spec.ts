import { rmSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';
import { firstTask, HOT_APPLE } from '../src/testing/page-tasks.ts';
import { expectVersion, newerVersion } from './newer-version.ts';
import { playOut } from './site.ts';
import { DIST, type StaticServer, serveFolder } from './static-server.ts';

const FIRST = firstTask();
/** Every view besides the one that is looked at first, and its heading. */
const VIEWS = {
  race: /./,
  compare: /./,
  teach: 'Teach it something',
  memory: /./,
  runs: 'Runs',
  replay: /./,
  models: /./,
  benchmark: /./,
  about: 'About',
};

const test = base.extend<{ server: StaticServer }>({
  // A folder of a plain host: no headers, not at the top.
  // biome-ignore lint/correctness/noEmptyPattern: playwright wants the pattern
  server: async ({}, use) => {
    const server = await serveFolder(DIST, '/duomem/');
    await use(server);
    await server.stop();
  },
});
test.use({ serviceWorkers: 'allow' });

test('once it says so, the page opens and its student plays with its server gone, memory and all', {
  tag: '@student',
}, async ({ page, server }) => {
  const address = `${server.address}#/play?${FIRST.where}&student=pocket&memory=memp`;
  await page.goto(address);
  await expect(page.getByText('Ready to work offline')).toBeVisible();
  await server.stop();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(FIRST.sentence);
  await playOut(page);
  await expect(
    page.locator('.stage-memories').getByText(/10 plans \(scripts\) and an example/),
  ).toBeVisible();
  // Another home has never been asked for: it is made here.
  await page.goto(`${server.address}#/play?home=77&task=2&student=pocket&memory=memp`);
  await expect(page.getByLabel('Home', { exact: true })).toHaveValue('77');
  await playOut(page);
});

test('on the first visit too every view opens once it says so, its server gone and nothing loaded again', {
  tag: '@student',
}, async ({ page, server }) => {
  await page.goto(`${server.address}#/device`);
  await expect(page.getByText('Ready to work offline')).toBeVisible();
  await server.stop();
  for (const [view, heading] of Object.entries(VIEWS)) {
    await page.goto(`${server.address}#/${view}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
  }
  await page.goto(`${server.address}#/play?${FIRST.where}&student=pocket&memory=none`);
  await playOut(page);
});

test('a newer version that comes within a first visit is there after one press too', async ({
  page,
  server,
}) => {
  await page.goto(`${server.address}#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await expect(page.getByText('Ready to work offline')).toBeVisible();
  const newer = await newerVersion();
  server.folder = newer;
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
  });
  await expect(page.getByText('A newer version of this page is ready.')).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        return `${registration?.active?.state} ${registration?.waiting?.state}`;
      }),
    )
    .toBe('activated installed');
  await page.getByRole('button', { name: 'Reload now' }).click();
  await expectVersion(page, 'newer');
  rmSync(newer, { recursive: true });
});

test('a newer version waits for the person, and a run goes on undisturbed', async ({ page, server }) => {
  await page.goto(`${server.address}#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await expect(page.getByText('Ready to work offline')).toBeVisible();

  const newer = await newerVersion();
  server.folder = newer;

  await page.reload();
  await page.getByLabel('Pace').selectOption('slow');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.turn').first()).toBeVisible();
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
  });
  await expect(page.getByText('A newer version of this page is ready.')).toBeVisible();
  await expectVersion(page, 'older');
  await expect(page.locator('.turn').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Reload now' }).click();
  await expectVersion(page, 'newer');
  rmSync(newer, { recursive: true });
});

test("the page forbids itself what it doesn't need", async ({ page, server }) => {
  await page.goto(server.address);
  const refused = await page.evaluate(async () => {
    const refusals: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => refusals.push(event.effectiveDirective));
    await fetch('https://example.com/').catch(() => undefined);
    const script = document.createElement('script');
    script.textContent = 'window.inline = true';
    document.body.append(script);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { refusals, inline: 'inline' in window };
  });
  expect(refused).toEqual({ refusals: ['connect-src', 'script-src-elem'], inline: false });
});
