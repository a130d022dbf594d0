/** Storage that runs full, and a first start that is cut off: made to go wrong, so complaints are part of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { ZipFileWriter } from '../src/engine/import/index.ts';
import { Random } from '../src/engine/index.ts';
import { generateHome } from '../src/homes/index.ts';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { playOut } from './site.ts';
import { DIST, handingOut, serveFolder } from './static-server.ts';

test.use({ serviceWorkers: 'allow' });

/** Sets how much the browser lets the page keep; only what is opened afterwards is held to it. */
async function allow(context: BrowserContext, page: Page, baseURL: string, bytes: number): Promise<void> {
  // A file of the page's host that keeps nothing.
  await page.goto('./icon.svg');
  const devtools = await context.newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(baseURL).origin,
    quotaSize: bytes,
  });
}

/** Real games, each made heavy by a field that nobody reads. */
async function heavyGames(megabytes: number): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const random = new Random('heavy');
  const chunks: Uint8Array[] = [];
  const zip = new ZipFileWriter(
    new WritableStream({
      write: (chunk) => {
        chunks.push(chunk);
      },
    }),
  );
  for (let i = 0; i < megabytes / 2; i++) {
    const { key, text } = generateHome(200 + i).game(0);
    const ballast = Array.from({ length: 250_000 }, () => random.int(2 ** 32).toString(36)).join(' ');
    const heavy = JSON.stringify({ ...(JSON.parse(text) as object), ballast: ballast.slice(0, 2_000_000) });
    await zip.add(`${key}/game.tw-pddl`, heavy);
  }
  await zip.close();
  return { name: 'heavy.zip', mimeType: 'application/zip', buffer: Buffer.concat(chunks) };
}

test('an import that finds no room ends in words and leaves nothing behind', async ({
  page,
  context,
  baseURL,
}) => {
  test.setTimeout(600_000);
  // Room for the page and its memories, and little more.
  await allow(context, page, baseURL ?? '', 50_000_000);
  await page.goto('./#/device');
  await expect(page.getByText('Ready to work offline')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Imported games 0 games/ })).toBeVisible();
  await page.getByLabel('A zip of games').setInputFiles(await heavyGames(40));
  await expect(page.getByText(/This device is out of space: nothing was written/)).toBeVisible({
    timeout: 500_000,
  });
  await expect(page.getByRole('row', { name: /^Imported games 0 games 0 B/ })).toBeVisible();
  const left = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opened = indexedDB.open('duomem-memory');
        opened.onsuccess = () => {
          const count = opened.result.transaction('games').objectStore('games').count();
          count.onsuccess = () => resolve(count.result);
        };
      }),
  );
  expect(left).toBe(0);
  // What was there still works.
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=memp`);
  await playOut(page);
});

test('a first start that is cut off while the memories are written heals on the next', async ({
  context,
}) => {
  const first = await context.newPage();
  const prepared: Promise<void>[] = [];
  first.on('worker', (worker) => {
    // In the middle of the bank: long enough for the tab to be closed.
    const hook = worker.evaluate(() => {
      const put = IDBObjectStore.prototype.put;
      let puts = 0;
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
        const request = put.apply(this, args);
        if (this.name === 'entries' && ++puts === 1000) {
          console.log('in the middle');
          const until = performance.now() + 20_000;
          while (performance.now() < until);
        }
        return request;
      };
    });
    prepared.push(hook.catch(() => undefined));
  });
  // Whoever asks for the bank gets it once it's prepared for that.
  const server = await serveFolder(DIST);
  server.meddle = handingOut((path) =>
    path.endsWith('/official.bank')
      ? Promise.all(prepared).then(() => readFileSync(join(DIST, path)))
      : undefined,
  );
  const middle = first.waitForEvent('console', (message) => message.text() === 'in the middle');
  await first.goto(`${server.address}#/memory`);
  await middle;
  await first.close();

  const second = await context.newPage();
  await second.goto(`${server.address}#/memory`);
  await expect(
    second.getByText(/^[1-9][\d,]+ memories of [\d,]+ tasks, the first 100 of them/),
  ).toBeVisible();
  await second.goto(`${server.address}#/device`);
  await expect(second.getByRole('row', { name: /^Memory bank official 3,553 memories/ })).toBeVisible();
  await server.stop();
});
