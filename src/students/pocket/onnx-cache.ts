/**
 * Where keys and values stay between two runs. As tensors of the runtime, which on a GPU never leave it; or
 * as arrays of ours, where the runtime would copy all that it hands out and is asked for the new tokens' rows instead.
 */
import { type KvArray, KvRows } from './kv-rows.ts';
import { type MakeTensor, type OrtSession, type OrtTensor, tensorOf } from './onnx-types.ts';
import type { KvCache } from './runtime.ts';

interface CacheShape {
  /** Of the cache's tensors, without `past_key_values.` or `present.`. */
  readonly names: readonly string[];
  readonly heads: number;
  readonly size: number;
  readonly type: 'float32' | 'float16';
}

export const PAST = 'past_key_values.';
export const PRESENT = 'present.';

export interface CacheStrategy {
  /** Outputs to ask for, besides the logits. */
  readonly fetches: readonly string[];
  empty(): KvCache;
  /** The inputs of a run. */
  feeds(cache: KvCache): Record<string, OrtTensor>;
  /** The cache after a run that gave these outputs; the one before isn't used any more. */
  after(cache: KvCache, outputs: Record<string, OrtTensor>, length: number): KvCache;
  rewind(cache: KvCache, length: number): Promise<KvCache>;
  release(cache: KvCache): void;
}

/** Undefined where the model's cache is none of [batch, heads, tokens, size]. */
export function cacheShape({ inputNames, inputMetadata }: OrtSession): CacheShape | undefined {
  const names = inputNames.filter((name) => name.startsWith(PAST)).map((name) => name.slice(PAST.length));
  const first = inputMetadata[inputNames.indexOf(`${PAST}${names[0]}`)];
  const { type, shape } = (first ?? {}) as { type?: unknown; shape?: unknown };
  if (!Array.isArray(shape) || (type !== 'float32' && type !== 'float16')) return undefined;
  const [, heads, , size] = shape as unknown[];
  if (shape.length !== 4 || typeof heads !== 'number' || typeof size !== 'number') return undefined;
  return { names, heads, size, type };
}

interface TensorCache extends KvCache {
  readonly tensors: ReadonlyMap<string, OrtTensor>;
}

/** The tensors that a run gives are those that the next one is given. */
export function tensorStrategy(shape: CacheShape, makeTensor: MakeTensor): CacheStrategy {
  const { names, heads, size, type } = shape;
  const tensor = (data: unknown, length: number): OrtTensor =>
    makeTensor(type, data, [1, heads, length, size]);
  const release = (cache: KvCache): void => {
    // Tensors in ordinary memory are freed with their arrays; on a GPU they would stay.
    for (const one of (cache as TensorCache).tensors.values()) {
      if (one.location !== 'cpu') one.dispose();
    }
  };
  const cacheOf = (length: number, of: (name: string) => OrtTensor): TensorCache => ({
    length,
    tensors: new Map(names.map((name) => [name, of(name)])),
  });
  const strategy: CacheStrategy = {
    fetches: names.map((name) => PRESENT + name),
    empty: () => cacheOf(0, () => tensor(arrayOf(type, 0), 0)),
    feeds: (cache) => prefixed((cache as TensorCache).tensors),
    after(cache, outputs, length) {
      release(cache);
      return cacheOf(length, (name) => tensorOf(outputs, PRESENT + name));
    },
    async rewind(cache, length) {
      const { tensors, length: before } = cache as TensorCache;
      if (length === before) return cache;
      if (length === 0) {
        release(cache);
        return strategy.empty();
      }
      const shorter = new Map<string, OrtTensor>();
      for (const [name, one] of tensors) {
        const rows = rowsOf(shape);
        rows.append(bitsOf(await one.getData()), before);
        rows.cut(length);
        shorter.set(name, tensor(rows.values, length));
      }
      release(cache);
      return { length, tensors: shorter } as TensorCache;
    },
    release,
  };
  return strategy;
}

interface RowCache extends KvCache {
  readonly rows: ReadonlyMap<string, KvRows>;
}

/** @param outputs the output that holds the new tokens' rows, by the cache's names */
export function rowStrategy(
  shape: CacheShape,
  makeTensor: MakeTensor,
  outputs: ReadonlyMap<string, string>,
): CacheStrategy {
  const { names, heads, size, type } = shape;
  const rowsIn = (cache: KvCache): ReadonlyMap<string, KvRows> => (cache as RowCache).rows;
  const cacheOf = (length: number, rows: ReadonlyMap<string, KvRows>): RowCache => ({ length, rows });
  return {
    fetches: names.map((name) => outputs.get(name) as string),
    empty: () => cacheOf(0, new Map(names.map((name) => [name, rowsOf(shape)]))),
    feeds: (cache) =>
      prefixed(
        new Map(
          [...rowsIn(cache)].map(([name, rows]) => [
            name,
            makeTensor(type, rows.values, [1, heads, rows.length, size]),
          ]),
        ),
      ),
    after(cache, given, length) {
      for (const [name, rows] of rowsIn(cache)) {
        const added = tensorOf(given, outputs.get(name) as string);
        rows.append(bitsOf(added.data), length - cache.length);
      }
      return cacheOf(length, rowsIn(cache));
    },
    async rewind(cache, length) {
      for (const rows of rowsIn(cache).values()) rows.cut(length);
      return cacheOf(length, rowsIn(cache));
    },
    release: () => {},
  };
}

function prefixed(tensors: ReadonlyMap<string, OrtTensor>): Record<string, OrtTensor> {
  return Object.fromEntries([...tensors].map(([name, tensor]) => [PAST + name, tensor]));
}

function rowsOf({ heads, size, type }: CacheShape): KvRows {
  return new KvRows(heads, size, (length) => arrayOf(type, length));
}

function arrayOf(type: CacheShape['type'], length: number): KvArray {
  return type === 'float32' ? new Float32Array(length) : new Uint16Array(length);
}

/** Halves as their bits, whether or not the platform knows them as numbers. */
function bitsOf(data: unknown): KvArray {
  if (data instanceof Float32Array) return data;
  const { buffer, byteOffset, length } = data as Uint16Array;
  return new Uint16Array(buffer, byteOffset, length);
}
