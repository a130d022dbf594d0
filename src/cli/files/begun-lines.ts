/** A file of lines that an earlier run began: what of it is whole, to the byte. */
import { readFile, stat } from 'node:fs/promises';
import { ok, type Result, refuse } from '../../base/result.ts';
import { unreadable } from './read-failure.ts';

interface BegunLines {
  /** The whole lines. Encoded again they have the file's own bytes, so that it can be cut at any of them. */
  readonly lines: string;
  /** What follows the last line feed; a run that was interrupted may have ended it anywhere. */
  readonly rest: string;
}

/** Both are empty where there is no file. Codes: FILE_UNREADABLE, FILE_NOT_TEXT. */
export async function readBegun(path: string): Promise<Result<BegunLines>> {
  let bytes: Uint8Array;
  try {
    // A device has no earlier run's lines, and may give bytes without end.
    if (!(await stat(path)).isFile()) return ok({ lines: '', rest: '' });
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok({ lines: '', rest: '' });
    return unreadable(error, path);
  }
  const end = bytes.lastIndexOf(10) + 1;
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const lines = strict.decode(bytes.subarray(0, end));
    return ok({ lines, rest: new TextDecoder().decode(bytes.subarray(end)) });
  } catch {
    return refuse(
      'FILE_NOT_TEXT',
      `The file is damaged: line ${firstDamaged(bytes)} isn't UTF-8 text. Remove that line, or name another file.`,
      path,
    );
  }
}

/** The number of the first line that isn't UTF-8. */
function firstDamaged(bytes: Uint8Array): number {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let start = 0;
  for (let number = 1; ; number++) {
    const end = bytes.indexOf(10, start) + 1;
    try {
      strict.decode(bytes.subarray(start, end));
    } catch {
      return number;
    }
    start = end;
  }
}
