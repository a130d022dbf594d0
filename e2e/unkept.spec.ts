/** A browser that keeps nothing: made to go wrong, so without the fixture that takes every complaint for a failure. */
import { expect, test } from '@playwright/test';
import { firstTask } from '../src/testing/page-tasks.ts';
import { playOut } from './site.ts';

// Requests that a service worker makes can't be changed by a test.
test.use({ serviceWorkers: 'block' });

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
    // Workers of the built page; `npm start` serves them under assets/.
    await page.route(/\/assets\/(agent|data)-[^/]*\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${refusal}\n${await response.text()}` });
    });
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
}
