/** Models that were deleted: each can be brought back until its page is closed, and frees its space after that. */
import { ok, type Result, refuse } from '../base/result.ts';
import { alone, holdTogether, withLockOrNot } from '../storage/lock.ts';
import { forgetModel, markRemoved, readModel, removedModels, saveModel } from '../storage/models-db.ts';
import { deleteModel } from '../weights/download/browser-store.ts';
import { keptFiles, type ModelEntry } from '../weights/download/model-entry.ts';
import { storageRefusal } from '../weights/download/store.ts';
import { presentBytes } from './model-card.ts';

/** What is being fetched, or merged. */
export interface RunningFetch {
  stop(): void;
  readonly ended: Promise<unknown>;
}

export class RemovedModels {
  /** Those that may be brought back, and what lets go of them. */
  readonly #held = new Map<string, () => void>();
  readonly #removing = new Set<string>();
  #swept: Promise<void> | undefined;

  /** Frees what was deleted and not brought back before the page was closed, here or in another tab. */
  sweep(): Promise<void> {
    this.#swept ??= this.#sweep();
    return this.#swept;
  }

  async #sweep(): Promise<void> {
    const models = await removedModels();
    // The list says what is wrong with the storage.
    if (!models.ok) return;
    for (const model of models.value) {
      if (this.#held.has(model.id)) continue;
      // The next start tries again.
      await withLockOrNot(lockOf(model.id), async () => void (await free(model))).catch(() => undefined);
    }
  }

  /** The bytes that this will free. What is being written can't be deleted: a download ends first. */
  async remove(id: string, fetching: RunningFetch | undefined): Promise<Result<number>> {
    fetching?.stop();
    await fetching?.ended.catch(() => undefined);
    const kept = await readModel(id);
    if (!kept.ok) return kept;
    // The first of two clicks is at it.
    if (kept.value === undefined || this.#removing.has(id)) return ok(0);
    const { value } = kept;
    this.#removing.add(id);
    const removed = await unlessStorageFails(async () => {
      this.#held.set(id, await holdTogether(lockOf(id)));
      const marked = await markRemoved(value);
      return marked.ok ? ok((await presentBytes(id, keptFiles(value))).bytes) : marked;
    });
    this.#removing.delete(id);
    return removed;
  }

  async bringBack(id: string): Promise<Result<true>> {
    const model = await removedModel(id);
    if (!model.ok) return model;
    if (model.value === undefined) {
      return refuse('UNDO_GONE', "This can't be restored any more: its space was freed.");
    }
    const saved = await saveModel(model.value);
    if (!saved.ok) return saved;
    this.#letGo(id);
    return ok(true);
  }

  async purge(id: string): Promise<Result<number>> {
    this.#letGo(id);
    const model = await removedModel(id);
    // It may have been fetched again.
    return model.ok && model.value !== undefined ? free(model.value) : ok(0);
  }

  #letGo(id: string): void {
    this.#held.get(id)?.();
    this.#held.delete(id);
  }
}

function lockOf(id: string): string {
  return `duomem-removed-${id}`;
}

async function removedModel(id: string): Promise<Result<ModelEntry | undefined>> {
  const models = await removedModels();
  return models.ok ? ok(models.value.find((model) => model.id === id)) : models;
}

/** Deletes what there is of a model; the bytes that this freed. */
function free(model: ModelEntry): Promise<Result<number>> {
  return unlessStorageFails(async () => {
    const { id } = model;
    const { bytes } = await presentBytes(id, keptFiles(model));
    const deleted = await withModelLock(id, async () => {
      await deleteModel(id);
      return ok(true);
    });
    if (!deleted.ok) return deleted;
    const forgotten = await forgetModel(id);
    return forgotten.ok ? ok(bytes) : forgotten;
  });
}

/** Storage that is refused, full, or doesn't answer is told as what it is. Codes: those of storageRefusal. */
export async function unlessStorageFails<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  }
}

/** One tab at a time for each model. */
export function withModelLock(id: string, work: () => Promise<Result<true>>): Promise<Result<true>> {
  return alone(`duomem-model-${id}`, 'Another tab is downloading this model.', work);
}
