import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { generateHome } from '../homes/index.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { words } from '../testing/words.ts';
import { openGames } from './files/open-games.ts';

const folder = temporaryFolder();

const SMALL = ['generate', '--homes', '3', '--tasks-per-home', '2', '--seed', '40'];

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

describe('duomem generate', () => {
  test('writes a zip of games, the same bytes each time', async () => {
    const [first, second] = ['one.zip', 'two.zip'].map((name) => join(folder, name)) as [string, string];
    const run = await runCli([...SMALL, '--out', first, '--habits', '0.5']);
    expect(run).toMatchObject({ exit: 0, result: { games: 6, homes: 3 } });
    await runCli([...SMALL, '--out', second, '--habits', '0.5']);
    expect(sha256(second)).toBe(sha256(first));
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);

    const set = unwrap(await openGames(first));
    const home = generateHome(41, { habits: 0.5 });
    const text = await set.read(home.game(1).key);
    expect(text).toEqual({ ok: true, value: home.game(1).text });
    expect(set.games).toHaveLength(6);
    await set.close();
  });

  test('writes a folder, and counts what is in it', async () => {
    const out = join(folder, 'deep', 'folder');
    const line = words`${SMALL} --out ${out} --split train --stray 1 --habit-change 1`;
    const { exit, result } = await runCli(line);
    expect(exit).toBe(0);
    const { byTaskType, byRoom } = result as Record<'byTaskType' | 'byRoom', Record<string, number>>;
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
    expect([sum(byTaskType), sum(byRoom)]).toEqual([6, 6]);
    const set = await openGames(out);
    expect(set.ok && set.value.games.map((game) => game.split)).toEqual(Array(6).fill('train'));
  });

  test('overwrites nothing', async () => {
    const out = join(folder, 'mine.zip');
    writeFileSync(out, 'mine');
    const { exit, stderr } = await runCli([...SMALL, '--out', out]);
    expect([exit, stderr.trim()]).toEqual([3, `${out}: This is there already.`]);
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });

  test.each([
    ['--habits', '1.5', 2],
    ['--split', '../x', 2],
    ['--seed', '-1', 2],
    ['--out', join(import.meta.filename, 'below-a-file'), 3],
  ])('refuses %s %s', async (option, value, code) => {
    const { exit, stderr, stdout } = await runCli([...SMALL, '--out', join(folder, 'never'), option, value]);
    expect(exit).toBe(code);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  test('leaves nothing behind when it is stopped', async () => {
    const out = join(folder, 'stopped.zip');
    const { exit } = await runCli(words`generate --homes 100000 --tasks-per-home 1 --out ${out}`, {
      started: (child) => {
        child.stderr?.once('data', () => child.kill('SIGINT'));
      },
    });
    expect(exit).toBe(130);
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });

  test('homes of one room each take the kinds of rooms in turn', async () => {
    const out = join(folder, 'rooms');
    const run = await runCli(words`generate --homes 4 --tasks-per-home 2 --rooms one --out ${out}`);
    const byRoom = { bathroom: 2, bedroom: 2, kitchen: 2, 'living room': 2 };
    expect(run).toMatchObject({ exit: 0, result: { games: 8, byRoom } });
  });
});
