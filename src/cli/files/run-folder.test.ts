/** A run's folder may come from a stranger: links in it lead to files that aren't the run's. */
import { lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { writeWhole } from './run-folder.ts';

const folder = temporaryFolder();

test.skipIf(process.platform === 'win32').each(['summary.json', 'summary.json.part'])(
  'where %s is a link, what it leads to is left alone',
  async (name) => {
    const [mine, file] = [join(folder, `${name} of mine`), join(folder, 'summary.json')];
    writeFileSync(mine, 'mine');
    symlinkSync(mine, join(folder, name));
    expect(await writeWhole(file, 'figures')).toMatchObject({ ok: true });
    expect(readFileSync(mine, 'utf8')).toBe('mine');
    expect(readFileSync(file, 'utf8')).toBe('figures');
    expect(lstatSync(file).isFile()).toBe(true);
    rmSync(file);
  },
);
