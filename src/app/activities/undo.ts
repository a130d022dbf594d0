/** What was deleted, and the way back: offered until it is dismissed or the page is closed, the latest first. */
import type { Refusal, Result } from '../../base/result.ts';
import type { Deletion } from '../../protocol/data.ts';
import { dataChanged } from '../data-changes.ts';
import { Store } from '../store.ts';
import { data } from '../worker-client.ts';

interface Undoable {
  /** `Deleted: 10 games of homes of this page.` */
  readonly said: string;
  readonly undo: () => Promise<Result<unknown>>;
  /** Makes it final. */
  readonly forget?: () => Promise<unknown>;
  /** How much room it takes until it is final. */
  readonly bytes?: number;
}

/** What is being deleted or brought back, where that takes long enough to be told. */
export const underWay = new Store<string | undefined>(undefined);
/** Milliseconds. */
const TOLD_AFTER = 400;

async function telling<T>(said: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => underWay.set(said), TOLD_AFTER);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    underWay.set(undefined);
  }
}

/** More would be no use, and take room. */
const OFFERED = 20;

export const undoables = new Store<readonly Undoable[]>([]);
/** What came of the latest undoing. */
export const undone = new Store<Result<unknown> | undefined>(undefined);

export function offerUndo(undoable: Undoable): void {
  undone.set(undefined);
  const all = [...undoables.value, undoable];
  undoables.set(all.slice(-OFFERED));
  for (const old of all.slice(0, -OFFERED)) void old.forget?.();
}

export async function undoLast(): Promise<void> {
  const last = undoables.value.at(-1);
  if (last === undefined) return;
  undoables.set(undoables.value.slice(0, -1));
  undone.set(await telling('Restoring it …', last.undo()));
}

/** Makes the latest final, or takes away what was said of an undoing. */
export async function dismissLast(): Promise<void> {
  if (undone.value !== undefined) {
    undone.set(undefined);
    return;
  }
  const last = undoables.value.at(-1);
  undoables.set(undoables.value.slice(0, -1));
  await last?.forget?.();
}

/**
 * Deletes something that the data worker keeps, and offers the way back.
 * @param what as it is called in a sentence
 * @param bytes how much room it takes until the deletion is final, where that is much
 * @returns why it couldn't be deleted
 */
export async function deleteKept(
  what: string,
  deleting: Promise<Result<Deletion | undefined>>,
  bytes?: number,
): Promise<Refusal | undefined> {
  const deletion = await telling(`Deleting ${what} …`, deleting);
  if (!deletion.ok) return deletion.error;
  const number = deletion.value;
  // Otherwise it was deleted before: by the first of two clicks, or in another tab.
  if (number !== undefined) {
    offerUndo({
      said: `Deleted: ${what}.`,
      async undo() {
        const back = await data().bringBack(number);
        await dataChanged();
        return back;
      },
      async forget() {
        await data().forgetDeletion(number);
        await dataChanged();
      },
      ...(bytes === undefined ? {} : { bytes }),
    });
  }
  await dataChanged();
  return undefined;
}
