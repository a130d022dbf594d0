// `npm run bench -- --merge`: files from strangers joined into a table; and the words that the command understands.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { formatBench } from '../../src/bench/gpu/bench-file.ts';
import { SAMPLE } from '../../src/bench/gpu/sample-result.ts';
import { root } from '../lib/command.mjs';
import { readResults } from './merge-files.ts';
import { readOptions } from './options.ts';

const folder = mkdtempSync(join(tmpdir(), 'duomem-merge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
  expect(stderr).toMatch(/damaged\.json: The result is not JSON/);
  const markdown = readFileSync(join(folder, 'out/benchmarks.md'), 'utf8');
  expect(markdown).toContain('decode at 512');
  expect(markdown).toContain('other, intel gen-12lp');
  expect(readFileSync(join(folder, 'out/benchmarks.svg'), 'utf8')).toMatch(/^<svg/);
});

test('links out of a folder are not followed, and large files not read', () => {
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
])('does not understand %j', (words) => {
  expect(readOptions(words)).toMatchObject({ ok: false, error: { code: 'USAGE' } });
});

test('understands lists and folders', () => {
  const options = readOptions([
    '--browsers',
    'chrome, edge',
    '--power',
    'low-power,high-performance',
    '--shard',
    '2/3',
  ]);
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
