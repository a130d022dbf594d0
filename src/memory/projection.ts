/**
 * The two directions in which sentence vectors differ most (principal components), for drawing them: found by power
 * iteration on the covariance from a fixed start, so that the same vectors give the same picture everywhere.
 */
import type { PackedVectors } from './vectors.ts';

interface Projection {
  /** One a row, from -1 to 1 along the wider direction. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Which share of the vectors' variance the picture shows. */
  readonly share: number;
}

/** Enough for neighbouring components to part. */
const ITERATIONS = 200;

export function project({ dimension, matrix, scales }: PackedVectors): Projection {
  const rows = scales.length;
  const x = new Float32Array(rows);
  const y = new Float32Array(rows);
  if (rows < 2) return { x, y, share: rows };
  const centred = centre(matrix, scales, dimension);
  const covariance = covarianceOf(centred, rows, dimension);
  let total = 0;
  for (let i = 0; i < dimension; i++) total += covariance[i * dimension + i] as number;
  const first = component(covariance, dimension);
  deflate(covariance, first);
  const second = component(covariance, dimension);
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    let a = 0;
    let b = 0;
    for (let i = 0; i < dimension; i++) {
      const value = centred[row * dimension + i] as number;
      a += value * (first.direction[i] as number);
      b += value * (second.direction[i] as number);
    }
    x[row] = a;
    y[row] = b;
    largest = Math.max(largest, Math.abs(a), Math.abs(b));
  }
  if (largest > 0) {
    for (let row = 0; row < rows; row++) {
      x[row] = (x[row] as number) / largest;
      y[row] = (y[row] as number) / largest;
    }
  }
  return { x, y, share: total > 0 ? (first.variance + second.variance) / total : 0 };
}

function centre(matrix: Int8Array, scales: Float32Array, dimension: number): Float64Array {
  const rows = scales.length;
  const centred = new Float64Array(rows * dimension);
  const mean = new Float64Array(dimension);
  for (let row = 0, at = 0; row < rows; row++) {
    const scale = scales[row] as number;
    for (let i = 0; i < dimension; i++, at++) {
      const value = (matrix[at] as number) * scale;
      centred[at] = value;
      mean[i] = (mean[i] as number) + value / rows;
    }
  }
  for (let at = 0; at < centred.length; at++) {
    centred[at] = (centred[at] as number) - (mean[at % dimension] as number);
  }
  return centred;
}

function covarianceOf(centred: Float64Array, rows: number, dimension: number): Float64Array {
  const covariance = new Float64Array(dimension * dimension);
  for (let row = 0; row < rows; row++) {
    const at = row * dimension;
    for (let i = 0; i < dimension; i++) {
      const value = (centred[at + i] as number) / rows;
      for (let j = 0; j <= i; j++) {
        const cell = i * dimension + j;
        covariance[cell] = (covariance[cell] as number) + value * (centred[at + j] as number);
      }
    }
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) covariance[j * dimension + i] = covariance[i * dimension + j] as number;
  }
  return covariance;
}

interface Component {
  /** Of unit length; its largest part is positive, so that a picture isn't mirrored by chance. */
  readonly direction: Float64Array;
  readonly variance: number;
}

function component(covariance: Float64Array, dimension: number): Component {
  // No direction that data would be orthogonal to by design.
  let direction = Float64Array.from({ length: dimension }, (_, i) => 1 / (i + 1));
  let variance = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = new Float64Array(dimension);
    for (let i = 0; i < dimension; i++) {
      let sum = 0;
      for (let j = 0; j < dimension; j++) {
        sum += (covariance[i * dimension + j] as number) * (direction[j] as number);
      }
      next[i] = sum;
    }
    variance = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    if (variance === 0) return { direction, variance };
    direction = next.map((value) => value / variance);
  }
  let largest = 0;
  for (const value of direction) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return { direction: largest < 0 ? direction.map((value) => -value) : direction, variance };
}

/** Takes a component out of a covariance. */
function deflate(covariance: Float64Array, { direction, variance }: Component): void {
  const dimension = direction.length;
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < dimension; j++) {
      const cell = i * dimension + j;
      const part = variance * (direction[i] as number) * (direction[j] as number);
      covariance[cell] = (covariance[cell] as number) - part;
    }
  }
}
