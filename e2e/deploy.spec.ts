/** Hosts that hand out wrong files: while a version is copied to them, behind a sign-in page, or for good. */
import { readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { expectVersion, newerVersion, runsScript } from './newer-version.ts';
import { DIST, type StaticServer, serveFolder } from './static-server.ts';

const test = base.extend<{ server: StaticServer; newer: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: playwright wants the pattern
  server: async ({}, use) => {
    const server = await serveFolder(DIST, '/duomem/');
    await use(server);
    await server.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: playwright wants the pattern
  newer: async ({}, use) => {
    const folder = await newerVersion();
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});
test.use({ serviceWorkers: 'allow' });

const SIGN_IN = '<!doctype html><title>Sign in</title><h1>Sign in</h1>';
const page200 = (response: ServerResponse, page: string): void => {
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
};

/** What a host does in the place of handing out a file, and what the page says of it. */
const HOSTS: Readonly<Record<string, readonly [(path: string, response: ServerResponse) => void, RegExp]>> = {
  'the front page for a missing file': [
    (_, response) => page200(response, readFileSync(join(DIST, 'index.html'), 'utf8')),
    /sent a web page in place of/,
  ],
  'a redirect to a sign-in page': [
    (_, response) => void response.writeHead(302, { Location: '/duomem/sign-in' }).end(),
    /sent a web page in place of/,
  ],
  'a redirect to another host': [
    (_, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:9/sign-in' }).end(),
    /can't be downloaded/,
  ],
  'half of a file': [
    (_, response) => {
      const script = readFileSync(join(DIST, runsScript()));
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script.subarray(0, 100));
    },
    /sent another .* than belongs to this version/,
  ],
  'status 503': [(_, response) => void response.writeHead(503).end('busy'), /answered 503/],
};

async function updateFails(page: Page): Promise<void> {
  // Resolves when the newer worker was found and rejects where its own file is wrong; then its installation ends.
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update().catch(() => undefined);
    const { installing } = registration ?? {};
    if (!installing) return;
    await new Promise((resolve) => {
      installing.addEventListener('statechange', resolve);
    });
  });
  expect(
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting ?? null),
  ).toBeNull();
}

