/** Browsers and addresses at which the page may keep little or nothing: it plays, opens every view, and says so. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, test } from '@playwright/test';
import { BROWSER_ARGS } from '../scripts/lib/browser-args.ts';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { DIST, serveFolder } from './static-server.ts';

const VIEWS = ['compare', 'memory', 'runs', 'replay', 'benchmark', 'models', 'device'];

/** A browser with a profile of its own, since what a site may keep is a setting of profiles. */
async function browserWith(profile: object, args: readonly string[]): Promise<[BrowserContext, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'duomem-profile-'));
  mkdirSync(join(folder, 'Default'));
  writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(profile));
  const executablePath = process.env.DUOMEM_CHROMIUM ?? '';
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: [...BROWSER_ARGS, ...args],
  });
  return [context, folder];
}

for (const [where, host, profile, args, sentence] of [
  [
    'where site data are blocked',
    'localhost',
    { profile: { default_content_setting_values: { cookies: 2 } } },
    [],
    /^This browser keeps nothing for this page/,
  ],
  [
    'over http from another machine',
    'house.test',
    {},
    ['--host-resolver-rules=MAP house.test localhost'],
    /^This address has no https/,
  ],
] as const) {
  test(`${where} it plays, opens every view, and says what it can't keep`, async () => {
    const server = await serveFolder(DIST, '/duomem/');
    const [context, folder] = await browserWith(profile, args);
    const thrown: string[] = [];
    context.on('weberror', (error) => thrown.push(error.error().message));
    const page = await context.newPage();
    const address = server.address.replace('localhost', host);
    await page.goto(`${address}#/play?${HOT_APPLE.where}&student=pocket&memory=memp`);
    await expect(page.getByText(sentence)).toBeVisible();
    await page.getByLabel('Pace').selectOption('as fast as it goes');
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(page.getByLabel('Conversation').getByText('Solved')).toBeVisible({ timeout: 90_000 });
    for (const view of VIEWS) {
      await page.goto(`${address}#/${view}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByText('This view broke down')).toHaveCount(0);
    }
    // A choice lasts for the visit.
    await page.getByLabel('The pocket student runs on').selectOption('wasm');
    await page.goto(`${address}#/runs`);
    await page.goto(`${address}#/device`);
    await expect(page.getByLabel('The pocket student runs on')).toHaveValue('wasm');
    await context.close();
    await server.stop();
    rmSync(folder, { recursive: true });
    expect(thrown).toEqual([]);
  });
}
