/**
 * Files of weights on disk, read for what they say about themselves: texts of bounded size and the headers of
 * safetensors files. The numbers are read later, block by block (convert-block.ts).
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, placedIn, type Result, refuse } from '../../base/result.ts';
import { describeForeign, FOREIGN_BYTES } from '../../weights/foreign-file.ts';
import { MAX_GGUF_HEADER, parseGgufHeader } from '../../weights/gguf/header.ts';
import { type GgufModel, ggufModel } from '../../weights/gguf/model.ts';
import { ggufTokenizer } from '../../weights/gguf/tokenizer.ts';
import { parseSafetensorsHeader, type SafetensorsHeader } from '../../weights/safetensors.ts';
import { explainMissing } from './missing-weights.ts';
import { openPlain, readPlain } from './plain-file.ts';
import { unreadable } from './read-failure.ts';

/** config.json has 2 kB, an index 100 kB, tokenizer.json of Qwen3 11 MB. */
const MAX_TEXT = 100_000_000;
/** More than any header that {@link parseSafetensorsHeader} believes. */
const MAX_HEADER = 10_000_000;

/** A file as it was when it was looked at; another one when any of these has changed. */
export interface FileState {
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
}

export interface WeightFile extends FileState {
  readonly header: SafetensorsHeader;
}

/** A text of a folder; undefined where it isn't there. Codes: FILE_UNREADABLE, FILE_TOO_LARGE, FILE_NOT_TEXT, FILE_FOREIGN. */
export async function readOptionalText(folder: string, name: string): Promise<Result<string | undefined>> {
  const path = join(folder, name);
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_TEXT) return refuse('FILE_TOO_LARGE', `The file is larger than ${MAX_TEXT} bytes.`, path);
    bytes = await readPlain(path, MAX_TEXT);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(undefined);
    return unreadable(error, path);
  }
  const foreign = describeForeign(bytes);
  if (foreign !== undefined) return refuse('FILE_FOREIGN', foreign, path);
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return refuse('FILE_NOT_TEXT', "The file isn't UTF-8 text.", path);
  }
}

/** A text of a folder that must be there. Codes: those of {@link readOptionalText}. */
export async function readText(folder: string, name: string): Promise<Result<string>> {
  const text = await readOptionalText(folder, name);
  if (!text.ok) return text;
  if (text.value !== undefined) return ok(text.value);
  const message = "The file can't be read: no such file or folder.";
  return explainMissing(folder, name, refuse('FILE_UNREADABLE', message, join(folder, name)));
}

/** A text of a folder, parsed. Codes: those of {@link readOptionalText} and of the parser. */
export async function readParsedText<T>(
  folder: string,
  name: string,
  parse: (text: string) => Result<T>,
): Promise<Result<T>> {
  const text = await readText(folder, name);
  return text.ok ? placedIn(join(folder, name), parse(text.value)) : text;
}

/**
 * The header of a folder's safetensors file.
 * Codes: FILE_UNREADABLE, FILE_FOREIGN (the folder has another kind of file), those of {@link parseSafetensorsHeader}.
 */
export async function openWeightFile(folder: string, name: string): Promise<Result<WeightFile>> {
  return explainMissing(folder, name, await openFile(join(folder, name)));
}

async function openFile(path: string): Promise<Result<WeightFile>> {
  try {
    const file = await openPlain(path);
    try {
      const { size, mtimeMs } = await file.stat();
      const start = Buffer.alloc(8);
      const { bytesRead } = await file.read(start, 0, 8, 0);
      const declared = bytesRead < 8 ? 0n : start.readBigUInt64LE();
      const believed = declared > BigInt(MAX_HEADER) ? 0 : 8 + Number(declared);
      const length = Math.min(size, Math.max(FOREIGN_BYTES, believed));
      const bytes = Buffer.alloc(length);
      await file.read(bytes, 0, length, 0);
      const header = parseSafetensorsHeader(bytes, size);
      return header.ok
        ? ok({ path, bytes: size, modified: mtimeMs, header: header.value })
        : placedIn(path, header);
    } finally {
      await file.close();
    }
  } catch (error) {
    return unreadable(error, path);
  }
}

/** Whether a path names a GGUF file; systems that write names in capitals do so with the ending too. */
export function isGgufPath(path: string): boolean {
  return /\.gguf$/i.test(path);
}

interface GgufFile {
  readonly state: FileState;
  readonly model: GgufModel;
  /** The tokenizer's files, by name. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What a GGUF file says about itself. Codes: FILE_UNREADABLE, those of parseGgufHeader, ggufModel and ggufTokenizer. */
export async function openGgufFile(path: string): Promise<Result<GgufFile>> {
  let start: Buffer;
  let state: FileState;
  try {
    const file = await openPlain(path);
    try {
      const { size, mtimeMs } = await file.stat();
      state = { path, bytes: size, modified: mtimeMs };
      start = Buffer.alloc(Math.min(size, MAX_GGUF_HEADER));
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      start = start.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    return unreadable(error, path);
  }
  const header = parseGgufHeader(start, state.bytes);
  if (!header.ok) return placedIn(path, header);
  const model = placedIn(path, ggufModel(header.value));
  if (!model.ok) return model;
  const texts = placedIn(path, ggufTokenizer(header.value));
  return texts.ok ? ok({ state, model: model.value, texts: texts.value }) : texts;
}
