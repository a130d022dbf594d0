/**
 * `npm run -s measure:smollm2 -- [--alone] GAMES [KEY …]`, after a build: what a visitor waits for with SmolLM2, in the
 * machine's own browser and from an empty profile. GAMES is a zip of games, KEY one of them (without: four of
 * valid_seen). Seconds for picking the file and merging; then for each game, without memory and with MemP (k = 4), on a page
 * that was just opened: from pressing Run at once, the first action (which has the loading of the merged model in it) and
 * the end of the game; and how long the page takes to read the task when nobody presses, and the first action from pressing
 * Run then. --alone has it computed by one thread.
 */
import { parseArgs } from 'node:util';
import type { Locator, Page } from 'playwright';
import { openGames } from '../src/cli/files/open-games.ts';
import { SMOLLM2_BASE } from '../src/cli/students/open-smollm2.ts';
import { withBuiltPage } from './lib/built-page.ts';

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { alone: { type: 'boolean' } },
});
const [zip, ...named] = positionals;
if (zip === undefined) throw new Error('Usage: npm run -s measure:smollm2 -- [--alone] GAMES [KEY …]');
const set = await openGames(zip);
if (!set.ok) throw new Error(set.error.message);
const some = set.value.ofSplit('valid_seen').filter((_, i) => i % 35 === 17);
const keys = named.length > 0 ? named : some.map(({ key }) => key);
await set.value.close();

await withBuiltPage(async (browser, address) => {
  const page = await browser.newPage({ baseURL: address });
  page.setDefaultTimeout(600_000);
  // A page that isn't isolated from others has no memory that threads could share.
  if (values.alone)
    await page.route('**/*', async (route) => {
      const response = await route.fetch();
      const { 'cross-origin-embedder-policy': _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
  await page.goto('./#/models');
  const isolated = await page.evaluate(() => crossOriginIsolated);
  console.log(`Chromium ${browser.version()}, ${isolated ? 'several threads' : 'one thread'}`);
  const began = performance.now();
  await page.getByLabel("SmolLM2's file").setInputFiles(SMOLLM2_BASE);
  await page.getByText('Merged here: as trained.').waitFor();
  console.log(`checked and merged after ${seconds(began)} s`);
  await page.goto('./#/device');
  await page.getByLabel('A zip of games').setInputFiles(zip);
  await page.getByText(/\d+ games imported\./).waitFor();
  for (const memory of ['none', 'memp&k=4']) {
    for (const key of keys) {
      console.log(`${memory.padEnd(8)} ${key}`);
      console.log(`  pressed at once: ${await play(page, key, memory)}`);
      console.log(`  ${await readThenPlay(page, key, memory)}`);
    }
  }
});

/** Opens the game anew, with nothing loaded. */
async function open(page: Page, key: string, memory: string): Promise<Locator> {
  // An episode that was played before would wait there to be looked at.
  await page.evaluate(() => sessionStorage.clear());
  // Away first: an address that differs behind the '#' alone opens nothing anew.
  await page.goto('about:blank');
  await page.goto(`./#/play?game=${encodeURIComponent(key)}&student=smollm2&memory=${memory}`);
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  return page.getByLabel('Conversation');
}

async function play(page: Page, key: string, memory: string): Promise<string> {
  const talk = await open(page, key, memory);
  const { pressed, first } = await firstAction(page, talk);
  const end = talk.getByText(/Solved in \d+ steps?|all \d+ steps are used/);
  await end.first().waitFor();
  return `first action after ${first} s, end after ${seconds(pressed)} s: ${await end.first().textContent()}`;
}

async function readThenPlay(page: Page, key: string, memory: string): Promise<string> {
  const talk = await open(page, key, memory);
  const opened = performance.now();
  await talk.getByText('has read the task already').waitFor();
  const read = seconds(opened);
  const { first } = await firstAction(page, talk);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  return `read after ${read} s, pressed then: first action after ${first} s`;
}

async function firstAction(page: Page, talk: Locator): Promise<{ pressed: number; first: string }> {
  const pressed = performance.now();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await talk.locator('.turn .action').first().waitFor();
  return { pressed, first: seconds(pressed) };
}
