/**
 * Pictures of every view at phone and desktop width, in light and dark, for whoever judges how the page looks:
 * `npm run -s pictures -- [name ...]`, after a build; they go to out/screenshots (not under version control).
 * `npm run -s pictures -- readme` makes the one picture that is: docs/page.png.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { zipOfGames } from '../src/testing/game-zip.ts';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { withBuiltPage } from './lib/built-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'out/screenshots');

interface Shot {
  readonly name: string;
  readonly address: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const run = async (page: Page): Promise<void> => {
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.ending').waitFor();
};

/** Plays it out, and looks at its replay. */
const replayed = async (page: Page): Promise<void> => {
  await run(page);
  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await page.getByText('word for word').waitFor();
};

const raced = (page: Page): Promise<void> =>
  page.locator('.outcome:not(:empty)').waitFor({ timeout: 300_000 });

const SCRIPTED = `#/play?${HOT_APPLE.where}&student=scripted&memory=none`;

const SHOTS: readonly Shot[] = [
  { name: 'race', address: '', prepare: raced },
  { name: 'teach', address: '#/teach' },
  { name: 'about', address: '#/about' },
  { name: 'play', address: SCRIPTED },
  { name: 'play-solved', address: SCRIPTED, prepare: run },
  {
    name: 'play-person',
    address: `#/play?${HOT_APPLE.where}&student=human&memory=none`,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Let me play' }).click();
      for (const place of ['cabinet 1', 'countertop 1', 'fridge 1']) {
        await page.getByLabel('Your action').fill(`go to ${place}`);
        await page.getByRole('button', { name: 'Do it' }).click();
        await page.getByText(`You arrive at ${place}`).first().waitFor();
      }
    },
  },
  { name: 'play-memory', address: '#/play?home=7&task=0&student=scripted&memory=memp', prepare: run },
  {
    name: 'compare',
    address: '#/compare?home=7&task=0&student=scripted&memory=memp',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Run both' }).click();
      await page.getByText(/Without memory (not )?solved/).waitFor();
    },
  },
  {
    name: 'memory',
    address: '#/memory?q=warm+up+a+mug',
    prepare: async (page) => {
      await page.getByText(/The nearest/).waitFor();
      await page.locator('.memory-list a').first().click();
      await page.locator('.memory-page').waitFor();
    },
  },
  {
    name: 'memory-map',
    address: '#/memory?q=warm+up+a+mug',
    prepare: async (page) => {
      await page.getByText(/The nearest/).waitFor();
      await page.getByText(/by meaning: near means alike/).waitFor();
    },
  },
  {
    name: 'play-chore',
    address: '#/play?home=3&task=0&student=human&memory=none&chore=boots_1_clean-heat',
  },
  {
    name: 'replay-kept',
    address: SCRIPTED,
    prepare: async (page) => {
      await run(page);
      await page.getByRole('button', { name: 'Keep episode' }).click();
      await page.getByText('Kept on this device').waitFor();
      await page.getByRole('link', { name: 'Replay' }).first().click();
      await page.getByLabel('Kept episodes').waitFor();
    },
  },
  {
    name: 'storage',
    address: '#/device',
    prepare: async (page) => {
      await page.getByLabel('A zip of games').setInputFiles(await zipOfGames());
      await page.getByText('12 games imported.').waitFor();
      await page.getByRole('button', { name: 'Measure', exact: true }).click();
      await page.getByText(/nearest are found in/).waitFor();
      await page.getByLabel('Storage').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'runs',
    address: '#/runs',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByText('10 of 10 games').waitFor();
    },
  },
  { name: 'device', address: '#/device', prepare: (page) => page.getByText('Memories made here').waitFor() },
  {
    name: 'models',
    address: '#/models',
    prepare: (page) => page.getByLabel('Whether it runs on this device').first().waitFor(),
  },
  { name: 'benchmark', address: '#/benchmark' },
  {
    name: 'benchmark-running',
    address: '#/benchmark?profile=full&parts=engine',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Measure' }).click();
      await page.getByText('Measuring the engine').waitFor();
    },
  },
  {
    name: 'benchmark-result',
    address: '#/benchmark?profile=short&parts=device,pocket/wasm&label=a+laptop',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Measure' }).click();
      await page.getByText('Save the result').waitFor({ timeout: 300_000 });
    },
  },
  {
    name: 'replay',
    address: SCRIPTED,
    prepare: async (page) => {
      await replayed(page);
      await page.getByLabel('Step of the replay').fill('4');
    },
  },
  {
    name: 'why',
    address: '#/play?home=7&task=0&student=pocket&memory=memp',
    prepare: async (page) => {
      await replayed(page);
      await page.getByRole('button', { name: 'Show step 1', exact: true }).click();
      await page.getByRole('button', { name: 'Why step 1?' }).click();
      await page.getByText(/has a probability of/).waitFor({ timeout: 120_000 });
      await page.getByText(/has a probability of/).scrollIntoViewIfNeeded();
    },
  },
];

const SIZES = [
  ['phone', 390, 844],
  ['desktop', 1440, 900],
] as const;

/** What the README shows: what a stranger has seen when the first race is over. */
const README: Shot = { name: 'readme', address: '', prepare: raced };

const wanted = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
await withBuiltPage(async (browser, address) => {
  if (wanted.includes(README.name)) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    await page.goto(`${address}${README.address}`);
    await README.prepare?.(page);
    await page.waitForTimeout(500);
    mkdirSync(join(root, 'docs'), { recursive: true });
    await page.screenshot({ path: join(root, 'docs/page.png') });
  }
  for (const { name, address: hash, prepare } of SHOTS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const [device, width, height] of SIZES) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await browser.newContext({ viewport: { width, height }, colorScheme });
        const page = await context.newPage();
        page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
        await page.goto(`${address}${hash}`);
        await page.locator('main h1').first().waitFor();
        await prepare?.(page);
        await page.waitForTimeout(500);
        const path = join(folder, `${name}-${device}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: device === 'phone' });
        await context.close();
      }
    }
    console.log(name);
  }
});
