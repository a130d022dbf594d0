import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CacheRecord,
  formatTensorCache,
  packShards,
  parseTensorCache,
  SHARD_BYTES,
  storedBytes,
} from './tensor-cache.ts';

type Unplaced = Omit<CacheRecord, 'byteOffset'>;
const record = (name: string, words: number): Unplaced => ({
  name,
  shape: [words],
  dtype: 'uint32',
  format: 'raw',
  nbytes: 4 * words,
});
const MIB = 2 ** 18;
const names = (records: readonly Unplaced[]): string[][] =>
  packShards(records).map((shard) => shard.records.map(({ name }) => name));

describe('packShards', () => {
  it("follows TVM's rule", () => {
    // What doesn't fit any more and is small begins a new shard; what is large gets one and leaves the other open.
    expect(
      names([record('a', 20 * MIB), record('b', 20 * MIB), record('c', 11 * MIB), record('d', 2 * MIB)]),
    ).toEqual([['b'], ['a', 'c'], ['d']]);
    expect(names([record('a', 31 * MIB), record('b', 1 * MIB)])).toEqual([['a'], ['b']]);
    expect(names([record('a', 31 * MIB), record('b', MIB - 1)])).toEqual([['a', 'b']]);
    expect(names([record('a', 16 * MIB), record('b', 16 * MIB - 1)])).toEqual([['a', 'b']]);
    expect(names([record('a', 100 * MIB)])).toEqual([['a']]);
    expect(names([])).toEqual([]);
  });

  it('puts records side by side in shards of 32 MiB, but for those that are larger alone', () => {
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 1, max: MIB }), fc.integer({ min: 1, max: 40 * MIB })),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(sizes, (words) => {
        const records = words.map((count, i) => record(`t${i}`, count));
        const shards = packShards(records);
        expect(shards.flatMap((shard) => shard.records.map(({ name }) => name)).sort()).toEqual(
          records.map(({ name }) => name).sort(),
        );
        shards.forEach(({ dataPath, nbytes, records: inShard }, i) => {
          expect(dataPath).toBe(`params_shard_${i}.bin`);
          expect(nbytes <= SHARD_BYTES || inShard.length === 1).toBe(true);
          let at = 0;
          for (const { byteOffset, nbytes: size } of inShard) {
            expect(byteOffset).toBe(at);
            at += size;
          }
          expect(at).toBe(nbytes);
        });
      }),
    );
  });
});

describe('parseTensorCache', () => {
  const shards = packShards([
    record('model.embed_tokens.q_weight', 100),
    { name: 'model.norm.weight', shape: [8], dtype: 'float32', format: 'f32-to-bf16', nbytes: 16 },
    { name: 's', shape: [2, 3], dtype: 'float16', format: 'f32-to-bf16', nbytes: 12 },
  ]);
  const text = formatTensorCache({ shards, bitsPerParameter: 4.5 });

  it('undoes formatTensorCache', () => {
    expect(parseTensorCache(text)).toEqual({ ok: true, value: { shards, bitsPerParameter: 4.5 } });
    expect(JSON.parse(text).metadata).toEqual({ ParamSize: 3, ParamBytes: 444, BitsPerParam: 4.5 });
  });

  it('counts bytes as they are stored', () => {
    expect(storedBytes({ shape: [3, 5], dtype: 'float32', format: 'raw' })).toBe(60);
    expect(storedBytes({ shape: [3, 5], dtype: 'float32', format: 'f32-to-bf16' })).toBe(30);
    expect(storedBytes({ shape: [3, 5], dtype: 'float16', format: 'f32-to-bf16' })).toBe(30);
  });

  type Shard = { dataPath: unknown; nbytes: unknown; format: unknown; records: Record<string, unknown>[] };
  const spoilt = (spoil: (shard: Shard, first: Record<string, unknown>) => void): string => {
    const content = JSON.parse(text) as { records: Shard[] };
    const shard = content.records[0] as Shard;
    spoil(shard, shard.records[0] as Record<string, unknown>);
    return JSON.stringify(content);
  };
  const set = (change: object) => (_: Shard, first: Record<string, unknown>) =>
    void Object.assign(first, change);
  const setShard = (change: object) => (shard: Shard) => void Object.assign(shard, change);
  it.each([
    ['nothing', '', 'TENSOR_CACHE_JSON'],
    ['no list', '{"records":{}}', 'TENSOR_CACHE_JSON'],
    ['nesting without end', '['.repeat(1e6), 'TENSOR_CACHE_JSON'],
    ['a shard outside the folder', spoilt(setShard({ dataPath: '../x.bin' })), 'TENSOR_CACHE_SHARD'],
    ['another format', spoilt(setShard({ format: 'zip' })), 'TENSOR_CACHE_SHARD'],
    ['no size', spoilt(setShard({ nbytes: -1 })), 'TENSOR_CACHE_SHARD'],
    ['an unknown type', spoilt(set({ dtype: 'toString' })), 'TENSOR_CACHE_RECORD'],
    ["a size that doesn't fit", spoilt(set({ nbytes: 396 })), 'TENSOR_CACHE_RECORD'],
    ["a shape that doesn't fit", spoilt(set({ shape: [99] })), 'TENSOR_CACHE_RECORD'],
    ['a negative shape', spoilt(set({ shape: [-100] })), 'TENSOR_CACHE_RECORD'],
    ['a negative place', spoilt(set({ byteOffset: -4 })), 'TENSOR_CACHE_RECORD'],
    ['a place over the next', spoilt(set({ byteOffset: 4 })), 'TENSOR_CACHE_RECORD'],
    ['a place outside', spoilt(setShard({ nbytes: 420 })), 'TENSOR_CACHE_RECORD'],
    ['a name twice', spoilt(set({ name: 's' })), 'TENSOR_CACHE_RECORD'],
    ['no name', spoilt(set({ name: 7 })), 'TENSOR_CACHE_RECORD'],
  ])('refuses %s', (_, content, code) => {
    expect(parseTensorCache(content)).toMatchObject({ ok: false, error: { code } });
  });

  it('takes any text without throwing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (content) => void parseTensorCache(content)));
  });
});
