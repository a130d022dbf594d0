/** The 4B student's way into the page, as its tests and the benchmark take it. */
import { expect, type Locator, type Page } from '@playwright/test';
import { patchWebLlm } from '../src/testing/patch-web-llm.ts';

/** From now on web-llm, which a worker of the page fetches, has a stub where its GPU code would start. */
export async function stubGpu(page: Page): Promise<void> {
  await page.route(/\/assets\/web-llm-[\w-]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: patchWebLlm(await response.text()) });
  });
}

/** Waits for a sign; what is in the way is said in the page's own words: the folder, the GPU, the library. */
export async function unhindered(page: Page, sign: Locator, timeout: number): Promise<void> {
  const against = page.locator('.notice.bad, #bring .findings .refused');
  await expect(sign.or(against).first()).toBeVisible({ timeout });
  expect(await against.allInnerTexts(), 'what the page has against it').toEqual([]);
}

/**
 * Has the page import a folder that `duomem convert` wrote, until its model is on the device.
 * @param name what the folder's manifest calls it
 */
export async function takeInFolder(page: Page, folder: string, name: string): Promise<void> {
  await page.goto('./#/models');
  await page.getByLabel('A folder with a model').setInputFiles(folder);
  const offer = page.getByRole('button', { name: 'Import it' });
  await unhindered(page, offer, 600_000);
  await offer.click();
  const card = page.getByRole('article', { name, exact: true });
  await unhindered(page, card.getByText('ready'), 3_600_000);
}
