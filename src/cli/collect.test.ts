import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { generateHome } from '../homes/index.ts';
import { parseTrajectories } from '../teacher/trajectory.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { words } from '../testing/words.ts';

const folder = temporaryFolder();
const GAMES = 6;

beforeAll(() => writeGames(join(folder, 'games'), generateHome(31, { habits: 1, split: 'homes' }), GAMES));

function collect(out: string, ...more: string[]) {
  return runCli(['collect', '--games', join(folder, 'games'), '--split', 'homes', '--out', out, ...more]);
}

test('an interrupted collection goes on to the same bytes, whatever the number of threads', async () => {
  const whole = join(folder, 'whole.jsonl');
  const run = await collect(whole, '--threads', '2');
  expect(run).toMatchObject({ exit: 0, result: { tasks: GAMES, refused: [] } });
  const bytes = readFileSync(whole);
  const file = parseTrajectories(bytes.toString('utf8'));
  expect(file.ok && file.value.collected).toHaveLength(GAMES);
  expect(file.ok && file.value.trajectories[0]?.home).toMatch(/^home_31_/);
  for (const share of [0, 0.01, 0.5, 0.97]) {
    const rest = join(folder, `rest-${share}.jsonl`);
    writeFileSync(rest, bytes.subarray(0, Math.floor(bytes.length * share)));
    const again = await collect(rest, '--threads', '1');
    expect(again).toMatchObject({ exit: 0, result: run.result });
    expect(readFileSync(rest).equals(bytes)).toBe(true);
  }
});

test('a file of other settings, or of something else, is left alone', async () => {
  const out = join(folder, 'other.jsonl');
  await collect(out);
  const before = readFileSync(out);
  expect(await collect(out, '--tries', '2')).toMatchObject({ exit: 3 });
  expect(readFileSync(out).equals(before)).toBe(true);
  const notes = join(folder, 'notes.txt');
  writeFileSync(notes, 'my notes');
  expect(await collect(notes)).toMatchObject({ exit: 3 });
  expect(readFileSync(notes, 'utf8')).toBe('my notes');
});

test("a split that isn't there is named with those that are", async () => {
  const games = join(folder, 'games');
  const run = await runCli(['collect', '--games', games, '--split', 'train', '--out', join(folder, 'x')]);
  expect(run.exit).toBe(3);
  expect(run.stderr).toContain('its splits: homes');
});

test('scripts are written for what was collected', async () => {
  const [trajectories, scripts] = [join(folder, 'for-scripts.jsonl'), join(folder, 'scripts.jsonl')];
  await collect(trajectories);
  const run = await runCli(words`extract --trajectories ${trajectories} --out ${scripts}`);
  const lines = readFileSync(scripts, 'utf8').trimEnd().split('\n');
  expect(run).toMatchObject({ exit: 0, result: { scripts: lines.length, homes: lines.length } });
  expect(lines[0]).toContain('In this home ');
});
