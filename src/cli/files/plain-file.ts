/** Files that lie in a folder of somebody else's: read only where they are files, so that a pipe in their place holds nobody up. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Opening a pipe doesn't wait for its other end. Absent on Windows, where no folder holds pipes. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens a file to read it. Throws the system's error, and an ordinary one where this isn't a file. */
export async function openPlain(path: string): Promise<FileHandle> {
  const file = await open(path, FLAGS);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error("it isn't an ordinary file");
}

/** All bytes of a file; throws as {@link openPlain} does, and where it has more than `maxBytes`. */
export async function readPlain(path: string, maxBytes = 2 ** 30): Promise<Buffer> {
  const file = await openPlain(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
