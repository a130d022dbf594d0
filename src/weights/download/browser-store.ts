/**
 * A model's files in the browser. What is whole and verified lies in web-llm's own caches (Cache API) and is read from
 * there without a network; what is on its way lies in the origin's private file system, where it can grow and be
 * gone on with after the tab was closed. For workers: pages have no synchronous file access.
 */
import { within } from '../../base/within.ts';
import { CACHES, cacheOf, fileAddress, modelAddress } from './addresses.ts';
import type { ModelStore, PartialFile, StoredFile } from './store.ts';

/** Never change this name: downloads that were interrupted lie in it. */
const FOLDER = 'duomem-downloads';
/** Bytes read back at a time. */
const PIECE = 1 << 20;

/** Milliseconds for one answer of the browser's storage, and for a whole file to become visible. */
const PATIENCE = 60_000;
const FILE_PATIENCE = 600_000;

/** Rejects with Silent (src/base/within.ts): a profile on a disk that went away answers nothing, ever. */
export const answered = <T>(answer: PromiseLike<T>, ms = PATIENCE): Promise<T> =>
  within(ms, "the browser's storage", answer);

export function browserStore(id: string): ModelStore {
  return {
    has: ({ name }) => answered(isKept(id, name)),
    partLength: ({ name }) => answered(lengthOfPart(id, name)),
    open: async (file) => {
      const opening = openPart(id, file);
      try {
        return await answered(opening);
      } catch (error) {
        // One that comes later would keep the file from every other try.
        opening.then((late) => late.close()).catch(() => {});
        throw error;
      }
    },
  };
}

async function isKept(id: string, name: string): Promise<boolean> {
  const cache = await caches.open(cacheOf(name));
  return (await cache.match(fileAddress(id, name))) !== undefined;
}

async function lengthOfPart(id: string, name: string): Promise<number> {
  const folder = await partsFolder(id, false);
  try {
    return (await (await folder?.getFileHandle(name))?.getFile())?.size ?? 0;
  } catch {
    return 0;
  }
}

async function openPart(id: string, { name, bytes }: StoredFile): Promise<PartialFile> {
  const folder = await partsFolder(id, true);
  const handle = await folder?.getFileHandle(name, { create: true });
  if (handle === undefined) throw new Error('there is no private file system');
  // Only one can be open at a time, over all tabs: a second one is refused here.
  const access = await handle.createSyncAccessHandle();
  let length = access.getSize();
  return {
    get length() {
      return length;
    },
    async *read() {
      for (let at = 0; at < length; at += PIECE) {
        const piece = new Uint8Array(Math.min(PIECE, length - at));
        access.read(piece, { at });
        yield piece;
      }
    },
    async append(piece) {
      // A disk that is full writes less than it was given; Chromium then tells an error's number for the bytes written.
      if (access.write(piece, { at: length }) !== piece.length) throw quotaExceeded();
      length += piece.length;
    },
    async reset() {
      access.truncate(0);
      length = 0;
    },
    async commit() {
      access.flush();
      access.close();
      const content = await answered(handle.getFile());
      if (content.size !== bytes) throw new Error(`${name} changed while it was written`);
      const headers = { 'Content-Type': typeOf(name), 'Content-Length': String(bytes) };
      const cache = await answered(caches.open(cacheOf(name)));
      await answered(cache.put(fileAddress(id, name), new Response(content, { headers })), FILE_PATIENCE);
      if (folder !== undefined) await answered(folder.removeEntry(name));
    },
    async close() {
      access.flush();
      access.close();
    },
  };
}

/** A file that is whole; it stays on the disk until it is read. */
export async function keptFile(id: string, name: string): Promise<Blob | undefined> {
  const cache = await answered(caches.open(cacheOf(name)));
  const response = await answered(cache.match(fileAddress(id, name)));
  return response === undefined ? undefined : answered(response.blob());
}

/** Deletes one file, whole or not. */
export async function deleteFile(id: string, name: string): Promise<void> {
  const cache = await answered(caches.open(cacheOf(name)));
  await answered(cache.delete(fileAddress(id, name)));
  const folder = await answered(partsFolder(id, false));
  if (folder !== undefined && (await answered(lengthOfPart(id, name))) > 0)
    await answered(folder.removeEntry(name));
}

function typeOf(name: string): string {
  if (name.endsWith('.json')) return 'application/json';
  return name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
}

function quotaExceeded(): Error {
  return new DOMException('the disk is full', 'QuotaExceededError');
}

async function partsFolder(id: string, create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create });
    return await folder.getDirectoryHandle(encodeURIComponent(id), { create });
  } catch (error) {
    if (create) throw error;
    return undefined;
  }
}

/** Deletes whatever there is of a model, whole or in part. */
export async function deleteModel(id: string): Promise<void> {
  for (const name of CACHES) {
    if (!(await answered(caches.has(name)))) continue;
    const cache = await answered(caches.open(name));
    for (const { url } of await answered(cache.keys())) {
      if (url.startsWith(modelAddress(id))) await answered(cache.delete(url));
    }
  }
  try {
    const root = await answered(navigator.storage.getDirectory());
    const folder = await answered(root.getDirectoryHandle(FOLDER));
    await answered(folder.removeEntry(encodeURIComponent(id), { recursive: true }), FILE_PATIENCE);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
  }
}

/** Whether every file of a model is where web-llm reads it: the browser may have cleared some. */
export async function isWhole(id: string, files: readonly StoredFile[]): Promise<boolean> {
  const store = browserStore(id);
  for (const file of files) if (!(await store.has(file))) return false;
  return true;
}
