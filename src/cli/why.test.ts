import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { words } from '../testing/words.ts';

const folder = temporaryFolder();
beforeAll(async () => {
  const homes = join(folder, 'homes');
  const generate = words`generate --homes 2 --tasks-per-home 2 --seed 7 --out ${homes}`;
  expect((await runCli(generate)).exit).toBe(0);
  const games = words`--games ${homes} --split homes --jobs 1`;
  for (const memory of ['memp', 'none']) {
    const run = await runCli(words`eval ${games} --memory ${memory} --k 2 --out ${join(folder, memory)}`);
    expect(run.exit).toBe(0);
  }
});

test('tells for each solved episode the step that owes most to the memories, and which of them', async () => {
  const run = await runCli(['why', '--trace', join(folder, 'memp', 'traces')]);
  expect(run.exit).toBe(0);
  const result = run.result as Record<string, number>;
  expect(result.episodes).toBeGreaterThan(0);
  for (const name of ['probability', 'withoutAll', 'withoutNearest', 'withoutOthers', 'changed']) {
    expect([name, (result[name] ?? -1) >= 0 && (result[name] ?? 2) <= 1]).toEqual([name, true]);
  }
  // The step was chosen because its reply was more probable with the memories than without.
  expect(result.probability).toBeGreaterThan(result.withoutAll ?? 1);
  expect(run.stdout.match(/without every memory: [\d.]+ %/g)).toHaveLength(result.episodes as number);
});

test('asks about the step that was named, and says where there is nothing to ask', async () => {
  const run = await runCli(['why', '--trace', join(folder, 'memp', 'traces'), '--step', '1']);
  expect(run.stdout).toMatch(/: step 1, /);
  expect(run.stdout).not.toMatch(/: step [2-9]/);
  const none = await runCli(['why', '--trace', join(folder, 'none', 'traces')]);
  expect([none.exit, none.stderr.includes('solved episode with memories')]).toEqual([3, true]);
});
