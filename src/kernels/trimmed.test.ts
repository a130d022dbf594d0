// A product's bits are the same however its weights are stored and its rows are put together: f32 or twenty bits, tiles
// of four rows or of six, and row by row.
import { describe, expect, test } from 'vitest';
import { randomTensor } from '../testing/random-model.ts';
import { Arena } from './arena.ts';
import { loadKernels, runsHere } from './load.ts';
import { isTrimmed, packTrimmed, TRIMMED_ROWS, trimmedBytes } from './trimmed.ts';

const [OUT, INNER, ROWS] = [96, 40, 17];
const [SET, ADD] = [0, 1];

/** Of a f16 file, or of a bf16 file: either kind of number has its last twelve bits zero. */
function trimmed(name: string): Float32Array<ArrayBuffer> {
  const data = randomTensor(name, [OUT, INNER]);
  const bits = new Uint32Array(data.buffer);
  bits.forEach((one, i) => {
    bits[i] = one & ~0xfff;
  });
  // What f16 has no normal number for, and what it has no number for at all.
  data.set([2 ** -24, -(2 ** -24), 0, -0, 65504, 2 ** 100, 2 ** -120], 50);
  return data;
}

describe.each((['simd', 'relaxed'] as const).filter(runsHere))('the %s build', (build) => {
  test.each([SET, ADD])(
    'weights of twenty bits and weights of f32 give the same bits, mode %s',
    async (mode) => {
      const arena = new Arena();
      const k = await loadKernels(build, arena.memory);
      const data = trimmed('weights');
      const [f32, packed] = [arena.take(4 * OUT * INNER), arena.take(trimmedBytes(OUT, INNER))];
      const [x, y, scratch] = [4 * ROWS * INNER, 4 * ROWS * OUT, 4 * (ROWS + TRIMMED_ROWS) * INNER].map(
        (bytes) => arena.take(bytes),
      ) as [number, number, number];
      const panels = arena.floats(f32, OUT * INNER);
      data.forEach((one, i) => {
        const [row, column] = [Math.floor(i / INNER), i % INNER];
        panels[((row >> 3) * INNER + column) * 8 + (row & 7)] = one;
      });
      packTrimmed(arena.bytesAt(packed, trimmedBytes(OUT, INNER)), data, 0, INNER);
      arena.floats(x, ROWS * INNER).set(randomTensor('x', [ROWS, INNER]));
      const before = randomTensor('y', [ROWS, OUT]);
      const result = (work: () => void): string => {
        arena.floats(y, ROWS * OUT).set(before);
        work();
        return Buffer.from(arena.bytesAt(y, 4 * ROWS * OUT)).toString('hex');
      };
      const [wide, long] = [4 * OUT, 4 * INNER];
      const oneByOne = result(() => {
        for (let i = 0; i < ROWS; i++)
          k.matmul(y + i * wide, wide, x + i * long, long, f32, 1, OUT / 8, INNER, mode, scratch);
      });
      for (const count of [4, 6]) {
        k.rowsAtOnce(count);
        expect(result(() => k.matmul(y, wide, x, long, f32, ROWS, OUT / 8, INNER, mode, scratch))).toBe(
          oneByOne,
        );
        const ofTrimmed = (at: number, rows: number): void =>
          k.matmulTrimmed(
            y + at * wide,
            wide,
            x + at * long,
            long,
            packed,
            rows,
            OUT / 32,
            INNER,
            mode,
            scratch,
          );
        expect(result(() => ofTrimmed(0, ROWS))).toBe(oneByOne);
        expect(
          result(() => {
            for (let i = 0; i < ROWS; i++) ofTrimmed(i, 1);
          }),
        ).toBe(oneByOne);
      }
    },
  );

  test('a token has the same embedding', async () => {
    const arena = new Arena();
    const k = await loadKernels(build, arena.memory);
    const data = trimmed('embedding');
    const [packed, y] = [arena.take(trimmedBytes(OUT, INNER)), arena.take(4 * INNER)];
    packTrimmed(arena.bytesAt(packed, trimmedBytes(OUT, INNER)), data, 0, INNER);
    for (let token = 0; token < OUT; token++) {
      k.columnTrimmed(y, packed, token, INNER);
      expect([...arena.floats(y, INNER)]).toEqual([...data.subarray(token * INNER, (token + 1) * INNER)]);
    }
  });
});

test('a number with a bit below the twentieth is none of them', () => {
  expect(isTrimmed(trimmed('any'))).toBe(true);
  expect(isTrimmed(Float32Array.of(1, 1 + 2 ** -11))).toBe(true);
  expect(isTrimmed(Float32Array.of(1, 1 + 2 ** -12))).toBe(false);
});
