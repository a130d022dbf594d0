/** The worker's side of protocol-models.ts: lists models, checks, fetches and deletes them. */
import { Latest } from '../base/latest.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { answerOf } from '../base/within.ts';
import type { CheckedModel, ModelCard, ModelsWorker } from '../protocol/models.ts';
import { readModel, readModels, saveModel } from '../storage/models-db.ts';
import { SMOLLM2_FILE, SMOLLM2_ID } from '../students/smollm2/base.ts';
import { browserStore } from '../weights/download/browser-store.ts';
import { type DownloadProgress, download } from '../weights/download/download.ts';
import { STALL_MS } from '../weights/download/fetch-file.ts';
import { planLibrary } from '../weights/download/hub.ts';
import { entryOfFolder, type ModelEntry } from '../weights/download/model-entry.ts';
import { plannedBytes } from '../weights/download/plan.ts';
import { MODELS } from '../weights/registry.ts';
import { fetchFromFolder } from './folder-fetch.ts';
import { modelCard, presentBytes, SMOLLM2_MODEL } from './model-card.ts';
import { entryAt, entryToFetch, pickedFolder, smolLm2Entry } from './model-sources.ts';
import { RemovedModels, type RunningFetch, unlessStorageFails, withModelLock } from './removed-models.ts';
import type { PageAddress } from './shipped.ts';
import { mergeSmolLm2 } from './smollm2-merge.ts';

/** @param page where the adapter lies that the page brings along */
export function createModels(page: PageAddress): ModelsWorker {
  const running = new Map<string, RunningFetch>();
  /** Looked at and found good, not yet asked for. */
  const checked = new Map<string, ModelEntry>();
  /** Files of folders that were picked, by model: gone when the page closes. */
  const folders = new Map<string, ReadonlyMap<string, File>>();
  const removed = new RemovedModels();

  const look = async (entry: ModelEntry): Promise<CheckedModel> => {
    checked.set(entry.id, entry);
    const kept = await readModel(entry.id);
    const { id, title, quantization, shape, files, gpuMemoryMB } = entry;
    const bytes = plannedBytes(files);
    const known =
      kept.ok && kept.value !== undefined && (await presentBytes(id, kept.value.files)).bytes === bytes;
    return { id, title, quantization, shape, bytes, files: files.length, gpuMemoryMB, known };
  };

  const checking = new Latest();
  /** One check at a time: the next one ends the one before. */
  const check = async (
    read: (asking: typeof fetch) => Promise<Result<ModelEntry>>,
  ): Promise<Result<CheckedModel>> => {
    const signal = checking.begin();
    const entry = await read(fetchUntil(signal));
    if (signal.aborted) return refuse('CHECK_STOPPED', 'Stopped: nothing was read.');
    return entry.ok ? unlessStorageFails(async () => ok(await look(entry.value))) : entry;
  };

  /** One thing at a time for each model; it can be stopped. */
  const alone = async (
    id: string,
    work: (signal: AbortSignal) => Promise<Result<true>>,
  ): Promise<Result<true>> => {
    if (running.has(id)) return refuse('MODEL_BUSY', 'This model is being fetched already.');
    const stopping = new AbortController();
    const ended = work(stopping.signal).finally(() => running.delete(id));
    running.set(id, { stop: () => stopping.abort(), ended });
    return ended;
  };

  return {
    list: async () =>
      unlessStorageFails(async () => {
        await removed.sweep();
        const kept = await readModels();
        if (!kept.ok) return kept;
        const models = new Map<string, typeof SMOLLM2_MODEL | undefined>([[SMOLLM2_ID, SMOLLM2_MODEL]]);
        for (const model of MODELS) models.set(model.id, model);
        for (const { id } of kept.value) if (!models.has(id)) models.set(id, undefined);
        const cards: ModelCard[] = [];
        for (const [id, model] of models) {
          const entry = kept.value.find((one) => one.id === id);
          cards.push(await modelCard(id, entry, model, running.has(id)));
        }
        return ok(cards);
      }),

    checkUrl: (url) => check((asking) => entryAt(url, asking)),

    async stopChecking() {
      checking.stop();
    },

    async checkFolder(files) {
      const byName = new Map(files.map((file) => [file.name, file]));
      return check(async (asking) => {
        const entry = await entryOfFolder(pickedFolder(files, byName), (library) =>
          planLibrary(asking, library),
        );
        if (entry.ok) folders.set(entry.value.id, byName);
        return entry;
      });
    },

    fetch: (id, onProgress) =>
      alone(id, async (signal) => {
        const picked = folders.get(id);
        const entry =
          id === SMOLLM2_ID
            ? await smolLm2Entry(picked !== undefined)
            : await entryToFetch(id, checked, fetchUntil(signal));
        if (signal.aborted) return refuse('DOWNLOAD_STOPPED', 'The download was stopped.');
        if (!entry.ok) return entry;
        const saved = await saveModel(entry.value);
        if (!saved.ok) return saved;
        // A file that was picked and turned out wrong isn't asked again.
        if (id === SMOLLM2_ID) folders.delete(id);
        return fetchOnce(entry.value, signal, onProgress, picked);
      }),

    async pickBase(id, file) {
      const { name, bytes } = SMOLLM2_FILE;
      if (id !== SMOLLM2_ID || file.size !== bytes)
        return refuse('FILE_OTHER', `This isn't ${name}: that has ${bytes} bytes.`, file.name);
      folders.set(id, new Map([[name, file]]));
      return ok(true);
    },

    merge: (strength, onProgress) =>
      alone(SMOLLM2_ID, (signal) =>
        withModelLock(SMOLLM2_ID, () => mergeSmolLm2(page, strength, signal, onProgress)),
      ),

    async pause(id) {
      running.get(id)?.stop();
    },

    remove: (id) => removed.remove(id, running.get(id)),
    bringBack: (id) => removed.bringBack(id),
    purge: (id) => removed.purge(id),
  };
}

async function fetchOnce(
  entry: ModelEntry,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
  folder: ReadonlyMap<string, File> | undefined,
): Promise<Result<true>> {
  // Asked for once it is wanted: what is large shouldn't be cleared behind the user's back.
  // Where the person is asked and doesn't answer, it goes on without.
  await answerOf(navigator.storage?.persist?.());
  return withModelLock(entry.id, () =>
    download(entry.files, {
      fetch: fetchFromFolder(folder),
      store: browserStore(entry.id),
      pause: (ms, stop) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms);
          stop.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
      stallMs: STALL_MS,
      signal,
      onProgress,
      clock: () => performance.now(),
    }),
  );
}

/** fetch, that a signal ends besides the one that each request has. */
function fetchUntil(signal: AbortSignal): typeof fetch {
  return (input, init) =>
    fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([signal, init.signal]) : signal });
}
