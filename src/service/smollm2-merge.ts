/**
 * Merges SmolLM2 on this device: the verified base from the browser's storage and the page's own adapter, tensor by
 * tensor, into a file that is kept, so that it is merged once. A merge that was stopped goes on where it stopped.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import { Sha256 } from '../base/sha256.ts';
import type { MergeProgress } from '../protocol/models.ts';
import { readModel, saveModel } from '../storage/models-db.ts';
import { SMOLLM2_FILE, SMOLLM2_ID } from '../students/smollm2/base.ts';
import { parseAdapterConfig } from '../weights/adapter-config.ts';
import { blobSource } from '../weights/byte-source.ts';
import { browserStore, deleteFile, keptFile } from '../weights/download/browser-store.ts';
import type { MergedFile } from '../weights/download/model-entry.ts';
import { type PartialFile, storageRefusal } from '../weights/download/store.ts';
import { type LoadedAdapter, openGguf } from '../weights/gguf/merged.ts';
import { mergedBytes, planMerge } from '../weights/merged-file.ts';
import { Safetensors } from '../weights/safetensors.ts';
import { type PageAddress, readChecked, shippedFiles } from './shipped.ts';

const FOLDER = 'models/smollm2/';

interface ShippedAdapter {
  readonly adapter: LoadedAdapter | undefined;
  readonly sha256: string;
}

/** Codes: SHIPPED_…, ADAPTER_MISSING, and those of adapters. */
async function readAdapter(page: PageAddress, strength: number): Promise<Result<ShippedAdapter>> {
  if (strength === 0) return ok({ adapter: undefined, sha256: '' });
  const shipped = await shippedFiles(page);
  if (!shipped.ok) return shipped;
  const hash = new Sha256();
  const read: Uint8Array<ArrayBuffer>[] = [];
  for (const name of ['adapter_config.json', 'adapter_model.safetensors']) {
    const file = shipped.value.find(({ path }) => path === FOLDER + name);
    if (file === undefined)
      return refuse(
        'ADAPTER_MISSING',
        'This build of the page holds no adapter for SmolLM2; strength 0 needs none.',
      );
    const bytes = await readChecked(page, file);
    if (!bytes.ok) return bytes;
    hash.update(bytes.value);
    read.push(bytes.value);
  }
  const [text, tensors] = read as [Uint8Array, Uint8Array];
  const config = parseAdapterConfig(new TextDecoder().decode(text));
  if (!config.ok) return config;
  const file = Safetensors.parse(tensors);
  return file.ok
    ? ok({ adapter: { config: config.value, file: file.value, strength }, sha256: hash.digest() })
    : file;
}

/**
 * Codes: BASE_MISSING, ADAPTER_MISSING, MERGE_STOPPED (what was merged is kept), SHIPPED_…, those of openGguf, planMerge,
 * adapters and storageRefusal.
 */
export async function mergeSmolLm2(
  page: PageAddress,
  strength: number,
  signal: AbortSignal,
  onProgress: (progress: MergeProgress) => void,
): Promise<Result<true>> {
  try {
    const kept = await readModel(SMOLLM2_ID);
    if (!kept.ok) return kept;
    const blob = await keptFile(SMOLLM2_ID, SMOLLM2_FILE.name);
    if (kept.value === undefined || blob === undefined)
      return refuse('BASE_MISSING', "SmolLM2 isn't on this device yet: download it first.");
    const read = await readAdapter(page, strength);
    if (!read.ok) return read;
    const { adapter, sha256 } = read.value;
    const base = await openGguf(blobSource(blob));
    if (!base.ok) return base;
    const weights = base.value.merged(adapter);
    if (!weights.ok) return weights;
    const origin = { base: SMOLLM2_FILE.digest.hex, adapter: sha256, strength };
    const plan = planMerge(base.value, weights.value, origin);
    if (!plan.ok) return plan;
    const { bytes } = plan.value;
    const name = `merged-${strength}${sha256 === '' ? '' : `-${sha256.slice(0, 16)}`}.safetensors`;
    const file: MergedFile = { name, bytes, strength, adapter: sha256 };
    const store = browserStore(SMOLLM2_ID);
    if (!(await store.has(file))) {
      const part = await store.open(file);
      // A part that is longer than the whole is another version's.
      if (part.length > bytes) await part.reset();
      const pieces = mergedBytes(plan.value, weights.value, part.length);
      const filled = await fill(part, pieces, bytes, signal, onProgress);
      if (!filled.ok) return filled;
    }
    const before = kept.value.merged ?? [];
    const saved = await saveModel({
      ...kept.value,
      merged: [...before.filter((one) => one.strength !== strength), file],
    });
    if (!saved.ok) return saved;
    // Another adapter's of the same strength.
    for (const one of before)
      if (one.strength === strength && one.name !== name) await deleteFile(SMOLLM2_ID, one.name);
    return ok(true);
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  }
}

async function fill(
  part: PartialFile,
  pieces: AsyncIterable<Result<Uint8Array>>,
  bytes: number,
  signal: AbortSignal,
  onProgress: (progress: MergeProgress) => void,
): Promise<Result<true>> {
  let open = true;
  try {
    for await (const piece of pieces) {
      if (signal.aborted) return refuse('MERGE_STOPPED', 'The merge was stopped; what was merged is kept.');
      if (!piece.ok) {
        await part.reset();
        return piece;
      }
      await part.append(piece.value);
      onProgress({ bytesDone: part.length, bytes });
    }
    open = false;
    await part.commit();
    return ok(true);
  } finally {
    if (open) await part.close();
  }
}
