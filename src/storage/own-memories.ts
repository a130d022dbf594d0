/** What the user did to shipped memories, and the way back; and deleting a memory so that it can be brought back. */
import type { Result } from '../base/result.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type { MemoryChange } from '../protocol/data.ts';
import { deleting } from './deletions.ts';
import { removeEntry } from './indexeddb-store.ts';
import { using } from './user-db.ts';

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
    const transaction = db.transaction(['banks', 'entries', 'user']);
    const names = await transaction.objectStore('banks').getAllKeys();
    const changes: MemoryChange[] = [];
    for (const { id, entry } of await transaction.objectStore('user').index('sequence').getAll()) {
      for (const name of names) {
        const shipped = await transaction.objectStore('entries').get([name, id]);
        if (shipped === undefined) continue;
        changes.push({ id, task: shipped.task, deleted: entry === undefined });
        break;
      }
    }
    return changes.reverse();
  });
}

/** The memories that are the user's own, in the order in which they were written. */
export function ownMemories(): Promise<Result<readonly MemoryEntry[]>> {
  return using(async (db) =>
    (await db.getAllFromIndex('user', 'sequence')).flatMap(({ entry }) => entry ?? []),
  );
}

/** Shipped memories as they came; what the user wrote in their place is deleted, and can be brought back. */
export function restoreMemories(ids: readonly string[]): Promise<Result<number>> {
  return deleting(['user'], async (taking) => {
    for (const id of ids) await taking.all('user', id);
  });
}
