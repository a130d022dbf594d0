/**
 * tensor-cache.json: which tensor lies where in the shards of an MLC folder (TVM, python/tvm/contrib/tvmjs.py), how
 * records are packed into shards, and a reader that believes a stranger's file only as far as it can be checked:
 * names, shapes and sizes must fit together, and records must lie within their shard without overlap.
 */

import { asFields, isCount } from '../base/json-fields.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { isPath } from './manifest.ts';

/** Why it refuses. */
type TensorCacheCode = 'TENSOR_CACHE_JSON' | 'TENSOR_CACHE_RECORD' | 'TENSOR_CACHE_SHARD';

export const TENSOR_CACHE_NAME = 'tensor-cache.json';
/** A shard's size; a tensor of at least half of it that doesn't fit any more gets one of its own, of any size. */
export const SHARD_BYTES = 32 * 2 ** 20;

const DTYPE_BYTES = { uint32: 4, float16: 2, float32: 4 } as const;
export type RecordDtype = keyof typeof DTYPE_BYTES;

export interface CacheRecord {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: RecordDtype;
  /** `f32-to-bf16`: what is float32 is stored as bfloat16. */
  readonly format: 'raw' | 'f32-to-bf16';
  readonly nbytes: number;
  readonly byteOffset: number;
}

export interface CacheShard {
  readonly dataPath: string;
  readonly nbytes: number;
  readonly records: readonly CacheRecord[];
  /** Hexadecimal; MLC writes it, web-llm doesn't look at it. */
  readonly md5sum?: string | undefined;
}

interface TensorCache {
  readonly shards: readonly CacheShard[];
  /** Of all parameters as they were before they were quantised. */
  readonly bitsPerParameter: number;
}

function nameOfShard(index: number): string {
  return `params_shard_${index}.bin`;
}

/** Packs records into shards in their order, by the rule of TVM's writer. */
export function packShards(records: readonly Omit<CacheRecord, 'byteOffset'>[]): CacheShard[] {
  const packed: { records: CacheRecord[]; nbytes: number }[] = [];
  let pending: { records: CacheRecord[]; nbytes: number } = { records: [], nbytes: 0 };
  const commit = (): void => {
    if (pending.nbytes > 0) packed.push(pending);
    pending = { records: [], nbytes: 0 };
  };
  for (const record of records) {
    if (pending.nbytes + record.nbytes >= SHARD_BYTES) {
      if (2 * record.nbytes >= SHARD_BYTES) {
        packed.push({ records: [{ ...record, byteOffset: 0 }], nbytes: record.nbytes });
        continue;
      }
      commit();
    }
    pending.records.push({ ...record, byteOffset: pending.nbytes });
    pending.nbytes += record.nbytes;
  }
  commit();
  return packed.map((shard, i) => ({ dataPath: nameOfShard(i), ...shard }));
}

/** The text of tensor-cache.json. */
export function formatTensorCache({ shards, bitsPerParameter }: TensorCache): string {
  const bytes = shards.flatMap(({ records }) => records).map(sizeInMemory);
  const metadata = {
    ParamSize: bytes.length,
    ParamBytes: bytes.reduce((sum, size) => sum + size, 0),
    BitsPerParam: bitsPerParameter,
  };
  const records = shards.map(({ dataPath, nbytes, records: inShard, md5sum }) => ({
    dataPath,
    format: 'raw-shard',
    nbytes,
    records: inShard.map(({ name, shape, dtype, format, nbytes: size, byteOffset }) => ({
      name,
      shape,
      dtype,
      format,
      nbytes: size,
      byteOffset,
    })),
    ...(md5sum === undefined ? {} : { md5sum }),
  }));
  return `${JSON.stringify({ metadata, records }, undefined, 1)}\n`;
}

/** Bytes of a tensor once it is loaded. */
function sizeInMemory({ shape, dtype }: Pick<CacheRecord, 'shape' | 'dtype'>): number {
  return shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
}

