/**
 * Reader of safetensors files (https://huggingface.co/docs/safetensors): eight bytes of header length, a JSON header
 * with dtype, shape and offsets of every tensor, then the bytes. Files may be hostile: the header is bounded, every
 * shape must fill exactly its bytes, and the tensors must fill the file without holes or overlap, as the format asks.
 */
import { asFields, isCount } from '../base/json-fields.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { decodeFloats, FLOAT_BYTES, type FloatDtype, firstNotFinite, isFloatDtype } from './float-blocks.ts';
import { describeForeignWeights } from './foreign-file.ts';

/** Bits of a number. Only F32, F16 and BF16 can be read; the others are known so that their tensors can be named. */
const BITS = {
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
  C64: 64,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  BOOL: 8,
} as const;
export type Dtype = keyof typeof BITS;

export interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Values in f32, rows first. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Why a file isn't read; FOREIGN is another kind of weights. */
export type SafetensorsCode = `SAFETENSORS_${'SHORT' | 'FOREIGN' | 'HEADER' | 'TENSOR' | 'LENGTH'}`;
/** Why a tensor isn't; DTYPE is one that isn't f32, f16 or bf16. */
export type TensorCode = `TENSOR_${'MISSING' | 'SHAPE' | 'DTYPE' | 'NOT_FINITE'}`;

/** The reference reader's limit on the header is 100 MB; a 4B model's has 50 KB. */
const MAX_HEADER = 10_000_000;
const MAX_RANK = 8;

/**
 * Reads the header.
 * @param start the file's first bytes, the whole header at least
 * @param fileLength length of the whole file in bytes
 */
export function parseSafetensorsHeader(
  start: Uint8Array,
  fileLength: number,
): Parsed<SafetensorsHeader, SafetensorsCode> {
  if (start.length < 8) return refuse('SAFETENSORS_SHORT', 'The file is shorter than its header.');
  const declared = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  const foreign = describeForeignWeights(start);
  if (foreign !== undefined) return refuse('SAFETENSORS_FOREIGN', foreign);
  if (declared > BigInt(MAX_HEADER))
    return refuse('SAFETENSORS_HEADER', `The header is longer than ${MAX_HEADER} bytes.`);
  const dataStart = 8 + Number(declared);
  if (dataStart > start.length) return refuse('SAFETENSORS_SHORT', 'The file is shorter than its header.');
  const header = readObject(start.subarray(8, dataStart), {
    code: 'SAFETENSORS_HEADER',
    what: 'The header',
    longest: MAX_HEADER,
  });
  if (!header.ok) return header;
  const tensors = new Map<string, TensorInfo>();
  const metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(header.value)) {
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(value ?? {}))
        if (typeof text === 'string') metadata.set(key, text);
      continue;
    }
    const info = tensorInfo(value, dataStart);
    if (info === undefined)
      return refuse(
        'SAFETENSORS_TENSOR',
        "dtype, shape and offsets of this tensor don't fit together.",
        name,
      );
    tensors.set(name, info);
  }
  const filled = findEnd(tensors, dataStart);
  if (!filled.ok) return filled;
  const end = filled.value;
  if (end === fileLength) return ok({ tensors, metadata });
  const what = end > fileLength ? 'is cut off' : 'is longer than its tensors';
  return refuse(
    'SAFETENSORS_LENGTH',
    `The file ${what}: it has ${fileLength} bytes, and should have ${end}.`,
  );
}

function tensorInfo(value: unknown, dataStart: number): TensorInfo | undefined {
  const { dtype, shape, data_offsets: offsets } = asFields(value);
  if (typeof dtype !== 'string' || !Object.hasOwn(BITS, dtype)) return undefined;
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every((size) => isCount(size)))
    return undefined;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((size) => isCount(size)))
    return undefined;
  const [begin, end] = offsets as [number, number];
  let bytes: number = BITS[dtype as Dtype] / 8;
  for (const size of shape as number[]) bytes *= size;
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes) return undefined;
  return { dtype: dtype as Dtype, shape: shape as number[], begin: dataStart + begin, end: dataStart + end };
}

/** Where the last tensor ends; refused where one doesn't begin where the one before it ends. */
function findEnd(tensors: ReadonlyMap<string, TensorInfo>, start: number): Parsed<number, SafetensorsCode> {
  let at = start;
  for (const [name, { begin, end }] of [...tensors].sort(
    ([, a], [, b]) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== at) {
      return refuse('SAFETENSORS_TENSOR', "The tensors don't fill the file without holes and overlap.", name);
    }
    at = end;
  }
  return ok(at);
}

/** Where a tensor of floating-point numbers lies. */
export type FloatTensorInfo = TensorInfo & { readonly dtype: FloatDtype };

/** A tensor of numbers with the shape that is expected. */
export function expectTensor(
  header: SafetensorsHeader,
  name: string,
  shape: readonly number[],
): Parsed<FloatTensorInfo, TensorCode> {
  const info = header.tensors.get(name);
  if (info === undefined) return refuse('TENSOR_MISSING', 'The file lacks this tensor.', name);
  const { dtype } = info;
  if (!isFloatDtype(dtype))
    return refuse(
      'TENSOR_DTYPE',
      `The tensor holds ${dtype}, but must hold F32, F16 or BF16: quantised weights can't be read, give the ` +
        'unquantised checkpoint.',
      name,
    );
  const differs = otherShape(info.shape, shape);
  return differs === undefined ? ok({ ...info, dtype }) : refuse('TENSOR_SHAPE', differs, name);
}

/** A sentence where a tensor has another shape than it must. */
export function otherShape(found: readonly number[], wanted: readonly number[]): string | undefined {
  const [is, must] = [found.join(' x '), wanted.join(' x ')];
  return is === must ? undefined : `The tensor is ${is}, but must be ${must}.`;
}

/** A safetensors file in memory; tensors are converted when they are asked for. */
export class Safetensors {
  readonly header: SafetensorsHeader;
  readonly #bytes: Uint8Array;

  private constructor(header: SafetensorsHeader, bytes: Uint8Array) {
    this.header = header;
    this.#bytes = bytes;
  }

  static parse(bytes: Uint8Array): Parsed<Safetensors, SafetensorsCode> {
    const header = parseSafetensorsHeader(bytes, bytes.length);
    return header.ok ? ok(new Safetensors(header.value, bytes)) : header;
  }

  /** A tensor of finite numbers with the shape that is expected. */
  tensor(name: string, shape: readonly number[]): Parsed<Tensor, TensorCode> {
    const info = expectTensor(this.header, name, shape);
    if (!info.ok) return info;
    const { begin, end, dtype } = info.value;
    const data = new Float32Array((end - begin) / FLOAT_BYTES[dtype]);
    // A copy, which is aligned as floats must be.
    decodeFloats(new Uint8Array(this.#bytes.subarray(begin, end)), dtype, data);
    if (firstNotFinite(data) !== -1)
      return refuse('TENSOR_NOT_FINITE', 'The tensor holds infinite or undefined values.', name);
    return ok({ shape, data });
  }
}
