/** What came with the page and isn't to be seen any more: nothing of it is kept here but the mark that hides it. */
import type { Result } from '../base/result.ts';
import type { Deletion } from '../protocol/data.ts';
import { deleting } from './deletions.ts';
import { using } from './user-db.ts';

export function hiddenIds(): Promise<Result<readonly string[]>> {
  return using((db) => db.getAllKeys('hidden'));
}

/** Can be brought back like everything that is deleted. */
export function hide(id: string): Promise<Result<Deletion | undefined>> {
  return deleting(['hidden'], (taking) =>
    taking.one('hidden', id, () => taking.transaction.objectStore('hidden').put(true, id)),
  );
}

/** All of it is seen again. */
export function showHidden(): Promise<Result<true>> {
  return using(async (db) => {
    await db.clear('hidden');
    return true as const;
  });
}
