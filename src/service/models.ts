/** The worker's side of protocol-models.ts: lists models, checks, fetches and deletes them. */
import { Latest } from '../base/latest.ts';
import { readPickedText } from '../base/read-file.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { answerOf } from '../base/within.ts';
import type { CheckedModel, ModelCard, ModelsWorker } from '../protocol/models.ts';
import { alone as aloneOfTabs, holdTogether, withLockOrNot } from '../storage/lock.ts';
import {
  forgetModel,
  markRemoved,
  readModel,
  readModels,
  removedModels,
  saveModel,
} from '../storage/models-db.ts';
import { SMOLLM2_ENTRY, SMOLLM2_FILE, SMOLLM2_ID } from '../students/smollm2/base.ts';
import { CHAT_CONFIG } from '../weights/download/addresses.ts';
import { browserStore, deleteModel } from '../weights/download/browser-store.ts';
import { type DownloadProgress, download } from '../weights/download/download.ts';
import { STALL_MS } from '../weights/download/fetch-file.ts';
import { fetchText } from '../weights/download/fetch-text.ts';
import { parseHubAddress, planFromHub, planLibrary } from '../weights/download/hub.ts';
import {
  entryOfFolder,
  entryOfHub,
  type FolderReader,
  keptFiles,
  type ModelEntry,
} from '../weights/download/model-entry.ts';
import { plannedBytes } from '../weights/download/plan.ts';
import { storageRefusal } from '../weights/download/store.ts';
import { MODELS, registeredModel } from '../weights/registry.ts';
import { FOLDER_SCHEME, fetchFromFolder, folderName } from './folder-fetch.ts';
import { modelCard, presentBytes, SMOLLM2_MODEL } from './model-card.ts';
import type { PageAddress } from './shipped.ts';
import { mergeSmolLm2 } from './smollm2-merge.ts';

const TEXT_BYTES = 4_000_000;

/** @param page where the adapter lies that the page brings along */
export function createModels(page: PageAddress): ModelsWorker {
  const running = new Map<string, { stop(): void; readonly ended: Promise<unknown> }>();
  /** Looked at and found good, not yet asked for. */
  const checked = new Map<string, ModelEntry>();
  /** Files of folders that were picked, by model: gone when the page closes. */
  const folders = new Map<string, ReadonlyMap<string, File>>();

  /** Those that may be brought back, and what lets go of them. */
  const removed = new Map<string, () => void>();
  let swept: Promise<void> | undefined;

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
        swept ??= sweepRemoved(removed);
        await swept;
        const kept = await readModels();
        if (!kept.ok) return kept;
        const cards: ModelCard[] = [];
        for (const model of MODELS) {
          const entry = kept.value.find(({ id }) => id === model.id);
          cards.push(await modelCard(model.id, entry, model, running.has(model.id)));
        }
        const small = kept.value.find(({ id }) => id === SMOLLM2_ID);
        cards.unshift(await modelCard(SMOLLM2_ID, small, SMOLLM2_MODEL, running.has(SMOLLM2_ID)));
        for (const entry of kept.value) {
          if (entry.id !== SMOLLM2_ID && registeredModel(entry.id) === undefined) {
            cards.push(await modelCard(entry.id, entry, undefined, running.has(entry.id)));
          }
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
        withLock(SMOLLM2_ID, () => mergeSmolLm2(page, strength, signal, onProgress)),
      ),

    async pause(id) {
      running.get(id)?.stop();
    },

    async remove(id) {
      // What is being written can't be deleted: a download ends first.
      const fetching = running.get(id);
      fetching?.stop();
      await fetching?.ended.catch(() => undefined);
      const kept = await readModel(id);
      if (!kept.ok) return kept;
      if (kept.value === undefined) return ok(0);
      const { value } = kept;
      return unlessStorageFails(async () => {
        removed.set(id, await holdTogether(lockOf(id)));
        const marked = await markRemoved(value);
        return marked.ok ? ok((await presentBytes(id, keptFiles(value))).bytes) : marked;
      });
    },

    async bringBack(id) {
      const model = await removedModel(id);
      if (!model.ok) return model;
      if (model.value === undefined) {
        return refuse('UNDO_GONE', "This can't be restored any more: its space was freed.");
      }
      const saved = await saveModel(model.value);
      if (!saved.ok) return saved;
      removed.get(id)?.();
      removed.delete(id);
      return ok(true);
    },

    async purge(id) {
      removed.get(id)?.();
      removed.delete(id);
      const model = await removedModel(id);
      // It may have been fetched again.
      return model.ok && model.value !== undefined ? purge(model.value) : ok(0);
    },
  };
}

function lockOf(id: string): string {
  return `duomem-removed-${id}`;
}

async function removedModel(id: string): Promise<Result<ModelEntry | undefined>> {
  const models = await removedModels();
  return models.ok ? ok(models.value.find((model) => model.id === id)) : models;
}

