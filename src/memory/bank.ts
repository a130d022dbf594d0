/**
 * A memory bank: entries, the vectors of their task descriptions and the embedding model that made them. Its forms are
 * the file that ships (bank-file.ts), JSON for people (bank-json.ts) and the stores (store.ts).
 */
import { ok, type Parsed, type Result, refuse } from '../base/result.ts';
import type { Embedder, EmbedderIdentity } from './embedder.ts';
import type { MemoryEntry } from './entry.ts';
import { distinctTasks, type PackedBank, packEntries } from './packed-bank.ts';
import { type PackedVectors, packVectors } from './vectors.ts';

export interface Bank {
  /** What the bank is called in a store: `official`, `home-12`. */
  readonly name: string;
  readonly embedder: EmbedderIdentity;
  readonly entries: readonly MemoryEntry[];
  /** A row for each of the distinct task descriptions, in the order of their first appearance. */
  readonly vectors: PackedVectors;
}

/** Makes a bank of entries. Codes: ENTRY_TWICE (an id stands there twice), EMBEDDER_FAILED. */
export async function buildBank(
  name: string,
  entries: readonly MemoryEntry[],
  embedder: Embedder,
): Promise<Result<Bank>> {
  const unique = requireUniqueIds(entries);
  if (!unique.ok) return unique;
  const vectors = await embedder.embed(distinctTasks(entries));
  if (!vectors.ok) return vectors;
  const packed = packVectors(vectors.value, embedder.identity.dimension);
  return ok({ name, embedder: embedder.identity, entries, vectors: packed });
}

/** The same entries under another embedding model. */
export function reembedBank(bank: Bank, embedder: Embedder): Promise<Result<Bank>> {
  return buildBank(bank.name, bank.entries, embedder);
}

/** What searching needs of a bank. */
export function packBank(bank: Bank): PackedBank {
  return packEntries(bank.entries, bank.vectors);
}

export function requireUniqueIds(entries: readonly MemoryEntry[]): Parsed<true, 'ENTRY_TWICE'> {
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (seen.has(id)) return refuse('ENTRY_TWICE', `Two memories of this bank have the id ${id}.`);
    seen.add(id);
  }
  return ok(true);
}
