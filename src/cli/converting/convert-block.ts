/**
 * Works on one block of rows of a conversion: reads it from the checkpoint, adds the adapter's part, checks and encodes
 * it, and writes it where the plan says. Synchronous reads and writes at given positions: each thread has one of
 * these, and they share nothing but the files. Memory is bounded by the block, whatever the model's size.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { Block, ConversionPlan, PlannedMatrix } from '../../weights/conversion-plan.ts';
import { createRowEncoder } from '../../weights/encode-rows.ts';
import { beyondFloat16, cellAt, notFinite } from '../../weights/faulty-value.ts';
import { firstNotFinite } from '../../weights/float-blocks.ts';
import { decodeWeights, weightBytes } from '../../weights/gguf/blocks.ts';
import { storedRow } from '../../weights/gguf/model.ts';
import { addLowRank } from '../../weights/low-rank.ts';
import { transpose } from '../../weights/peft.ts';
import { unreadable, writeRefusal } from '../files/read-failure.ts';
import type { Adapter, PlacedPair, PlacedTensor } from './checkpoint.ts';

/** All that a thread needs to know; it can be posted to one. */
export interface Conversion {
  /** Where the files of the plan lie while they are written. */
  readonly folder: string;
  readonly plan: ConversionPlan;
  readonly tensors: ReadonlyMap<string, PlacedTensor>;
  /** The adapter's; none where there is no adapter. */
  readonly pairs: Adapter['pairs'];
}

/** The file system as this needs it; tests put one in that fails. */
export interface BlockFiles {
  open(path: string, flags: 'r' | 'r+'): number;
  close(file: number): void;
  read(file: number, bytes: Uint8Array, position: number): number;
  write(file: number, bytes: Uint8Array, position: number): number;
}

export const BLOCK_FILES: BlockFiles = {
  open: openSync,
  close: closeSync,
  read: (file, bytes, position) => readSync(file, bytes, 0, bytes.length, position),
  write: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
};

export class BlockConverter {
  readonly #conversion: Conversion;
  readonly #files: BlockFiles;
  readonly #handles = new Map<string, number>();
  readonly #encode = createRowEncoder();
  #raw = new ArrayBuffer(0);
  #values = new ArrayBuffer(0);
  /** The adapter's A of the matrix that was worked on last. */
  #down: { readonly matrix: string; readonly data: Float32Array } | undefined;

  constructor(conversion: Conversion, files: BlockFiles = BLOCK_FILES) {
    this.#conversion = conversion;
    this.#files = files;
  }

