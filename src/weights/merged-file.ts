/**
 * What a base and an adapter were merged into, as one safetensors file that the kernels load tensor by tensor: matrices in
 * panels of eight bits (panels8.ts, as U8), vectors in F32, and in its metadata the model's configuration, its tokenizer
 * and what it was made of. The same base, adapter and strength make the same bytes, so that a merge which was broken off
 * goes on where it stopped.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import type { FileBytes } from './byte-source.ts';
import { safetensorsHead } from './format-safetensors.ts';
import type { GgufBase, MergedWeights } from './gguf/merged.ts';
import {
  BLOCK_BYTES,
  type EightBitTensor,
  type EightBitWeights,
  PANEL_BLOCK,
  PANEL_ROWS,
  packPanels8,
  panelBytes,
} from './panels8.ts';
import { parseQwen3Config, type Qwen3Config, tensorShapes } from './qwen3.ts';
import { parseSafetensorsHeader, type TensorInfo } from './safetensors.ts';

/** What a merged file was made of. */
interface MergeOrigin {
  /** SHA-256 of the base's file. */
  readonly base: string;
  /** SHA-256 of the adapter's two files (adapterDigest). */
  readonly adapter: string;
  readonly strength: number;
}

interface MergePlan {
  /** The file's start, up to the first tensor. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** Tensors in their order, and the bytes of each. */
  readonly tensors: readonly { readonly name: string; readonly bytes: number }[];
  /** Of the whole file. */
  readonly bytes: number;
}

const FORMAT = 'duomem-panels8';
const TEXTS = ['tokenizer.json', 'tokenizer_config.json'] as const;
/** Of a file's start: the header's limit in safetensors.ts. */
const START_BYTES = 10_000_008;

/** Code MERGE_SHAPE: the model's matrices don't come in blocks of 32 columns. */
export function planMerge(base: GgufBase, weights: MergedWeights, origin: MergeOrigin): Result<MergePlan> {
  const metadata = table({
    format: FORMAT,
    version: '1',
    base: origin.base,
    adapter: origin.adapter,
    strength: String(origin.strength),
    'config.json': base.configText,
  });
  for (const name of TEXTS) metadata[name] = base.tokenizer.get(name) ?? '';
  const header = table<unknown>({ __metadata__: metadata });
  const tensors: { name: string; bytes: number }[] = [];
  let at = 0;
  for (const name of tensorShapes(base.config).keys()) {
    const stored = storedAs(weights.shapes.get(name) ?? []);
    if (stored === undefined)
      return refuse(
        'MERGE_SHAPE',
        "The matrices of this model have columns that aren't a multiple of 32.",
        name,
      );
    header[name] = { dtype: stored.dtype, shape: stored.shape, data_offsets: [at, at + stored.bytes] };
    tensors.push({ name, bytes: stored.bytes });
    at += stored.bytes;
  }
  const start = safetensorsHead(header);
  return ok({ header: start, tensors, bytes: start.length + at });
}

function storedAs(
  shape: readonly number[],
): { readonly dtype: 'U8' | 'F32'; readonly shape: readonly number[]; readonly bytes: number } | undefined {
  const [rows = 0, columns] = shape;
  if (columns === undefined) return { dtype: 'F32', shape, bytes: 4 * rows };
  if (columns % PANEL_BLOCK !== 0) return undefined;
  const panels = [Math.ceil(rows / PANEL_ROWS), columns / PANEL_BLOCK, BLOCK_BYTES];
  return { dtype: 'U8', shape: panels, bytes: panelBytes(rows, columns) };
}

/**
 * The file's bytes in pieces, from a place in it on.
 * Yields a refusal as its last where a tensor can't be used: codes of MergedWeights.tensor.
 */
export async function* mergedBytes(
  { header, tensors }: MergePlan,
  weights: MergedWeights,
  from: number,
): AsyncGenerator<Result<Uint8Array<ArrayBuffer>>> {
  let at = header.length;
  if (from < at) yield ok(header.subarray(from));
  for (const { name, bytes } of tensors) {
    const skipped = Math.max(0, from - at);
    at += bytes;
    if (skipped >= bytes) continue;
    const packed = await packedTensor(weights, name);
    if (!packed.ok) {
      yield packed;
      return;
    }
    yield ok(bytesOf(packed.value).subarray(skipped));
  }
}

function bytesOf(tensor: EightBitTensor): Uint8Array<ArrayBuffer> {
  if ('panels' in tensor) return tensor.panels;
  const { buffer, byteOffset, byteLength } = tensor.data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A tensor as the kernels take it. Codes of MergedWeights.tensor. */
export async function packedTensor(weights: MergedWeights, name: string): Promise<Result<EightBitTensor>> {
  const tensor = await weights.tensor(name);
  if (!tensor.ok) return tensor;
  const { shape, data } = tensor.value;
  const [, columns] = shape;
  return ok(columns === undefined ? { data } : { panels: packPanels8(data, columns) });
}

interface MergedModel {
  readonly config: Qwen3Config;
  /** tokenizer.json and tokenizer_config.json. */
  readonly tokenizer: ReadonlyMap<string, string>;
  readonly weights: EightBitWeights;
}

/**
 * A merged file. Codes: those of parseSafetensorsHeader and parseQwen3Config, MERGE_FORMAT (another kind of file, or one
 * whose tensors don't fit its configuration).
 */
export async function openMerged(file: FileBytes): Promise<Result<MergedModel>> {
  const header = parseSafetensorsHeader(await file.read(0, Math.min(file.length, START_BYTES)), file.length);
  if (!header.ok) return header;
  const { metadata, tensors } = header.value;
  if (metadata.get('format') !== FORMAT || metadata.get('version') !== '1')
    return refuse('MERGE_FORMAT', "This version can't read this file as merged weights.");
  const config = parseQwen3Config(metadata.get('config.json') ?? '');
  if (!config.ok) return config;
  for (const [name, shape] of tensorShapes(config.value)) {
    const wanted = storedAs(shape);
    const found = tensors.get(name);
    if (wanted === undefined || found?.dtype !== wanted.dtype || found.shape.join() !== wanted.shape.join())
      return refuse('MERGE_FORMAT', "The tensor isn't stored as its configuration says.", name);
  }
  return ok({
    config: config.value,
    tokenizer: new Map(TEXTS.map((name) => [name, metadata.get(name) ?? ''])),
    weights: {
      has: (name) => tensors.has(name),
      async get(name) {
        const info = tensors.get(name);
        return info === undefined ? undefined : asTensor(info, await file.read(info.begin, info.end));
      },
    },
  });
}

function asTensor({ dtype }: TensorInfo, bytes: Uint8Array<ArrayBuffer>): EightBitTensor {
  return dtype === 'U8' ? { panels: bytes } : { data: new Float32Array(bytes.buffer) };
}
