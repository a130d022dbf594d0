/**
 * Where memories live: the shipped banks, whole and unchangeable, and beside them what the user has done to them
 * (added, edited and deleted entries). Two implementations behind one interface: in-memory-store.ts for Node and
 * tests, indexeddb-store.ts for browsers; store-contract.ts holds both to the same behaviour.
 *
 * Reading for a search is one packed read (`packed`); scripts and trajectories are read only for what was found.
 * Nothing rejects: a store that can't be used says so in its Result.
 */
import { messageOf, ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { Bank } from './bank.ts';
import { type EmbedderIdentity, requireEmbedder } from './embedder.ts';
import type { MemoryEntry } from './entry.ts';
import { joinPacked, type PackedBank } from './packed-bank.ts';
import { isWritten, packWrittenRows, type UserRow } from './user-rows.ts';
import { type PackedVectors, packVectors } from './vectors.ts';

/** A bank that has been installed whole. */
export interface InstalledBank {
  readonly name: string;
  /** Tells one build of a bank from the next, so that it is installed once: any text, a file's hash for instance. */
  readonly build: string;
  readonly embedder: EmbedderIdentity;
  readonly entries: number;
}

/** What the user did with one id: wrote an entry (new, or in place of a shipped one), or deleted a shipped one. */
export type UserRecord = WrittenEntry | HiddenEntry;

export interface WrittenEntry {
  readonly id: string;
  /** Order of writing, ascending. */
  readonly sequence: number;
  readonly entry: MemoryEntry;
  readonly embedder: EmbedderIdentity;
  /** One row: the vector of the entry's task. */
  readonly vector: PackedVectors;
}

export interface HiddenEntry {
  readonly id: string;
  readonly sequence: number;
  readonly entry: undefined;
}

/** Everything that a search needs, with the entries that the user hid or replaced left out. */
export interface PackedMemories {
  readonly bank: PackedBank;
  /** The tasks of the user's entries, which stand last in the bank. */
  readonly ownTasks: readonly string[];
  /** The shipped entries that the user deleted or replaced, in the order in which it was done. */
  readonly changed: readonly ChangedEntry[];
}

export interface ChangedEntry {
  readonly id: string;
  /** Otherwise it was written anew. */
  readonly deleted: boolean;
}

/**
 * Codes of every method: STORE_FAILED (the storage can't be used), STORE_QUOTA (it is full; nothing was written).
 */
export interface MemoryStore {
  /** The banks that are installed whole, in the order of their names. */
  banks(): Promise<Result<readonly InstalledBank[]>>;
  /** Installs a bank, or replaces the one of that name: entirely or not at all. */
  install(bank: Bank, build: string): Promise<Result<InstalledBank>>;
  /** Code BANK_OTHER_EMBEDDER: a bank or an entry of the user's was embedded with another model. */
  packed(embedder: EmbedderIdentity): Promise<Result<PackedMemories>>;
  /** Entries by id, in the order asked for; ids that aren't there, or were deleted, are left out. */
  entries(ids: readonly string[]): Promise<Result<readonly MemoryEntry[]>>;
  /** Every entry that is visible: banks by name, then the user's in the order of writing. */
  all(): Promise<Result<readonly MemoryEntry[]>>;
  /** Adds an entry of the user's, or puts it in place of the one with that id. */
  write(entry: MemoryEntry, vector: Float32Array, embedder: EmbedderIdentity): Promise<Result<true>>;
  /** Deletes an entry; a shipped one is hidden. */
  remove(id: string): Promise<Result<true>>;
  /** The user's entries of a home, in the order of writing, without those that a person made. */
  lived(home: string): Promise<Result<readonly MemoryEntry[]>>;
  /** Counts one more retrieval for each of these ids. */
  countRetrievals(ids: readonly string[]): Promise<Result<true>>;
  /** How often each of these ids was retrieved; those that never were are missing. */
  retrievals(ids: readonly string[]): Promise<Result<ReadonlyMap<string, number>>>;
  /** Frees the store; it can't be used afterwards. */
  close(): void;
}

/** What an implementation has to read for {@link MemoryStore.packed}. */
interface PackedParts {
  readonly banks: readonly { readonly about: InstalledBank; readonly packed: PackedBank }[];
  readonly user: readonly UserRow[];
}

/** Puts banks and the user's records together. A record of the user's stands before a bank's entry of the same id. */
export function composePacked(
  { banks, user }: PackedParts,
  embedder: EmbedderIdentity,
): Result<PackedMemories> {
  for (const { about } of banks) {
    const same = requireEmbedder(about.embedder, embedder, about.name);
    if (!same.ok) return same;
  }
  const written = user.filter(isWritten);
  const own = packWrittenRows(written, embedder);
  if (!own.ok) return own;
  const shipped = new Set(banks.flatMap(({ packed }) => packed.ids));
  const changes = user.filter(({ id }) => shipped.has(id));
  const changed = new Set(changes.map(({ id }) => id));
  const seen = new Set<string>();
  const parts = [...banks.map((part) => part.packed), own.value];
  const hidden = (id: string): boolean => {
    if (changed.has(id) || seen.has(id)) return true;
    seen.add(id);
    return false;
  };
  const bank = joinPacked(parts, embedder.dimension, hidden);
  return ok({
    bank,
    ownTasks: written.map(({ found }) => found.task),
    changed: changes.map(({ id, found }) => ({ id, deleted: found === undefined })),
  });
}

/** The record of an entry that the user wrote. */
export function writtenEntry(
  entry: MemoryEntry,
  vector: Float32Array,
  embedder: EmbedderIdentity,
  sequence: number,
): WrittenEntry {
  return { id: entry.id, sequence, entry, embedder, vector: packVectors([vector], embedder.dimension) };
}

/** A store that can be read but not written, with the reason: where a browser keeps nothing. */
export function withoutWriting(store: MemoryStore, reason: Refusal): MemoryStore {
  const refused = async () => ({ ok: false, error: reason }) as const;
  return { ...store, write: refused, remove: refused };
}

/** What a storage's own error becomes. */
export function storeRefusal(error: unknown): ReturnType<typeof refuse> {
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') {
    return refuse(
      'STORE_QUOTA',
      'This device is out of space: nothing was written. Delete something in the storage panel (under Device) and try again.',
    );
  }
  return refuse('STORE_FAILED', `This device's storage can't be read or written: ${messageOf(error)}`);
}
