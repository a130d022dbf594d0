/** Practise it: a chore is shown by the teacher, practised over a closed tab, done elsewhere without memory, and kept as files. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parseAdapterConfig } from '../src/weights/adapter-config.ts';
import { Safetensors } from '../src/weights/safetensors.ts';
import { choose, expect, expectAccessible, playOut, test } from './site.ts';

const CHORE = 'teddybear_1_nothing_Sofa';
// Home 3 is the one where the student fails without having been shown it (chore.spec.ts).
const OTHER = `./#/play?home=3&task=0&chore=${CHORE}&student=pocket&memory=none`;
const FILES = ['adapter_config.json', 'adapter_model.safetensors'] as const;

/** Exports the only adapter into a folder, and says what is in its files. */
async function exported(page: Page, folder: string): Promise<Map<string, Buffer>> {
  mkdirSync(folder, { recursive: true });
  const saved = new Map<string, Buffer>();
  page.on('download', async (download) => {
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    saved.set(download.suggestedFilename(), readFileSync(path));
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await expect.poll(() => [...saved.keys()].sort()).toEqual([...FILES].sort());
  return saved;
}

test(
  'a chore is practised over a closed tab, done in another home without memory, exported and deleted',
  {
    tag: '@student',
  },
  async ({ page, context }, info) => {
    test.setTimeout(1_200_000);
    const patience = { timeout: 600_000 };
    await page.goto('./#/models');
    const panel = page.getByRole('region', { name: 'Practise it' });
    await panel.getByLabel('Chore').selectOption(CHORE);
    await panel.getByLabel('The teacher shows it in').selectOption('4');
    await panel.getByLabel('How long').selectOption('10');
    await expectAccessible(page);
    await panel.getByRole('button', { name: 'Begin' }).click();
    // Every fourth batch is kept.
    await expect(panel.getByRole('status')).toHaveText(/^Batch [5-9] of 10/, patience);
    await expect(panel.getByRole('img', { name: /^Loss: \d/ })).toBeVisible();
    await page.close();

    const again = await context.newPage();
    await again.goto('./#/models');
    const cut = again.getByRole('region', { name: 'Practise it' });
    await expect(cut.getByText(/was cut off after [4-8] of 10 batches/)).toBeVisible();
    await cut.getByRole('button', { name: 'Go on' }).click();
    await expect(cut.getByText('“teddybear time” is switched on')).toBeVisible(patience);

    const adapters = again.getByRole('region', { name: 'What the pocket student practised' });
    const adapter = adapters.getByRole('article', { name: 'teddybear time' });
    await expect(adapter.getByLabel('Plays with it')).toBeChecked();
    const folder = info.outputPath('adapter');
    const files = await exported(again, folder);
    const config = parseAdapterConfig(files.get(FILES[0])?.toString() ?? '');
    expect(config.ok && config.value.rank).toBe(16);
    const tensors = Safetensors.parse(files.get(FILES[1]) ?? new Uint8Array());
    expect(tensors.ok && tensors.value.header.tensors.size).toBe(4 * 7 * 2);

    // A damaged one, one of another model, and its own again.
    const importing = adapters.getByLabel(/^Import an adapter/);
    writeFileSync(join(folder, FILES[1]), (files.get(FILES[1]) as Buffer).subarray(0, -8));
    await importing.setInputFiles(folder);
    await expect(adapters.getByRole('alert')).toContainText('should have');
    await importing.setInputFiles('models/smollm2/adapter');
    await expect(adapters.getByRole('alert')).toContainText('belongs to another model');
    writeFileSync(join(folder, FILES[1]), files.get(FILES[1]) as Buffer);
    await importing.setInputFiles(folder);
    await expect(adapters.getByRole('article')).toHaveCount(2);
    await expect(adapters.getByLabel('Plays with it').first()).not.toBeChecked();
    const copy = adapters.getByRole('article').first();
    const box = copy.getByLabel('Plays with it');
    for (const control of [copy.getByLabel(/^Strength/), box, box]) {
      const { label, chosen, shown } = await choose(control);
      expect(shown, label).toBe(chosen);
    }
    await expect(copy.getByText('Strength, 0 %')).toBeVisible();
    await expect(box).not.toBeChecked();
    await adapters.getByRole('button', { name: 'Delete' }).first().click();
    await expect(adapters.getByRole('article')).toHaveCount(1);
    await again.getByRole('button', { name: 'Undo' }).click();
    await expect(adapters.getByRole('article')).toHaveCount(2);

    // What the sentence doesn't say, and no memory does, it does.
    await again.goto(OTHER);
    await expect(again.getByRole('heading', { level: 1 })).toHaveText(/^Take \w+ at teddybear time\.$/);
    await playOut(again, 'Run', patience);
  },
);
