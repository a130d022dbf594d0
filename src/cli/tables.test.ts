/** The command; what its tables look like is src/eval/tables.test.ts's. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateHome } from '../homes/index.ts';
import { runHere } from '../testing/run-here.ts';

test('writes what its help promises, and says where', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duomem-tables-'));
  try {
    const { key, text } = generateHome(31, { split: 'homes' }).game(0);
    mkdirSync(join(folder, 'games', key), { recursive: true });
    writeFileSync(join(folder, 'games', key, 'game.tw-pddl'), text);
    const out = join(folder, 'tables');
    const words = [
      'tables',
      '--games',
      join(folder, 'games'),
      '--split',
      'homes',
      '--limit',
      '1',
      '--jobs',
      '1',
      '--dialect',
      'put',
    ];
    const { exit, result } = await runHere([...words, '--out', out]);
    expect(exit).toBe(0);
    expect(Object.keys(result ?? {}).sort()).toEqual(['cells', 'json', 'markdown', 'overheads']);
    const { markdown, json } = result as { markdown: string; json: string };
    expect([markdown, json]).toEqual([join(out, 'tables.md'), join(out, 'tables.json')]);
    expect(existsSync(markdown)).toBe(true);
    const [cell] = JSON.parse(readFileSync(json, 'utf8')).cells;
    expect(cell.command).toContain(' --dialect put ');
    expect(readFileSync(join(out, 'runs', cell.id, 'run.json'), 'utf8')).toContain('"dialect": "put"');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
