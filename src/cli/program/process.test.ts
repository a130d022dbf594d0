import { existsSync, realpathSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { type CliOptions, runCli } from '../../testing/run-cli.ts';

const probe = (words: readonly string[], options: CliOptions = {}) =>
  runCli(words, { script: 'src/testing/probe-cli.ts', ...options });

test('a result is the last line of standard output, progress is on standard error', async () => {
  const run = await probe(['echo', '--count', '3']);
  expect(run).toMatchObject({ exit: 0, stderr: 'working\n', result: { count: 3 } });
  expect(run.stdout).toBe(`a readable line\n${JSON.stringify(run.result)}\n`);
});

test.each([
  [['failed'], 1, 'Two episodes differ.\n', { mismatches: 2 }],
  [['ecko'], 2, "Unknown command 'ecko'. Did you mean echo? See 'duomem --help'.\n", undefined],
  [['input'], 3, "a.zip: This isn't a zip file.\n", { games: 0 }],
  [['throws'], 70, 'A fault in duomem: the index is 7 (set DUOMEM_DEBUG=1 to see where).\n', undefined],
  [['later'], 70, 'A fault in duomem: nobody waits for me (set DUOMEM_DEBUG=1 to see where).\n', undefined],
  [['unloadable'], 70, 'A fault in duomem: loaded (set DUOMEM_DEBUG=1 to see where).\n', undefined],
  [['open'], 0, '', {}],
])('%j ends with %i and one sentence', async (words, exit, stderr, result) => {
  expect(await probe(words)).toMatchObject({ exit, stderr, result });
});

test('DUOMEM_DEBUG=1 shows where a fault is', async () => {
  const run = await probe(['throws'], { env: { DUOMEM_DEBUG: '1' } });
  expect(run.exit).toBe(70);
  expect(run.stderr).toContain('probes.ts');
});

test('a reader that leaves early ends the command quietly', async () => {
  const run = await probe(['endless'], {
    started: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
  });
  expect(run).toMatchObject({ exit: 141, stderr: '' });
});

test.skipIf(!existsSync('/dev/full')).each([
  [['echo', '--count', '3'], 0, { count: 3 }],
  [['failed'], 1, { mismatches: 2 }],
  [['ecko'], 2, undefined],
  [['input'], 3, { games: 0 }],
  [['throws'], 70, undefined],
])('%j ends with %i and its result where standard error is full', async (words, exit, result) => {
  expect(await probe(words, { stderrTo: '/dev/full' })).toMatchObject({ exit, result });
});

test("Ctrl-C ends a command that doesn't listen at once", async () => {
  const run = await probe(['endless'], {
    started: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
  });
  expect(run).toMatchObject({ exit: null, signal: 'SIGINT', stderr: '' });
});

test('Ctrl-C lets a command that listens keep what it has', async () => {
  const run = await probe(['patient'], {
    started: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
  });
  expect(run).toMatchObject({ exit: 130, result: { games: 1 } });
  expect(run.stderr).toBe('ready\nStopped; what was done is kept.\n');
});

const folder = realpathSync(temporaryFolder());
test('paths are meant from where npm was called, not from the repository', async () => {
  const run = await probe(['where'], { env: { npm_lifecycle_event: 'duomem', INIT_CWD: folder } });
  expect(run.result).toEqual({ folder });
});

test('the duomem command itself starts', async () => {
  const run = await runCli(['--help']);
  expect(run).toMatchObject({ exit: 0, stderr: '' });
  expect(run.stdout).toMatch(/^Usage: duomem <subcommand> \[options\]/);
});
