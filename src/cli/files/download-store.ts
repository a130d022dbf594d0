/** Downloads on disk: FILE.part grows and survives an ended program, and becomes FILE when every byte is verified. */
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelStore, PartialFile, StoredFile } from '../../weights/download/store.ts';

export function folderStore(folder: string): ModelStore {
  const whole = ({ name }: StoredFile): string => join(folder, name);
  const part = (file: StoredFile): string => `${whole(file)}.part`;
  return {
    has: async (file) => (await sizeOf(whole(file))) !== undefined,
    partLength: async (file) => (await sizeOf(part(file))) ?? 0,
    async open(file): Promise<PartialFile> {
      await mkdir(folder, { recursive: true });
      const path = part(file);
      const handle = await open(path, 'a');
      let length = (await handle.stat()).size;
      return {
        get length() {
          return length;
        },
        read: () =>
          createReadStream(path, { end: length - 1, ...(length === 0 ? { start: 0, end: 0 } : {}) }),
        async append(bytes) {
          await handle.appendFile(bytes);
          length += bytes.length;
        },
        async reset() {
          await truncate(path, 0);
          length = 0;
        },
        async commit() {
          await handle.close();
          await rename(path, whole(file));
        },
        close: () => handle.close(),
      };
    },
  };
}

/** Undefined where there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
