import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { fromFloat16, toFloat16 } from './floats.ts';
import { type ComputeType, dequantise, groupsOf, quantiseGroups } from './group-quantization.ts';

function run(weights: readonly number[], columns: number, type: ComputeType) {
  const groups = (weights.length / columns) * groupsOf(columns);
  const words = new Uint32Array(4 * groups);
  const scales = new Float32Array(groups);
  const input = Float32Array.from(weights);
  const tooLarge = quantiseGroups(input, columns, type, words, scales);
  return { words, scales, tooLarge, rounded: input };
}

/** The definition, one element at a time, each operation rounded. */
function byDefinition(weights: readonly number[], type: ComputeType): { q: number[]; scale: number } {
  const round = (x: number): number => (type === 'f16' ? fromFloat16(toFloat16(x)) : Math.fround(x));
  const w = weights.map(round);
  const scale = round(Math.max(...w.map(Math.abs)) / 7);
  const q = w.map((x) => {
    if (scale === 0) return 7;
    return Math.min(14, Math.max(0, Math.floor(round(round(x / scale) + 7) + 0.5)));
  });
  return { q, scale };
}

const weights = fc.oneof(
  fc.array(fc.float({ noNaN: true, min: -1, max: 1 }), { minLength: 32, maxLength: 32 }),
  fc.array(fc.float({ noNaN: true, min: -60000, max: 60000 }), { minLength: 32, maxLength: 32 }),
  fc.array(
    fc.integer({ min: -40, max: 40 }).map((n) => n * 2 ** -24),
    { minLength: 32, maxLength: 32 },
  ),
  fc.array(
    fc.integer({ min: -14, max: 14 }).map((n) => n / 2),
    { minLength: 32, maxLength: 32 },
  ),
);

describe.each(['f16', 'f32'] as const)('in %s', (type) => {
  it('every operation is rounded as the definition says', () => {
    fc.assert(
      fc.property(weights, (group) => {
        const { words, scales } = run(group, 32, type);
        const { q, scale } = byDefinition(group, type);
        expect(scales[0]).toBe(scale);
        const unpacked = group.map((_, k) => ((words[k >> 3] as number) >>> (4 * (k & 7))) & 15);
        expect(unpacked).toEqual(q);
      }),
      { numRuns: 2000 },
    );
  });

  it('a normal distribution comes back with a relative error of 8 to 12 %, none beyond half a step', () => {
    const random = new Random(5);
    const normal = Array.from({ length: 64 * 256 }, () => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += random.next();
      return 0.02 * sum;
    });
    const { words, scales, rounded } = run(normal, 256, type);
    const back = dequantise(words, scales, 256, type);
    let error = 0;
    let power = 0;
    back.forEach((x, i) => {
      const w = rounded[i] as number;
      error += (x - w) ** 2;
      power += w ** 2;
      expect(Math.abs(x - w)).toBeLessThanOrEqual(0.51 * (scales[i >> 5] as number));
    });
    const relative = Math.sqrt(error / power);
    expect(relative).toBeGreaterThan(0.08);
    expect(relative).toBeLessThan(0.12);
  });

  it('what it gives back is quantised to itself', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -7, max: 7 }), { minLength: 31, maxLength: 31 }), (steps) => {
        const exact = [...steps, 7].map((q) => q * 0.125);
        const { words, scales } = run(exact, 32, type);
        expect([...dequantise(words, scales, 32, type)]).toEqual(
          exact.map((x) => (x === 0 ? expect.anything() : x)),
        );
      }),
    );
  });
});

it('rounds every number next to a border as the definition does', () => {
  const bits = new Int32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let border = -6.5; border <= 6.5; border++) {
    for (let ulps = -24; ulps <= 24; ulps++) {
      value[0] = border;
      bits[0] = (bits[0] as number) + ulps;
      // A scale of 1, so that the quotient is the number itself.
      const row = [7, value[0], ...Array(30).fill(0)];
      const q = ((run(row, 32, 'f32').words[0] as number) >>> 4) & 15;
      expect(q).toBe(byDefinition(row, 'f32').q[1]);
    }
  }
});

it('packs the first element into the lowest bits, and leaves zero bits where a row ends early', () => {
  const row = Array.from({ length: 40 }, (_, k) => (k % 15) - 7);
  const { words, scales } = run([...row, ...row], 40, 'f16');
  expect(words).toHaveLength(16);
  expect(words[0]).toBe(0x76543210);
  expect(words[1]).toBe(0x0edcba98);
  expect([...words.subarray(5, 8)]).toEqual([0, 0, 0]);
  expect([...words.subarray(8)]).toEqual([...words.subarray(0, 8)]);
  expect(scales[0]).toBe(1);
  expect([...dequantise(words, scales, 40, 'f16')].slice(0, 32).map((x) => x + 0)).toEqual(row.slice(0, 32));
});

it('a group of zeros has scale 0 and stays zero', () => {
  const { words, scales } = run(Array(32).fill(-0), 32, 'f32');
  expect([...words]).toEqual(Array(4).fill(0x77777777));
  expect(scales[0]).toBe(0);
});

it('says which weight is too large for f16', () => {
  const row = Array(64).fill(1);
  row[40] = 65520;
  expect(run(row, 64, 'f16').tooLarge).toBe(40);
  expect(run(row, 64, 'f32').tooLarge).toBe(-1);
  row[40] = 65519;
  expect(run(row, 64, 'f16').tooLarge).toBe(-1);
});
