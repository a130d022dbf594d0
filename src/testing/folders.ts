/** Folders of their own for tests of what reads and writes files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Home } from '../homes/index.ts';

/** An empty folder, gone when the tests of the file or group that asks for it are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'duomem-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a home's first games as a folder of games. */
export function writeGames(folder: string, home: Home, count: number): void {
  for (let i = 0; i < count; i++) {
    const { key, text } = home.game(i);
    mkdirSync(join(folder, key), { recursive: true });
    writeFileSync(join(folder, key, 'game.tw-pddl'), text);
  }
}
