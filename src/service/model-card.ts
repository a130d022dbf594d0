/** A model as its card shows it: what is known of it, and what of it is on this device. */
import type { ModelCard } from '../protocol/models.ts';
import { SMOLLM2_ENTRY, SMOLLM2_FILE } from '../students/smollm2/base.ts';
import { browserStore } from '../weights/download/browser-store.ts';
import type { ModelEntry } from '../weights/download/model-entry.ts';
import { plannedBytes } from '../weights/download/plan.ts';
import type { StoredFile } from '../weights/download/store.ts';
import type { RegisteredModel } from '../weights/registry.ts';

/** What is here of files, rejecting where the storage fails. */
export async function presentBytes(
  id: string,
  files: readonly StoredFile[],
): Promise<{ readonly bytes: number; readonly whole: boolean }> {
  const store = browserStore(id);
  let bytes = 0;
  let whole = true;
  for (const file of files) {
    if (await store.has(file)) bytes += file.bytes;
    else {
      whole = false;
      bytes += await store.partLength(file);
    }
  }
  return { bytes, whole };
}

/** What a card needs to know of a model that may not be there yet. */
type KnownModel = Omit<RegisteredModel, 'quantization'> & { readonly quantization: string };

export const SMOLLM2_MODEL: KnownModel = {
  ...SMOLLM2_ENTRY,
  about:
    'A language model that knew language before it came here, and the adapter that this project trained, merged on your device.',
  source: SMOLLM2_ENTRY.origin,
  bytes: SMOLLM2_FILE.bytes,
};

export async function modelCard(
  id: string,
  entry: ModelEntry | undefined,
  model: KnownModel | undefined,
  fetching: boolean,
): Promise<ModelCard> {
  const present = entry === undefined ? { bytes: 0, whole: false } : await presentBytes(id, entry.files);
  const known = entry ?? model;
  if (known === undefined) throw new Error(`there is no model ${id}`);
  const { shape, quantization, thinking, contextLimit, gpuMemoryMB } = known;
  const source = model?.source;
  return {
    id,
    title: model?.title ?? known.title,
    about: model?.about ?? '',
    origin: entry?.origin ?? (source?.kind === 'hub' ? source : undefined),
    shape,
    quantization,
    thinking,
    contextLimit,
    gpuMemoryMB,
    state: fetching ? 'fetching' : entry === undefined ? 'absent' : present.whole ? 'ready' : 'partial',
    bytes: entry === undefined ? (model?.bytes ?? 0) : plannedBytes(entry.files),
    present: present.bytes,
    instead: model?.instead,
    ...(entry?.merged && { merged: entry.merged }),
  };
}
