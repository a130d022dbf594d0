import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { generateHome } from '../homes/index.ts';
import { readArchive } from '../storage/archive-read.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';

const folder = temporaryFolder();

test('a run of the command line becomes a run of the page, with its traces', async () => {
  const home = generateHome(31, { split: 'homes' });
  writeGames(join(folder, 'games'), home, 1);
  const { key } = home.game(0);
  const run = join(folder, 'run');
  const played = ['eval', '--games', join(folder, 'games'), '--split', 'homes', '--student', 'scripted'];
  expect(await runHere([...played, '--memory', 'none', '--jobs', '1', '--out', run])).toMatchObject({
    exit: 0,
  });
  const trace = join(run, 'traces', `${key}.jsonl`);
  const words = ['archive', '--runs', run, '--title', 'My run', '--episodes', trace];
  const pack = (out: string) => runHere([...words, '--made', '2026-11-01T10:00:00Z', '--out', out]);
  const out = join(folder, 'page.zip');
  expect(await pack(out)).toMatchObject({ exit: 0, result: { runs: 1, games: 1, episodes: 1 } });
  expect(await pack(join(folder, 'again.zip'))).toMatchObject({ exit: 0 });
  const bytes = readFileSync(out);
  expect(readFileSync(join(folder, 'again.zip')).equals(bytes)).toBe(true);
  const archive = unwrap(await readArchive(new Blob([new Uint8Array(bytes)])));
  const [first] = archive.runs;
  expect(first?.run).toMatchObject({
    id: '2026-11-01T10:00:00.000Z',
    title: 'My run',
    student: 'scripted',
    games: [{ key }],
    results: [{ game: key, won: true }],
  });
  expect(first?.traces).toEqual([readFileSync(trace, 'utf8')]);
  expect(archive.episodes[0]?.trace).toBe(readFileSync(trace, 'utf8'));

  const nothing = ['archive', '--runs', join(folder, 'games'), '--out', join(folder, 'x.zip')];
  expect(await runHere(nothing)).toMatchObject({
    exit: 3,
    message: expect.stringContaining("doesn't hold a run"),
  });
  expect(await runHere(['archive', '--out', join(folder, 'x.zip')])).toMatchObject({ exit: 2 });

  // What the page wouldn't take isn't written.
  const long = ['archive', '--runs', run, '--title', 'a'.repeat(2001), '--out', join(folder, 'x.zip')];
  expect(await runHere(long)).toMatchObject({
    exit: 3,
    message: expect.stringContaining('title is longer'),
  });
  const never = ['archive', '--runs', run, '--made', '+275760-09-13', '--out', join(folder, 'x.zip')];
  expect(await runHere(never)).toMatchObject({ exit: 2 });
  expect(existsSync(join(folder, 'x.zip'))).toBe(false);
});
