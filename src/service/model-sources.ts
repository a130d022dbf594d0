/** Where a model is read from: the hub, an address, a folder that was picked, or what is known of it already. */
import { readPickedText } from '../base/read-file.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { readModel } from '../storage/models-db.ts';
import { SMOLLM2_ENTRY, SMOLLM2_FILE, SMOLLM2_ID } from '../students/smollm2/base.ts';
import { CHAT_CONFIG } from '../weights/download/addresses.ts';
import { fetchText } from '../weights/download/fetch-text.ts';
import { parseHubAddress, planFromHub, planLibrary } from '../weights/download/hub.ts';
import {
  entryOfFolder,
  entryOfHub,
  type FolderReader,
  type ModelEntry,
} from '../weights/download/model-entry.ts';
import { registeredModel } from '../weights/registry.ts';
import { FOLDER_SCHEME, folderName } from './folder-fetch.ts';

const TEXT_BYTES = 4_000_000;

/** What was checked just now, what was begun earlier, or what the registry has. */
export async function entryToFetch(
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

/** Codes: URL_UNUSABLE, and those of reading and checking. */
export async function entryAt(address: string, asking: typeof fetch): Promise<Result<ModelEntry>> {
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

export function pickedFolder(files: readonly File[], byName: ReadonlyMap<string, File>): FolderReader {
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

/** What was merged of it is kept. */
export async function smolLm2Entry(picked: boolean): Promise<Result<ModelEntry>> {
  const kept = await readModel(SMOLLM2_ID);
  if (!kept.ok) return kept;
  const files = picked ? [{ ...SMOLLM2_FILE, url: FOLDER_SCHEME + SMOLLM2_FILE.name }] : [SMOLLM2_FILE];
  return ok({ ...SMOLLM2_ENTRY, files, ...(kept.value?.merged && { merged: kept.value.merged }) });
}
