/**
 * The file that a memory bank ships as: FORMAT.md describes it byte by byte. Magic, version, a JSON header, two gzip
 * sections (entries as JSON Lines, vectors). What comes in is hostile until it is parsed: every size is checked
 * against a limit before memory is taken for it.
 */
import { readJson, readShape } from '../base/read-json.ts';
import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { object, type Read, text, whole } from '../base/schema.ts';
import { type Bank, requireUniqueIds } from './bank.ts';
import type { EmbedderIdentity } from './embedder.ts';
import { checkEntry, LIMITS, type MemoryEntry } from './entry.ts';
import { gunzip, gzip } from './gzip.ts';
import { distinctTasks } from './packed-bank.ts';
import type { PackedVectors } from './vectors.ts';

/** Why it refuses. */
export type BankCode =
  | 'BANK_DAMAGED'
  | 'BANK_HEADER'
  | 'BANK_NOT_A_BANK'
  | 'BANK_TOO_LARGE'
  | 'BANK_VERSION'
  | 'ENTRY_INVALID'
  | 'ENTRY_TWICE';

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

/** Reads the file; an entry's refusal has its line. */
export async function parseBank(file: Uint8Array<ArrayBuffer>): Promise<Parsed<Bank, BankCode>> {
  if (file.length > FILE_LIMITS.file) {
    return refuse('BANK_TOO_LARGE', `A memory bank may have at most ${FILE_LIMITS.file} bytes.`);
  }
  const header = parseHeader(file);
  if (!header.ok) return header;
  const { fields, end } = header.value;
  const { entries: lines, vectors: matrix } = fields.sections;
  const middle = end + lines.packed;
  const text = await gunzip(file.subarray(end, middle), lines.unpacked);
  if (text === undefined) return damaged('The entries of this memory bank are damaged.', 'entries');
  const entries = parseLines(text, fields.entries);
  if (!entries.ok) return entries;
  const unique = requireUniqueIds(entries.value);
  if (!unique.ok) return unique;
  if (distinctTasks(entries.value).length !== fields.tasks) {
    return damaged('This memory bank has another number of tasks than its header says.', 'entries');
  }
  const bytes = await gunzip(file.subarray(middle, middle + matrix.packed), matrix.unpacked);
  const vectors =
    bytes === undefined ? undefined : readVectors(bytes, fields.tasks, fields.embedder.dimension);
  if (vectors === undefined) {
    return damaged('The vectors of this memory bank are damaged.', 'vectors');
  }
  return ok({ name: fields.name, embedder: fields.embedder, entries: entries.value, vectors });
}

function parseHeader(
  file: Uint8Array<ArrayBuffer>,
): Parsed<{ readonly fields: Header; readonly end: number }, BankCode> {
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
  const json = readJson(file.subarray(PREFIX, end), {
    code: 'BANK_HEADER',
    what: 'The header of this memory bank',
    longest: FILE_LIMITS.header,
    place: `byte ${PREFIX}`,
  });
  if (!json.ok) return json;
  const fields = readShape(json.value, header, {
    code: 'BANK_HEADER',
    what: 'the header of this memory bank',
    whole: 'the value',
    place: 'header',
  });
  if (!fields.ok) return fields;
  const { entries, vectors } = fields.value.sections;
  if (end + entries.packed + vectors.packed !== file.length) {
    const message = 'This memory bank is longer or shorter than its header says; it may be cut off.';
    return damaged(message, 'header');
  }
  return ok({ fields: fields.value, end });
}

const identity: Read<EmbedderIdentity> = object({
  name: text(LIMITS.name, 1),
  hash: text(LIMITS.name, 1),
  dimension: whole(1, FILE_LIMITS.dimension),
});
const section = (most: number) => object({ packed: whole(0, FILE_LIMITS.file), unpacked: whole(0, most) });
const header: Read<Header> = (value, path, problems) => {
  const read = readHeader(value, path, problems);
  if (read.tasks > read.entries) problems.note('tasks', 'are more than the entries');
  if (read.sections.vectors.unpacked !== read.tasks * (read.embedder.dimension + 4)) {
    problems.note('sections.vectors', "isn't of the size of the tasks' vectors");
  }
  return read;
};
const readHeader = object({
  name: text(LIMITS.name, 1),
  embedder: identity,
  entries: whole(0, LIMITS.entries),
  tasks: whole(0, LIMITS.entries),
  sections: object({ entries: section(FILE_LIMITS.entries), vectors: section(FILE_LIMITS.vectors) }),
});

/** An embedding model's identity from a parsed JSON value. */
export function checkIdentity(value: unknown, place: string): Parsed<EmbedderIdentity, 'BANK_HEADER'> {
  const what = { what: 'what is said of the embedding model', whole: 'the value' };
  return readShape(value, identity, { code: 'BANK_HEADER', ...what, place });
}

const OTHER_COUNT = 'This memory bank has another number of entries than its header says.';

function damaged(message: string, place: string): Refused<'BANK_DAMAGED'> {
  return refuse('BANK_DAMAGED', message, place);
}

function parseLines(bytes: Uint8Array, count: number): Parsed<MemoryEntry[], BankCode> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return damaged("The entries of this memory bank aren't UTF-8.", 'entries');
  }
  const entries: MemoryEntry[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const place = `entry ${entries.length + 1}`;
    if (end < 0 || entries.length === count) return damaged(OTHER_COUNT, place);
    const words = { code: 'BANK_DAMAGED', what: 'This entry', longest: FILE_LIMITS.entries, place } as const;
    const json = readJson(text.slice(start, end), words);
    if (!json.ok) return json;
    const entry = checkEntry(json.value, place);
    if (!entry.ok) return entry;
    entries.push(entry.value);
    start = end + 1;
  }
  return entries.length === count ? ok(entries) : damaged(OTHER_COUNT, 'entries');
}

/** Scales as little-endian floats, then the bytes of the matrix. */
function vectorBytes({ matrix, scales }: PackedVectors): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(scales.length * 4 + matrix.length);
  const view = new DataView(bytes.buffer);
  for (const [row, scale] of scales.entries()) view.setFloat32(row * 4, scale, true);
  bytes.set(new Uint8Array(matrix.buffer, matrix.byteOffset, matrix.length), scales.length * 4);
  return bytes;
}

/** Undefined where a scale isn't a finite number from 0 on. */
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
