import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { makeFolder } from './make-folder.ts';

const folder = temporaryFolder();

test('folders that are missing are made, and the topmost is named', async () => {
  const path = join(folder, 'a', 'b', 'c');
  expect(await makeFolder(path)).toBe(join(folder, 'a'));
  expect(statSync(path).isDirectory()).toBe(true);
  expect(await makeFolder(path)).toBeUndefined();
});

test('many that make the same folders at once all succeed', async () => {
  for (let round = 0; round < 50; round++) {
    const top = join(folder, `round-${round}`);
    const paths = [
      join(top, 'a', 'b', 'c'),
      top,
      join(top, 'a'),
      join(top, 'a', 'b'),
      join(top, 'a', 'b', 'c'),
    ];
    await Promise.all(paths.map(makeFolder));
    for (const path of paths) expect(statSync(path).isDirectory()).toBe(true);
  }
});

test("a file in the way is the system's error", async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
});

test.runIf(existsSync('/proc/self'))('a place that lets nothing be made in it is one too', async () => {
  await expect(makeFolder('/proc/nowhere/below')).rejects.toMatchObject({ code: 'ENOENT' });
});
