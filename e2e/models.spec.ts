/**
 * The 4B student's way into the page: looked at, fetched from a host that misbehaves, verified, played without a
 * network, deleted. web-llm is the real package, with a stub where its GPU code would start.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type BadServer, badServer } from '../src/testing/bad-server.ts';
import { mlcFolder } from '../src/testing/mlc-folder.ts';
import { measureHere } from './bench-task.ts';
import { stubGpu, takeInFolder } from './large-model.ts';
import { expectAccessible, openSettings, test as quietTest } from './site.ts';

const LIBRARY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

const test = base.extend<{ host: BadServer; foreign: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: playwright wants the pattern
  host: async ({}, use) => {
    const host = await badServer();
    for (const [name, content] of mlcFolder({ library: LIBRARY })) host.files.set(`tiny/${name}`, content);
    await use(host);
    await host.stop();
  },
  /** Every host besides the page's own that was asked, in order. */
  foreign: async ({ context, baseURL }, use) => {
    const hosts: string[] = [];
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin) hosts.push(origin);
    });
    await use(hosts);
  },
});
// What a service worker asks for can't be replaced by a test.
test.use({ serviceWorkers: 'block' });

const tiny = (page: Page) => page.getByRole('article', { name: 'Tiny-Qwen3' });

async function look(page: Page, address: string): Promise<void> {
  await page.getByLabel('From an address').fill(address);
  await page.getByRole('button', { name: 'Check it' }).click();
}

async function takeIn(page: Page, host: BadServer): Promise<void> {
  await page.goto('./#/models');
  await look(page, `${host.address}tiny`);
  await expect(page.getByText('Its lists agree.')).toBeVisible();
  await page.getByRole('button', { name: 'Import it' }).click();
}

/** What web-llm would find: names and sizes. */
function cached(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const found: Record<string, number> = {};
    for (const name of ['webllm/model', 'webllm/config', 'webllm/wasm']) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        found[request.url.split('/').at(-1) ?? ''] = (await response?.arrayBuffer())?.byteLength ?? -1;
      }
    }
    return found;
  });
}

quietTest('models are listed with what this device says to them, and no host is asked', async ({ page }) => {
  await page.goto('./#/models');
  await expect(page.getByRole('article', { name: 'Pocket student' })).toContainText('part of this page');
  const qwen = page.getByRole('article', { name: 'Qwen3 4B', exact: true });
  await expect(qwen.getByLabel('Whether it runs on this device')).toBeVisible();
  await expect(page.getByRole('article', { name: /2507/ })).toContainText('not here');
  await expect(page.getByRole('row', { name: /Qwen3-4B-Instruct, LoRA.*77\.9/ })).toBeVisible();
  const pocket = page.getByRole('article', { name: 'Pocket student' });
  await pocket.getByRole('button', { name: 'Load and measure' }).click();
  await expect(pocket.getByText(/\d tokens a second read, [\d,]+ written/)).toBeVisible();
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
});

test('a phone is told why not', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    ...(baseURL === undefined ? {} : { baseURL }),
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15',
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await page.goto('./#/models');
  const qwen = page.getByRole('article', { name: 'Qwen3 4B', exact: true });
  await expect(qwen.getByText(/Phones and tablets end a page/)).toBeVisible();
  await expect(qwen.getByRole('button', { name: /^Fetch/ })).toBeDisabled();
  await context.close();
});

quietTest("runs of this device stand beside the paper's", async ({ page }) => {
  await page.goto('./#/runs');
  await page.getByLabel('How many').fill('2');
  await page.getByLabel('Who plays').selectOption('Scripted teacher');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('2 of 2 games')).toBeVisible();
  await page.goto('./#/models');
  const own = page.getByRole('row', { name: /^Scripted teacher No memory 100\.0 % .*this device: 2 games/ });
  await expect(own).toBeVisible();
  await expect(page.getByRole('row', { name: /Qwen3-4B-Instruct, LoRA.*77\.9/ })).toBeVisible();
});

