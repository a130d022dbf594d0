/** What the user did to shipped memories, and the way back; and deleting a memory so that it can be brought back. */
import type { Result } from '../base/result.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type { SearchIndex } from '../memory/search-index.ts';
import { type FoundRow, isWritten, type WrittenRow } from '../memory/user-rows.ts';
import type { ChangedShipped, Deletion } from '../protocol/data.ts';
import { deleting } from './deletions.ts';
import { using } from './user-db.ts';
import { readRows, removeEntry } from './user-records.ts';

/** A shipped one is hidden. */
export function deleteMemory(id: string): Promise<Result<Deletion | undefined>> {
  return deleting(['banks', 'entries', 'user'], (taking) =>
    taking.one('user', id, () => removeEntry(taking.transaction, id)),
  );
}

/**
 * The shipped memories that the user deleted or wrote anew, the latest first.
 * @param changed of all that was searched last: {@link SearchIndex.changed}
 */
export function changedMemories(changed: SearchIndex['changed']): Promise<Result<readonly ChangedShipped[]>> {
  return using(async (db) => {
    const transaction = db.transaction(['banks', 'entries']);
    const banks = await transaction.objectStore('banks').getAllKeys();
    const entries = transaction.objectStore('entries');
    const changes = changed.map(async ({ id, deleted }): Promise<ChangedShipped[]> => {
      // Of two banks' equal ids the first is seen.
      for (const bank of banks) {
        const shipped = await entries.get([bank, id]);
        if (shipped !== undefined) return [{ id, task: shipped.task, deleted }];
      }
      return [];
    });
    return (await Promise.all(changes)).flat().reverse();
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
export function restoreMemories(ids: readonly string[]): Promise<Result<Deletion | undefined>> {
  return deleting(['user'], async (taking) => {
    for (const id of ids) await taking.all('user', id);
  });
}
