import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'make-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('folders that are missing are made, and the topmost is named', async () => {
  const path = join(folder, 'a', 'b', 'c');
  expect(await makeFolder(path)).toBe(join(folder, 'a'));
  expect(statSync(path).isDirectory()).toBe(true);
  expect(await makeFolder(path)).toBeUndefined();
});

test('two that make the same folders at once both succeed', async () => {
  const path = join(folder, 'd', 'e');
  await Promise.all([makeFolder(path), makeFolder(path)]);
  expect(statSync(path).isDirectory()).toBe(true);
});

test('a file in the way is the system’s error', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
});

test.runIf(existsSync('/proc/self'))('a place that lets nothing be made in it is one too', async () => {
  await expect(makeFolder('/proc/nowhere/below')).rejects.toMatchObject({ code: 'ENOENT' });
});
