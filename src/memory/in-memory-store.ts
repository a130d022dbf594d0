/** Memories in this process's memory: for Node and for tests. Gone when the process ends. */

import { compareCodePoints } from '../base/order.ts';
import { ok } from '../base/result.ts';
import { packBank } from './bank.ts';
import type { MemoryEntry } from './entry.ts';
import type { PackedBank } from './packed-bank.ts';
import {
  composePacked,
  type InstalledBank,
  type MemoryStore,
  type UserRecord,
  writtenEntry,
} from './store.ts';
import { rowOf } from './user-rows.ts';

interface Installed {
  readonly about: InstalledBank;
  readonly packed: PackedBank;
  readonly entries: readonly MemoryEntry[];
}

export function createInMemoryStore(): MemoryStore {
  const banks = new Map<string, Installed>();
  const user = new Map<string, UserRecord>();
  const counts = new Map<string, number>();
  let sequence = 0;

  const inOrder = (): Installed[] =>
    [...banks.values()].sort((a, b) => compareCodePoints(a.about.name, b.about.name));
  const changes = (): UserRecord[] => [...user.values()].sort((a, b) => a.sequence - b.sequence);
  const put = (record: UserRecord): void => {
    user.set(record.id, record);
    sequence++;
  };
  /** By id; the user's stand before the banks', earlier banks before later ones. */
  const visible = (): Map<string, MemoryEntry> => {
    const map = new Map<string, MemoryEntry>();
    for (const bank of inOrder()) {
      for (const entry of bank.entries)
        if (!user.has(entry.id) && !map.has(entry.id)) map.set(entry.id, entry);
    }
    for (const record of changes()) if (record.entry !== undefined) map.set(record.id, record.entry);
    return map;
  };

  return {
    banks: async () => ok(inOrder().map((bank) => bank.about)),
    install: async (bank, build) => {
      const about = { name: bank.name, build, embedder: bank.embedder, entries: bank.entries.length };
      banks.set(bank.name, { about, packed: packBank(bank), entries: bank.entries });
      return ok(about);
    },
    packed: async (embedder) => composePacked({ banks: inOrder(), user: changes().map(rowOf) }, embedder),
    entries: async (ids) => {
      const map = visible();
      return ok(ids.flatMap((id) => map.get(id) ?? []));
    },
    all: async () => ok([...visible().values()]),
    write: async (entry, vector, embedder) => {
      put(writtenEntry(entry, vector, embedder, sequence));
      return ok(true);
    },
    remove: async (id) => {
      const shipped = inOrder().some((bank) => bank.entries.some((entry) => entry.id === id));
      if (shipped) put({ id, sequence, entry: undefined });
      else user.delete(id);
      return ok(true);
    },
    lived: async (home) =>
      ok(
        changes().flatMap(({ entry }) =>
          entry === undefined || entry.home !== home || entry.provenance.maker === 'person' ? [] : entry,
        ),
      ),
    countRetrievals: async (ids) => {
      for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
      return ok(true);
    },
    retrievals: async (ids) => {
      const known = ids.filter((id) => counts.has(id));
      return ok(new Map(known.map((id) => [id, counts.get(id) as number])));
    },
    close: () => {},
  };
}
