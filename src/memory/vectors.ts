import type { Random } from '../base/random.ts';
/**
 * Packed sentence vectors: one contiguous matrix of signed bytes and a scale a row, the form in which they are
 * shipped, stored and searched. Dot products of bytes are whole numbers, so the same vectors give the same ranking on
 * every machine.
 */

export interface PackedVectors {
  readonly dimension: number;
  /** rows × dimension, row after row. */
  readonly matrix: Int8Array;
  /** One a row: component = byte × scale. */
  readonly scales: Float32Array;
}

/** For measurements: any direction will do. */
export function randomVector(random: Random, dimension: number): Float32Array {
  return Float32Array.from({ length: dimension }, () => random.next() - 0.5);
}

/** Rounds vectors to bytes: the largest component of each row becomes ±127. A vector of zeros keeps scale 0. */
export function packVectors(vectors: readonly Float32Array[], dimension: number): PackedVectors {
  const matrix = new Int8Array(vectors.length * dimension);
  const scales = new Float32Array(vectors.length);
  vectors.forEach((vector, row) => {
    const largest = largestMagnitude(vector);
    if (largest === 0) return;
    scales[row] = largest / 127;
    for (let i = 0; i < dimension; i++) {
      matrix[row * dimension + i] = Math.round(((vector[i] as number) / largest) * 127);
    }
  });
  return { dimension, matrix, scales };
}

/** Row after row of several packs with the same dimension. */
export function joinVectors(parts: readonly PackedVectors[], dimension: number): PackedVectors {
  const rows = parts.reduce((sum, part) => sum + part.scales.length, 0);
  const matrix = new Int8Array(rows * dimension);
  const scales = new Float32Array(rows);
  let at = 0;
  for (const part of parts) {
    matrix.set(part.matrix, at * dimension);
    scales.set(part.scales, at);
    at += part.scales.length;
  }
  return { dimension, matrix, scales };
}

/** Some rows by their number, in the order asked for. */
export function chooseRows(
  { dimension, matrix, scales }: PackedVectors,
  rows: readonly number[],
): PackedVectors {
  const chosen = new Int8Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) {
    chosen.set(matrix.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  }
  return { dimension, matrix: chosen, scales: Float32Array.from(rows, (row) => scales[row] as number) };
}

/** One row as plain numbers. */
export function unpackRow({ dimension, matrix, scales }: PackedVectors, row: number): Float32Array {
  const scale = scales[row] as number;
  return Float32Array.from(matrix.subarray(row * dimension, (row + 1) * dimension), (byte) => byte * scale);
}

/**
 * Cosine similarity of a vector to every row, into `out`.
 * The query is rounded to 16 bits (an error below 1e-4 in the cosine); the sums stay below 2^31 for up to 516
 * dimensions of the largest values, and vectors of unit length stay far below that at any dimension in use.
 */
export function similarities(vectors: PackedVectors, query: Float32Array, out: Float64Array): void {
  const { dimension, matrix, scales } = vectors;
  const largest = largestMagnitude(query);
  const q = new Int16Array(dimension);
  if (largest > 0)
    for (let i = 0; i < dimension; i++) q[i] = Math.round(((query[i] as number) / largest) * 32_767);
  const length = norm(query);
  const unit = length > 0 ? largest / 32_767 / length : 0;
  const whole = dimension & ~3;
  for (let row = 0, at = 0; row < scales.length; row++, at += dimension) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < whole; i += 4) {
      a = (a + Math.imul(matrix[at + i] as number, q[i] as number)) | 0;
      b = (b + Math.imul(matrix[at + i + 1] as number, q[i + 1] as number)) | 0;
      c = (c + Math.imul(matrix[at + i + 2] as number, q[i + 2] as number)) | 0;
      d = (d + Math.imul(matrix[at + i + 3] as number, q[i + 3] as number)) | 0;
    }
    for (let i = whole; i < dimension; i++) a = (a + Math.imul(matrix[at + i] as number, q[i] as number)) | 0;
    out[row] = (a + b + c + d) * (scales[row] as number) * unit;
  }
}

function largestMagnitude(vector: Float32Array): number {
  let largest = 0;
  for (const x of vector) largest = Math.max(largest, Math.abs(x));
  return largest;
}

function norm(vector: Float32Array): number {
  let sum = 0;
  for (const x of vector) sum += x * x;
  return Math.sqrt(sum);
}
