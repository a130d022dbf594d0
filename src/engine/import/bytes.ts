import { bytesOf } from '../../base/read-file.ts';

/**
 * Bytes that can be read anywhere: a File that a user picked, a file on disk, an array. What reads an archive knows
 * only this, so that it runs in a page, a worker and Node alike.
 */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset`, at most `length` of them, fewer only at the end. Rejects where reading fails. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** @param signal ends waiting for a drive that doesn't answer; reading rejects then */
export function blobBytes(blob: Blob, signal?: AbortSignal): ByteSource {
  const stopped = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // It is raced with each reading; between two nobody waits for it.
  stopped.catch(() => {});
  return {
    size: blob.size,
    read: (offset, length) => Promise.race([bytesOf(blob.slice(offset, offset + length)), stopped]),
  };
}

export function arrayBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/**
 * Reads ahead: keeps the last `window` bytes read. An archive is mostly read front to back in pieces of some
 * kilobytes, and each piece would otherwise be a trip to the disk (11,000 of them for the official games).
 */
export function readAhead(source: ByteSource, window = 2 ** 18): ByteSource {
  let start = 0;
  let held: Uint8Array = new Uint8Array();
  return {
    size: source.size,
    async read(offset, length) {
      if (length > window) return source.read(offset, length);
      const end = Math.min(offset + length, source.size);
      if (offset < start || end > start + held.length) {
        held = await source.read(offset, window);
        start = offset;
      }
      // A copy: who asked may hand its buffer over to somebody else, as streams do.
      return held.slice(offset - start, end - start);
    },
  };
}
