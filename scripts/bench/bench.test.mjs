// `npm run bench -- --merge`: files from strangers joined into a table; and the words that the command understands.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatBench } from '../../src/bench/bench-file.ts';
import { temporaryFolder } from '../../src/testing/folders.ts';
import { SAMPLE } from '../../src/testing/sample-bench-result.ts';
import { words } from '../../src/testing/words.ts';
import { root } from '../lib/command.mjs';
import { benchProjects, findBrowsers } from './browsers.ts';
import { BEGIN, END, keepInRepository } from './keep.ts';
import { readResults, removeResults, writeResults } from './merge-files.ts';
import { readOptions } from './options.ts';

const folder = temporaryFolder();

/** @param {string} name @param {string} content */
function write(name, content) {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

test('joins folders of results, leaves out what is none, and says what it made', () => {
  write('a/one.json', formatBench(SAMPLE));
  write('a/damaged.json', '{');
  write('a/readme.txt', 'not looked at');
  write('b/two.json', formatBench({ ...SAMPLE, device: { ...SAMPLE.device, threads: 2, label: 'other' } }));
  const words = ['--import', 'tsx', 'scripts/bench.ts', '--merge', join(folder, 'a'), join(folder, 'b')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...words, '--out', join(folder, 'out')], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    files: 2,
    refused: 1,
    devices: 2,
  });
  expect(stderr).toMatch(/damaged\.json: The result isn't JSON/);
  const markdown = readFileSync(join(folder, 'out/benchmarks.md'), 'utf8');
  expect(markdown).toContain('decode at 512');
  expect(markdown).toContain('other, intel gen-12lp');
  expect(readFileSync(join(folder, 'out/benchmarks.svg'), 'utf8')).toMatch(/^<svg/);
});

test("links out of a folder aren't followed, and large files not read", () => {
  write('c/large.json', ' '.repeat(3_000_000));
  write('secret', formatBench(SAMPLE));
  symlinkSync(join(folder, 'secret'), join(folder, 'c/link.json'));
  const { results, refused } = readResults([join(folder, 'c'), join(folder, 'nowhere')]);
  expect(results).toEqual([]);
  expect(refused.map(({ code }) => code)).toEqual(['BENCH_TOO_LARGE']);
});

test.each([
  [['--profile', 'fast']],
  [['--shard', '1']],
  [['--power', 'much']],
  [['--merge']],
  [['folder']],
  [['--nothing']],
  [['--docs', '--only', 'memory']],
  [['--docs', '--shard', '1/2']],
])("doesn't understand %j", (words) => {
  expect(readOptions(words)).toMatchObject({ ok: false, error: { code: 'USAGE' } });
});

test('understands lists and folders', () => {
  const options = readOptions(
    words`--browsers ${'chrome, edge'} --power low-power,high-performance --shard 2/3`,
  );
  expect(options).toMatchObject({
    ok: true,
    value: {
      browsers: ['chrome', 'edge'],
      power: ['low-power', 'high-performance'],
      shard: '2/3',
      merge: [],
    },
  });
  expect(readOptions(['--help'])).toEqual({ ok: true, value: undefined });
});

test("one file a device, which can be read again and merged; files that aren't results stay", () => {
  const out = join(folder, 'run');
  write('run/package.json', '{"name":"somebody\'s"}');
  write('run/old.json', formatBench(SAMPLE));
  removeResults(out);
  expect(readdirSync(out)).toEqual(['package.json']);
  const other = { ...SAMPLE, weights: { ...SAMPLE.weights, pocket: 'c'.repeat(64) } };
  const invalid = { ...SAMPLE, invalid: [{ code: /** @type {const} */ ('HIDDEN'), message: 'Hidden.' }] };
  const places = writeResults([SAMPLE, other, invalid], out);
  expect(places.map((place) => place.slice(out.length + 1))).toEqual([
    'intel-gen-12lp-chromium-156-linux-2026-11-20.json',
    'intel-gen-12lp-chromium-156-linux-2026-11-20-2.json',
    'intel-gen-12lp-chromium-156-linux-2026-11-20-invalid.json',
  ]);
  expect(readResults([out]).results).toHaveLength(3);
});

test('keeps a run in the repository: a file that passes the check of contributions, a table, a picture', () => {
  write('repository/docs/benchmarks.md', `before\n${BEGIN}\nan older table\n${END}\nafter\n`);
  const home = join(folder, 'repository');
  expect(keepInRepository([SAMPLE], home).ok).toBe(true);
  const { results, refused } = readResults([join(home, 'bench/results')]);
  expect([results, refused]).toEqual([[SAMPLE], []]);
  const [name = ''] = readdirSync(join(home, 'bench/results'));
  expect(name).toMatch(/^[a-z0-9.-]{1,80}\.json$/);
  const text = readFileSync(join(home, 'docs/benchmarks.md'), 'utf8');
  expect(text).toMatch(/^before\n<!--/);
  expect(text).toMatch(/-->\nafter\n$/);
  expect(text).toContain('](benchmarks.svg)');
  expect(text).toContain('| pocket student, WebGPU | decode at 512 | 550 tokens/s |');
  expect(text).not.toContain('an older table');
  expect(readFileSync(join(home, 'docs/benchmarks.svg'), 'utf8')).toMatch(/^<svg/);
  // Again, and nothing is there twice.
  expect(keepInRepository([SAMPLE], home).ok).toBe(true);
  expect(readFileSync(join(home, 'docs/benchmarks.md'), 'utf8')).toBe(text);
});

test.each([
  ['BENCH_INVALID', { ...SAMPLE, invalid: [{ code: /** @type {const} */ ('THROTTLED'), message: 'Slow.' }] }],
  ['BENCH_SHORT', { ...SAMPLE, profile: /** @type {const} */ ('short') }],
])("doesn't keep a run that shows nothing: %s", (code, result) => {
  write('other/docs/benchmarks.md', `${BEGIN}\n${END}\n`);
  const home = join(folder, 'other');
  expect(keepInRepository([SAMPLE, result], home)).toMatchObject({ ok: false, error: { code } });
  expect(readdirSync(home)).toEqual(['docs']);
});

test('docs/benchmarks.md has a place for the table', () => {
  const text = readFileSync(join(root, 'docs/benchmarks.md'), 'utf8');
  expect(text.indexOf(BEGIN)).toBeGreaterThan(0);
  expect(text.indexOf(END)).toBeGreaterThan(text.indexOf(BEGIN));
});

test('every browser is measured with every power preference, each under a name of its own', () => {
  const launch = { executablePath: '/a', args: ['--x'], headless: true, software: false };
  const two = [
    { name: 'chrome', launch },
    { name: 'edge', launch: { ...launch, executablePath: '/b' } },
  ];
  const names = (/** @type {readonly {name: string}[]} */ projects) => projects.map(({ name }) => name);
  expect(names(benchProjects(two, ['default']))).toEqual(['chrome', 'edge']);
  const matrix = benchProjects(two, ['high-performance', 'low-power']);
  expect(names(matrix)).toEqual([
    'chrome-high-performance',
    'chrome-low-power',
    'edge-high-performance',
    'edge-low-power',
  ]);
  expect(matrix[2]).toMatchObject({ executablePath: '/b', power: 'high-performance', args: ['--x'] });
});

test('browsers are found by path, and a missing one is named', () => {
  write('browser', '');
  const path = join(folder, 'browser');
  expect(findBrowsers([path, '/nowhere/chrome'])).toEqual({
    found: [{ name: 'browser-1', path }],
    missing: ['/nowhere/chrome'],
  });
});
