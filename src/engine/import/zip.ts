/**
 * Zip archives, and the one file that knows zip.js.
 *
 * Reading: zip.js in its strict mode takes no archive that two readers could understand in two ways (bytes before or
 * after, a count that is off, headers that disagree with the directory), checks sizes and checksums, and knows zip64.
 * Which entries are wanted is decided elsewhere (zip-set.ts). What zip.js holds of an entry is several kilobytes, so
 * only where an entry stands is kept (zip-entry.ts), and zip.js reads it anew, alone, when it's asked for.
 * Writing: the same files give the same bytes on every platform: a fixed date, zip.js's own deflate (zlib as
 * WebAssembly) instead of the platform's, no time zone.
 */
import {
  configure,
  type Entry,
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_BAD_FORMAT,
  ERR_CENTRAL_DIRECTORY_NOT_FOUND,
  ERR_ENCRYPTED,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_ENTRY_DATA_OUT_OF_BOUNDS,
  ERR_EOCDR_LOCATOR_ZIP64_NOT_FOUND,
  ERR_EOCDR_NOT_FOUND,
  ERR_INVALID_CRC32,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_OVERLAPPING_ENTRY,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSUPPORTED_COMPRESSION,
  ERR_UNSUPPORTED_ENCRYPTION,
  Reader,
  TextReader,
  Uint8ArrayWriter,
  WARNING_DUPLICATE_FILENAME,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js/lib/zip-core.js';
import { nextTask } from '../../base/next-task.ts';
import { messageOf, ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { type ByteSource, readAhead } from './bytes.ts';
import { cancelled } from './cancelled.ts';
import { printablePath } from './path.ts';
import { aloneInArchive, BYTES_AROUND, RECORD_BYTES } from './zip-entry.ts';

/**
 * No workers of its own: this runs in one already. Small pieces bound what an entry that lies about its size can
 * unpack before it is caught: 1,032 times a piece.
 */
configure({ useWebWorkers: false, useCompressionStream: false, chunkSize: 2 ** 14 });

/** The directory of an archive may cost this much to read, whatever it claims. */
const DIRECTORY = { maxBytes: 2 ** 26, maxReads: 1000 };
/** Packed bytes of one entry; nothing that is read here comes near. */
const MOST_PACKED = 2 ** 31;
/** Entries that are listed before Cancel is listened for: some hundredths of a second. */
const BETWEEN_TURNS = 500;
const STRICT = {
  strictness: 'strict',
  filenameValidation: 'tolerant', // ours says what is wrong (path.ts)
  checkCrc32: true,
  checkOverlappingEntry: true,
} as const;
const FIXED_DATE = 0x00210000; // 1980-01-01 00:00 in MS-DOS's format, the earliest that it has

/** An entry, apart from the class that reads it: published types mustn't name zip.js. */
export interface ZipEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly isLink: boolean;
  /** Unpacked bytes, as the directory has it. */
  readonly bytes: number;
  readonly packedBytes: number;
  /** Where the entry lies in the archive: from its header to the end of its packed bytes, at least. */
  readonly start: number;
  readonly end: number;
  /** Unpacks the entry; never more bytes than the directory has it. */
  read(signal?: AbortSignal): Promise<Result<Uint8Array>>;
}

/**
 * Lists an archive from its directory alone.
 * @returns the entries in the archive's order, or why it isn't one that can be trusted: NOT_A_ZIP, ZIP_TRUNCATED,
 *   ZIP_AMBIGUOUS, ZIP_DUPLICATE_PATH, ZIP_ENCRYPTED, ZIP_SPLIT, ZIP_BROKEN, SET_TOO_MANY_FILES, SOURCE_UNREADABLE,
 *   CANCELLED.
 */
export async function listZip(
  source: ByteSource,
  maxEntries: number,
  signal?: AbortSignal,
): Promise<Result<readonly ZipEntry[]>> {
  const reader = new SourceReader(readAhead(source));
  const zip = new ZipReader(reader, STRICT);
  const archive = new OpenArchive(source);
  const entries: ListedEntry[] = [];
  try {
    let record = 0;
    for await (const entry of zip.getEntriesGenerator()) {
      if (entries.length % BETWEEN_TURNS === 0) await nextTask();
      if (signal?.aborted) return cancelled();
      if (entries.length === maxEntries) {
        return refuse('SET_TOO_MANY_FILES', `The archive holds more than ${maxEntries} files.`);
      }
      if (entries.length === 0) record = zip.directoryOffset ?? 0;
      const { rawFilename, rawExtraField, rawComment } = entry;
      const recordBytes = RECORD_BYTES + rawFilename.length + rawExtraField.length + rawComment.length;
      entries.push(new ListedEntry(archive, entry, record, recordBytes));
      record += recordBytes;
    }
    archive.listed(entries, zip.directoryOffset ?? 0);
  } catch (error) {
    if (signal?.aborted) return cancelled();
    return { ok: false, error: await directoryRefusal(error, source) };
  }
  return ok(entries);
}

/** What an archive's entries are read from, one at a time. */
class OpenArchive {
  /** Each is read from front to back. */
  readonly #records: ByteSource;
  readonly #entries: ByteSource;
  /** Where entries begin, in order, and the directory behind the last of them. */
  #starts = new Float64Array();

  constructor(source: ByteSource) {
    this.#records = readAhead(source);
    this.#entries = readAhead(source);
  }

  listed(entries: readonly ListedEntry[], directory: number): void {
    this.#starts = Float64Array.from([...entries.map(({ start }) => start), directory]).sort();
  }

  /** Reads an entry, which may reach to where the next thing of the archive begins, and no further. */
  async read(entry: ListedEntry, signal: AbortSignal | undefined): Promise<Result<Uint8Array>> {
    const { start, packedBytes, recordStart, recordBytes } = entry;
    const place = printablePath(entry.path);
    if (signal?.aborted) return cancelled();
    if (entry.isFolder) return refuse('ZIP_BROKEN', "A folder of the archive can't be read.", place);
    if (packedBytes > MOST_PACKED) return refuse('ZIP_SIZE', 'The entry is too large to be read.', place);
    try {
      const end = Math.min(this.#after(start), start + packedBytes + BYTES_AROUND);
      const record = await this.#records.read(recordStart, recordBytes);
      const reader = new SourceReader(aloneInArchive(this.#entries, { start, end }, record));
      const [found] = await new ZipReader(reader, STRICT).getEntries();
      reader.listed = true;
      if (found === undefined || found.directory || found.filename !== entry.path) {
        return refuse('SOURCE_UNREADABLE', 'The file has changed while it was read.', place);
      }
      return ok(await found.getData(new Uint8ArrayWriter(), signal === undefined ? {} : { signal }));
    } catch (error) {
      if (signal?.aborted) return cancelled();
      return { ok: false, error: toRefusal(error, place) };
    }
  }

  #after(start: number): number {
    const starts = this.#starts;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) > start) high = middle;
      else low = middle + 1;
    }
    return starts[low] ?? start;
  }
}

class ListedEntry implements ZipEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly isLink: boolean;
  readonly bytes: number;
  readonly packedBytes: number;
  readonly start: number;
  readonly end: number;
  /** Where its record stands in the directory. */
  readonly recordStart: number;
  readonly recordBytes: number;
  readonly #archive: OpenArchive;

  constructor(archive: OpenArchive, entry: Entry, recordStart: number, recordBytes: number) {
    this.#archive = archive;
    this.path = entry.filename;
    this.isFolder = entry.directory;
    this.isLink = !entry.directory && entry.symlink;
    this.bytes = entry.uncompressedSize;
    this.packedBytes = entry.compressedSize;
    this.start = entry.offset;
    this.end = entry.offset + 30 + entry.rawFilename.length + entry.compressedSize;
    this.recordStart = recordStart;
    this.recordBytes = recordBytes;
  }

  read(signal?: AbortSignal): Promise<Result<Uint8Array>> {
    return this.#archive.read(this, signal);
  }
}

/** What went wrong outside of the archive: the disk, a file that changed under the page. */
class SourceFailure extends Error {}

class SourceReader extends Reader<ByteSource> {
  listed = false;
  readonly #source: ByteSource;
  #reads = 0;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    if (!this.listed && (length > DIRECTORY.maxBytes || ++this.#reads > DIRECTORY.maxReads)) {
      throw new Error(ERR_CENTRAL_DIRECTORY_NOT_FOUND);
    }
    try {
      return await this.#source.read(offset, length);
    } catch (error) {
      throw new SourceFailure(messageOf(error));
    }
  }
}

