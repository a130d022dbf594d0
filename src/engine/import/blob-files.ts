/** A folder that a user picked in a page (`<input webkitdirectory>`, drag and drop) as a set of games. */
import { bytesOf } from '../../base/read-file.ts';
import { messageOf, ok, type Result, refuse } from '../../base/result.ts';
import { Silent } from '../../base/within.ts';
import { GameSet } from './game-set.ts';
import { DEFAULT_IMPORT_LIMITS, type ImportLimits } from './limits.ts';
import { printablePath } from './path.ts';

export interface PickedFile {
  /** Below the picked folder, as File.webkitRelativePath has it. */
  readonly path: string;
  readonly blob: Blob;
}

/**
 * A set of picked files; refuses as {@link GameSet.of} does, a file that can't be read with GAME_UNREADABLE, and a disk
 * that doesn't answer with SOURCE_UNREADABLE.
 */
export function openFiles(
  files: readonly PickedFile[],
  limits: ImportLimits = DEFAULT_IMPORT_LIMITS,
): Result<GameSet> {
  return GameSet.of(
    files.map(({ path, blob }) => ({
      path,
      bytes: blob.size,
      async read() {
        try {
          return ok(await bytesOf(blob));
        } catch (error) {
          const reason = messageOf(error);
          // Each of thousands would be waited for.
          if (error instanceof Silent)
            return refuse('SOURCE_UNREADABLE', `The folder can't be read: ${reason}.`, printablePath(path));
          return refuse('GAME_UNREADABLE', `The game file can't be read: ${reason}`, printablePath(path));
        }
      },
    })),
    limits,
  );
}
