/** What the end of an episode offers to give away: a link by the clipboard, a picture by the device's own sharing. */
import { expect, solve, test } from './site.ts';

interface Shared {
  readonly title: string;
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly type: string; readonly size: number }[];
}

test('a copied link opens on the episode; where the browser refuses to copy, the page says what to do', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await solve(page);
  const task = await page.getByRole('heading', { level: 1 }).textContent();
  const copy = page.getByRole('button', { name: 'Copy link' });
  await copy.click();
  await expect(
    page.getByText(/^Copied: a link of [\d,]+ characters that holds the whole episode\./),
  ).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText(task ?? '');
  await other.close();

  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await copy.click();
  await expect(page.getByText("This browser doesn't let the page copy.")).toBeVisible();
});

test("a picture of the ending is handed to the device; where it can't take any, there is no such button", async ({
  page,
}) => {
  await solve(page);
  const share = page.getByRole('button', { name: 'Share picture' });
  await expect(page.getByRole('button', { name: 'Save picture' })).toBeVisible();
  await expect(share).toHaveCount(0);

  // A device that shares, and says what it was given; the next two times it is closed, then fails.
  await page.addInitScript(() => {
    const shared: Shared[] = [];
    Object.assign(globalThis, { shared });
    navigator.canShare = (data) => data?.files?.[0]?.type === 'image/png';
    navigator.share = async ({ title = '', text = '', files = [] } = {}) => {
      shared.push({ title, text, files: files.map(({ name, type, size }) => ({ name, type, size })) });
      if (shared.length === 2) throw new DOMException('closed', 'AbortError');
      if (shared.length === 3) throw new DOMException('failed', 'DataError');
    };
  });
  await page.reload();
  await solve(page);
  const given = () => page.evaluate(() => (globalThis as unknown as { shared: Shared[] }).shared);
  await share.click();
  await expect.poll(async () => (await given()).length).toBe(1);
  const [
    {
      title,
      text,
      files: [picture],
    } = { title: '', text: '', files: [] },
  ] = await given();
  expect(title).toMatch(/: solved in \d+ steps by the pocket student$/);
  expect(text).toBe(title);
  expect(picture).toMatchObject({ name: expect.stringMatching(/\.png$/), type: 'image/png' });
  expect(picture?.size).toBeGreaterThan(10_000);

  const said = page.locator('.share').getByRole('status');
  await share.click();
  await expect.poll(async () => (await given()).length).toBe(2);
  await expect(said).toBeEmpty();
  await share.click();
  await expect(said).toHaveText("This browser didn't share the picture. Save it.");
});