/** zip.js's reasons, by the constant that its error has for a message. */
const REASONS: readonly (readonly [string, string, string])[] = [
  [ERR_ENCRYPTED, 'ZIP_ENCRYPTED', 'The archive is encrypted; pack it again without a password.'],
  [
    ERR_UNSUPPORTED_ENCRYPTION,
    'ZIP_ENCRYPTED',
    'The archive is encrypted; pack it again without a password.',
  ],
  [
    ERR_ENCRYPTED_CENTRAL_DIRECTORY,
    'ZIP_ENCRYPTED',
    "The archive's directory is encrypted; pack it again without a password.",
  ],
  [
    ERR_UNSUPPORTED_COMPRESSION,
    'ZIP_METHOD',
    'The archive is packed in a way other than deflate; pack it again with a usual tool.',
  ],
  [ERR_SPLIT_ZIP_FILE, 'ZIP_SPLIT', 'This is one part of a split archive; join the parts first.'],
  [ERR_OVERLAPPING_ENTRY, 'ZIP_OVERLAP', 'Two entries of the archive share bytes, as in a zip bomb.'],
  [
    ERR_INVALID_CRC32,
    'ZIP_CHECKSUM',
    "The unpacked bytes don't have the checksum that the archive gives: the archive is damaged.",
  ],
  [ERR_INVALID_UNCOMPRESSED_SIZE, 'ZIP_SIZE', 'The entry unpacks to another size than the archive gives.'],
  [
    ERR_ENTRY_DATA_OUT_OF_BOUNDS,
    'ZIP_TRUNCATED',
    'The entry reaches beyond the archive: the archive is cut off or damaged.',
  ],
];

