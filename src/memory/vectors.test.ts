import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleVector } from '../testing/sample.ts';
import { joinVectors, packVectors, similarities, unpackRow } from './vectors.ts';

const vector = (dimension: number) =>
  fc
    .array(fc.integer({ min: -1000, max: 1000 }), { minLength: dimension, maxLength: dimension })
    .map((xs) => Float32Array.from(xs, (x) => x / 1000));

describe('packed vectors', () => {
  it('keep each component to half a step of the scale', () => {
    fc.assert(
      fc.property(fc.array(vector(5), { maxLength: 4 }), (vectors) => {
        const packed = packVectors(vectors, 5);
        vectors.forEach((v, row) => {
          const scale = packed.scales[row] as number;
          unpackRow(packed, row).forEach((x, i) => {
            expect(Math.abs(x - (v[i] as number))).toBeLessThanOrEqual(scale * 0.5001);
          });
        });
      }),
    );
  });

  it('give the cosine to within a hundredth, at any dimension and length of the query', () => {
    for (const dimension of [1, 3, 8, 64, 130]) {
      const vectors = ['a', 'b', 'c'].map((text) => sampleVector(text, dimension));
      const out = new Float64Array(3);
      similarities(
        packVectors(vectors, dimension),
        sampleVector('b', dimension).map((x) => 3 * x),
        out,
      );
      vectors.forEach((v, row) => {
        const cosine = v.reduce((sum, x, i) => sum + x * (sampleVector('b', dimension)[i] as number), 0);
        expect(Math.abs((out[row] as number) - cosine)).toBeLessThan(0.01);
      });
    }
  });

  it("don't overflow where every component is the largest", () => {
    const ones = new Float32Array(512).fill(1);
    const out = new Float64Array(2);
    similarities(packVectors([ones, ones.map((x) => -x)], 512), ones, out);
    expect([...out].map((x) => Math.round(x * 1000))).toEqual(
      [1000 * Math.sqrt(512), -1000 * Math.sqrt(512)].map(Math.round),
    );
  });

  it('make a vector of zeros similar to nothing', () => {
    const zero = new Float32Array(4);
    const out = new Float64Array(2);
    similarities(packVectors([zero, sampleVector('a', 4)], 4), sampleVector('a', 4), out);
    expect(out[0]).toBe(0);
    similarities(packVectors([sampleVector('a', 4), zero], 4), zero, out);
    expect([...out]).toEqual([0, 0]);
  });

  it('stand row after row when joined', () => {
    const [a, b] = [
      packVectors([sampleVector('a', 4)], 4),
      packVectors([sampleVector('b', 4), sampleVector('c', 4)], 4),
    ];
    const all = packVectors(
      ['a', 'b', 'c'].map((text) => sampleVector(text, 4)),
      4,
    );
    expect(joinVectors([a, b], 4)).toEqual(all);
  });
});
