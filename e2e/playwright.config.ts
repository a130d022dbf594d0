/**
 * Browser tests against the built page, served as `npm start` serves it. `npm test` runs them; alone:
 * `npx playwright test --config e2e`. Reads DUOMEM_CHROMIUM, the browser to use, and DUOMEM_SITE, the address of a page
 * that is served already, DUOMEM_DIST, its files, and DUOMEM_REPORT, the file for a report that programs read; sets
 * DUOMEM_URL, the page's address.
 *
 * Tests with the tag @student need a student that has learnt something: scripts/mutation-random.ts shows that each of
 * them fails with one that answers by chance.
 */
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS } from '../scripts/lib/browser-args.ts';
import { findChromium } from '../scripts/lib/chromium.mjs';

const executablePath = findChromium();
if (executablePath === undefined) {
  throw new Error('No Chromium was found: install one, or name one in DUOMEM_CHROMIUM.');
}
process.env.DUOMEM_CHROMIUM = executablePath; // the workers needn't look again
const served = process.env.DUOMEM_SITE;
const address = served ?? process.env.DUOMEM_URL;
const report = process.env.DUOMEM_REPORT;

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/browser',
  // Much of a test is waiting; more than two at once would only wait for each other where there are two cores.
  workers: 2,
  forbidOnly: true,
  // Of a machine that may do other things beside it: what hangs is still told.
  timeout: 300_000,
  expect: { timeout: 150_000 },
  reporter: [
    ['list'],
    ['./shown-on-failure.ts'],
    ...(report === undefined ? [] : [['json', { outputFile: report }] as const]),
  ],
  use: {
    ...(address === undefined ? {} : { baseURL: address }),
    launchOptions: { executablePath, args: [...BROWSER_ARGS] },
    // Without pictures: taking them costs a machine without a GPU more than many a test.
    // What it copies on each first visit costs more than most tests; those that are about it, and some whole visits, have it.
    serviceWorkers: 'block',
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  ...(served === undefined ? { webServer: serve() } : {}),
});

function serve() {
  return {
    command: 'node scripts/start.mjs --port 0',
    cwd: '..',
    wait: { stdout: /(?<duomem_url>http:\/\/\S+)/ },
    timeout: 300_000,
    gracefulShutdown: { signal: 'SIGINT' as const, timeout: 5000 },
  };
}
