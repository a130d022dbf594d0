import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { runCli } from '../../testing/run-cli.ts';

const folder = temporaryFolder();
const games = join(folder, 'homes');
beforeAll(async () => {
  const size = ['--homes', '2', '--tasks-per-home', '3', '--habits', '1', '--rooms', 'one'];
  const { exit } = await runCli(['generate', ...size, '--seed', '70', '--out', games]);
  expect(exit).toBe(0);
});

function evaluate(out: string, ...more: string[]) {
  const options = ['--games', games, '--split', 'homes', '--student', 'scripted', '--jobs', '2'];
  return runCli(['eval', ...options, '--out', join(folder, out), ...more]);
}

test('plays the tasks of each home in order, with memories and without, and tells both', async () => {
  const run = await evaluate('own', '--memory', 'script', '--lifelong');
  expect(run.exit).toBe(0);
  const result = run.result as Record<'with' | 'without', { byTask: { task: number; episodes: number }[] }>;
  for (const part of ['with', 'without'] as const) {
    expect(result[part].byTask.map(({ task, episodes }) => [task, episodes])).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
    expect(existsSync(join(folder, 'own', part, 'summary.json'))).toBe(true);
  }
  const told = readFileSync(join(folder, 'own', 'lifelong.md'), 'utf8');
  expect(told).toContain('its own solved tasks');
  // The same again plays nothing: everything is there.
  expect((await evaluate('own', '--memory', 'script', '--lifelong')).result).toEqual(run.result);
});

test("after M tasks only the last ones are played, with the teacher's memories", async () => {
  const run = await evaluate('earlier', '--memory', 'script', '--earlier', '2', '--from', '2');
  expect(run).toMatchObject({
    exit: 0,
    result: { homes: 2, with: { byTask: [{ task: 3, episodes: 2 }] }, without: { byTask: [{ task: 3 }] } },
  });
  const none = await evaluate('none', '--memory', 'script', '--earlier', '2', '--from', '9');
  expect(none.exit).toBe(3);
  expect(none.stderr).toContain('No home has more than 9 tasks');
});

test('says what it needs', async () => {
  const bare = await evaluate('x', '--memory', 'none', '--lifelong');
  expect([bare.exit, bare.stderr.includes('--memory')]).toEqual([2, true]);
  const shard = await evaluate('y', '--memory', 'script', '--lifelong', '--shard', '1/2');
  expect(shard.exit).toBe(2);
  // Another bank or number of scripts is another run.
  const other = await evaluate('own', '--memory', 'script', '--k', '3', '--lifelong');
  expect([other.exit, other.stderr.includes('holds a different run (k 10 and 3)')]).toEqual([3, true]);
});
