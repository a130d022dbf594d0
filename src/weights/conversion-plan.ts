/**
 * What a conversion writes, known before a number is read: every file with its size, and for each matrix the rows of
 * the checkpoint that it is stacked from and the places in the files that its rows go to. So blocks of rows can be
 * worked on in any order, by any number of threads, and the result is the same bytes.
 */
import { table } from '../base/table.ts';
import { FLOAT_BYTES, type FloatDtype } from './float-blocks.ts';
import { safetensorsHead } from './format-safetensors.ts';
import type { ComputeType } from './group-quantization.ts';
import type { MlcQuantization, StoredType } from './manifest.ts';
import {
  type Encoding,
  type F32Storage,
  type MlcParameter,
  mlcParameters,
  parameterRows,
  recordsOf,
} from './mlc-parameters.ts';
import type { Qwen3Config } from './qwen3.ts';
import { type CacheRecord, type CacheShard, packShards, storedBytes } from './tensor-cache.ts';

/** Where the rows of a matrix go. */
export interface PlannedOutput {
  readonly encoding: Encoding;
  /** Index in {@link ConversionPlan.files}. */
  readonly file: number;
  /** Of the first row, in bytes from the start of the file. */
  readonly offset: number;
  readonly bytesPerRow: number;
}

export interface PlannedMatrix extends Omit<MlcParameter, 'matrix'> {
  /** The type in which the numbers are rounded and, where an output asks for it, quantised. */
  readonly type: ComputeType;
  readonly outputs: readonly PlannedOutput[];
}

export interface PlannedFile {
  readonly path: string;
  readonly bytes: number;
  /** What the file begins with, written before any row. */
  readonly head?: Uint8Array | undefined;
}

export interface ConversionPlan {
  readonly files: readonly PlannedFile[];
  readonly matrices: readonly PlannedMatrix[];
}

/** Rows of one matrix, worked on at once. */
export interface Block {
  readonly matrix: number;
  readonly firstRow: number;
  readonly rows: number;
}

/** Numbers in a block at most, unless one row has more: 8 MB in f32. */
const BLOCK = 2 ** 21;

export function blocksOf({ matrices }: ConversionPlan): Block[] {
  return matrices.flatMap((matrix, index) => {
    const rows = parameterRows(matrix);
    const most = Math.max(1, Math.floor(BLOCK / matrix.columns));
    return Array.from({ length: Math.ceil(rows / most) }, (_, i) => ({
      matrix: index,
      firstRow: i * most,
      rows: Math.min(most, rows - i * most),
    }));
  });
}

/** Numbers of the model, the vocabulary's padding not counted. */
export function parametersOf({ matrices }: ConversionPlan): number {
  return matrices.reduce(
    (sum, { parts, columns }) => sum + parameterRows({ parts, padding: 0 }) * columns,
    0,
  );
}

interface MlcPlan extends ConversionPlan {
  readonly shards: readonly CacheShard[];
}

/** The shards of an MLC folder. `vocabulary`: rows of the embedding, at least the model's own. */
export function mlcPlan(
  config: Qwen3Config,
  quantization: MlcQuantization,
  storage: F32Storage,
  vocabulary: number,
): MlcPlan {
  const parameters = mlcParameters(config, vocabulary);
  const stored = new Map(parameters.map((one) => [one, recordsOf(one, quantization, storage)] as const));
  const format = storage === 'bf16' ? 'f32-to-bf16' : 'raw';
  const shards = packShards(
    [...stored.values()].flat().map(({ name, shape, dtype }) => {
      const record = { name, shape, dtype, format } as const;
      return { ...record, nbytes: storedBytes(record) };
    }),
  );
  const places = new Map<string, { file: number; record: CacheRecord }>();
  shards.forEach(({ records }, file) => {
    for (const record of records) places.set(record.name, { file, record });
  });
  const type: ComputeType = quantization.includes('f16') ? 'f16' : 'f32';
  const planned = ({ name, parts, padding, columns }: MlcParameter, i: number): PlannedMatrix => ({
    name,
    parts,
    padding,
    columns,
    type,
    outputs: (stored.get(parameters[i] as MlcParameter) ?? []).flatMap((one) => {
      const place = places.get(one.name);
      if (place === undefined) return [];
      const { encoding, bytesPerRow } = one;
      return [{ encoding, bytesPerRow, file: place.file, offset: place.record.byteOffset }];
    }),
  });
  return {
    files: shards.map(({ dataPath: path, nbytes: bytes }) => ({ path, bytes })),
    matrices: parameters.map(planned),
    shards,
  };
}

/** A tensor of the checkpoint, as it is and as it will be. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly file: string;
  readonly dtype: FloatDtype;
}

const ENCODING = { BF16: 'bf16', F16: 'f16', F32: 'f32' } as const satisfies Record<FloatDtype, StoredType>;

/** The files of a Hugging Face folder: the same tensors in the same files, each as its `dtype`. */
export function safetensorsPlan(tensors: readonly StoredTensor[]): ConversionPlan {
  const files: PlannedFile[] = [];
  const matrices: PlannedMatrix[] = [];
  for (const path of new Set(tensors.map(({ file }) => file))) {
    const inFile = tensors.filter(({ file }) => file === path);
    const header: Record<string, unknown> = table({ __metadata__: { format: 'pt' } });
    let at = 0;
    const sized = inFile.map((tensor) => {
      const columns = tensor.shape.at(-1) ?? 1;
      const rows = tensor.shape.slice(0, -1).reduce((product, size) => product * size, 1);
      const begin = at;
      at += rows * columns * FLOAT_BYTES[tensor.dtype];
      header[tensor.name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, at] };
      return { tensor, rows, columns, begin };
    });
    const head = safetensorsHead(header);
    for (const { tensor, rows, columns, begin } of sized) {
      const encoding = ENCODING[tensor.dtype];
      const bytesPerRow = columns * FLOAT_BYTES[tensor.dtype];
      matrices.push({
        name: tensor.name,
        parts: [{ tensor: tensor.name, rows }],
        padding: 0,
        columns,
        type: encoding === 'f16' ? 'f16' : 'f32',
        outputs: [{ encoding, file: files.length, offset: head.length + begin, bytesPerRow }],
      });
    }
    files.push({ path, bytes: head.length + at, head });
  }
  return { files, matrices };
}
