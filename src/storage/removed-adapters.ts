/**
 * Adapters that were deleted can be brought back until the page is closed: each tab holds those that it deleted, and
 * the next start makes the others' deletion final, as for models.
 */
import { ok, type Result } from '../base/result.ts';
import { markAdapter, purgeAdapters, removedAdapters } from './adapters-db.ts';
import { attempt } from './database.ts';
import { holdTogether, withLockOrNot } from './lock.ts';

/** By id: lets go of an adapter that was deleted here. */
const held = new Map<string, () => void>();

const lockOf = (id: string): string => `duomem-removed-adapter-${id}`;

/** True where there was one of this id; false also where it was deleted before. Codes: those of the database. */
export async function removeAdapter(id: string): Promise<Result<boolean>> {
  letGo(id);
  const release = await attempt(() => holdTogether(lockOf(id)));
  if (!release.ok) return release;
  held.set(id, release.value);
  return markAdapter(id, true);
}

/** True where it is still there. Codes: those of the database. */
export async function bringBackAdapter(id: string): Promise<Result<boolean>> {
  const back = await markAdapter(id, false);
  if (back.ok) letGo(id);
  return back;
}

/** Makes a deletion final. Codes: those of the database. */
export function purgeAdapter(id: string): Promise<Result<void>> {
  letGo(id);
  return purgeAdapters(id);
}

/** Makes final what was deleted before and is held by no tab. Codes: those of the database. */
export async function sweepAdapters(): Promise<Result<true>> {
  const removed = await removedAdapters();
  if (!removed.ok) return removed;
  for (const id of removed.value) {
    // Without locks nobody knows what another tab holds; what this one does it knows itself.
    if (!held.has(id))
      await attempt(() => withLockOrNot(lockOf(id), async () => void (await purgeAdapters(id))));
  }
  return ok(true);
}

function letGo(id: string): void {
  held.get(id)?.();
  held.delete(id);
}
