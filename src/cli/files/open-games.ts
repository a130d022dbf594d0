/**
 * The `--games` of every subcommand: a folder, or a zip, of games. Opens by the listing alone (the directory of the
 * archive, the names in the folder), so that one game of thousands can be read at once.
 */
import { open, stat } from 'node:fs/promises';
import { type Refused, type Result, refuse } from '../../base/result.ts';
import {
  type ByteSource,
  type GameSet,
  type OpenZipOptions,
  openZip,
  type Telling,
} from '../../engine/import/index.ts';
import { openFolder } from './game-folder.ts';
import { readFailure } from './read-failure.ts';

/**
 * Opens the games at a path; close the set after use.
 * @returns the set, or GAMES_UNREADABLE, or what {@link openZip} and {@link openFolder} refuse
 */
export async function openGames(
  path: string,
  telling: Telling = {},
  options: OpenZipOptions = {},
): Promise<Result<GameSet>> {
  const set = await openPath(path, options);
  if (set.ok) set.value.tellIn(telling);
  return set;
}

/** Opens the games at a path for a use of them, and closes them after it. */
export async function withGames<T>(
  path: string,
  telling: Telling,
  options: OpenZipOptions,
  use: (set: GameSet) => Promise<T>,
): Promise<T | Refused> {
  const set = await openGames(path, telling, options);
  if (!set.ok) return set;
  try {
    return await use(set.value);
  } finally {
    await set.value.close();
  }
}

async function openPath(path: string, options: OpenZipOptions): Promise<Result<GameSet>> {
  try {
    const kind = await stat(path);
    if (kind.isDirectory()) return await openFolder(path, options);
    if (!kind.isFile()) return refuse('GAMES_UNREADABLE', 'Games are read from a folder or a zip.', path);
    const { source, close } = await fileBytes(path);
    const set = await openZip(source, options, close);
    return set.ok || set.error.place !== undefined
      ? set
      : { ok: false, error: { ...set.error, place: path } };
  } catch (error) {
    return refuse('GAMES_UNREADABLE', `The games can't be read: ${readFailure(error)}.`, path);
  }
}

async function fileBytes(path: string): Promise<{ source: ByteSource; close: () => Promise<void> }> {
  const file = await open(path);
  const { size } = await file.stat();
  const source: ByteSource = {
    size,
    async read(offset, length) {
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
        if (bytesRead === 0) throw new Error('it became shorter while it was read');
        filled += bytesRead;
      }
      return buffer;
    },
  };
  return { source, close: () => file.close() };
}
