/**
 * Reader of GGUF files (ggml, docs/gguf.md): magic and version, metadata as typed keys and values, names, shapes and
 * places of tensors, then their bytes. Files may be hostile: every count and length is bounded and checked against what
 * is left, every tensor must lie within the file, and no two may overlap.
 */
import { ok, type Parsed, refuse } from '../../base/result.ts';
import { WEIGHT_BLOCKS, type WeightType, weightBytes } from './blocks.ts';

/** What a key stands for. Whole numbers of 64 bits are numbers too; those that f64 can't hold are refused. */
export type GgufValue = number | boolean | string | readonly (number | boolean | string)[];

export interface GgufTensor {
  readonly type: WeightType;
  /** Rows first, as everywhere here; the file has it the other way round. */
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly begin: number;
  readonly end: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** Of a file's start that may have to be read for its header: vocabularies of 300,000 words take 15 MB. */
export const MAX_GGUF_HEADER = 64_000_000;
const MAX_KEYS = 10_000;
const MAX_TENSORS = 100_000;
const MAX_ITEMS = 2_000_000;
const MAX_NAME = 1_000;
const MAX_STRING = 4_000_000;
const MAX_ALIGNMENT = 65_536;

/** ggml's numbers of the types that are read. */
const TYPES: Readonly<Record<number, WeightType>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  30: 'BF16',
};
/** Those that are common and aren't, for the sentence. */
const OTHERS: Readonly<Record<number, string>> = {
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  15: 'Q8_K',
};

/** Why a file isn't read. */
type GgufCode = `GGUF_${'MAGIC' | 'VERSION' | 'SHORT' | 'LIMIT' | 'VALUE' | 'TYPE' | 'TENSOR'}`;

/**
 * @param start the file's first bytes: the whole header, or all that {@link MAX_GGUF_HEADER} allows
 * @param fileLength of the whole file in bytes
 * A refusal's place is the key or the tensor.
 */
export function parseGgufHeader(start: Uint8Array, fileLength: number): Parsed<GgufHeader, GgufCode> {
  try {
    return ok(new Reader(start).header(fileLength));
  } catch (error) {
    if (error instanceof Fault) return refuse(error.code, error.message, error.place);
    throw error;
  }
}

/** Thrown and caught in this file, which doesn't export it: a parser that goes down into values would be half made of checks otherwise. */
class Fault extends Error {
  readonly code: GgufCode;
  readonly place: string | undefined;

  constructor(code: GgufCode, message: string, place?: string) {
    super(message);
    this.code = code;
    this.place = place;
  }
}

