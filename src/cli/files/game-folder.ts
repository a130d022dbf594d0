/**
 * A folder on disk as a set of games. Symbolic links below the folder are never followed, so that a set from a
 * stranger can't reach the rest of the disk.
 */
import type { Dirent } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import {
  cancelled,
  DEFAULT_IMPORT_LIMITS,
  GameSet,
  isAlfredFile,
  isGameFile,
  type OpenZipOptions,
  printablePath,
  type SetFile,
} from '../../engine/import/index.ts';
import { readFailure } from './read-failure.ts';

/** Not through a link that took the file's place, and not waiting for the other end of a pipe. Absent on Windows. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a folder of games by its listing; the folder may be a split itself (json_2.1.1/train).
 * @returns the set; or SET_TOO_MANY_FILES, SET_TOO_LARGE, GAMES_UNREADABLE, CANCELLED. A file that can't be read is
 *   refused by itself (GAME_UNREADABLE, GAME_LINK, GAME_TOO_LARGE).
 */
export async function openFolder(
  root: string,
  { limits = DEFAULT_IMPORT_LIMITS, signal }: OpenZipOptions = {},
): Promise<Result<GameSet>> {
  const files: SetFile[] = [];
  const folders = [''];
  let listed = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (signal?.aborted) return cancelled();
    let entries: Dirent[];
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      return refuse(
        'GAMES_UNREADABLE',
        `The folder can't be read: ${readFailure(error)}.`,
        join(root, folder),
      );
    }
    listed += entries.length;
    if (listed > limits.maxFiles) {
      return refuse('SET_TOO_MANY_FILES', `The folder holds more than ${limits.maxFiles} files.`, root);
    }
    for (const entry of entries) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory()) folders.push(`${path}/`);
      else files.push(await setFile(root, path, entry, limits.maxGameBytes));
    }
  }
  return GameSet.of(files, limits);
}

async function setFile(root: string, path: string, entry: Dirent, maxBytes: number): Promise<SetFile> {
  const place = printablePath(path);
  const absolute = join(root, path);
  // <task>/<trial>/game.tw-pddl: the folder that was named is the split.
  if (isGameFile(path) && path.split('/').length === 3) path = `${basename(resolve(root))}/${path}`;
  if (entry.isSymbolicLink()) {
    return {
      path,
      bytes: 0,
      read: async () => refuse('GAME_LINK', "Symbolic links aren't followed.", place),
    };
  }
  if (!isGameFile(path) && !isAlfredFile(path))
    return { path, bytes: 0, read: async () => refuse('GAME_UNREADABLE', 'Not a game.', place) };
  const bytes = await lstat(absolute).then(
    ({ size }) => size,
    () => 0, // the reason shows when it is read
  );
  return { path, bytes, read: () => readGame(absolute, place, maxBytes) };
}

/** Reads what is there now: it may be another file than the one that was listed, and larger. */
async function readGame(path: string, place: string, maxBytes: number): Promise<Result<Uint8Array>> {
  try {
    const file = await open(path, OPEN_FLAGS);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return refuse('GAME_UNREADABLE', "This isn't an ordinary file.", place);
      const { size } = stats;
      if (size > maxBytes) return refuse('GAME_TOO_LARGE', `The game file has ${size} bytes.`, place);
      return ok(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    return refuse('GAME_UNREADABLE', `The game file can't be read: ${readFailure(error)}.`, place);
  }
}
