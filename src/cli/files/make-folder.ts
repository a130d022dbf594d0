import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that aren't there, as node's recursive mkdir does; that one asks again for ever
 * where a folder that is there lets none be made in it (Linux's /proc says that it doesn't exist).
 *
 * @returns the topmost folder that was made, undefined if there was nothing to make
 * @throws the system's error, where one of them can't be made
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  return makeFrom(resolve(path));
}

async function makeFrom(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    if (await isFolder(path)) return undefined;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await makeFrom(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Another thread or process may have made it meanwhile.
    if (await isFolder(path)) return made;
    throw error;
  }
  return made ?? path;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
