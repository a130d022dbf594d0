/**
 * Where the data lies that is used but not shipped: official ALFWorld games and recordings of the real engine.
 * A clone without it still passes its tests; the tests that need it skip and say so.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const shared = process.env.DUOMEM_SHARED ?? resolve(root, '../shared');

/** The absolute path of a file or folder in the shared data, or undefined where it isn't on this machine. */
export function sharedPath(relative: string): string | undefined {
  const path = join(shared, relative);
  if (existsSync(path)) return path;
  console.warn(`skipped: ${relative} isn't on this machine (set DUOMEM_SHARED to the folder that holds it)`);
  return undefined;
}
