/** A next build of the page, made from the built one: a mark in its HTML, and another name for a view's script. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { buildServiceWorker } from '../scripts/lib/site.ts';
import { DIST } from './static-server.ts';

/** Path of the script of the view for runs in the built page. */
export function runsScript(): string {
  const name = readdirSync(join(DIST, 'assets')).find((file) => /^RunsView-[\w-]+\.js$/.test(file));
  if (name === undefined) throw new Error('The build has no script of its own for the view for runs.');
  return `assets/${name}`;
}

/** @returns a folder of the caller's own */
export async function newerVersion(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'duomem-newer-'));
  cpSync(DIST, folder, { recursive: true });
  const assets = join(folder, 'assets');
  const old = runsScript().slice('assets/'.length);
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const entry =
    /assets\/(index-[\w-]+\.js)"/.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[1] ?? '';
  const renamed = new Map([
    [old, 'RunsView-newer.js'],
    [entry, 'index-newer.js'],
  ]);
  const rename = (file: string): void => {
    let text = readFileSync(file, 'utf8').replace(
      '<html lang="en">',
      '<html lang="en" data-version="newer">',
    );
    for (const [from, to] of renamed) text = text.replaceAll(from, to);
    writeFileSync(file, text);
  };
  for (const name of scripts) rename(join(assets, name));
  rename(join(folder, 'index.html'));
  for (const [from, to] of renamed) renameSync(join(assets, from), join(assets, to));
  await buildServiceWorker(folder);
  return folder;
}

/** Titles are the views' own; which build a tab shows is told by the mark in its HTML. */
export async function expectVersion(page: Page, version: 'older' | 'newer'): Promise<void> {
  const marked = page.locator('html[data-version="newer"]');
  await expect(marked).toHaveCount(version === 'newer' ? 1 : 0);
}
