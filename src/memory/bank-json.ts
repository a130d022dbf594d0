/**
 * A memory bank as JSON for people: read, edited, kept under version control, imported again. It goes there and back
 * without loss. Vectors stand in it as Base64; an entry whose task has none (a new one, an edited one) gets its vector
 * when the file is imported.
 */
import { asFields } from '../base/json-fields.ts';
import { readJson } from '../base/read-json.ts';
import { ok, type Parsed, type Result, refuse } from '../base/result.ts';
import { type Bank, requireUniqueIds } from './bank.ts';
import { BANK_VERSION, type BankCode, checkIdentity, FILE_LIMITS } from './bank-file.ts';
import { type Embedder, type EmbedderIdentity, sameEmbedder } from './embedder.ts';
import { checkEntry, LIMITS, type MemoryEntry } from './entry.ts';
import { distinctTasks } from './packed-bank.ts';
import { joinVectors, type PackedVectors, packVectors } from './vectors.ts';

const FORMAT = 'duomem-bank';

/** A bank as it was written, before missing vectors are made. */
export interface WrittenBank {
  readonly name: string;
  readonly embedder: EmbedderIdentity;
  readonly entries: readonly MemoryEntry[];
  /** By task description. */
  readonly vectors: ReadonlyMap<string, PackedVectors>;
}

/** Writes JSON with one entry and one vector a line, so that differences show line by line. */
export function formatBankJson({ name, embedder, entries, vectors }: Bank): string {
  const { dimension, matrix, scales } = vectors;
  const vectorLines = distinctTasks(entries).map((task, row) =>
    JSON.stringify({
      task,
      scale: scales[row],
      vector: toBase64(matrix.subarray(row * dimension, (row + 1) * dimension)),
    }),
  );
  const list = (lines: readonly string[]): string =>
    lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
  return `{
"format": "${FORMAT}",
"version": ${BANK_VERSION},
"name": ${JSON.stringify(name)},
"embedder": ${JSON.stringify(embedder)},
"entries": ${list(entries.map((entry) => JSON.stringify(entry)))},
"vectors": ${list(vectorLines)}
}
`;
}

/** Reads JSON. */
export function parseBankJson(text: string): Parsed<WrittenBank, BankCode> {
  if (text.length > FILE_LIMITS.entries) {
    return refuse('BANK_TOO_LARGE', `A memory bank may have at most ${FILE_LIMITS.entries} characters.`);
  }
  const read = readJson(text, { code: 'BANK_NOT_A_BANK', what: 'The file', longest: FILE_LIMITS.entries });
  if (!read.ok) return read;
  const json = asFields(read.value);
  if (json.format !== FORMAT) {
    return refuse(
      'BANK_NOT_A_BANK',
      `This JSON isn't a memory bank: its "format" must be "${FORMAT}".`,
      'format',
    );
  }
  if (json.version !== BANK_VERSION) {
    return refuse('BANK_VERSION', `The version must be ${BANK_VERSION}.`, 'version');
  }
  const { name } = json;
  if (typeof name !== 'string' || name === '' || name.length > LIMITS.name) {
    return refuse('BANK_HEADER', `The name must be a text of 1 to ${LIMITS.name} characters.`, 'name');
  }
  const embedder = checkIdentity(json.embedder, 'embedder');
  if (!embedder.ok) return embedder;
  const entries = readEntries(json.entries);
  if (!entries.ok) return entries;
  const vectors = readVectors(json.vectors, embedder.value.dimension);
  if (!vectors.ok) return vectors;
  return ok({ name, embedder: embedder.value, entries: entries.value, vectors: vectors.value });
}

/**
 * Makes a written bank whole: embeds the tasks that have no vector, or all of them if the bank was written with another
 * embedding model. Code EMBEDDER_FAILED.
 */
export async function completeBank(written: WrittenBank, embedder: Embedder): Promise<Result<Bank>> {
  const { name, entries } = written;
  const { identity } = embedder;
  const known = sameEmbedder(written.embedder, identity) ? written.vectors : new Map<string, PackedVectors>();
  const tasks = distinctTasks(entries);
  const missing = tasks.filter((task) => !known.has(task));
  const made = await embedder.embed(missing);
  if (!made.ok) return made;
  const fresh = new Map(
    missing.map((task, i) => [task, packVectors([made.value[i] as Float32Array], identity.dimension)]),
  );
  const rows = tasks.map((task) => (known.get(task) ?? fresh.get(task)) as PackedVectors);
  return ok({ name, embedder: identity, entries, vectors: joinVectors(rows, identity.dimension) });
}

function readEntries(value: unknown): Parsed<MemoryEntry[], BankCode> {
  if (!Array.isArray(value)) return refuse('BANK_HEADER', 'The entries must be a list.', 'entries');
  if (value.length > LIMITS.entries) {
    return refuse('BANK_TOO_LARGE', `A memory bank may have at most ${LIMITS.entries} entries.`, 'entries');
  }
  const entries: MemoryEntry[] = [];
  for (const [i, item] of value.entries()) {
    const entry = checkEntry(item, `entries[${i}]`);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  const unique = requireUniqueIds(entries);
  return unique.ok ? ok(entries) : unique;
}

function readVectors(value: unknown, dimension: number): Parsed<Map<string, PackedVectors>, BankCode> {
  const vectors = new Map<string, PackedVectors>();
  if (value === undefined) return ok(vectors);
  if (!Array.isArray(value)) return refuse('BANK_HEADER', 'The vectors must be a list.', 'vectors');
  for (const [i, item] of value.entries()) {
    const { task, scale, vector } = asFields(item);
    const matrix = typeof vector === 'string' ? fromBase64(vector) : undefined;
    const fits =
      matrix?.length === dimension && typeof scale === 'number' && Number.isFinite(scale) && scale >= 0;
    if (typeof task !== 'string' || matrix === undefined || !fits) {
      return refuse(
        'BANK_DAMAGED',
        `A vector must have a task, a scale and ${dimension} bytes in Base64.`,
        `vectors[${i}]`,
      );
    }
    vectors.set(task, { dimension, matrix, scales: Float32Array.of(scale) });
  }
  return ok(vectors);
}

function toBase64(bytes: Int8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte & 255)).join(''));
}

/** Undefined for text that isn't Base64. */
function fromBase64(text: string): Int8Array | undefined {
  try {
    return Int8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
