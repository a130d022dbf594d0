/** A model that was fetched on the first visit can be opened without a network, web-llm's own code included. */
import { expect, test } from '@playwright/test';
import { badServer } from '../src/testing/bad-server.ts';
import { mlcFolder } from '../src/testing/mlc-folder.ts';

test.use({ serviceWorkers: 'allow' });

test('once a model is here, everything that opens it is here as well', async ({ page, context }) => {
  const host = await badServer();
  // No library at all: web-llm gets as far as compiling it, and says so in its own words.
  for (const [name, content] of mlcFolder({ library: Uint8Array.of(1, 2, 3, 4) })) {
    host.files.set(`tiny/${name}`, content);
  }
  await page.goto('./#/models');
  await expect(page.getByText('Ready to work offline')).toBeVisible({ timeout: 120_000 });
  await page.getByLabel('From an address').fill(`${host.address}tiny`);
  await page.getByRole('button', { name: 'Check it' }).click();
  await page.getByRole('button', { name: 'Import it' }).click();
  const card = page.getByRole('article', { name: 'Tiny-Qwen3' });
  await expect(card.getByText('ready')).toBeVisible();
  // The whole of it: an entry can be seen before its last byte is there.
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const found: boolean[] = [];
        for (const name of await caches.keys()) {
          const cache = await caches.open(name);
          const own = (await cache.keys()).filter(({ url }) => /\/web-llm-[^/]*\.js\?sha256=/.test(url));
          for (const key of own) {
            const body = await (await cache.match(key))?.arrayBuffer();
            found.push((body?.byteLength ?? 0) > 1_000_000);
          }
        }
        return found;
      }),
    )
    .toEqual([true]);
  await host.stop();
  await context.setOffline(true);
  await page.reload();
  await card.getByRole('button', { name: 'Load and measure' }).click();
  await expect(card.getByText(/couldn't be loaded: .*WebAssembly/)).toBeVisible();
});
