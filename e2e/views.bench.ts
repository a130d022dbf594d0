/**
 * How long views take to show what they are about, on a later visit, in a browser that keeps as many memories of one's
 * own as it may; and in one that keeps none. They are brought by the page's own import of everything as one file.
 */
import { writeFileSync } from 'node:fs';
import { type BrowserContext, expect, test } from '@playwright/test';
import { unwrap } from '../src/base/result.ts';
import type { Figure, Subject } from '../src/bench/figures.ts';
import { PROFILES } from '../src/bench/profile.ts';
import type { MemoryEntry } from '../src/memory/entry.ts';
import { packArchive } from '../src/storage/archive-write.ts';
import { benchTask, keep, measure, resultOf } from './bench-task.ts';

/** Distinct tasks: the import makes the meaning of each once. */
const TASKS = 10_000;
const HOMES = 1000;

type Viewed = Extract<Subject, `view/${string}`>;

/** For each view its address, and what is there once it shows what it is about: in Play the first step, run at once. */
const VIEWS: Readonly<Record<Viewed, readonly [address: string, shown: string]>> = {
  'view/memory': ['#/memory', '.memory-name'],
  'view/play': ['#/play?home=7&task=0&student=pocket&memory=memp&past=none', '.turn:not(.saying)'],
  'view/device': ['#/device', 'table.storage'],
};
const SUBJECTS = Object.keys(VIEWS) as Viewed[];

test('views with many memories', async ({ page }, info) => {
  const described = await measure(page, ['device', 'memory'], info);
  const { ownMemories, loads } = PROFILES[benchTask().profile];
  const figures: Figure[] = [];
  const look = async (name: 'view-empty' | 'view-full'): Promise<void> => {
    for (const subject of SUBJECTS) {
      const samples: number[] = [];
      for (let i = 0; i < loads; i++) samples.push(await shown(page.context(), ...VIEWS[subject]));
      figures.push({ subject, name, samples });
    }
  };
  await page.evaluate(() => navigator.serviceWorker?.ready);
  await page.goto('about:blank');
  await look('view-empty');
  const file = info.outputPath('everything.zip');
  writeFileSync(file, await everything(ownMemories));
  await page.goto('./#/device');
  await page.getByLabel('Import a file').setInputFiles(file);
  const patience = { timeout: 1_800_000 };
  await page.getByRole('button', { name: 'Import it all' }).click(patience);
  await expect(page.getByText('Everything in the file was imported.')).toBeVisible(patience);
  await page.goto('about:blank');
  await look('view-full');
  const note = `${ownMemories.toLocaleString('en')} memories of one's own, of ${TASKS.toLocaleString('en')} tasks at most`;
  await keep(resultOf(described, figures, described.weights, [note]), info);
  expect(figures.every(({ samples }) => samples.every(Number.isFinite))).toBe(true);
});

/** Seconds from opening a view until it shows what it is about. Playwright's own search would keep the page from it. */
async function shown(context: BrowserContext, address: string, wanted: string): Promise<number> {
  const page = await context.newPage();
  await page.addInitScript((selector) => {
    let run = false;
    const observer = new MutationObserver(() => {
      const button = [...document.querySelectorAll('button')].find(
        ({ textContent, disabled }) => textContent === 'Run' && !disabled,
      );
      if (!run && button !== undefined) {
        run = true;
        button.click();
      }
      if (document.querySelector(selector) === null) return;
      observer.disconnect();
      console.info(`shown ${performance.now()}`);
    });
    observer.observe(document, { childList: true, subtree: true });
  }, wanted);
  const told = page.waitForEvent('console', {
    predicate: (message) => message.text().startsWith('shown '),
    timeout: 600_000,
  });
  await page.goto(`./${address}`);
  const seconds = Number((await told).text().slice('shown '.length)) / 1000;
  // What a page does besides is none of the next one's.
  await page.waitForLoadState('networkidle');
  await page.close();
  return seconds;
}

async function everything(count: number): Promise<Uint8Array> {
  const packed = unwrap(
    await packArchive({
      async *memories() {
        for (let i = 0; i < count; i++) yield { entry: memory(i) };
      },
      async *episodes() {},
      adapters: [],
      runs: [],
      sets: [],
    }),
  );
  return new Uint8Array(await packed.arrayBuffer());
}

function memory(i: number): MemoryEntry {
  const task = `put a clean mug from cabinet ${i % TASKS} in coffeemachine.`;
  const look = {
    thought: 'I look.',
    action: 'go to cabinet 1',
    observation: 'On the cabinet 1, you see a mug 1.',
  };
  return {
    id: `own:${i}`,
    task,
    taskType: 'pick_clean_then_place_in_recep',
    home: `home_${i % HOMES}_kitchen`,
    script: {
      taskName: task,
      guidelines: `In this home mug was in cabinet ${i}. Clean it at the sinkbasin.`,
    },
    trajectory: { intro: 'You are in the middle of a room.', steps: Array.from({ length: 8 }, () => look) },
    provenance: { maker: 'teacher', name: 'scripted', game: `home/${i}/trial`, seed: 0 },
  };
}
