/** Why the file system refused, in words for a person. */
import { type Refused, refuse } from '../../base/result.ts';
import { table } from '../../base/table.ts';

const WORDS: Readonly<Record<string, string>> = table({
  ENOENT: 'no such file or folder',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EFBIG: "it's larger than a file may be here",
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ELOOP: 'it is a symbolic link',
  EMFILE: 'too many files are open',
});

export function readFailure(error: unknown): string {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: '' };
  return WORDS[code ?? ''] ?? (message || String(error));
}

/** For what may as well not be there: rejects again with anything else that went wrong. */
export function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return undefined;
}

/** Code FILE_UNREADABLE. */
export function unreadable(error: unknown, path: string): Refused {
  return refuse('FILE_UNREADABLE', `The file can't be read: ${readFailure(error)}.`, path);
}

/** What a disk says that takes no more. */
const FULL: Readonly<Record<string, string>> = table({
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk is full.',
  EFBIG: 'The file is larger than the file system or a limit allows.',
});

/** Why a file can't be written. Codes: DISK_FULL, OUT_UNWRITABLE. */
export function writeRefusal(error: unknown, path: string): Refused {
  const full = FULL[(error as NodeJS.ErrnoException).code ?? ''];
  return full === undefined
    ? refuse('OUT_UNWRITABLE', `The file can't be written: ${readFailure(error)}.`, path)
    : refuse('DISK_FULL', full, path);
}

/** Whether this is the disk's word that it takes no more, wherever it came up. */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && Object.hasOwn(FULL, (error as NodeJS.ErrnoException).code ?? '');
}
