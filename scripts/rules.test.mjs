/** Breaks each rule of biome.jsonc once, in a folder of its own, and sees the linter say so. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../src/testing/folders.ts';
import { root, runInstalled } from './lib/command.mjs';

/** The folders of src from the ground up: design's one direction. */
const FOLDERS =
  'base engine homes player teacher serve memory agent weights kernels students eval bench protocol storage service app cli'.split(
    ' ',
  );
/** @type {Record<string, readonly string[]>} what lies lower and is still no business of a folder */
const LEAVES_OUT = {
  player: ['homes'],
  teacher: ['homes'],
  weights: FOLDERS.slice(1),
  kernels: FOLDERS.slice(1, FOLDERS.indexOf('weights')),
  cli: ['service', 'app'],
};
/** @param {string} name what a folder may import; the engine's server belongs to the command line alone */
function below(name) {
  const out = [...(LEAVES_OUT[name] ?? []), ...(name === 'cli' ? [] : ['serve'])];
  return FOLDERS.slice(0, FOLDERS.indexOf(name)).filter((other) => !out.includes(other));
}
const lines = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => `export const line${i} = ${i};\n`).join('');

/** @type {readonly (readonly [file: string, source: string, rule: string | undefined])[]} */
const CASES = [
  ['src/engine/node.ts', "import 'node:fs';\n", 'noRestrictedImports'],
  ['src/engine/later.ts', "export const later = () => import('../cli/index.ts');\n", 'noRestrictedImports'],
  ['src/engine/idb.ts', "import 'idb';\n", 'noRestrictedImports'],
  ['src/engine/clock.ts', 'export const now = Date.now();\n', 'noRestrictedGlobals'],
  ['src/agent/clock.ts', 'export const now = Date.now();\n', 'noRestrictedGlobals'],
  ['src/homes/chance.ts', 'export const chance = Math.random();\n', 'noJsRestrictedProperties'],
  ['src/agent/order.ts', "export const order = 'a'.localeCompare('b');\n", 'noJsRestrictedProperties'],
  ['src/agent/parse.ts', "export const parsed = JSON.parse('1');\n", 'noJsRestrictedProperties'],
  ['src/agent/parse.test.ts', "export const parsed = JSON.parse('1');\n", undefined],
  ['src/bench/page.ts', "import 'react';\n", 'noRestrictedImports'],
  ['src/app/files.ts', "import 'node:fs';\n", 'noRestrictedImports'],
  ['src/app/probe.ts', "import '../testing/shared.ts';\n", 'noRestrictedImports'],
  ['src/app/probe.test.ts', "import '../testing/shared.ts';\nimport 'node:fs';\n", undefined],
  ['src/app/undeclared.ts', "import 'left-pad';\n", 'noUndeclaredDependencies'],
  ['src/app/bare.ts', "import '../bench/index';\n", 'useImportExtensions'],
  ['src/app/any.ts', 'export const anything = (x: any) => x;\n', 'noExplicitAny'],
  ['scripts/spec.ts', "import '../e2e/site.ts';\n", 'noRestrictedImports'],
  ['workers/page.ts', "import '../src/app/index.ts';\n", 'noRestrictedImports'],
  ['workers/files.ts', "import 'node:fs';\n", 'noRestrictedImports'],
  ['src/memory/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n", 'noImportCycles'],
  ['src/memory/b.ts', "import { a } from './a.ts';\nexport const b = () => a;\n", 'noImportCycles'],
  ['src/memory/long.ts', lines(400), 'noExcessiveLinesPerFile'],
  ['src/memory/fits.ts', lines(399), undefined],
];

const folder = temporaryFolder();
/** @type {Map<string, Set<string>>} the rules that each file breaks */
const broken = new Map();

/** @param {string} file @param {string} source */
function write(file, source) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), source);
}

beforeAll(async () => {
  for (const file of ['biome.jsonc', 'package.json']) copyFileSync(join(root, file), join(folder, file));
  for (const name of FOLDERS) {
    write(`src/${name}/index.ts`, 'export const x = 1;\n');
    for (const other of FOLDERS) write(`src/${name}/deep/${other}.ts`, `import '../../${other}/index.ts';\n`);
  }
  for (const [file, source] of CASES) write(file, source);
  const { output } = await runInstalled(
    '@biomejs/biome/bin/biome',
    [
      'lint',
      '--vcs-enabled=false',
      '--max-diagnostics=none',
      '--reporter=github',
      `--config-path=${folder}`,
      folder,
    ],
    { quiet: true },
  );
  for (const [, rule = '', path = ''] of output.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+),/g)) {
    const file =
      path
        .replaceAll('\\', '/')
        .split(`/${basename(folder)}/`)
        .at(-1) ?? '';
    broken.set(file, (broken.get(file) ?? new Set()).add(rule));
  }
});

test.each(FOLDERS)('src/%s imports what stands below it, and nothing else', (name) => {
  const allowed = FOLDERS.filter(
    (other) => !broken.get(`src/${name}/deep/${other}.ts`)?.has('noRestrictedImports'),
  );
  expect(allowed.filter((other) => other !== name).sort()).toEqual(below(name).sort());
});

test('the page and the command line write straight apostrophes', () => {
  const sources = readdirSync(join(root, 'src'), { encoding: 'utf8', recursive: true }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
  );
  expect(sources.length).toBeGreaterThan(100);
  // One in brackets is read, of what somebody else wrote.
  const curly = sources.filter((file) =>
    /’(?![^[\]\n]*\])/.test(readFileSync(join(root, 'src', file), 'utf8')),
  );
  expect(curly).toEqual([]);
});

test.each(CASES)('%s', (file, _, rule) => {
  expect([...(broken.get(file) ?? [])]).toEqual(rule === undefined ? [] : [rule]);
});
