/**
 * Games and traces that no record leads to: those of an import that is under way, of one that was cut off, and of what
 * was deleted and may still be brought back; and all memories, where they were deleted at once.
 */
import { type Database, keysUnder } from './database.ts';
import { holdTogether, withLockOrNot } from './lock.ts';

/** Held by everybody who has some that must stay. */
const ORPHANS_LOCK = 'duomem-orphans';

/** What no record leads to stays until the returned function is called, in every tab. */
export function holdOrphans(): Promise<() => void> {
  return holdTogether(ORPHANS_LOCK);
}

/**
 * Deletes games and traces that no record leads to any more, and memories laid aside: what an import left that was cut
 * off, and what was deleted. Does nothing while anybody holds them.
 */
export async function sweepOrphans(db: Database): Promise<void> {
  await withLockOrNot(ORPHANS_LOCK, async () => {
    await sweep(db, 'sets', 'games');
    await sweep(db, 'runs', 'traces');
    await db.clear('removed');
  });
}

async function sweep(db: Database, owners: 'sets' | 'runs', table: 'games' | 'traces'): Promise<void> {
  const known = new Set(await db.getAllKeys(owners));
  const left = new Set<string>();
  let cursor = await db.transaction(table).store.openKeyCursor();
  while (cursor !== null) {
    const [owner] = cursor.key;
    if (!known.has(owner)) left.add(owner);
    // The next owner's first: an array sorts after every text.
    cursor = await cursor.continue([owner, []] as unknown as [string, string]);
  }
  for (const owner of left) await db.delete(table, keysUnder(owner));
}
