/**
 * A zip as a set of games. The directory alone decides whether the archive is taken, before anything is unpacked.
 *
 * Relies on: what zip bombs are made of, overlapping entries and extreme ratios (David Fifield, "A better zip bomb",
 * WOOT 2019).
 */
import { type Result, refuse } from '../../base/result.ts';
import type { ByteSource } from './bytes.ts';
import { GameSet, type SetFile } from './game-set.ts';
import { DEFAULT_IMPORT_LIMITS, type ImportLimits } from './limits.ts';
import { isAlfredFile, isGameFile, pathFault, printablePath } from './path.ts';
import { listZip, type ZipEntry } from './zip.ts';

/** Below this a ratio says nothing: a small game may well repeat itself. */
const RATIO_MATTERS_FROM = 2 ** 16;

export interface OpenZipOptions {
  readonly limits?: ImportLimits;
  readonly signal?: AbortSignal;
}

/**
 * Opens a zip of games by its directory.
 * @param close frees what `source` reads from; it is called at once where the archive is refused
 * @returns the set, or why the archive as a whole is refused: what {@link listZip} refuses, ZIP_PATH, ZIP_OVERLAP,
 *   ZIP_RATIO, SET_TOO_LARGE
 */
export async function openZip(
  source: ByteSource,
  { limits = DEFAULT_IMPORT_LIMITS, signal }: OpenZipOptions = {},
  close: () => Promise<void> = async () => {},
): Promise<Result<GameSet>> {
  const set = await read();
  if (!set.ok) await close();
  return set;

  async function read(): Promise<Result<GameSet>> {
    const listed = await listZip(source, limits.maxFiles, signal);
    if (!listed.ok) return listed;
    const fault = archiveFault(listed.value, limits);
    if (fault !== undefined) return fault;
    return GameSet.of(
      listed.value.filter((entry) => !entry.isFolder).map((entry) => (entry.isLink ? link(entry) : entry)),
      limits,
      close,
    );
  }
}

/**
 * Why an archive isn't taken, by its directory alone.
 * @param unpacked whether an entry of this path will be unpacked, so that its ratio matters
 */
export function archiveFault(
  entries: readonly ZipEntry[],
  limits: ImportLimits,
  unpacked: (path: string) => boolean = (path) => isGameFile(path) || isAlfredFile(path),
): Result<never> | undefined {
  for (const entry of entries) {
    const fault = pathFault(entry.path);
    if (fault !== undefined) {
      return refuse(
        'ZIP_PATH',
        `The archive isn't taken: the path of an entry ${fault}.`,
        printablePath(entry.path),
      );
    }
    if (!unpacked(entry.path) || entry.bytes < RATIO_MATTERS_FROM) continue;
    if (entry.bytes > limits.maxRatio * entry.packedBytes) {
      const message = `The entry claims to unpack to more than ${limits.maxRatio} times its size, as in a zip bomb.`;
      return refuse('ZIP_RATIO', message, printablePath(entry.path));
    }
  }
  return overlap(entries);
}

function overlap(entries: readonly ZipEntry[]): Result<never> | undefined {
  const byStart = [...entries].sort((a, b) => a.start - b.start);
  const found = byStart.find((entry, i) => i > 0 && entry.start < (byStart[i - 1]?.end ?? 0));
  if (found === undefined) return undefined;
  const message = 'Two entries of the archive share bytes, as in a zip bomb.';
  return refuse('ZIP_OVERLAP', message, printablePath(found.path));
}

/** A symbolic link holds a path, not a game, and is never followed. */
function link(entry: ZipEntry): SetFile {
  return {
    path: entry.path,
    bytes: entry.bytes,
    read: async () =>
      refuse('GAME_LINK', 'This is a symbolic link, not a game file.', printablePath(entry.path)),
  };
}
