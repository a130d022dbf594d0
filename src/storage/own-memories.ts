/** What the user did to shipped memories, and the way back; and deleting a memory so that it can be brought back. */
import type { Result } from '../base/result.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import { type FoundRow, isWritten, type WrittenRow } from '../memory/user-rows.ts';
import type { MemoryChange } from '../protocol/data.ts';
import { deleting } from './deletions.ts';
import { using } from './user-db.ts';
import { readRows, removeEntry, rowsIn } from './user-records.ts';

/** A shipped one is hidden. */
export function deleteMemory(id: string): Promise<Result<number>> {
  return deleting(['banks', 'entries', 'user'], async (taking) => {
    await taking.note('user', id);
    await removeEntry(taking.transaction, id);
  });
}

/** The shipped memories that the user deleted or wrote anew, the latest first. */
export function changedMemories(): Promise<Result<readonly MemoryChange[]>> {
  return using(async (db) => {
    const transaction = db.transaction(['packed', 'entries', 'userParts']);
    const [names, banks, parts] = await Promise.all([
      transaction.objectStore('packed').getAllKeys(),
      transaction.objectStore('packed').getAll(),
      transaction.objectStore('userParts').getAll(),
    ]);
    // The bank of each shipped memory; of two banks' equal ids the first is seen.
    const bankOf = new Map<string, string>();
    for (const [i, { ids }] of banks.entries()) {
      for (const id of ids) if (!bankOf.has(id)) bankOf.set(id, names[i] as string);
    }
    const changes: MemoryChange[] = [];
    for (const { id, found } of rowsIn(parts)) {
      const bank = bankOf.get(id);
      if (bank === undefined) continue;
      const shipped = await transaction.objectStore('entries').get([bank, id]);
      if (shipped !== undefined) changes.push({ id, task: shipped.task, deleted: found === undefined });
    }
    return changes.reverse();
  });
}

/** What is known of the user's memories without reading them, in the order in which they were written. */
export function ownRows(): Promise<Result<readonly WrittenRow[]>> {
  return using(async (db) => (await readRows(db)).filter(isWritten));
}

/** Those of the user's memories that are wanted by what is known of them, in the same order. */
export async function ownMemories(
  wanted: (row: FoundRow) => boolean,
): Promise<Result<readonly MemoryEntry[]>> {
  const rows = await ownRows();
  if (!rows.ok) return rows;
  return using(async (db) => {
    const { store } = db.transaction('user');
    const ids = rows.value.filter(({ found }) => wanted(found)).map(({ id }) => id);
    const records = await Promise.all(ids.map((id) => store.get(id)));
    return records.flatMap((record) => record?.entry ?? []);
  });
}

/** Shipped memories as they came; what the user wrote in their place is deleted, and can be brought back. */
export function restoreMemories(ids: readonly string[]): Promise<Result<number>> {
  return deleting(['user'], async (taking) => {
    for (const id of ids) await taking.all('user', id);
  });
}
