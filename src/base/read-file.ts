/**
 * Files that a person picked, read with patience that ends: they may lie on a drive in another room that has gone, and
 * then reading neither succeeds nor fails.
 */
import { messageOf, ok, type Result, refuse } from './result.ts';
import { within } from './within.ts';

/** Bytes that are asked for at once: what a slow drive hands over in a fraction of {@link DISK_PATIENCE}. */
const PIECE = 2 ** 22;
/** Milliseconds for each answer of a disk. */
export const DISK_PATIENCE = 30_000;

/** An answer of the disk. Rejects with Silent (within.ts) where there is none in time. */
export function ofDisk<T>(answer: PromiseLike<T>): Promise<T> {
  return within(DISK_PATIENCE, 'the disk', answer);
}

/** All bytes of a file, or of a slice of one. Rejects with the platform's errors and as {@link ofDisk} does. */
export async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (blob.size <= PIECE) return new Uint8Array(await ofDisk(blob.arrayBuffer()));
  const bytes = new Uint8Array(blob.size);
  for (let at = 0; at < bytes.length; at += PIECE)
    bytes.set(new Uint8Array(await ofDisk(blob.slice(at, at + PIECE).arrayBuffer())), at);
  return bytes;
}

/** Code FILE_UNREADABLE: also where it was changed or deleted after it was picked. */
export async function readPicked(file: File): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    return ok(await bytesOf(file));
  } catch (error) {
    return refuse(
      'FILE_UNREADABLE',
      `The file can't be read: ${messageOf(error)}. Choose it again.`,
      file.name,
    );
  }
}

/** As {@link readPicked}, as UTF-8. */
export async function readPickedText(file: File): Promise<Result<string>> {
  const bytes = await readPicked(file);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}
