/**
 * Bytes that can be read anywhere: a File that a user picked, a file on disk, an array. What reads an archive knows
 * only this, so that it runs in a page, a worker and Node alike.
 */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset`, at most `length` of them, fewer only at the end. Rejects where reading fails. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function blobBytes(blob: Blob): ByteSource {
  return {
    size: blob.size,
    async read(offset, length) {
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
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
