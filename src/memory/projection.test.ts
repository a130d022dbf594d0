import { expect, test } from 'vitest';
import { Random } from '../engine/index.ts';
import { project } from './projection.ts';
import { packVectors } from './vectors.ts';

/** Points of a plane in many dimensions, wide along one direction and narrow along another. */
function plane(rows: number, dimension: number) {
  const random = new Random('plane');
  const wide = Float64Array.from({ length: dimension }, (_, i) => (i % 2 === 0 ? 1 : 0));
  const narrow = Float64Array.from({ length: dimension }, (_, i) => (i % 2 === 0 ? 0 : 1));
  const points = Array.from({ length: rows }, () => [2 * random.next() - 1, (2 * random.next() - 1) / 3]);
  const vectors = points.map(([a = 0, b = 0]) =>
    Float32Array.from({ length: dimension }, (_, i) => a * (wide[i] as number) + b * (narrow[i] as number)),
  );
  return { points, vectors: packVectors(vectors, dimension) };
}

test('a plane that lies in many dimensions is found, the wide direction first', () => {
  const { points, vectors } = plane(300, 16);
  const { x, y, share } = project(vectors);
  expect(share).toBeGreaterThan(0.999);
  const largest = Math.max(...points.map(([a = 0]) => Math.abs(a)));
  for (const [row, [a = 0, b = 0]] of points.entries()) {
    // Where the mean lies is nobody's doing.
    expect((x[row] as number) - (x[0] as number)).toBeCloseTo((a - (points[0]?.[0] ?? 0)) / largest, 1);
    expect((y[row] as number) - (y[0] as number)).toBeCloseTo((b - (points[0]?.[1] ?? 0)) / largest, 1);
  }
  expect(Math.max(...x.map(Math.abs), ...y.map(Math.abs))).toBeCloseTo(1, 5);
  expect(project(vectors)).toEqual({ x, y, share });
});

test('nothing, one vector and equal vectors have a picture too', () => {
  expect(project(packVectors([], 4)).x.length).toBe(0);
  const one = Float32Array.of(1, 0, 0, 0);
  expect([...project(packVectors([one], 4)).x]).toEqual([0]);
  expect([...project(packVectors([one, one, one], 4)).x]).toEqual([0, 0, 0]);
});
