/** The name and version of this program, as traces and `--version` give them. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOwn } from '../../base/read-json.ts';

export const VERSION = versionOf(dirname(fileURLToPath(import.meta.url)));
export const PROGRAM = `duomem ${VERSION}`;

/** The version of the package that a folder belongs to: this file also runs out of a bundle, in another place. */
function versionOf(folder: string): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return versionOf(dirname(folder));
  return readOwn<{ readonly version: string }>(readFileSync(path, 'utf8')).version;
}
