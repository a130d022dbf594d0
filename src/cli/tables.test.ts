/** The command; what its tables look like is src/eval/tables.test.ts's. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateHome } from '../homes/index.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';
import { words } from '../testing/words.ts';

const folder = temporaryFolder();

test('writes what its help promises, and says where', async () => {
  writeGames(join(folder, 'games'), generateHome(31, { split: 'homes' }), 1);
  const out = join(folder, 'tables');
  const games = words`--games ${join(folder, 'games')} --split homes --dialect put`;
  const { exit, result } = await runHere(words`tables ${games} --limit 1 --jobs 1 --out ${out}`);
  expect(exit).toBe(0);
  expect(Object.keys(result ?? {}).sort()).toEqual(['cells', 'json', 'markdown', 'overheads']);
  const { markdown, json } = result as { markdown: string; json: string };
  expect([markdown, json]).toEqual([join(out, 'tables.md'), join(out, 'tables.json')]);
  expect(existsSync(markdown)).toBe(true);
  const [cell] = JSON.parse(readFileSync(json, 'utf8')).cells;
  expect(cell.command).toContain(' --dialect put ');
  expect(readFileSync(join(out, 'runs', cell.id, 'run.json'), 'utf8')).toContain('"dialect": "put"');
});
