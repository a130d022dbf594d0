/**
 * manifest.json: what a folder of weights holds, with the size and SHA-256 of every file, so that whoever downloads or
 * copies it can tell each byte that isn't the converter's. Written by `duomem convert` and `duomem merge`, read by
 * `duomem verify` and by the page, where it may come from a stranger: size, number of files, names and totals are
 * bounded, and a name can't lead out of the folder.
 *
 * The manifest vouches for itself too: `digest` is the SHA-256 of its own bytes with the 64 digits of `digest` set to
 * zero. That finds damage. It proves no origin: who wants that compares `digest` with one from a source they trust.
 */

import { asFields, isCount } from '../base/json-fields.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { sha256Hex } from '../base/sha256.ts';

/** Why it refuses. */
type ManifestCode =
  | 'MANIFEST_DIGEST'
  | 'MANIFEST_JSON'
  | 'MANIFEST_PATH'
  | 'MANIFEST_TOO_LARGE'
  | 'MANIFEST_VALUE'
  | 'MANIFEST_VERSION';

export const MANIFEST_NAME = 'manifest.json';

/** What runs the weights: MLC's runtime (web-llm), or anything that reads a Hugging Face folder. */
export type WeightsKind = 'mlc' | 'huggingface';

/** MLC's names of how matrices are stored, for a Hugging Face folder the type of its tensors. */
export const QUANTIZATIONS = {
  mlc: ['q4f16_1', 'q4f32_1', 'q0f16', 'q0f32'],
  huggingface: ['bf16', 'f16', 'f32'],
} as const;
export type MlcQuantization = (typeof QUANTIZATIONS.mlc)[number];
export type StoredType = (typeof QUANTIZATIONS.huggingface)[number];

