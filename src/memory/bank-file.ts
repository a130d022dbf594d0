/**
 * The file that a memory bank ships as: FORMAT.md describes it byte by byte. Magic, version, a JSON header, two gzip
 * sections (entries as JSON Lines, vectors). What comes in is hostile until it is parsed: every size is checked
 * against a limit before memory is taken for it.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import { type Bank, requireUniqueIds } from './bank.ts';
import type { EmbedderIdentity } from './embedder.ts';
import { checkEntry, isFields, LIMITS, type MemoryEntry } from './entry.ts';
import { gunzip, gzip } from './gzip.ts';
import { distinctTasks } from './packed-bank.ts';
import type { PackedVectors } from './vectors.ts';

export const BANK_VERSION = 1;
const MAGIC = 'DUOMEMBK';
const PREFIX = 16;

/** In bytes. The teacher's whole bank is below 1 MB packed and about 12 MB unpacked. */
export const FILE_LIMITS = {
  file: 64 * 2 ** 20,
  header: 64 * 2 ** 10,
  entries: 256 * 2 ** 20,
  vectors: 256 * 2 ** 20,
  dimension: 4096,
} as const;

interface Section {
  readonly packed: number;
  readonly unpacked: number;
}

interface Header {
  readonly name: string;
  readonly embedder: EmbedderIdentity;
  /** How many. */
  readonly entries: number;
  /** Rows of the matrix. */
  readonly tasks: number;
  readonly sections: { readonly entries: Section; readonly vectors: Section };
}

