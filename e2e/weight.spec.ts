/**
 * What a first visit costs: the picture comes with the files that scripts/lib/first-picture.ts names and no others, and
 * those, like everything that is kept for offline use, stay below their bars.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  compressedBytes,
  FIRST_PICTURE_BAR,
  firstPicture,
  OFFLINE_BAR,
} from '../scripts/lib/first-picture.ts';
import { siteFiles } from '../scripts/lib/site.ts';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { DIST } from './static-server.ts';

// It would fetch the rest; and requests of its own can't be held back.
test.use({ serviceWorkers: 'block' });

const weightOf = (files: Iterable<string>): number =>
  [...files].reduce((sum, name) => sum + compressedBytes(join(DIST, name)), 0);

test('house, task and button are there with at most 400 kB, and nothing else has to come', async ({
  page,
  baseURL,
}) => {
  const allowed = firstPicture(DIST);
  const asked = new Set<string>();
  await page.route('**/*', (route) => {
    const { href } = new URL(route.request().url());
    const name = href.slice((baseURL ?? '').length).replace(/^\/|[?#].*$/g, '') || 'index.html';
    asked.add(name);
    return allowed.has(name) ? route.continue() : route.abort();
  });
  // The race waits to be started; what playing takes is fetched after the first picture.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./#/race?${HOT_APPLE.where}&student=pocket&memory=memp`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOT_APPLE.sentence);
  await expect(page.locator('.house .place').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled();
  // The list holds nothing that isn't wanted: fonts aside, of which a page takes those that it writes with.
  const idle = [...allowed].filter((name) => !asked.has(name) && !name.endsWith('.woff2'));
  expect(idle).toEqual([]);
  expect(weightOf(allowed)).toBeLessThanOrEqual(FIRST_PICTURE_BAR);
});

test('everything that is kept for offline use weighs at most 30 MB', () => {
  const worker = readFileSync(join(DIST, 'service-worker.js'), 'utf8');
  const files = siteFiles(DIST);
  expect(files.filter(({ sha256 }) => !worker.includes(sha256))).toEqual([]);
  const kept = new Set(files.flatMap(({ path, onDemand }) => (onDemand ? [] : [path])));
  expect(kept.size).toBeGreaterThan(20);
  expect([...kept].filter((name) => name.startsWith('models/pocket/')).length).toBeGreaterThan(2);
  expect(weightOf(kept)).toBeLessThanOrEqual(OFFLINE_BAR);
});
