/**
 * model.safetensors.index.json: which file of a sharded checkpoint holds which tensor (transformers). Files are named
 * plainly: an index can't lead out of its folder.
 */
import { isObject } from '../base/json-fields.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { isPath } from './manifest.ts';

/** Why it refuses. */
type WeightMapCode = 'INDEX_JSON' | 'INDEX_PATH';

export const WEIGHT_MAP_NAME = 'model.safetensors.index.json';
/** The name of a checkpoint's one file where it has no index. */
export const SINGLE_FILE_NAME = 'model.safetensors';

const MAX_TEXT = 20_000_000;
const MAX_TENSORS = 100_000;
const MAX_FILES = 1_000;

/** Files by the names of their tensors, in the order of the index. */
export function parseWeightMap(text: string): Parsed<ReadonlyMap<string, string>, WeightMapCode> {
  const json = readObject(text, { code: 'INDEX_JSON', what: WEIGHT_MAP_NAME, longest: MAX_TEXT });
  if (!json.ok) return json;
  const map = json.value.weight_map;
  const entries = isObject(map) ? Object.entries(map) : [];
  if (entries.length === 0 || entries.length > MAX_TENSORS)
    return refuse('INDEX_JSON', `${WEIGHT_MAP_NAME} holds no weight_map.`);
  const files = new Map<string, string>();
  for (const [tensor, file] of entries) {
    if (!isPath(file) || file.includes('/') || !file.endsWith('.safetensors'))
      return refuse('INDEX_PATH', 'The index must name a .safetensors file in the same folder.', tensor);
    files.set(tensor, file);
  }
  return new Set(files.values()).size > MAX_FILES
    ? refuse('INDEX_JSON', `${WEIGHT_MAP_NAME} names more than ${MAX_FILES} files.`)
    : ok(files);
}

/** The text of an index. */
export function formatWeightMap(files: ReadonlyMap<string, string>, totalBytes: number): string {
  const content = { metadata: { total_size: totalBytes }, weight_map: Object.fromEntries(files) };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