function toRefusal(error: unknown, place?: string): Refusal {
  const refusal = (code: string, message: string): Refusal => refuse(code, message, place).error;
  if (error instanceof SourceFailure) {
    return refusal('SOURCE_UNREADABLE', `The file can't be read: ${error.message}`);
  }
  const message = messageOf(error);
  const reason = REASONS.find(([text]) => text === message);
  if (reason !== undefined) return refusal(reason[1], reason[2]);
  if (message === ERR_AMBIGUOUS_ARCHIVE) {
    const detail = String((error as { reason?: unknown }).reason);
    return detail === WARNING_DUPLICATE_FILENAME
      ? refusal('ZIP_DUPLICATE_PATH', 'Two entries of the archive have the same path.')
      : refusal('ZIP_AMBIGUOUS', `The archive can be read in more than one way (${detail}); pack it again.`);
  }
  return refusal('ZIP_BROKEN', `The archive is damaged (${message}).`);
}

const LOST = [
  ERR_BAD_FORMAT,
  ERR_EOCDR_NOT_FOUND,
  ERR_EOCDR_LOCATOR_ZIP64_NOT_FOUND,
  ERR_CENTRAL_DIRECTORY_NOT_FOUND,
];

/** An archive whose end or directory is missing is either none at all or cut off; its first bytes tell. */
async function directoryRefusal(error: unknown, source: ByteSource): Promise<Refusal> {
  if (error instanceof Error && LOST.includes(error.message)) {
    const [p, k] = await source.read(0, 2).catch(() => new Uint8Array());
    return p === 0x50 && k === 0x4b
      ? refuse('ZIP_TRUNCATED', "The archive's directory is missing or damaged: the file is cut off.").error
      : refuse('NOT_A_ZIP', "This isn't a zip archive.").error;
  }
  return toRefusal(error);
}

/** Writes an archive piece by piece; the same files in the same order give the same bytes everywhere. */
export class ZipFileWriter {
  readonly #zip: ZipWriter<unknown>;

  /** @param out takes the bytes as they come; it is closed by {@link close}. */
  constructor(out: WritableStream<Uint8Array>) {
    this.#zip = new ZipWriter(out, {
      level: 6,
      rawLastModDate: FIXED_DATE,
      extendedTimestamp: false,
      bufferedWrite: true, // sizes in the headers, so that every reader can stream it
      dataDescriptor: false,
    });
  }

  /** Adds a text file. Rejects where `out` does, and on a path that was added before. */
  async add(path: string, text: string): Promise<void> {
    await this.#zip.add(path, new TextReader(text));
  }

  /** Adds a file whose bytes come one after the other. */
  async addBytes(path: string, bytes: AsyncGenerator<Uint8Array>): Promise<void> {
    const readable = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await bytes.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    await this.#zip.add(path, readable);
  }

  async close(): Promise<void> {
    await this.#zip.close();
  }
}