test('a hub is asked after the click and not before; what it says is shown', async ({ page, foreign }) => {
  await page.route(/https:\/\/(huggingface\.co|api\.github\.com)/, (route) =>
    route.fulfill({ status: 404, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' }),
  );
  await page.goto('./#/models');
  // Software adapters have no shader-f16.
  await page.getByRole('button', { name: 'See the 32-bit weights' }).first().click();
  const card = page.getByRole('article', { name: 'Qwen3 4B, 32-bit arithmetic' });
  await expect(card.getByText('Asks huggingface.co')).toBeVisible();
  expect(foreign).toEqual([]);
  await card.getByRole('button', { name: /^Fetch/ }).click();
  await expect(card.getByText(/The host has no such file/)).toBeVisible();
  expect([...new Set(foreign)]).toEqual(['https://huggingface.co']);
});

test('fetched from a host that cuts, fails, sends wrong bytes and redirects; verified, and played with the host gone', async ({
  page,
  host,
  foreign,
}) => {
  host.misdeeds.set('tiny/params_shard_0.bin', ['cut', 500]);
  host.misdeeds.set('tiny/params_shard_1.bin', ['wrong-bytes']);
  host.misdeeds.set('tiny/params_shard_2.bin', ['redirect']);
  await takeIn(page, host);
  await expect(tiny(page).getByText('ready')).toBeVisible();
  const files = mlcFolder({ library: LIBRARY });
  const expected = [...files].filter(([name]) => !/^(manifest|tokenizer_config)\.json$/.test(name));
  expect(await cached(page)).toEqual(
    Object.fromEntries(expected.map(([name, { length }]) => [name, length])),
  );
  // The bad shard was fetched again, and no other; the one that was cut went on where it stood.
  expect(host.requests.filter((one) => one.startsWith('tiny/params_shard_1'))).toHaveLength(2);
  expect(host.requests.filter((one) => /^tiny\/params_shard_0\.bin [1-9]/.test(one))).not.toEqual([]);
  await expectAccessible(page);

  await host.stop();
  foreign.length = 0;
  await stubGpu(page);
  await page.reload();
  await tiny(page).getByRole('button', { name: 'Load and measure' }).click();
  await expect(tiny(page).getByText(/tokens a second read/)).toBeVisible();
  await tiny(page).getByRole('button', { name: 'Free its GPU memory' }).click();
  await expect(tiny(page).getByText('Freed.')).toBeVisible();
  await tiny(page).getByRole('link', { name: 'Play with it' }).click();
  await openSettings(page);
  await page.getByLabel('Memory', { exact: true }).selectOption('No memory');
  const figures = page.getByLabel('Figures');
  const figure = async (name: string): Promise<number> => {
    const pair = figures.locator('div').filter({ has: page.getByText(name, { exact: true }) });
    return Number(((await pair.locator('dd').textContent()) ?? '').replaceAll(',', ''));
  };
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.turn').first()).toContainText('I look around.');
  await expect.poll(() => figure('step')).toBe(1);
  const unthinking = await figure('tokens in context');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.turn').nth(1)).toBeVisible();
  // The second turn read only what was new.
  await expect.poll(() => figure('steps')).toBe(2);
  expect(await figure('reused')).toBeGreaterThan(await figure('prefilled'));
  expect((await figure('reused')) + (await figure('prefilled'))).toBe(await figure('tokens in context'));

  // Told to think, it isn't given the empty block of thoughts: two words and four line feeds.
  await page.getByLabel('Thinking').selectOption('before each answer');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => figure('step')).toBe(1);
  expect(await figure('tokens in context')).toBe(unthinking - 6);
  expect(foreign).toEqual([]);
});

test('paused, resumed after the tab was closed, cancelled, deleted: the space is free again', async ({
  page,
  host,
}) => {
  host.bytesPerSecond = 20_000;
  await takeIn(page, host);
  await expect(tiny(page).getByText(/of 200\skB|of \d+\skB/)).toBeVisible();
  await tiny(page).getByRole('button', { name: 'Pause' }).click();
  await expect(tiny(page).getByText('begun')).toBeVisible();
  const kept = await tiny(page)
    .getByRole('button', { name: /^Resume/ })
    .textContent();
  await page.reload();
  await expect(tiny(page).getByRole('button', { name: kept ?? '' })).toBeVisible();
  host.bytesPerSecond = Number.POSITIVE_INFINITY;
  await tiny(page)
    .getByRole('button', { name: /^Resume/ })
    .click();
  await expect(tiny(page).getByText('ready')).toBeVisible();
  // By a double click, before the page can take the button away: it's one deletion.
  await tiny(page)
    .getByRole('button', { name: /^Delete/ })
    .evaluate((element: HTMLElement) => {
      element.click();
      element.click();
    });
  await expect(tiny(page)).toHaveCount(0);
  // Back at once, with nothing to fetch; then gone for good.
  const whole = await cached(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tiny(page).getByText('ready')).toBeVisible();
  expect(await cached(page)).toEqual(whole);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await tiny(page)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(page.getByText(/^Deleted: .* Its \d+\skB are freed when you dismiss this\./)).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText(/kB are free again/)).toBeVisible();
  await expect(tiny(page)).toHaveCount(0);
  expect(await cached(page)).toEqual({});

  // Cancelled in the middle: what came is gone, on its way or whole.
  host.bytesPerSecond = 20_000;
  await takeIn(page, host);
  await expect(tiny(page).getByText(/of \d+\skB/)).toBeVisible();
  await tiny(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(tiny(page)).toHaveCount(0);
  // The visit ends without bringing it back: the next one frees what it took.
  await page.reload();
  await expect(page.getByText("Checking what's here …")).toHaveCount(0);
  await expect.poll(() => cached(page)).toEqual({});
  const parts = () =>
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('duomem-downloads');
      const names: string[] = [];
      for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys())
        names.push(name);
      return names;
    });
  await expect.poll(parts).toEqual([]);
});