interface Declared {
  readonly name: string;
  readonly type: WeightType;
  readonly shape: readonly number[];
  readonly offset: number;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #at = 0;
  /** The key or tensor that is being read, for refusals. */
  #place: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  header(fileLength: number): GgufHeader {
    if (this.#bytes.length < 4 || this.#view.getUint32(0, false) !== 0x47475546)
      throw new Fault('GGUF_MAGIC', "This isn't a GGUF file.");
    this.#at = 4;
    const version = this.#u32();
    if (version !== 2 && version !== 3)
      throw new Fault('GGUF_VERSION', 'Only GGUF files of version 2 or 3, little-endian, can be read.');
    const tensorCount = this.#count(MAX_TENSORS, 'tensors');
    const keyCount = this.#count(MAX_KEYS, 'keys');
    const metadata = new Map<string, GgufValue>();
    for (let i = 0; i < keyCount; i++) {
      this.#place = undefined;
      const key = this.#string(MAX_NAME);
      this.#place = key;
      if (metadata.has(key)) throw new Fault('GGUF_VALUE', 'The key stands twice.', key);
      metadata.set(key, this.#value(this.#u32(), true));
    }
    const declared = Array.from({ length: tensorCount }, () => this.#tensor());
    this.#place = undefined;
    const alignment = metadata.get('general.alignment') ?? 32;
    if (typeof alignment !== 'number' || alignment < 8 || alignment > MAX_ALIGNMENT || alignment % 8 !== 0)
      throw new Fault('GGUF_VALUE', 'The alignment must be a small multiple of eight.', 'general.alignment');
    const data = Math.ceil(this.#at / alignment) * alignment;
    return { metadata, tensors: place(declared, data, alignment, fileLength) };
  }

  #tensor(): Declared {
    this.#place = undefined;
    const name = this.#string(MAX_NAME);
    this.#place = name;
    const rank = this.#u32();
    if (rank < 1 || rank > 4) throw new Fault('GGUF_TENSOR', 'A tensor has one to four dimensions.', name);
    const shape = Array.from({ length: rank }, () => this.#u64()).reverse();
    const number = this.#u32();
    const type = TYPES[number];
    if (type === undefined) {
      const what = OTHERS[number] ?? `the type ${number}`;
      const known = Object.keys(WEIGHT_BLOCKS).join(', ');
      throw new Fault('GGUF_TYPE', `The tensor is stored as ${what}; take a file with ${known}.`, name);
    }
    return { name, type, shape, offset: this.#u64() };
  }

  /** Types: u8, i8, u16, i16, u32, i32, f32, bool, string, array, u64, i64, f64. */
  #value(type: number, lists: true): GgufValue;
  #value(type: number, lists: false): number | boolean | string;
  #value(type: number, lists: boolean): GgufValue {
    const view = this.#view;
    switch (type) {
      case 0:
        return view.getUint8(this.#skip(1));
      case 1:
        return view.getInt8(this.#skip(1));
      case 2:
        return view.getUint16(this.#skip(2), true);
      case 3:
        return view.getInt16(this.#skip(2), true);
      case 4:
        return view.getUint32(this.#skip(4), true);
      case 5:
        return view.getInt32(this.#skip(4), true);
      case 6:
        return view.getFloat32(this.#skip(4), true);
      case 7:
        return view.getUint8(this.#skip(1)) !== 0;
      case 8:
        return this.#string(MAX_STRING);
      case 10:
        return this.#u64();
      case 11:
        return this.#safe(view.getBigInt64(this.#skip(8), true));
      case 12:
        return view.getFloat64(this.#skip(8), true);
      case 9:
        if (lists) return this.#list();
        throw new Fault('GGUF_VALUE', "A list of lists isn't read.", this.#place);
      default:
        throw new Fault('GGUF_VALUE', `A value of the type ${type} isn't known.`, this.#place);
    }
  }

  #list(): (number | boolean | string)[] {
    const type = this.#u32();
    const count = this.#count(MAX_ITEMS, 'items');
    // Every item takes a byte at least: a count that the file can't hold ends here, before any memory is taken.
    if (count > this.#bytes.length - this.#at) throw this.#short();
    const items: (number | boolean | string)[] = [];
    for (let i = 0; i < count; i++) items.push(this.#value(type, false));
    return items;
  }

  #string(limit: number): string {
    const length = this.#u64();
    if (length > limit)
      throw new Fault('GGUF_LIMIT', `A text in it is longer than ${limit} bytes.`, this.#place);
    const at = this.#skip(length);
    try {
      return this.#decoder.decode(this.#bytes.subarray(at, at + length));
    } catch {
      throw new Fault('GGUF_VALUE', "A text in it isn't UTF-8.", this.#place);
    }
  }

  #count(limit: number, what: string): number {
    const count = this.#u64();
    if (count > limit) throw new Fault('GGUF_LIMIT', `It has more than ${limit} ${what}.`, this.#place);
    return count;
  }

  #u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  #u64(): number {
    return this.#safe(this.#view.getBigUint64(this.#skip(8), true));
  }

  #safe(value: bigint): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw new Fault('GGUF_LIMIT', 'A number in it is too large.', this.#place);
    return number;
  }

  /** Where the next bytes stand, which are passed. */
  #skip(bytes: number): number {
    if (bytes > this.#bytes.length - this.#at) throw this.#short();
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  #short(): Fault {
    return this.#bytes.length >= MAX_GGUF_HEADER
      ? new Fault('GGUF_LIMIT', `Its header is longer than ${MAX_GGUF_HEADER} bytes.`, this.#place)
      : new Fault('GGUF_SHORT', 'The file ends within its header.', this.#place);
  }
}

/** Tensors with their places: within the file, aligned, none over another. */
function place(
  declared: readonly Declared[],
  data: number,
  alignment: number,
  fileLength: number,
): ReadonlyMap<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  let last = { end: data, name: '' };
  for (const { name, type, shape, offset } of [...declared].sort((a, b) => a.offset - b.offset)) {
    if (tensors.has(name)) throw new Fault('GGUF_TENSOR', 'The tensor stands twice.', name);
    const numbers = shape.reduce((product, size) => product * size, 1);
    const { numbers: block } = WEIGHT_BLOCKS[type];
    if (!Number.isSafeInteger(numbers) || numbers < 1 || (shape.at(-1) as number) % block !== 0)
      throw new Fault('GGUF_TENSOR', `The tensor's rows must be of whole blocks of ${block} numbers.`, name);
    const begin = data + offset;
    const end = begin + weightBytes(type, numbers);
    if (offset % alignment !== 0) throw new Fault('GGUF_TENSOR', "The tensor isn't aligned.", name);
    if (begin < last.end)
      throw new Fault('GGUF_TENSOR', `The tensor lies over ${last.name || 'the header'}.`, name);
    if (end > fileLength)
      throw new Fault('GGUF_TENSOR', `The file is cut off: it has ${fileLength} bytes, not ${end}.`, name);
    tensors.set(name, { type, shape, begin, end });
    last = { end, name };
  }
  return tensors;
}