export interface ManifestFile {
  /** Relative to the folder, segments parted by `/`. */
  readonly path: string;
  readonly bytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

export interface Manifest {
  readonly kind: WeightsKind;
  /** A name for people and for storage keys: letters, digits, `.`, `_`, `-`. */
  readonly model: string;
  /** config.json's model_type. */
  readonly architecture: string;
  readonly quantization: MlcQuantization | StoredType;
  /** Of the model (tied embeddings once), and of the adapter that was merged in (0: none). */
  readonly parameters: { readonly model: number; readonly adapter: number };
  /** Every file of the folder but manifest.json, sorted by path (code points). */
  readonly files: readonly ManifestFile[];
}

/** The largest of each that is believed. The manifest of a 4B model has some 100 files and 15 KB. */
export const MANIFEST_LIMITS = {
  textBytes: 2_000_000,
  files: 10_000,
  pathLength: 200,
  fileBytes: 2 ** 38,
  totalBytes: 2 ** 40,
  parameters: 2 ** 42,
} as const;

const FORMAT = 'duomem-weights';
const VERSION = 1;
const UNSIGNED = '0'.repeat(64);
const HEX = /^[0-9a-f]{64}$/;
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;
const WORD = /^[a-z0-9_]{1,40}$/;
/** No segment begins with a dot, ends with one, or is empty: neither `..` nor hidden files nor what Windows renames. */
const PATH =
  /^(?:[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?)(?:\/[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?)*$/;

/** Bytes of all files together, without the manifest's own. */
export function totalBytes(manifest: Manifest): number {
  return manifest.files.reduce((sum, file) => sum + file.bytes, 0);
}

/** The text of manifest.json, the same for the same content. */
export function formatManifest(manifest: Manifest): string {
  const { kind, model, architecture, quantization, parameters, files } = manifest;
  const sorted = [...files]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
  const content = {
    format: FORMAT,
    version: VERSION,
    kind,
    model,
    architecture,
    quantization,
    parameters: { model: parameters.model, adapter: parameters.adapter },
    files: sorted,
    digest: UNSIGNED,
  };
  const unsigned = `${JSON.stringify(content, undefined, 1)}\n`;
  const at = unsigned.lastIndexOf(UNSIGNED);
  const digest = sha256Hex(new TextEncoder().encode(unsigned));
  return unsigned.slice(0, at) + digest + unsigned.slice(at + UNSIGNED.length);
}

/**
 * Reads manifest.json. Fields that it doesn't know are allowed, and covered by the digest.
 * Codes: MANIFEST_TOO_LARGE, MANIFEST_JSON, MANIFEST_VERSION (written by a later duomem), MANIFEST_VALUE,
 * MANIFEST_PATH, MANIFEST_DIGEST (it was changed after it was written). The place is a key such as `files[3].path`.
 */
export function parseManifest(text: string): Parsed<Manifest, ManifestCode> {
  if (text.length > MANIFEST_LIMITS.textBytes)
    return refuse('MANIFEST_TOO_LARGE', `manifest.json is larger than ${MANIFEST_LIMITS.textBytes} bytes.`);
  const longest = MANIFEST_LIMITS.textBytes;
  const json = readObject(text, { code: 'MANIFEST_JSON', what: 'manifest.json', longest });
  if (!json.ok) return json;
  const fields = json.value;
  if (fields.format !== FORMAT)
    return refuse('MANIFEST_VALUE', `manifest.json isn't a manifest of weights (${FORMAT}).`, 'format');
  if (fields.version !== VERSION)
    return refuse('MANIFEST_VERSION', `Only version ${VERSION} of manifest.json can be read.`, 'version');
  const { digest, kind, model, architecture, quantization, parameters } = fields;
  if (!isWordOf(Object.keys(QUANTIZATIONS), kind))
    return refuse('MANIFEST_VALUE', 'kind must be mlc or huggingface.', 'kind');
  const words = QUANTIZATIONS[kind as WeightsKind];
  if (!isWordOf(words, quantization))
    return refuse('MANIFEST_VALUE', `quantization must be one of ${words.join(', ')}.`, 'quantization');
  if (typeof model !== 'string' || !MODEL.test(model))
    return refuse('MANIFEST_VALUE', 'model must be a name of letters, digits, dots and dashes.', 'model');
  if (typeof architecture !== 'string' || !WORD.test(architecture))
    return refuse('MANIFEST_VALUE', 'architecture must be a word such as qwen3.', 'architecture');
  const counts = asFields(parameters);
  for (const key of ['model', 'adapter'])
    if (!isCount(counts[key], MANIFEST_LIMITS.parameters))
      return refuse('MANIFEST_VALUE', 'Parameters must be counted in whole numbers.', `parameters.${key}`);
  const files = parseFiles(fields.files);
  if (!files.ok) return files;
  const own = typeof digest === 'string' && HEX.test(digest) ? digestOf(text, digest) : undefined;
  if (own === undefined || own !== digest)
    return refuse('MANIFEST_DIGEST', 'manifest.json was changed or damaged after it was written.', 'digest');
  return ok({
    kind: kind as WeightsKind,
    model,
    architecture,
    quantization: quantization as Manifest['quantization'],
    parameters: { model: counts.model as number, adapter: counts.adapter as number },
    files: files.value,
  });
}

function parseFiles(value: unknown): Parsed<readonly ManifestFile[], ManifestCode> {
  if (!Array.isArray(value) || value.length === 0 || value.length > MANIFEST_LIMITS.files)
    return refuse('MANIFEST_VALUE', `files must list 1 to ${MANIFEST_LIMITS.files} files.`, 'files');
  const files: ManifestFile[] = [];
  const names = new Set([MANIFEST_NAME]);
  let total = 0;
  for (const [i, entry] of (value as unknown[]).entries()) {
    const { path, bytes, sha256 } = asFields(entry);
    if (!isPath(path))
      return refuse(
        'MANIFEST_PATH',
        'A file must be named by a plain path within the folder.',
        `files[${i}].path`,
      );
    // Two names that differ in case only are one file on some disks.
    if (names.has(path.toLowerCase()))
      return refuse('MANIFEST_PATH', `The file ${path} must be listed once.`, `files[${i}].path`);
    if (!isCount(bytes, MANIFEST_LIMITS.fileBytes))
      return refuse('MANIFEST_VALUE', `The size of ${path} must be a whole number.`, `files[${i}].bytes`);
    if (typeof sha256 !== 'string' || !HEX.test(sha256))
      return refuse('MANIFEST_VALUE', `The SHA-256 of ${path} must be 64 digits.`, `files[${i}].sha256`);
    total += bytes;
    names.add(path.toLowerCase());
    files.push({ path, bytes, sha256 });
  }
  return total > MANIFEST_LIMITS.totalBytes
    ? refuse('MANIFEST_VALUE', 'The files are larger in all than any model that is known.', 'files')
    : ok(files);
}

/** Whether a name may stand in a manifest: plain segments that stay within the folder. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MANIFEST_LIMITS.pathLength && PATH.test(value);
}

function isWordOf(words: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && words.includes(value);
}

/** SHA-256 of the text with its digest, which must stand in it as the last such digits, set to zero. */
function digestOf(text: string, digest: string): string | undefined {
  const at = text.lastIndexOf(`"${digest}"`);
  if (at === -1) return undefined;
  const unsigned = text.slice(0, at + 1) + UNSIGNED + text.slice(at + 65);
  return sha256Hex(new TextEncoder().encode(unsigned));
}
