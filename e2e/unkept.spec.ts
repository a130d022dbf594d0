/** A browser that keeps nothing: made to go wrong, so without the fixture that takes every complaint for a failure. */
import { expect, type Page, test } from '@playwright/test';
import { firstTask } from '../src/testing/page-tasks.ts';
import { playOut } from './site.ts';

// Requests that a service worker makes can't be changed by a test.
test.use({ serviceWorkers: 'block' });

/** @param refusal a script that makes the workers' storage so */
async function refuseStorage(page: Page, refusal: string): Promise<void> {
  // Workers of the built page; `npm start` serves them under assets/.
  await page.route(/\/assets\/(agent|data)-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${refusal}\n${await response.text()}` });
  });
}

for (const [how, refusal] of [
  ['has no IndexedDB', "Object.defineProperty(self, 'indexedDB', { value: undefined });"],
  [
    'refuses to open a database',
    "IDBFactory.prototype.open = () => { throw new DOMException('access is denied', 'SecurityError'); };",
  ],
] as const) {
  test(`where a browser ${how}, the student plays with the memories of the page's files`, {
    tag: '@student',
  }, async ({ page }) => {
    await refuseStorage(page, refusal);
    await page.goto(`./#/play?${firstTask().where}&student=pocket&memory=memp&past=none`);
    await playOut(page, 'Run', { timeout: 90_000 });
    const memories = page.locator('.stage-memories');
    await expect(memories.locator('li.memory')).toHaveCount(10);
    await expect(
      memories.getByText(/Only the memories that came with this page were searched/),
    ).toBeVisible();
    // What can't be kept isn't said to be.
    await page.getByRole('button', { name: /Let the teacher do/ }).click();
    await expect(memories.getByText(/This device's storage can't be read or written/).last()).toBeVisible();
    await page.goto('./#/memory');
    await expect(page.getByText(/^[\d,]+ memories of [\d,]+ tasks, the first 100 of them/)).toBeVisible();
  });

  test(`where a browser ${how}, Device and Replay say so, and what came with the page is there`, async ({
    page,
  }) => {
    await refuseStorage(page, refusal);
    await page.goto('./#/device');
    const storage = page.getByRole('region', { name: 'Storage' });
    await expect(storage.getByText(/storage can't be read or written/)).toBeVisible();
    await expect(storage.getByText('Looking …')).toHaveCount(0);
    await page.goto('./#/replay');
    await expect(page.getByText(/storage can't be read or written/)).toBeVisible();
    const episodes = page.getByLabel('Episodes of this page').getByRole('listitem');
    await expect(episodes).toHaveCount(3);
    await episodes.first().getByRole('link').click();
    await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  });
}