/** Writes the file. */
export async function formatBank({
  name,
  embedder,
  entries,
  vectors,
}: Bank): Promise<Uint8Array<ArrayBuffer>> {
  const lines = new TextEncoder().encode(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const matrix = vectorBytes(vectors);
  const sections = [await gzip(lines), await gzip(matrix)] as const;
  const header: Header = {
    name,
    embedder,
    entries: entries.length,
    tasks: vectors.scales.length,
    sections: {
      entries: { packed: sections[0].length, unpacked: lines.length },
      vectors: { packed: sections[1].length, unpacked: matrix.length },
    },
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(PREFIX + json.length + sections[0].length + sections[1].length);
  file.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(file.buffer);
  view.setUint32(8, BANK_VERSION, true);
  view.setUint32(12, json.length, true);
  file.set(json, PREFIX);
  file.set(sections[0], PREFIX + json.length);
  file.set(sections[1], PREFIX + json.length + sections[0].length);
  return file;
}

/**
 * Reads the file. Codes: BANK_TOO_LARGE, BANK_NOT_A_BANK, BANK_VERSION, BANK_HEADER, BANK_DAMAGED, ENTRY_INVALID (with
 * its line), ENTRY_TWICE.
 */
export async function parseBank(file: Uint8Array<ArrayBuffer>): Promise<Result<Bank>> {
  if (file.length > FILE_LIMITS.file) {
    return refuse('BANK_TOO_LARGE', `A memory bank may have at most ${FILE_LIMITS.file} bytes.`);
  }
  const header = parseHeader(file);
  if (!header.ok) return header;
  const { fields, end } = header.value;
  const { entries: lines, vectors: matrix } = fields.sections;
  const middle = end + lines.packed;
  const text = await gunzip(file.subarray(end, middle), lines.unpacked);
  if (text === undefined)
    return refuse('BANK_DAMAGED', 'The entries of this memory bank are damaged.', 'entries');
  const entries = parseLines(text, fields.entries);
  if (!entries.ok) return entries;
  const unique = requireUniqueIds(entries.value);
  if (!unique.ok) return unique;
  if (distinctTasks(entries.value).length !== fields.tasks) {
    return refuse(
      'BANK_DAMAGED',
      'This memory bank has another number of tasks than its header says.',
      'entries',
    );
  }
  const bytes = await gunzip(file.subarray(middle, middle + matrix.packed), matrix.unpacked);
  const vectors =
    bytes === undefined ? undefined : readVectors(bytes, fields.tasks, fields.embedder.dimension);
  if (vectors === undefined) {
    return refuse('BANK_DAMAGED', 'The vectors of this memory bank are damaged.', 'vectors');
  }
  return ok({ name: fields.name, embedder: fields.embedder, entries: entries.value, vectors });
}

function parseHeader(
  file: Uint8Array<ArrayBuffer>,
): Result<{ readonly fields: Header; readonly end: number }> {
  const magic = String.fromCharCode(...file.subarray(0, 8));
  if (file.length < PREFIX || magic !== MAGIC) {
    return refuse('BANK_NOT_A_BANK', "This isn't a memory bank file.", 'byte 0');
  }
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const version = view.getUint32(8, true);
  if (version !== BANK_VERSION) {
    const advice = version > BANK_VERSION ? 'update the program' : 'make it again with this program';
    return refuse(
      'BANK_VERSION',
      `This memory bank has version ${version}, known is ${BANK_VERSION}; ${advice}.`,
      'byte 8',
    );
  }
  const length = view.getUint32(12, true);
  const end = PREFIX + length;
  if (length > FILE_LIMITS.header || end > file.length) {
    return refuse(
      'BANK_HEADER',
      'The header of this memory bank is longer than the file or the limit.',
      'byte 12',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(PREFIX, end)));
  } catch {
    return refuse('BANK_HEADER', "The header of this memory bank isn't JSON.", `byte ${PREFIX}`);
  }
  const fields = checkHeader(json);
  if (!fields.ok) return fields;
  const { entries, vectors } = fields.value.sections;
  if (end + entries.packed + vectors.packed !== file.length) {
    return refuse(
      'BANK_DAMAGED',
      'This memory bank is longer or shorter than its header says; it may be cut off.',
      'header',
    );
  }
  return ok({ fields: fields.value, end });
}

function checkHeader(json: unknown): Result<Header> {
  const wrong = (key: string, what: string) =>
    refuse('BANK_HEADER', `The header's ${key} must be ${what}.`, `header.${key}`);
  const fields = isFields(json) ? json : {};
  if (typeof fields.name !== 'string' || fields.name === '' || fields.name.length > LIMITS.name) {
    return wrong('name', `a text of 1 to ${LIMITS.name} characters`);
  }
  const embedder = checkIdentity(fields.embedder, 'header.embedder');
  if (!embedder.ok) return embedder;
  if (!isCount(fields.entries, LIMITS.entries))
    return wrong('entries', `a number from 0 to ${LIMITS.entries}`);
  if (!isCount(fields.tasks, fields.entries)) return wrong('tasks', 'a number from 0 to that of the entries');
  const sections = isFields(fields.sections) ? fields.sections : {};
  const entries = checkSection(sections.entries, FILE_LIMITS.entries);
  if (entries === undefined)
    return wrong('sections.entries', `sizes of at most ${FILE_LIMITS.entries} bytes`);
  const vectors = checkSection(sections.vectors, FILE_LIMITS.vectors);
  if (vectors?.unpacked !== fields.tasks * (embedder.value.dimension + 4)) {
    return wrong('sections.vectors', 'the size of the tasks’ vectors');
  }
  return ok({
    name: fields.name,
    embedder: embedder.value,
    entries: fields.entries,
    tasks: fields.tasks,
    sections: { entries, vectors },
  });
}

/** An embedding model's identity from a parsed JSON value. Code BANK_HEADER. */
export function checkIdentity(value: unknown, place: string): Result<EmbedderIdentity> {
  const fields = isFields(value) ? value : {};
  const { name, hash, dimension } = fields;
  const isName = (text: unknown): text is string =>
    typeof text === 'string' && text !== '' && text.length <= LIMITS.name;
  if (!isName(name) || !isName(hash) || !isCount(dimension, FILE_LIMITS.dimension) || dimension === 0) {
    return refuse(
      'BANK_HEADER',
      `The embedding model must have a name, a hash and a dimension of at most ${FILE_LIMITS.dimension}.`,
      place,
    );
  }
  return ok({ name, hash, dimension });
}

function checkSection(value: unknown, limit: number): Section | undefined {
  const { packed, unpacked } = isFields(value) ? value : {};
  return isCount(packed, FILE_LIMITS.file) && isCount(unpacked, limit) ? { packed, unpacked } : undefined;
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

function parseLines(bytes: Uint8Array, count: number): Result<MemoryEntry[]> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('BANK_DAMAGED', "The entries of this memory bank aren't UTF-8.", 'entries');
  }
  const entries: MemoryEntry[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const place = `entry ${entries.length + 1}`;
    if (end < 0 || entries.length === count) {
      return refuse(
        'BANK_DAMAGED',
        'This memory bank has another number of entries than its header says.',
        place,
      );
    }
    let json: unknown;
    try {
      json = JSON.parse(text.slice(start, end));
    } catch {
      return refuse('BANK_DAMAGED', "This entry isn't JSON.", place);
    }
    const entry = checkEntry(json, place);
    if (!entry.ok) return entry;
    entries.push(entry.value);
    start = end + 1;
  }
  if (entries.length === count) return ok(entries);
  return refuse(
    'BANK_DAMAGED',
    'This memory bank has another number of entries than its header says.',
    'entries',
  );
}

/** Scales as little-endian floats, then the bytes of the matrix. */
function vectorBytes({ matrix, scales }: PackedVectors): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(scales.length * 4 + matrix.length);
  const view = new DataView(bytes.buffer);
  for (const [row, scale] of scales.entries()) view.setFloat32(row * 4, scale, true);
  bytes.set(new Uint8Array(matrix.buffer, matrix.byteOffset, matrix.length), scales.length * 4);
  return bytes;
}

/** Undefined where a scale is no finite number from 0 on. */
function readVectors(
  bytes: Uint8Array<ArrayBuffer>,
  rows: number,
  dimension: number,
): PackedVectors | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const scales = Float32Array.from({ length: rows }, (_, row) => view.getFloat32(row * 4, true));
  if (!scales.every((scale) => scale >= 0 && Number.isFinite(scale))) return undefined;
  const start = bytes.byteOffset + rows * 4;
  return { dimension, matrix: new Int8Array(bytes.buffer.slice(start, start + rows * dimension)), scales };
}
