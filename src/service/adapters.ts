/** The adapters of this device: listed, changed, exported as peft's files, and imported with everything checked. */
import type { Fields } from '../base/json-fields.ts';
import { randomId } from '../base/random-id.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { AdapterCard, AdapterExport } from '../protocol/practice.ts';
import { readAdapter, type StoredAdapter, saveAdapter } from '../storage/adapters-db.ts';
import { parseAdapterConfig } from '../weights/adapter-config.ts';
import { Safetensors } from '../weights/safetensors.ts';
import { mergeAll, type PocketBase } from './pocket-base.ts';

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';
/** Bytes: one of rank 256 on everything has 14 MB. */
const MAX_WEIGHTS = 64_000_000;
const MAX_CONFIG = 1_000_000;
/** Of a name, in characters. */
export const MAX_NAME = 60;
/** What a file of an adapter notes of its base; its config.json has only a name for it. */
export const BASE_NOTE = 'base_sha256';
export const BASE_NAME = 'duomem-pocket';

export function adapterCard({
  id,
  name,
  made,
  weights,
  config,
  on,
  strength,
  chore,
  lessons,
}: StoredAdapter): AdapterCard {
  const rank = Number(fieldsOf(config).r ?? 0);
  return {
    ...{ id, name, made, bytes: weights.length, rank, on, strength },
    ...(chore === undefined ? {} : { chore }),
    ...(lessons === undefined ? {} : { episodes: lessons.length }),
  };
}

function fieldsOf(config: string): Fields {
  const json = readObject(config, { code: 'ADAPTER_JSON', what: CONFIG, longest: MAX_CONFIG });
  return json.ok ? json.value : {};
}

/** Code ADAPTER_UNKNOWN. */
export async function findAdapter(id: string): Promise<Result<StoredAdapter>> {
  const found = await readAdapter(id);
  if (!found.ok) return found;
  return found.value === undefined
    ? refuse('ADAPTER_UNKNOWN', "This adapter isn't on this device any more.")
    : ok(found.value);
}

export async function exportAdapter(id: string): Promise<Result<AdapterExport>> {
  const found = await findAdapter(id);
  return found.ok ? ok({ config: found.value.config, weights: found.value.weights }) : found;
}

/**
 * Imports the two files of an adapter, switched off.
 * Codes: ADAPTER_FILES (others than these two), ADAPTER_SIZE, ADAPTER_BASE, those of parseAdapterConfig, Safetensors
 * and mergeAdapter, and those of the database.
 */
export async function importAdapter(files: readonly File[], base: PocketBase): Promise<Result<AdapterCard>> {
  const find = (name: string): File | undefined => files.find((file) => file.name === name);
  const [configFile, weightsFile] = [find(CONFIG), find(WEIGHTS)];
  if (configFile === undefined || weightsFile === undefined)
    return refuse('ADAPTER_FILES', `Choose both files of an adapter: ${CONFIG} and ${WEIGHTS}.`);
  if (configFile.size > MAX_CONFIG || weightsFile.size > MAX_WEIGHTS)
    return refuse(
      'ADAPTER_SIZE',
      `The adapter is too large for this student: at most ${MAX_WEIGHTS / 1e6} MB.`,
      weightsFile.name,
    );
  const config = await configFile.text();
  const weights = new Uint8Array(await weightsFile.arrayBuffer());
  const parsed = parseAdapterConfig(config);
  if (!parsed.ok) return parsed;
  const file = Safetensors.parse(weights);
  if (!file.ok) return file;
  const digest = file.value.header.metadata.get(BASE_NOTE);
  const said = String(fieldsOf(config).base_model_name_or_path ?? '');
  const other =
    digest === undefined ? !/(^|[/\\])(duomem-)?pocket[/\\]?$/.test(said) : digest !== base.digest;
  if (other)
    return refuse(
      'ADAPTER_BASE',
      `This adapter belongs to another model (${JSON.stringify(said.slice(0, 80))}): only the pocket student of this page can take one here.`,
      CONFIG,
    );
  const name = (file.value.header.metadata.get('name') ?? 'imported').slice(0, MAX_NAME);
  const adapter: StoredAdapter = {
    ...{ id: randomId(), name, made: new Date().toISOString(), base: base.digest, config, weights },
    ...{ on: false, strength: 1 },
  };
  // Shapes and numbers are looked at here: what can be merged can be played.
  const merged = mergeAll(base, [adapter]);
  if (!merged.ok) return merged;
  const saved = await saveAdapter(adapter);
  return saved.ok ? ok(adapterCard(adapter)) : saved;
}
