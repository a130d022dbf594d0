/**
 * A model as this device knows it: which files it has, whence, for which library. Made from a hub, or from a folder
 * that `duomem convert` wrote, which is checked before any of its weights are fetched.
 */

import { asFields } from '../../base/json-fields.ts';
import { readJson } from '../../base/read-json.ts';
import { ok, type Parsed, type Result, refuse } from '../../base/result.ts';
import { Sha256 } from '../../base/sha256.ts';
import { MANIFEST_NAME, type Manifest, type ManifestFile, parseManifest } from '../manifest.ts';
import {
  CONTEXT_LIMIT,
  findLibrary,
  gpuMemoryMB,
  type Library,
  type LibraryShape,
  MODELS,
  sameShape,
  type Thinking,
} from '../registry.ts';
import { parseTensorCache } from '../tensor-cache.ts';
import { CHAT_CONFIG, isRead, LIBRARY_NAME, TENSOR_CACHE } from './addresses.ts';
import { type DownloadFile, plannedBytes } from './plan.ts';
import type { StoredFile } from './store.ts';

export type ModelOrigin =
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'folder'; readonly name: string };

export interface ModelEntry {
  readonly id: string;
  readonly title: string;
  readonly origin: ModelOrigin;
  readonly shape: LibraryShape;
  readonly quantization: string;
  readonly contextLimit: number;
  readonly gpuMemoryMB: number;
  readonly thinking: Thinking;
  /** Digest of the weights: the manifest's, or the hub's commit. */
  readonly weights: string;
  /** The library among them. */
  readonly files: readonly DownloadFile[];
  /** What runs it; web-llm where it isn't given. */
  readonly runtime?: 'kernels';
  /** What was made of its files on this device, each for another strength of the adapter. */
  readonly merged?: readonly MergedFile[];
}

/** A file of merged weights (merged-file.ts). */
export interface MergedFile {
  readonly name: string;
  readonly bytes: number;
  /** Of the adapter: 1 as it was trained, 0 for the base alone. */
  readonly strength: number;
  /** SHA-256 of the adapter's files; empty for the base alone. */
  readonly adapter: string;
}

/** All that is kept of a model. */
export function keptFiles({
  files,
  merged = [],
}: Pick<ModelEntry, 'files' | 'merged'>): readonly StoredFile[] {
  return [...files, ...merged];
}

interface ChatShape {
  readonly shape: LibraryShape;
  readonly quantization: string;
  readonly contextWindow: number;
}

/** Reads a folder's files by name: of a host, or of a folder that the user picked. */
export interface FolderReader {
  readonly origin: ModelOrigin;
  text(name: string, maxBytes: number): Promise<Result<string>>;
  /** The address under which a download finds the file. */
  url(name: string): string;
}

/** What the library costs to plan is asked for only where the folder has none. */
type PlanLibrary = (library: Library) => Promise<Result<DownloadFile>>;

const TEXT_BYTES = 4_000_000;
/** Beside the weights. */
const NEEDED = [CHAT_CONFIG, TENSOR_CACHE, 'tokenizer.json'];

/**
 * Checks a folder and says what is to be fetched. Codes: those of parseManifest, MODEL_KIND (weights of another kind),
 * MODEL_FILES (a file that web-llm needs is missing, or the lists differ), MODEL_SHAPE, LIBRARY_UNKNOWN, and those of
 * reading.
 */
export async function entryOfFolder(folder: FolderReader, plan: PlanLibrary): Promise<Result<ModelEntry>> {
  const text = await folder.text(MANIFEST_NAME, TEXT_BYTES);
  if (!text.ok) {
    return text.error.code === 'FILE_MISSING'
      ? refuse(
          'MODEL_FILES',
          'There is no manifest.json: only folders whose files can be verified are used. `duomem convert` writes one.',
        )
      : text;
  }
  const manifest = parseManifest(text.value);
  if (!manifest.ok) return manifest;
  const { kind, model, files: listed } = manifest.value;
  if (kind !== 'mlc') {
    return refuse('MODEL_KIND', "These weights aren't in MLC's format: `duomem convert` makes them so.");
  }
  const config = await folder.text(CHAT_CONFIG, TEXT_BYTES);
  if (!config.ok) return config;
  const chat = parseChatShape(config.value);
  if (!chat.ok) return chat;
  const cache = await folder.text(TENSOR_CACHE, TEXT_BYTES);
  if (!cache.ok) return cache;
  const complete = checkFiles(manifest.value, cache.value);
  if (!complete.ok) return complete;

  const fetched = ({ path, bytes, sha256 }: ManifestFile, name = path): DownloadFile => ({
    name,
    bytes,
    digest: { algorithm: 'sha256', hex: sha256 },
    url: folder.url(path),
  });
  const files = listed.filter(({ path }) => isRead(path)).map((file) => fetched(file));
  const known = findLibrary(chat.value.shape, chat.value.quantization);
  const [brought, another] = listed.filter(({ path }) => path.endsWith('.wasm'));
  if (brought !== undefined && another === undefined) {
    files.push(fetched(brought, LIBRARY_NAME));
  } else {
    if (known === undefined) return noLibrary(chat.value);
    const planned = await plan(known);
    if (!planned.ok) return planned;
    files.push(planned.value);
  }
  const weights = digestOf(files.filter(({ name }) => name !== LIBRARY_NAME));
  const id = `own-${weights.slice(0, 12)}`;
  return ok(entry({ id, title: model, origin: folder.origin, weights, files }, chat.value, known?.thinking));
}