/** What was deleted and not brought back before the page was closed, here or in another tab. */
async function sweepRemoved(held: ReadonlyMap<string, unknown>): Promise<void> {
  const models = await removedModels();
  // The list says what is wrong with the storage.
  if (!models.ok) return;
  for (const model of models.value) {
    if (held.has(model.id)) continue;
    // The next start tries again.
    await withLockOrNot(lockOf(model.id), async () => void (await purge(model))).catch(() => undefined);
  }
}

/** Deletes what there is of a model; the bytes that this freed. */
function purge(model: ModelEntry): Promise<Result<number>> {
  return unlessStorageFails(async () => {
    const { id } = model;
    const { bytes } = await presentBytes(id, keptFiles(model));
    const deleted = await withLock(id, async () => {
      await deleteModel(id);
      return ok(true);
    });
    if (!deleted.ok) return deleted;
    const forgotten = await forgetModel(id);
    return forgotten.ok ? ok(bytes) : forgotten;
  });
}

/** Storage that is refused, full, or doesn't answer is told as what it is. Codes: those of storageRefusal. */
async function unlessStorageFails<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  }
}

/** What was checked just now, what was begun earlier, or what the registry has. */
async function entryToFetch(
  id: string,
  checked: ReadonlyMap<string, ModelEntry>,
  fetchIt: typeof fetch,
): Promise<Result<ModelEntry>> {
  const looked = checked.get(id);
  if (looked !== undefined) return ok(looked);
  const kept = await readModel(id);
  if (!kept.ok) return kept;
  if (kept.value !== undefined) return ok(kept.value);
  const model = registeredModel(id);
  if (model === undefined || model.source.kind !== 'hub') {
    return refuse('MODEL_UNKNOWN', "This model can't be downloaded: pick its folder or give its address.");
  }
  return entryOfRepository(fetchIt, model.source.repository, model.source.revision, id);
}

async function entryOfRepository(
  fetchIt: typeof fetch,
  repository: string,
  revision: string,
  id?: string,
): Promise<Result<ModelEntry>> {
  const plan = await planFromHub(fetchIt, repository, revision);
  if (!plan.ok) return plan;
  const config = plan.value.files.find(({ name }) => name === CHAT_CONFIG);
  const text = config?.url === undefined ? ok('') : await fetchText(fetchIt, config.url, TEXT_BYTES);
  if (!text.ok) return text;
  return entryOfHub(
    repository,
    plan.value.revision,
    plan.value.files,
    text.value,
    (library) => planLibrary(fetchIt, library),
    id,
  );
}

/** fetch, that a signal ends besides the one that each request has. */
function fetchUntil(signal: AbortSignal): typeof fetch {
  return (input, init) =>
    fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([signal, init.signal]) : signal });
}

/** Codes: URL_UNUSABLE, and those of reading and checking. */
async function entryAt(address: string, asking: typeof fetch): Promise<Result<ModelEntry>> {
  const hub = parseHubAddress(address);
  if (hub !== undefined) return entryOfRepository(asking, hub.repository, hub.revision);
  if (!URL.canParse(address))
    return refuse('URL_UNUSABLE', "This isn't an address: it should begin with https://.");
  const url = new URL(address.endsWith('/') ? address : `${address}/`);
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
    return refuse('URL_UNUSABLE', 'Models come over https, or from this computer (http://localhost).');
  }
  const folder: FolderReader = {
    origin: { kind: 'url', url: url.href },
    text: (name, maxBytes) => fetchText(asking, new URL(name, url).href, maxBytes),
    url: (name) => new URL(name, url).href,
  };
  return entryOfFolder(folder, (library) => planLibrary(asking, library));
}

function pickedFolder(files: readonly File[], byName: ReadonlyMap<string, File>): FolderReader {
  const [first] = files;
  return {
    origin: { kind: 'folder', name: (first && folderName(first)) ?? 'folder' },
    text: async (name, maxBytes) => {
      const file = byName.get(name);
      if (file === undefined) return refuse('FILE_MISSING', 'The folder has no such file.', name);
      if (file.size > maxBytes)
        return refuse('FILE_TOO_LARGE', 'The file is too large for what it should be.', name);
      return readPickedText(file);
    },
    url: (name) => FOLDER_SCHEME + name,
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
  return withLock(entry.id, () =>
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

/** One tab at a time for each model. */
function withLock(id: string, work: () => Promise<Result<true>>): Promise<Result<true>> {
  return aloneOfTabs(`duomem-model-${id}`, 'Another tab is downloading this model.', work);
}

/** What was merged of it is kept. */
async function smolLm2Entry(picked: boolean): Promise<Result<ModelEntry>> {
  const kept = await readModel(SMOLLM2_ID);
  if (!kept.ok) return kept;
  const files = picked ? [{ ...SMOLLM2_FILE, url: FOLDER_SCHEME + SMOLLM2_FILE.name }] : [SMOLLM2_FILE];
  return ok({ ...SMOLLM2_ENTRY, files, ...(kept.value?.merged && { merged: kept.value.merged }) });
}