for (const [name, [answer, words]] of Object.entries(HOSTS)) {
  const meddle = (path: string, response: ServerResponse): true => {
    if (path === 'sign-in') page200(response, SIGN_IN);
    else answer(path, response);
    return true;
  };

  test(`first visit, ${name}: nothing wrong is kept, and the next visit mends it`, async ({
    page,
    server,
  }) => {
    const wrong = runsScript();
    server.meddle = (path, response) => (path === wrong || path === 'sign-in') && meddle(path, response);
    await page.goto(`${server.address}#/device`);
    await expect(page.getByText(/^The page couldn't be kept for offline use: /)).toHaveText(words);
    server.meddle = undefined;
    await page.reload();
    await expect(page.getByText('Ready to work offline')).toBeVisible();
    await page.goto(`${server.address}#/runs`);
    await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible();
  });

  test(`update, ${name}: the old version goes on, whole, until the new one is there`, async ({
    page,
    server,
    newer,
  }) => {
    // A view that plays nothing: the race would have it wait with the copy until its end.
    await page.goto(`${server.address}#/device`);
    await expect(page.getByText('Ready to work offline')).toBeVisible();
    server.folder = newer;
    for (const sparing of ['service-worker.js', 'nothing']) {
      server.meddle = (path, response) => path !== sparing && meddle(path, response);
      await updateFails(page);
      await page.goto('about:blank');
      await page.goto(`${server.address}#/runs`);
      await expectVersion(page, 'older');
      // Never looked at before.
      await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Reload now' })).toHaveCount(0);
    }
    server.meddle = undefined;
    await page.reload();
    await page.getByRole('button', { name: 'Reload now' }).click();
    await expectVersion(page, 'newer');
    await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible();
  });
}

/** As this page's service worker was: it took whatever came for what it had asked for. */
const EARLIER = (files: readonly string[]): string => `
  const NAME = 'workbox-precache-v2-' + self.registration.scope;
  self.addEventListener('install', (event) => event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    for (const file of ${JSON.stringify(files)}) {
      const url = new URL(file, self.registration.scope);
      const response = await fetch(url);
      await cache.put(url, new Response(response.body, { headers: response.headers }));
    }
  })()));
  self.addEventListener('fetch', (event) => event.respondWith((async () => {
    const url = event.request.mode === 'navigate' ? new URL('index.html', self.registration.scope) : event.request.url;
    return (await caches.match(url)) ?? fetch(event.request);
  })()));`;

test('a page that an earlier service worker keeps broken starts again with the next version', async ({
  page,
  server,
  newer,
}) => {
  const entry = /assets\/index-[\w-]+\.js/.exec(readFileSync(join(DIST, 'index.html'), 'utf8'))?.[0] ?? '';
  server.meddle = (path, response) => {
    if (path === 'service-worker.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(EARLIER(['index.html', entry]));
      return true;
    }
    if (path !== entry) return false;
    page200(response, SIGN_IN);
    return true;
  };
  await page.goto(server.address);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('./service-worker.js');
    await navigator.serviceWorker.ready;
  });
  server.meddle = undefined;
  server.folder = newer;
  await page.reload();
  await expectVersion(page, 'newer');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('an older tab opens views that it never opened while another tab is on the newer version, and says so', async ({
  context,
  server,
  newer,
}) => {
  // A view for which the worker hasn't to fetch much: a browser that is watched lets a busy worker keep its place.
  const quiet = `${server.address}#/device`;
  const older = await context.newPage();
  await older.goto(quiet);
  await expect(older.getByText('Ready to work offline')).toBeVisible();
  await older.reload();
  await expect(older.getByText('Ready to work offline')).toBeVisible();
  server.folder = newer;
  const other = await context.newPage();
  await other.goto(quiet);
  await other.getByRole('button', { name: 'Reload now' }).click();
  await expectVersion(other, 'newer');
  await expect(older.getByText('A newer version of this page was started in another tab.')).toBeVisible();
  await expectVersion(older, 'older');
  await older.getByRole('link', { name: 'Runs' }).click();
  await expect(older.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible();
  expect(await keptVersions(other, server)).toBe(2);
  await older.getByRole('button', { name: 'Reload now' }).click();
  await expectVersion(older, 'newer');
  // No tab shows the older version any more: its files go.
  await expect.poll(() => keptVersions(other, server)).toBe(1);
});

test('the older version keeps its files while the newer one takes over, for a page that is on its way', async ({
  page,
  server,
  newer,
}) => {
  await page.goto(`${server.address}#/device`);
  await expect(page.getByText('Ready to work offline')).toBeVisible();
  server.folder = newer;
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  await expect(page.getByRole('button', { name: 'Reload now' })).toBeVisible();
  // As while a page is loaded again: no browser lists it yet.
  await page.goto(new URL('/elsewhere', server.address).href);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.skipWaiting', { scopeURL: server.address });
  const active = () =>
    page.evaluate(async (scope) => {
      const registration = await navigator.serviceWorker.getRegistration(scope);
      return [registration?.waiting?.state, registration?.active?.state];
    }, server.address);
  await expect.poll(active).toEqual([undefined, 'activated']);
  expect(await keptVersions(page, server)).toBe(2);
  await page.goto(`${server.address}#/device`);
  await expectVersion(page, 'newer');
  await expect.poll(() => keptVersions(page, server)).toBe(1);
});

/** How many versions of the page are kept. */
function keptVersions(page: Page, { address }: StaticServer): Promise<number> {
  return page.evaluate(async (scope) => {
    const cache = await caches.open(`duomem-site ${scope}`);
    return (await cache.keys()).filter(({ url }) => url.startsWith(`${scope}kept?`)).length;
  }, address);
}

test("a page whose code the host no longer has doesn't stand there without a word", async ({
  page,
  server,
}) => {
  let gone = true;
  server.meddle = (path, response) => {
    if (gone && path.endsWith('.js')) response.writeHead(404).end();
    return gone && path.endsWith('.js');
  };
  await page.goto(server.address);
  const late = page.getByText('Still loading. If nothing comes, reload the page.');
  await expect(late).toBeHidden();
  // Its quarter of a minute is over.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  await expect(late).toBeVisible();
  gone = false;
  await page.reload();
  await expect(page.getByRole('link', { name: 'Watch' })).toBeVisible();
  await expect(late).toHaveCount(0);
});

test("a file that the host doesn't have is answered with 404", async ({ page, baseURL }) => {
  test.skip(process.env.DUOMEM_SITE !== undefined, "somebody else's host");
  const missing = await page.request.get(new URL('assets/nowhere-abc.js', baseURL).href);
  expect(missing.status()).toBe(404);
  const nested = await page.request.get(new URL('nowhere', baseURL).href, {
    headers: { Accept: 'text/html' },
  });
  expect(nested.status()).toBe(404);
});
