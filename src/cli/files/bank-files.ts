/** Memory banks and the embedding model as files on disk: what the subcommands need to read and write them. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ok, placedIn, type Result } from '../../base/result.ts';
import type { Bank } from '../../memory/bank.ts';
import { formatBank, parseBank } from '../../memory/bank-file.ts';
import type { Embedder } from '../../memory/embedder.ts';
import { loadHubEmbedder, loadShippedEmbedder } from '../../memory/transformers-embedder.ts';
import { writeNewFile } from './new-file.ts';
import { unreadable } from './read-failure.ts';

/** The embedding model that ships. */
const EMBEDDER_FOLDER = fileURLToPath(new URL('../../../models/embedder/artifact', import.meta.url));
/** Queries and the teacher encoder's rankings for `duomem bank --evaluate`. */
export const EVALUATION_FILE = fileURLToPath(
  new URL('../../../models/embedder/evaluation.json', import.meta.url),
);

/**
 * @param folder of the embedding model, or `hub:owner/name@revision` for one that is fetched from the hub.
 * Codes: EMBEDDER_MISSING, EMBEDDER_FAILED, BANK_HEADER.
 */
export async function openEmbedder(folder = EMBEDDER_FOLDER): Promise<Result<Embedder>> {
  const hub = /^hub:([^@]+)(?:@(.+))?$/.exec(folder);
  if (hub !== null) {
    const [, model = '', revision] = hub;
    return loadHubEmbedder({ model, ...(revision === undefined ? {} : { revision }) });
  }
  const embedder = await loadShippedEmbedder({ folder, readText: (path) => readFile(path, 'utf8') });
  if (!embedder.ok) return embedder;
  // One that can't be opened is told before anything is played or written.
  const opened = await embedder.value.embed([]);
  return opened.ok ? embedder : opened;
}

/** Codes: FILE_UNREADABLE and those of the parser. */
export async function readParsed<T>(path: string, parse: (text: string) => Result<T>): Promise<Result<T>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return unreadable(error, path);
  }
  return placedIn(path, parse(text));
}

/** Codes: FILE_UNREADABLE and those of parseBank. */
export async function readBankFile(path: string): Promise<Result<Bank>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.from(await readFile(path));
  } catch (error) {
    return unreadable(error, path);
  }
  return placedIn(path, await parseBank(bytes));
}

/** Writes a bank; the bytes written. Codes: DISK_FULL, OUT_UNWRITABLE. */
export async function writeBankFile(path: string, bank: Bank): Promise<Result<number>> {
  const bytes = await formatBank(bank);
  const written = await writeNewFile(path, bytes);
  return written.ok ? ok(bytes.length) : written;
}