test('hosts and folders that are bad are refused in words, and nothing is kept', async ({ page, host }) => {
  await page.goto('./#/models');
  const refused = page.locator('#bring .notice');
  await look(page, `${host.address}nowhere`);
  await expect(refused).toContainText('There is no manifest.json');
  host.misdeeds.set('tiny/manifest.json', ['html']);
  await look(page, `${host.address}tiny`);
  await expect(refused).toContainText('a web page in place of data');
  await look(page, 'http://example.org/x');
  await expect(refused).toContainText('Models come over https');
  for (const [name, content] of mlcFolder({ ropeTheta: 77 })) host.files.set(`odd/${name}`, content);
  await look(page, `${host.address}odd`);
  await expect(refused).toContainText('No compiled library is known');

  // A shard that is always wrong ends the download, and isn't to be seen.
  host.misdeeds.set(
    'tiny/params_shard_1.bin',
    Array.from({ length: 9 }, () => 'wrong-bytes' as const),
  );
  await takeIn(page, host);
  await expect(tiny(page).getByText(/isn't the file that was announced/)).toBeVisible();
  expect(await cached(page)).not.toHaveProperty('params_shard_1.bin');
  await expectAccessible(page);
});

test('a disk that runs full keeps what is here, and goes on when there is room', async ({ page, host }) => {
  const files = mlcFolder({ library: LIBRARY, shardBytes: 4_000_000 });
  for (const [name, content] of files) host.files.set(`tiny/${name}`, content);
  host.bytesPerSecond = 400_000;
  await takeIn(page, host);
  await expect(tiny(page).getByText(/of 12\sMB/)).toBeVisible();
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  host.bytesPerSecond = Number.POSITIVE_INFINITY;
  await expect(tiny(page).getByText(/This device is out of space/)).toBeVisible();
  await expect(tiny(page).getByText('begun')).toBeVisible();
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await page.reload();
  await tiny(page)
    .getByRole('button', { name: /^Resume/ })
    .click();
  await expect(tiny(page).getByText('ready')).toBeVisible();
});

test('a folder of this computer is imported without asking any host', async ({ page, foreign }) => {
  const folder = mkdtempSync(join(tmpdir(), 'duomem-folder-'));
  const inner = join(folder, 'my-student');
  mkdirSync(inner);
  for (const [name, content] of mlcFolder({ library: LIBRARY })) writeFileSync(join(inner, name), content);
  await page.goto('./#/models');
  await page.getByLabel('A folder with a model').setInputFiles(inner);
  await expect(page.getByText('Its lists agree.')).toBeVisible();
  await page.getByRole('button', { name: 'Import it' }).click();
  await expect(tiny(page).getByText('ready')).toBeVisible();
  await expect(tiny(page)).toContainText('From the folder my-student.');
  expect(Object.keys(await cached(page))).toHaveLength(7);
  expect(foreign).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('the benchmark measures a 4B student that is here', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'duomem-folder-'));
  for (const [name, content] of mlcFolder({ library: LIBRARY })) writeFileSync(join(folder, name), content);
  await stubGpu(page);
  await takeInFolder(page, folder, 'Tiny-Qwen3');
  rmSync(folder, { recursive: true });
  const result = await measureHere(page, { profile: 'short', label: 'a stub', parts: 'device,4b/webgpu' });
  const measured = result.figures.filter(({ subject }) => subject === '4b/webgpu');
  // A software adapter takes no whole tasks.
  const names = measured.map(({ name, context }) => `${name} ${context ?? ''}`.trim());
  expect(names, result.notes.join('; ')).toEqual(['load-warm', 'prefill 64', 'decode 64', 'copy-weights']);
  expect(measured.every(({ samples }) => samples.every((sample) => sample > 0))).toBe(true);
  expect(result.weights).toHaveProperty('4b');
});
