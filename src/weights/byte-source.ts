import { bytesOf } from '../base/read-file.ts';

/** A file that is read in pieces: on disk, in the browser's storage, or in memory. Reading rejects with the platform's errors. */
export interface FileBytes {
  /** Bytes. */
  readonly length: number;
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export function bytesSource(bytes: Uint8Array): FileBytes {
  return { length: bytes.length, read: async (begin, end) => Uint8Array.from(bytes.subarray(begin, end)) };
}

export function blobSource(blob: Blob): FileBytes {
  return {
    length: blob.size,
    read: (begin, end) => bytesOf(blob.slice(begin, end)),
  };
}
