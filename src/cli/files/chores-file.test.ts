import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { runCli } from '../../testing/run-cli.ts';
import { choresFileOf, readChores } from './chores-file.ts';

const folder = temporaryFolder();

const GENERATE = ['generate', '--homes', '2', '--tasks-per-home', '1', '--seed', '70', '--chores'];

describe('chores on disk', () => {
  test('are generated with what their names stand for, collected by a teacher who is told, and remembered', async () => {
    const games = join(folder, 'games');
    const made = await runCli([...GENERATE, 'teddybear_time', '--out', games]);
    expect(made).toMatchObject({ exit: 0, result: { games: 2, byTaskType: { teddybear_time: 2 } } });
    expect(await readChores(games)).toEqual({
      ok: true,
      value: new Map([['teddybear', { count: 1, treatments: [], target: 'sofa' }]]),
    });

    const [trajectories, scripts] = ['t.jsonl', 's.jsonl'].map((name) => join(folder, name)) as [
      string,
      string,
    ];
    const collect = ['collect', '--games', games, '--split', 'homes', '--threads', '1', '--out'];
    expect(await runCli([...collect, trajectories])).toMatchObject({
      exit: 0,
      result: { tasks: 2, solved: 2 },
    });
    await runCli(['extract', '--trajectories', trajectories, '--out', scripts]);
    const records = readFileSync(scripts, 'utf8').trim().split('\n');
    expect(records).toHaveLength(2);
    for (const record of records) expect(record).toMatch(/At teddybear time, find \w+, put it on sofa\./);

    // Nobody is told where the file is gone: a teacher can't guess.
    rmSync(choresFileOf(games));
    const untold = await runCli([...collect, join(folder, 'untold.jsonl')]);
    expect(untold).toMatchObject({ exit: 3, result: { tasks: 0 } });
    expect(untold.stderr).toContain('Nobody has told what is done at teddybear time.');
  }, 120_000);

  test('stand beside a zip; literal ones need no telling; unknown ones are refused', async () => {
    const zip = join(folder, 'named.zip');
    expect(await runCli([...GENERATE, 'mirror_time', '--out', zip])).toMatchObject({ exit: 0 });
    expect(existsSync(join(folder, 'named.chores.json'))).toBe(true);
    expect((await readChores(zip)).ok).toBe(true);

    const literal = join(folder, 'literal');
    expect(await runCli([...GENERATE, 'slice,three', '--out', literal])).toMatchObject({ exit: 0 });
    expect(existsSync(choresFileOf(literal))).toBe(false);
    expect(await readChores(literal)).toEqual({ ok: true, value: new Map() });

    const unknown = await runCli([...GENERATE, 'wash', '--out', join(folder, 'no')]);
    expect(unknown).toMatchObject({ exit: 2 });
    expect(unknown.stderr).toContain('television_time');
  }, 120_000);

  test('a file that is none is refused with its place', async () => {
    writeFileSync(join(folder, 'chores.json'), '{"version":1,"chores":{"sink":{}}}');
    expect(await readChores(folder)).toMatchObject({
      ok: false,
      error: { code: 'CHORES_SHAPE', place: `${join(folder, 'chores.json')}, chores.sink` },
    });
  });
});
