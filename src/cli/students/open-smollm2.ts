/** SmolLM2 from the base that `duomem fetch smollm2` brought, with an adapter from a folder merged in, or without one. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, placedIn, type Result, refuse } from '../../base/result.ts';
import { createKernelRuntime } from '../../students/pocket/kernel-runtime.ts';
import { turnOfTheLoop } from '../../students/pocket/onnx-node.ts';
import { SMOLLM2_FILE } from '../../students/smollm2/base.ts';
import { openSmolLm2, packedWeights } from '../../students/smollm2/open.ts';
import type { Clock, Student } from '../../students/student.ts';
import { parseAdapterConfig } from '../../weights/adapter-config.ts';
import { bytesSource } from '../../weights/byte-source.ts';
import { type LoadedAdapter, openGguf } from '../../weights/gguf/merged.ts';
import { tensorShapes } from '../../weights/qwen3.ts';
import { Safetensors } from '../../weights/safetensors.ts';
import { unreadable } from '../files/read-failure.ts';

/** Where the base lies, and the adapter that ships. */
export const SMOLLM2_FOLDER = fileURLToPath(new URL('../../../models/smollm2', import.meta.url));
export const SMOLLM2_BASE = join(SMOLLM2_FOLDER, SMOLLM2_FILE.name);

/**
 * @param adapter folder of an adapter; the one that ships where it isn't given, none for the base alone
 * @param strength from 0, the base, to 1, the adapter as it was trained
 * Codes: BASE_MISSING, BASE_DIFFERS, FILE_UNREADABLE, and those of adapters, GGUF files and openSmolLm2.
 */
export async function openSmolLm2Student(
  adapter: string | undefined | 'none',
  strength: number,
  clock: Clock,
): Promise<Result<Student>> {
  const base = await readBase();
  if (!base.ok) return base;
  const loaded = adapter === 'none' ? ok(undefined) : await readAdapterFolder(adapter, strength);
  if (!loaded.ok) return loaded;
  const opened = await openGguf(bytesSource(base.value));
  const merged = opened.ok ? opened.value.merged(loaded.value?.adapter) : opened;
  if (!opened.ok || !merged.ok) return merged as Result<never>;
  const weights = packedWeights(merged.value);
  const student = await openSmolLm2({
    ...opened.value,
    weights,
    adapter: loaded.value && { sha256: loaded.value.sha256, strength },
    load: (config, kept) => createKernelRuntime(config, kept, { breathe: turnOfTheLoop }),
    clock,
  });
  return weights.refused() ?? (student.ok ? ok(student.value.student) : student);
}

/** The base, its digest checked. Codes: BASE_MISSING, BASE_DIFFERS, FILE_UNREADABLE. */
async function readBase(): Promise<Result<Uint8Array>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(SMOLLM2_BASE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return refuse(
        'BASE_MISSING',
        "SmolLM2 isn't here yet; `npm run -s duomem -- fetch smollm2` brings it (98 MB).",
        SMOLLM2_BASE,
      );
    return unreadable(error, SMOLLM2_BASE);
  }
  return createHash('sha256').update(bytes).digest('hex') === SMOLLM2_FILE.digest.hex
    ? ok(bytes)
    : refuse(
        'BASE_DIFFERS',
        "The file isn't the one that the adapter was trained on: delete it, and run `npm run -s duomem -- fetch smollm2`.",
        SMOLLM2_BASE,
      );
}

interface ReadAdapter {
  readonly adapter: LoadedAdapter;
  /** Of its two files. */
  readonly sha256: string;
}

/** An adapter from a folder, otherwise the one that ships. Codes: FILE_UNREADABLE, and those of adapters. */
export async function readAdapterFolder(
  folder: string | undefined,
  strength: number,
): Promise<Result<ReadAdapter>> {
  const root = resolve(folder ?? join(SMOLLM2_FOLDER, 'adapter'));
  const bytes: Uint8Array[] = [];
  for (const name of ['adapter_config.json', 'adapter_model.safetensors']) {
    try {
      bytes.push(await readFile(join(root, name)));
    } catch (error) {
      return unreadable(error, join(root, name));
    }
  }
  const [text, tensors] = bytes as [Uint8Array, Uint8Array];
  const sha256 = createHash('sha256').update(text).update(tensors).digest('hex');
  const config = placedIn(
    join(root, 'adapter_config.json'),
    parseAdapterConfig(new TextDecoder().decode(text)),
  );
  if (!config.ok) return config;
  const file = placedIn(join(root, 'adapter_model.safetensors'), Safetensors.parse(tensors));
  return file.ok ? ok({ adapter: { config: config.value, file: file.value, strength }, sha256 }) : file;
}

/**
 * Parameters of base and adapter, and the bytes of their files.
 * @param folder of an adapter. Codes: FILE_UNREADABLE, those of adapters and of GGUF files.
 */
export async function smolLm2Size(
  folder: string | undefined,
): Promise<Result<{ readonly parameters: number; readonly weightBytes: number }>> {
  const base = await readBase();
  if (!base.ok) return base;
  const opened = await openGguf(bytesSource(base.value));
  if (!opened.ok) return opened;
  const read = await readAdapterFolder(folder, 1);
  if (!read.ok) return read;
  const { header } = read.value.adapter.file;
  let parameters = 0;
  let weightBytes: number = SMOLLM2_FILE.bytes;
  for (const shape of tensorShapes(opened.value.config).values()) parameters += product(shape);
  for (const { shape, begin, end } of header.tensors.values()) {
    parameters += product(shape);
    weightBytes += end - begin;
  }
  return ok({ parameters, weightBytes });
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
