import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../base/result.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { Games } from '../service/games.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { runHere } from '../testing/run-here.ts';
import { words } from '../testing/words.ts';

const folder = temporaryFolder();

test('a home and a task have the same numbers in the terminal as in the page', async () => {
  const source = { kind: 'home', home: 7, task: 3 } as const;
  const page = unwrap(
    await new Games(async () => {
      throw new Error('nothing is imported');
    }).load(source),
  );
  const played = await runCli(['play', '--home', '7', '--task', '3', '--student', 'scripted']);
  expect(played.stdout).toContain(page.world.intro);
  // So that what was played there can be replayed here.
  const { game } = played.result as { game: string };
  expect(sourceOf(game)).toEqual(source);
});

describe('a person at a terminal', () => {
  afterEach(() => vi.restoreAllMocks());

  /** Types these keys, as a terminal hands them on while it is read key by key. */
  function typing(keys: string, ...line: readonly string[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    output.resume();
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as never);
    vi.spyOn(process, 'stderr', 'get').mockReturnValue(output as never);
    input.write(keys);
    return runHere(words`play --home 7 --task 3 ${line}`);
  }

  test('ends with Ctrl-C as everything else does, and what was played is kept', async () => {
    const out = join(folder, 'stopped.jsonl');
    expect(await typing('look\rinventory\rgo to\u0003', '--out', out)).toMatchObject({
      exit: 130,
      message: `Stopped; what was played is in ${out}.`,
      result: { won: false, steps: 2 },
    });
    const { steps } = JSON.parse(readFileSync(out, 'utf8'));
    expect(steps.map((step: { action: string }) => step.action)).toEqual(['look', 'inventory']);
    expect(await typing('\u0003')).toMatchObject({ exit: 130, message: 'Stopped.' });
  });

  test.each([
    ['quit', 'look\rquit\r'],
    ['Ctrl-D', 'look\r\u0004'],
  ])('is done with %s', async (name, keys) => {
    const out = join(folder, `${name}.jsonl`);
    expect(await typing(keys, '--out', out)).toMatchObject({ exit: 0, result: { steps: 1 } });
    expect(existsSync(out)).toBe(true);
  });
});