  /**
   * Converts a block.
   * @param skip files (indices in the plan) that are finished already
   * Codes: TENSOR_NOT_FINITE, TENSOR_RANGE (too large for f16), FILE_UNREADABLE, FILE_CHANGED (shorter than its
   * header said), DISK_FULL, OUT_UNWRITABLE. The place is the tensor or the file.
   */
  convert(block: Block, skip: ReadonlySet<number>): Result<undefined> {
    const matrix = this.#conversion.plan.matrices[block.matrix] as PlannedMatrix;
    const values = this.#read(matrix, block);
    if (!values.ok) return values;
    const outputs = matrix.outputs.filter(({ file }) => !skip.has(file));
    const encoded = this.#encode(
      values.value,
      matrix.columns,
      matrix.type,
      outputs.map(({ encoding }) => encoding),
    );
    if (typeof encoded === 'number') {
      const { tensor, at } = place(matrix, block, encoded);
      return beyondFloat16(tensor, at);
    }
    for (const [i, { file, offset, bytesPerRow }] of outputs.entries()) {
      const refusal = this.#write(file, encoded[i] as Uint8Array, offset + block.firstRow * bytesPerRow);
      if (refusal !== undefined) return { ok: false, error: refusal };
    }
    return ok(undefined);
  }

  /** The rows of a block in f32, the adapter merged in. */
  #read(matrix: PlannedMatrix, { firstRow, rows }: Block): Result<Float32Array> {
    const { columns } = matrix;
    const count = rows * columns;
    if (this.#values.byteLength < 4 * count) this.#values = new ArrayBuffer(4 * count);
    const values = new Float32Array(this.#values, 0, count);
    let done = 0;
    let partStart = 0;
    for (const part of matrix.parts) {
      const from = Math.max(firstRow, partStart);
      const to = Math.min(firstRow + rows, partStart + part.rows);
      if (from < to) {
        const here = values.subarray(done * columns, (done + to - from) * columns);
        const read = this.#readRows(part.tensor, columns, from - partStart, here);
        if (!read.ok) return read;
        done += to - from;
      }
      partStart += part.rows;
    }
    values.fill(0, done * columns);
    return ok(values);
  }

  #readRows(name: string, columns: number, row: number, out: Float32Array): Result<undefined> {
    const tensor = this.#conversion.tensors.get(name) as PlacedTensor;
    const read =
      tensor.pairedHead === undefined
        ? this.#readFloats(tensor, row * columns, out)
        : this.#readPaired(tensor, tensor.pairedHead, columns, row, out);
    if (!read.ok) return read;
    const bad = firstNotFinite(out);
    if (bad !== -1) return notFinite(name, cellAt(bad, columns, row));
    const pair = this.#conversion.pairs.get(name);
    if (pair === undefined) return ok(undefined);
    const down = this.#readDown(name, pair);
    if (!down.ok) return down;
    const up = this.#readUp(name, pair, row, out.length / columns);
    if (!up.ok) return up;
    addLowRank(out, columns, up.value, down.value, pair.rank, pair.scale);
    const overflow = firstNotFinite(out);
    return overflow === -1
      ? ok(undefined)
      : notFinite(`${name} with the adapter`, cellAt(overflow, columns, row));
  }

  /** Rows that the file has in another order. */
  #readPaired(
    tensor: PlacedTensor,
    head: number,
    columns: number,
    row: number,
    out: Float32Array,
  ): Result<undefined> {
    for (let i = 0; i < out.length / columns; i++) {
      const from = storedRow(row + i, head) * columns;
      const read = this.#readFloats(tensor, from, out.subarray(i * columns, (i + 1) * columns));
      if (!read.ok) return read;
    }
    return ok(undefined);
  }

  /** [rank, columns] */
  #readDown(name: string, { down, transposed, rank }: PlacedPair): Result<Float32Array> {
    if (this.#down?.matrix === name) return ok(this.#down.data);
    const [rows, columns] = down.shape as [number, number];
    const data = new Float32Array(rows * columns);
    const loaded = this.#readFactor(`lora_${transposed ? 'B' : 'A'} of ${name}`, down, 0, columns, data);
    if (!loaded.ok) return loaded;
    this.#down = { matrix: name, data: transposed ? transpose(data, rows, rank) : data };
    return ok(this.#down.data);
  }

  /** [rows, rank] from a row on. */
  #readUp(name: string, pair: PlacedPair, row: number, rows: number): Result<Float32Array> {
    const { up, rank } = pair;
    const data = new Float32Array(rows * rank);
    if (!pair.transposed) {
      const loaded = this.#readFactor(`lora_B of ${name}`, up, row * rank, rank, data);
      return loaded.ok ? ok(data) : loaded;
    }
    const all = up.shape[1] as number;
    for (let r = 0; r < rank; r++) {
      const part = data.subarray(r * rows, (r + 1) * rows);
      const loaded = this.#readFactor(`lora_A of ${name}`, up, r * all + row, all, part);
      if (!loaded.ok) return loaded;
    }
    return ok(transpose(data, rank, rows));
  }

  #readFactor(
    name: string,
    tensor: PlacedTensor,
    first: number,
    columns: number,
    out: Float32Array,
  ): Result<undefined> {
    const read = this.#readFloats(tensor, first, out);
    if (!read.ok) return read;
    const bad = firstNotFinite(out);
    return bad === -1 ? ok(undefined) : notFinite(name, cellAt(first + bad, columns));
  }

  /** Numbers of a tensor from its `first` on, as many as `out` takes. */
  #readFloats({ path, begin, dtype }: PlacedTensor, first: number, out: Float32Array): Result<undefined> {
    const length = weightBytes(dtype, out.length);
    const from = begin + weightBytes(dtype, first);
    if (this.#raw.byteLength < length) this.#raw = new ArrayBuffer(length);
    const bytes = new Uint8Array(this.#raw, 0, length);
    try {
      const file = this.#handle(path, 'r');
      for (let at = 0; at < length; ) {
        const got = this.#files.read(file, bytes.subarray(at), from + at);
        if (got === 0) return refuse('FILE_CHANGED', 'The file became shorter while it was read.', path);
        at += got;
      }
    } catch (error) {
      return unreadable(error, path);
    }
    decodeWeights(bytes, dtype, out);
    return ok(undefined);
  }

  #write(index: number, bytes: Uint8Array, position: number): Refusal | undefined {
    const { path } = this.#conversion.plan.files[index] as { path: string };
    try {
      const file = this.#handle(join(this.#conversion.folder, path), 'r+');
      for (let at = 0; at < bytes.length; ) at += this.#files.write(file, bytes.subarray(at), position + at);
      return undefined;
    } catch (error) {
      return writeRefusal(error, path).error;
    }
  }

  #handle(path: string, flags: 'r' | 'r+'): number {
    const there = this.#handles.get(path);
    if (there !== undefined) return there;
    const file = this.#files.open(path, flags);
    this.#handles.set(path, file);
    return file;
  }

  /** Closes the files. */
  close(): void {
    for (const file of this.#handles.values()) this.#files.close(file);
    this.#handles.clear();
  }
}

/** The tensor of the checkpoint, and the place in it, of a value of a block. */
function place(matrix: PlannedMatrix, block: Block, index: number): { tensor: string; at: string } {
  let row = block.firstRow + Math.floor(index / matrix.columns);
  const column = index % matrix.columns;
  for (const { tensor, rows } of matrix.parts) {
    if (row < rows) return { tensor, at: `row ${row}, column ${column}` };
    row -= rows;
  }
  return { tensor: matrix.name, at: `row ${row}, column ${column}` };
}
