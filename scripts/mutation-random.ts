/**
 * Shows that no browser test of the student passes by chance: builds the page around a student of random weights and
 * runs the tests with the tag @student, each of which must fail (`npm run mutation:random`). Exit code 1 where one
 * passes, or none was run.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';
import { writeRandomPocket } from '../src/testing/random-pocket.ts';
import { root, runInstalled } from './lib/command.mjs';

interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs?: readonly { readonly title: string; readonly ok: boolean }[];
}

const folder = mkdtempSync(join(tmpdir(), 'duomem-random-'));
const report = join(folder, 'report.json');
try {
  const student = join(folder, 'student');
  const site = join(folder, 'site');
  await writeRandomPocket(student, 1);
  const built = await runInstalled(
    'vite/bin/vite.js',
    ['build', '--logLevel', 'warn', '--outDir', site, '--emptyOutDir'],
    { env: { DUOMEM_POCKET: student } },
  );
  if (built.code !== 0) throw new Error("The page couldn't be built.");
  const server = await preview({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'silent',
    build: { outDir: site },
    preview: { port: 0 },
  });
  const address = server.resolvedUrls?.local[0] ?? '';
  await runInstalled(
    'playwright/cli.js',
    ['test', '--config', 'e2e', '--grep', '@student', '--reporter=list,json', '--trace=off'],
    { env: { DUOMEM_SITE: address, DUOMEM_DIST: site, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
  );
  await server.close();
  const specs = specsOf(JSON.parse(readFileSync(report, 'utf8')) as Suite);
  const passed = specs.filter(({ ok }) => ok);
  for (const { title } of passed) console.error(`Passes with a student of random weights: ${title}`);
  console.log(
    `${specs.length - passed.length} of ${specs.length} tests fail with a student of random weights.`,
  );
  process.exitCode = specs.length > 0 && passed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function specsOf({ suites = [], specs = [] }: Suite): NonNullable<Suite['specs']> {
  return [...specs, ...suites.flatMap(specsOf)];
}
