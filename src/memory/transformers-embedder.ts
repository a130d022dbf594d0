/**
 * Sentence encoders through the feature-extraction pipeline of @huggingface/transformers: the small one that this
 * project trained and ships (models/embedder), or any sentence-transformers model of the hub on request. The only file
 * of this folder that knows the library.
 *
 * Texts are embedded one at a time: in a batch the padding would change the last digits, and then a vector would depend
 * on its neighbours. On the CPU (ONNX Runtime in Node, WASM in a page), where a short sentence takes a
 * millisecond; a GPU would round differently and gain nothing.
 */
import { Once } from '../base/once.ts';
import { readJson } from '../base/read-json.ts';
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { within } from '../base/within.ts';
import { checkIdentity } from './bank-file.ts';
import type { Embedder, EmbedderIdentity } from './embedder.ts';

/** Absolute URLs of ONNX Runtime's own files. */
interface WasmPaths {
  readonly mjs: string;
  readonly wasm: string;
}

interface ShippedEmbedderOptions {
  /** Where the model lies: an absolute path in Node, an absolute URL in a page. */
  readonly folder: string;
  /** Reads a text file of that folder, `embedder.json`. */
  readonly readText: (path: string) => Promise<string>;
  /** Where a page has ONNX Runtime's WASM files; not used in Node. */
  readonly wasmPaths?: WasmPaths;
}

interface HubEmbedderOptions {
  /** `owner/name` of a model with ONNX weights, mean pooling as sentence-transformers does it. */
  readonly model: string;
  /** A branch, tag or commit; part of the identity, so a commit is best. */
  readonly revision?: string;
  readonly dtype?: 'fp32' | 'fp16' | 'q8';
  readonly wasmPaths?: WasmPaths;
}

/**
 * Reads who the embedder that ships is. The model itself, half a second in a page, is opened by the first `embed`: to look
 * through memories takes its identity alone. Codes: EMBEDDER_MISSING, BANK_HEADER (its manifest).
 */
export async function loadShippedEmbedder(options: ShippedEmbedderOptions): Promise<Result<Embedder>> {
  const folder = options.folder.replace(/\/$/, '');
  const place = `${folder}/embedder.json`;
  let text: string;
  try {
    text = await options.readText(place);
  } catch (error) {
    return refuse('EMBEDDER_MISSING', `The embedding model can't be read: ${messageOf(error)}`, place);
  }
  const manifest = readJson(text, {
    code: 'EMBEDDER_MISSING',
    what: "The embedding model's manifest",
    longest: 100_000,
    place,
  });
  if (!manifest.ok) return manifest;
  const identity = checkIdentity(manifest.value, place);
  if (!identity.ok) return identity;
  const pipeline = new Once(() =>
    loadPipeline(folder, { local_files_only: true, dtype: 'fp32' }, options.wasmPaths),
  );
  return ok(embedderOn(() => pipeline.get(), identity.value));
}

/** Loads a model from the hub: a request to another host, so only when the user asks for it. Code EMBEDDER_FAILED. */
export async function loadHubEmbedder(options: HubEmbedderOptions): Promise<Result<Embedder>> {
  const { model, revision = 'main', dtype = 'q8' } = options;
  const extract = await loadPipeline(model, { revision, dtype }, options.wasmPaths);
  if (!extract.ok) return extract;
  // The dimension is that of a vector.
  const probe = await embedOne(extract.value, 'a');
  if (!probe.ok) return probe;
  const identity = { name: model, hash: `${revision}/${dtype}`, dimension: probe.value.length };
  return ok(embedderOn(async () => extract, identity));
}

/** Milliseconds for a few megabytes: the library fetches them itself, and has no limit for a host that stands still. */
const LOADING_PATIENCE = 300_000;

/** The pipeline as it is used here. */
type Extract = (text: string) => Promise<Float32Array>;

interface LoadOptions {
  readonly dtype: 'fp32' | 'fp16' | 'q8';
  readonly local_files_only?: boolean;
  readonly revision?: string;
}

async function loadPipeline(
  model: string,
  options: LoadOptions,
  wasmPaths?: WasmPaths,
): Promise<Result<Extract>> {
  try {
    const { env, pipeline } = await import('@huggingface/transformers');
    const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
    // The service worker and the hub's own headers are the caches.
    env.useBrowserCache = false;
    env.useWasmCache = false;
    const { wasm } = env.backends.onnx;
    if (wasm !== undefined && wasmPaths !== undefined) wasm.wasmPaths = { ...wasmPaths };
    // A page's own model is a name below a folder of its host: the library takes no address for a model, and looks
    // for local files only below a path.
    const [, folder, name] = options.local_files_only
      ? (/^https?:\/\/[^/]+(\/.*\/)([^/]+)$/.exec(model) ?? [])
      : [];
    if (folder !== undefined) {
      env.allowLocalModels = true;
      env.allowRemoteModels = false;
      env.localModelPath = folder;
    }
    const loading = pipeline('feature-extraction', name ?? model, {
      ...options,
      device: inNode ? 'cpu' : 'wasm',
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    });
    const extract = await (options.local_files_only ? within(LOADING_PATIENCE, 'it', loading) : loading);
    return ok(async (text) => {
      const tensor = await extract(text, { pooling: 'mean', normalize: true });
      return Float32Array.from(tensor.data as Float32Array);
    });
  } catch (error) {
    return refuse('EMBEDDER_FAILED', `The embedding model can't be loaded: ${messageOf(error)}`, model);
  }
}

function embedderOn(open: () => Promise<Result<Extract>>, identity: EmbedderIdentity): Embedder {
  return {
    identity,
    embed: async (texts) => {
      const extract = await open();
      if (!extract.ok) return extract;
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        const vector = await embedOne(extract.value, text);
        if (!vector.ok) return vector;
        if (vector.value.length !== identity.dimension) {
          return refuse(
            'EMBEDDER_FAILED',
            `The embedding model gave ${vector.value.length} components instead of ${identity.dimension}.`,
          );
        }
        vectors.push(vector.value);
      }
      return ok(vectors);
    },
  };
}

async function embedOne(extract: Extract, text: string): Promise<Result<Float32Array>> {
  try {
    return ok(await extract(text));
  } catch (error) {
    return refuse('EMBEDDER_FAILED', `The embedding model failed: ${messageOf(error)}`);
  }
}