/** A model of a hub, once its list of files and its configuration are known. Codes: MODEL_FILES, MODEL_SHAPE, LIBRARY_UNKNOWN. */
export async function entryOfHub(
  repository: string,
  revision: string,
  listed: readonly DownloadFile[],
  config: string,
  plan: PlanLibrary,
  id?: string,
): Promise<Result<ModelEntry>> {
  for (const name of NEEDED) if (listed.every((file) => file.name !== name)) return lacks(name);
  if (listed.every(({ name }) => !name.startsWith('params_shard_'))) return lacks('params_shard_0.bin');
  const chat = parseChatShape(config);
  if (!chat.ok) return chat;
  const known = findLibrary(chat.value.shape, chat.value.quantization);
  if (known === undefined) return noLibrary(chat.value);
  const planned = await plan(known);
  if (!planned.ok) return planned;
  const about = {
    id: id ?? `hub-${revision.slice(0, 12)}`,
    title: repository.split('/')[1] ?? repository,
    origin: { kind: 'hub', repository, revision },
    weights: revision,
    files: [...listed, planned.value],
  } as const;
  return ok(entry(about, chat.value, known.thinking));
}

function entry(
  about: Pick<ModelEntry, 'id' | 'title' | 'origin' | 'weights' | 'files'>,
  { shape, quantization, contextWindow }: ChatShape,
  thinking: Thinking = 'never',
): ModelEntry {
  const registered = MODELS.find((one) => one.quantization === quantization && sameShape(one.shape, shape));
  const contextLimit = Math.min(registered?.contextLimit ?? CONTEXT_LIMIT, contextWindow);
  return {
    ...about,
    shape,
    quantization,
    contextLimit,
    gpuMemoryMB:
      registered?.gpuMemoryMB ?? gpuMemoryMB(shape, quantization, plannedBytes(about.files), contextLimit),
    thinking,
  };
}

/** Every shard of the list of tensors must be announced with its size, and so must the tokenizer. */
function checkFiles({ files }: Manifest, tensorCache: string): Result<true> {
  for (const name of NEEDED) if (files.every(({ path }) => path !== name)) return lacks(name);
  const cache = parseTensorCache(tensorCache);
  if (!cache.ok) return cache;
  for (const { dataPath, nbytes } of cache.value.shards) {
    const listed = files.find(({ path }) => path === dataPath);
    if (listed === undefined || !isRead(dataPath)) return lacks(dataPath);
    if (listed.bytes !== nbytes) {
      return refuse('MODEL_FILES', 'manifest.json and tensor-cache.json disagree on its size.', dataPath);
    }
  }
  return ok(true);
}

function lacks(name: string) {
  return refuse('MODEL_FILES', 'The folder lacks a file that the model needs.', name);
}

function noLibrary({ quantization }: ChatShape) {
  return refuse(
    'LIBRARY_UNKNOWN',
    `No compiled library is known for a model of this shape in ${quantization}; put the one you compiled (.wasm) into the folder before its manifest is written.`,
  );
}

/** What mlc-chat-config.json says of the architecture. Codes: MODEL_SHAPE, MODEL_KIND. */
function parseChatShape(text: string): Parsed<ChatShape, 'MODEL_SHAPE' | 'MODEL_KIND'> {
  const json = readJson(text, { code: 'MODEL_SHAPE', what: 'It', longest: 10_000_000, place: CHAT_CONFIG });
  if (!json.ok) return json;
  const fields = asFields(json.value);
  if (fields.model_type !== 'qwen3') {
    return refuse(
      'MODEL_KIND',
      `The architecture is ${String(fields.model_type)}, and only qwen3 is known here.`,
    );
  }
  const model = asFields(fields.model_config);
  const numbers = {
    hiddenSize: model.hidden_size,
    layers: model.num_hidden_layers,
    heads: model.num_attention_heads,
    kvHeads: model.num_key_value_heads,
    headDim: model.head_dim,
    intermediateSize: model.intermediate_size,
    vocabulary: fields.vocab_size ?? model.vocab_size,
    ropeTheta: model.rope_theta,
    contextWindow: fields.context_window_size ?? model.context_window_size,
  };
  for (const [key, value] of Object.entries(numbers)) {
    if (typeof value !== 'number' || !(value > 0 && value < 2 ** 31)) {
      return refuse('MODEL_SHAPE', `${CHAT_CONFIG} doesn't say what the model is like.`, key);
    }
  }
  const { contextWindow, ...shape } = numbers as Record<keyof typeof numbers, number>;
  const { quantization } = fields;
  if (typeof quantization !== 'string' || !/^\w{1,20}$/.test(quantization)) {
    return refuse('MODEL_SHAPE', `${CHAT_CONFIG} names no quantisation.`, 'quantization');
  }
  return ok({ shape: { ...shape, tied: model.tie_word_embeddings === true }, quantization, contextWindow });
}

/** One digest of all files, whatever their order. */
function digestOf(files: readonly DownloadFile[]): string {
  const hash = new Sha256();
  const lines = files.map(({ name, digest }) => `${digest.hex} ${name}\n`).sort();
  for (const line of lines) hash.update(new TextEncoder().encode(line));
  return hash.digest();
}
