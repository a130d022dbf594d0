/**
 * One entry of an archive as an archive of its own: its bytes, its record of the directory, and an end of directory.
 * What reads archives reads it as strictly as the whole, without having to hold the rest.
 *
 * Relies on: APPNOTE.TXT 6.3.10, sections 4.3.12 (record of the directory), 4.3.16 (its end) and 4.5.3 (zip64).
 */
import type { ByteSource } from './bytes.ts';

/** Bytes of a record without its name, extra fields and comment. */
export const RECORD_BYTES = 46;
const END_BYTES = 22;
const IN_ZIP64 = 0xffffffff;

/** Bytes that may stand beside an entry's packed ones: its header, name and extra fields, and what may stand behind. */
export const BYTES_AROUND = 30 + 2 * 65_535 + 24;

/**
 * @param place where the entry lies in the source, less than 4 GB: from its header to where something else begins
 * @param record its record in the directory, which has `place.start` for its place
 */
export function aloneInArchive(
  source: ByteSource,
  { start, end }: { readonly start: number; readonly end: number },
  record: Uint8Array,
): ByteSource {
  const length = end - start;
  const tail = new Uint8Array(record.length + END_BYTES);
  tail.set(record);
  const view = new DataView(tail.buffer);
  placeFirst(view, record.length);
  view.setUint32(record.length, 0x06054b50, true);
  view.setUint16(record.length + 8, 1, true);
  view.setUint16(record.length + 10, 1, true);
  view.setUint32(record.length + 12, record.length, true);
  view.setUint32(record.length + 16, length, true);
  return {
    size: length + tail.length,
    async read(offset, wanted) {
      if (offset >= length) return tail.slice(offset - length, offset - length + wanted);
      const bytes = await source.read(start + offset, Math.min(wanted, length - offset));
      const rest = wanted - bytes.length;
      if (rest <= 0 || bytes.length < length - offset) return bytes;
      const both = new Uint8Array(bytes.length + Math.min(rest, tail.length));
      both.set(bytes);
      both.set(tail.subarray(0, both.length - bytes.length), bytes.length);
      return both;
    },
  };
}

/** Gives a record the first byte for its entry's place: in its field, or in the zip64 one that stands for it. */
function placeFirst(record: DataView, length: number): void {
  if (record.getUint32(42, true) !== IN_ZIP64) {
    record.setUint32(42, 0, true);
    return;
  }
  let at = RECORD_BYTES + record.getUint16(28, true);
  const last = Math.min(at + record.getUint16(30, true), length);
  while (at + 4 <= last) {
    const bytes = record.getUint16(at + 2, true);
    if (record.getUint16(at, true) === 1) {
      // Those that don't fit stand in it one after the other: unpacked bytes, packed bytes, place.
      const sizes = [24, 20].filter((field) => record.getUint32(field, true) === IN_ZIP64).length;
      if (8 * (sizes + 1) <= bytes) record.setBigUint64(at + 4 + 8 * sizes, 0n, true);
      return;
    }
    at += 4 + bytes;
  }
}