const LIMITS = { text: 20_000_000, shards: 10_000, records: 100_000, name: 200, rank: 4, bytes: 2 ** 38 };
/**
 * Reads tensor-cache.json. Codes: TENSOR_CACHE_JSON, TENSOR_CACHE_SHARD, TENSOR_CACHE_RECORD (its name, shape, type
 * and size don't fit together, it lies outside its shard or over another, or it comes twice). The place is the name.
 */
export function parseTensorCache(text: string): Parsed<TensorCache, TensorCacheCode> {
  const what = { what: TENSOR_CACHE_NAME, longest: LIMITS.text };
  const json = readObject(text, { code: 'TENSOR_CACHE_JSON', ...what });
  if (!json.ok) return json;
  const fields = json.value;
  if (!Array.isArray(fields.records) || fields.records.length > LIMITS.shards)
    return refuse('TENSOR_CACHE_JSON', `${TENSOR_CACHE_NAME} holds no list of shards.`);
  const bits = (asFields(fields.metadata).BitsPerParam ?? 0) as number;
  const shards: CacheShard[] = [];
  const names = new Set<string>();
  for (const value of fields.records as unknown[]) {
    const { dataPath, nbytes, records, format } = asFields(value);
    if (!isPath(dataPath) || shards.some((shard) => shard.dataPath === dataPath))
      return refuse('TENSOR_CACHE_SHARD', 'A shard must be named, once, by a plain path.', String(dataPath));
    if (format !== 'raw-shard' || !isCount(nbytes, LIMITS.bytes) || !Array.isArray(records))
      return refuse(
        'TENSOR_CACHE_SHARD',
        'The shard must be raw and say its size and its records.',
        dataPath,
      );
    const read: CacheRecord[] = [];
    let end = 0;
    for (const entry of records as unknown[]) {
      const record = parseRecord(entry);
      const name = String(asFields(entry).name).slice(0, LIMITS.name);
      if (record === undefined || names.size >= LIMITS.records)
        return refuse('TENSOR_CACHE_RECORD', "Shape, type and size of this tensor don't fit together.", name);
      if (names.has(name)) return refuse('TENSOR_CACHE_RECORD', 'The tensor is listed twice.', name);
      if (record.byteOffset < end || record.byteOffset + record.nbytes > nbytes)
        return refuse('TENSOR_CACHE_RECORD', `The tensor lies outside ${dataPath} or over another.`, name);
      end = record.byteOffset + record.nbytes;
      names.add(name);
      read.push(record);
    }
    shards.push({ dataPath, nbytes, records: read });
  }
  return ok({ shards, bitsPerParameter: Number.isFinite(bits) ? bits : 0 });
}

function parseRecord(value: unknown): CacheRecord | undefined {
  const { name, shape, dtype, format, nbytes, byteOffset } = asFields(value);
  if (typeof name !== 'string' || name === '' || name.length > LIMITS.name) return undefined;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) return undefined;
  if (format !== 'raw' && format !== 'f32-to-bf16') return undefined;
  if (!Array.isArray(shape) || shape.length > LIMITS.rank) return undefined;
  if (!shape.every((size) => isCount(size, LIMITS.bytes))) return undefined;
  if (!isCount(nbytes, LIMITS.bytes) || !isCount(byteOffset, LIMITS.bytes)) return undefined;
  const fields = { name, shape: shape as number[], dtype: dtype as RecordDtype, nbytes, byteOffset };
  const record: CacheRecord = { ...fields, format };
  return nbytes === storedBytes(record) ? record : undefined;
}

/** Bytes of a tensor in its shard. */
export function storedBytes(record: Pick<CacheRecord, 'shape' | 'dtype' | 'format'>): number {
  const packed = record.dtype === 'float32' && record.format === 'f32-to-bf16';
  return sizeInMemory(record) / (packed ? 2 : 1);
}
