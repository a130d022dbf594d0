/**
 * Which files of a build the page needs before its first picture (the house, the task, the button), and what files
 * weigh as a host sends them. e2e/weight.spec.ts shows that the picture comes with these files and no others.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes, compressed. */
export const FIRST_PICTURE_BAR = 400_000;
export const OFFLINE_BAR = 30_000_000;

/** Paths below the folder of the build. */
export function firstPicture(dist: string): Set<string> {
  const index = readFileSync(join(dist, 'index.html'), 'utf8');
  const files = new Set(['index.html']);
  const add = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    if (!path.endsWith('.js')) return;
    const code = readFileSync(join(dist, path), 'utf8');
    for (const [, name] of code.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
      add(`assets/${name}`);
  };
  for (const [, path = ''] of index.matchAll(/(?:src|href)="\.\/(assets\/[\w.-]+\.(?:js|css))"/g)) {
    add(path);
    // The list of what the first script fetches by itself; other views' code isn't part of it.
    const [list = ''] = /m\.f=\[[^\]]*\]/.exec(readFileSync(join(dist, path), 'utf8')) ?? [];
    for (const [, name] of list.matchAll(/"\.\/([\w.-]+\.(?:js|css))"/g)) add(`assets/${name}`);
  }
  // Browsers that run the page take the newer format of the fonts. The house comes from the agent's worker.
  for (const name of readdirSync(join(dist, 'assets'))) {
    if (/\.woff2$|^agent-[\w-]+\.js$/.test(name)) add(`assets/${name}`);
  }
  return files;
}

/** As a host sends it: gzip, level 9. */
export function compressedBytes(path: string): number {
  const content = readFileSync(path);
  return Math.min(content.length, gzipSync(content, { level: 9 }).length);
}
