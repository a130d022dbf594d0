/**
 * `npm run bench`: measures the built page in the machine's own browser, by Playwright, and joins results of many
 * machines. The measuring itself is the page's (src/bench); this starts it and keeps what it saves.
 */

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inert } from '../src/base/plain-text.ts';
import { formatRefusal, type Refusal } from '../src/base/result.ts';
import { asResult, joinResults } from '../src/bench/join.ts';
import { readManifest } from '../src/cli/converting/verify-folder.ts';
import { benchProjects, chooseLaunch, findBrowsers, type Launch } from './bench/browsers.ts';
import { keepInRepository } from './bench/keep.ts';
import { readResults, removeResults, writeMerged, writeResults } from './bench/merge-files.ts';
import { type BenchOptions, readOptions, USAGE } from './bench/options.ts';
import { type BenchTask, PARTS_FOLDER } from './bench/task.ts';
import { ensureEnvironment } from './differential/environment.ts';
import { runInstalled } from './lib/command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Results that people contributed. */
const COLLECTED = join(root, 'bench/results');

const read = readOptions(process.argv.slice(2));
if (!read.ok) {
  console.error(`${inert(read.error.message)}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (read.value === undefined) {
  console.log(USAGE);
} else if (read.value.merge.length > 0) {
  process.exitCode = await merge(read.value);
} else {
  process.exitCode = await measure(read.value);
}

async function measure(options: BenchOptions): Promise<number> {
  const { out, shard, only } = options;
  const task = await prepare(options);
  if (task === undefined) return 3;
  mkdirSync(out, { recursive: true });
  // What an earlier run left would be joined with this one; results are of this run alone.
  const parts = join(out, PARTS_FOLDER);
  for (const folder of [out, parts]) removeResults(folder);
  const blob = `report-${shard?.replace('/', '-of-')}.zip`;
  const { code } = await runInstalled(
    'playwright/cli.js',
    [
      'test',
      '--config',
      'e2e/bench.config.ts',
      ...(shard === undefined ? ['--reporter=list'] : [`--shard=${shard}`, '--reporter=list,blob']),
      ...(only === undefined ? [] : ['--grep', only.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]),
    ],
    { env: { DUOMEM_BENCH: JSON.stringify(task), PLAYWRIGHT_BLOB_OUTPUT_FILE: join(out, blob) } },
  );
  const { results: measured, refused } = readResults([parts]);
  report(refused);
  if (measured.length === 0) return 1;
  const results = joinResults(measured).map(asResult);
  const files = writeResults(results, out);
  // Beside the collected ones, which also hold this machine's earlier pages.
  const collected = readResults([COLLECTED]).results;
  const written = writeMerged([...results, ...collected], out);
  const said = { files, measurements: measured.length, refused: refused.length, ...written };
  if (!options.docs || code !== 0) {
    console.log(JSON.stringify(said));
    return code === 0 ? 0 : 1;
  }
  const kept = keepInRepository(results, root);
  if (!kept.ok) console.error(inert(formatRefusal(kept.error)));
  console.log(JSON.stringify({ ...said, kept: kept.ok ? kept.value : [] }));
  return kept.ok ? 0 : 1;
}

async function prepare({
  browsers,
  power,
  headed,
  profile,
  label,
  out,
  alfworld,
  model,
}: BenchOptions): Promise<BenchTask | undefined> {
  const manifest = model === undefined ? undefined : await readManifest(model);
  if (manifest?.ok === false) {
    console.error(inert(formatRefusal(manifest.error)));
    return undefined;
  }
  const student =
    model === undefined || manifest === undefined ? undefined : { folder: model, name: manifest.value.model };
  const { found, missing } = findBrowsers(browsers);
  if (missing.length > 0 || found.length === 0) {
    const which = missing.length > 0 ? missing.join(', ') : 'Chrome, Edge or Chromium';
    console.error(`Not found on this machine: ${which}. Name a browser's program with --browsers.`);
    return undefined;
  }
  const launches: { name: string; launch: Launch }[] = [];
  for (const browser of found) {
    const launch = await chooseLaunch(browser, headed);
    console.error(`${browser.name}: ${launch.software ? 'no GPU, a software adapter' : 'its own GPU'}`);
    launches.push({ name: browser.name, launch });
  }
  const projects = benchProjects(launches, power);
  const there = existsSync(join(root, '.venv-differential/installed.txt'));
  const environment = alfworld || there ? ensureEnvironment(process.env.DUOMEM_PYTHON) : undefined;
  if (environment?.ok === false) console.error(inert(formatRefusal(environment.error)));
  const python = environment?.ok ? environment.value : undefined;
  return { profile, label, out, python, model: student, projects };
}

async function merge({ merge: folders, out }: BenchOptions): Promise<number> {
  const { results, refused } = readResults(folders);
  report(refused);
  if (results.length === 0) {
    console.error('No result could be read in these folders.');
    return 3;
  }
  const written = writeMerged(results, out);
  const reported = await mergeReports(folders, out);
  console.log(
    JSON.stringify({
      files: results.length,
      refused: refused.length,
      ...written,
      ...(reported ? { report: reported } : {}),
    }),
  );
  return 0;
}

/** The reports of shards, as one page; undefined where there are none. */
async function mergeReports(folders: readonly string[], out: string): Promise<string | undefined> {
  const blobs = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /^report-.*\.zip$/.test(name))
        .map((name) => join(folder, name)),
    );
  if (blobs.length === 0) return undefined;
  const together = join(out, 'shards');
  rmSync(together, { recursive: true, force: true });
  for (const [i, blob] of blobs.entries()) cpSync(blob, join(together, `report-${i + 1}.zip`));
  const folder = join(out, 'report');
  const { code } = await runInstalled(
    'playwright/cli.js',
    ['merge-reports', '--reporter', 'html', together],
    {
      env: { PLAYWRIGHT_HTML_OUTPUT_DIR: folder, PLAYWRIGHT_HTML_OPEN: 'never' },
    },
  );
  rmSync(together, { recursive: true, force: true });
  return code === 0 ? join(folder, 'index.html') : undefined;
}

function report(refused: readonly Refusal[]): void {
  for (const refusal of refused) console.error(inert(`Left out: ${formatRefusal(refusal)}`));
}
