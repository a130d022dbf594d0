/**
 * Writes zip archives byte by byte, so that a test can lie in any field. Layout and field names follow PKWARE's
 * APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 (directory), 4.3.14 to 4.3.16.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export interface RawEntry {
  readonly path: string | Uint8Array;
  readonly data?: string | Uint8Array;
  /** 0 stored, 8 deflate (default); any other number is only written into the headers, over stored bytes. */
  readonly method?: number;
  /** Packed bytes to write instead of the true ones. */
  readonly packed?: Uint8Array;
  /** General purpose bits; 0x800 (UTF-8 path) by default. */
  readonly flags?: number;
  /** Unix mode, as `0o120777` for a symbolic link. */
  readonly mode?: number;
  /** Where the directory says one thing and the entry another. */
  readonly declared?: {
    readonly size?: number;
    readonly compressedSize?: number;
    readonly crc?: number;
    readonly offset?: number;
  };
  readonly local?: {
    readonly path?: string;
    readonly size?: number;
    readonly method?: number;
    readonly flags?: number;
    readonly crc?: number;
  };
  /** Sizes and checksum in a data descriptor after the bytes, as streaming writers do. */
  readonly descriptor?: boolean;
  /** Sizes in a zip64 extra field. */
  readonly zip64?: boolean;
  /** No local header or bytes of its own: the directory points at those of the entry with this index. */
  readonly sharesBytesOf?: number;
}

export interface RawArchive {
  /** Bytes before the first entry. */
  readonly before?: Uint8Array;
  /** Bytes after the end of the directory. */
  readonly after?: Uint8Array;
  readonly comment?: string;
  /** Number of entries that the end record claims. */
  readonly count?: number;
  /** Length of the directory that the end record claims. */
  readonly directoryLength?: number;
  /** Offset of the directory that the end record claims. */
  readonly directoryOffset?: number;
}

const encode = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;

/** Little-endian fields of 2 (`[2, n]`), 4 and 8 bytes, one after the other. */
function fields(...parts: readonly (readonly [2 | 4 | 8, number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(parts.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of parts) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

/** An archive of the entries, honest wherever an entry doesn't say otherwise. */
export function rawZip(entries: readonly RawEntry[], archive: RawArchive = {}): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const push = (...parts: Uint8Array[]): void => {
    for (const part of parts) {
      chunks.push(part);
      length += part.length;
    }
  };
  push(archive.before ?? new Uint8Array());

  const directory: Uint8Array[] = [];
  const offsets: number[] = [];
  for (const entry of entries) {
    const data = encode(entry.data ?? '');
    const method = entry.method ?? 8;
    const packed = entry.packed ?? (method === 8 ? new Uint8Array(deflateRawSync(data)) : data);
    const truth = { crc: crc32(data), size: data.length, packedSize: packed.length };
    const flags = (entry.flags ?? 0x800) | (entry.descriptor ? 8 : 0);
    const path = encode(entry.path);
    const shared = entry.sharesBytesOf === undefined ? undefined : offsets[entry.sharesBytesOf];
    const offset = shared ?? length;
    offsets.push(offset);

    if (shared === undefined) {
      const localPath = encode(entry.local?.path ?? entry.path);
      const localSize = entry.local?.size ?? entry.declared?.size ?? truth.size;
      const localCrc = entry.local?.crc ?? entry.declared?.crc ?? truth.crc;
      const packedSize = entry.declared?.compressedSize ?? truth.packedSize;
      const sizes = entry.descriptor
        ? ([
            [4, 0],
            [4, 0],
            [4, 0],
          ] as const)
        : entry.zip64
          ? ([
              [4, localCrc],
              [4, 0xffffffff],
              [4, 0xffffffff],
            ] as const)
          : ([
              [4, localCrc],
              [4, packedSize],
              [4, localSize],
            ] as const);
      const extra =
        entry.zip64 && !entry.descriptor
          ? fields([2, 1], [2, 16], [8, localSize], [8, packedSize])
          : encode('');
      const localMethod = entry.local?.method ?? method;
      push(
        fields(
          [4, 0x04034b50],
          [2, entry.zip64 ? 45 : 20],
          [2, entry.local?.flags ?? flags],
          [2, localMethod],
        ),
        fields([2, 0], [2, 0x21], ...sizes, [2, localPath.length], [2, extra.length]),
        localPath,
        extra,
        packed,
      );
      if (entry.descriptor) push(fields([4, 0x08074b50], [4, localCrc], [4, packedSize], [4, localSize]));
    }

    const declared = {
      crc: entry.declared?.crc ?? truth.crc,
      size: entry.declared?.size ?? truth.size,
      packedSize: entry.declared?.compressedSize ?? truth.packedSize,
      offset: entry.declared?.offset ?? offset,
    };
    const extra = entry.zip64
      ? fields([2, 1], [2, 16], [8, declared.size], [8, declared.packedSize])
      : encode('');
    directory.push(
      fields(
        [4, 0x02014b50],
        [2, (3 << 8) | 20],
        [2, entry.zip64 ? 45 : 20],
        [2, flags],
        [2, method],
        [2, 0],
        [2, 0x21],
      ),
      fields(
        [4, declared.crc],
        [4, entry.zip64 ? 0xffffffff : declared.packedSize],
        [4, entry.zip64 ? 0xffffffff : declared.size],
      ),
      fields([2, path.length], [2, extra.length], [2, 0], [2, 0], [2, 0]),
      fields([4, ((entry.mode ?? 0o100644) << 16) >>> 0], [4, declared.offset]),
      path,
      extra,
    );
  }

  const directoryOffset = archive.directoryOffset ?? length;
  const directoryLength = directory.reduce((sum, part) => sum + part.length, 0);
  for (const record of directory) push(record);
  const count = archive.count ?? entries.length;
  const comment = encode(archive.comment ?? '');
  push(
    fields([4, 0x06054b50], [2, 0], [2, 0], [2, Math.min(count, 0xffff)], [2, Math.min(count, 0xffff)]),
    fields([4, archive.directoryLength ?? directoryLength], [4, directoryOffset], [2, comment.length]),
    comment,
    archive.after ?? new Uint8Array(),
  );

  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
