import { expect, test } from 'vitest';
import type { Figure } from './figures.ts';
import { limitOf, limitWords } from './limit.ts';

const work = { bytes: 8e6, dispatches: 100, readBacks: 1, submits: 9, copies: 4, writes: 97 };
const decode: Figure = { subject: 'pocket/webgpu', name: 'decode', samples: [500], work };
const device = (copy: number, dispatch: number, readBack: number): Figure[] => [
  { subject: 'gpu', name: 'copy', samples: [copy] },
  { subject: 'gpu', name: 'dispatch', samples: [dispatch] },
  { subject: 'gpu', name: 'read-back', samples: [readBack] },
];

test('what takes longest binds', () => {
  // 8 MB at 8 GB/s: 1 ms a token; 100 dispatches of 5 µs: 0.5 ms; a read-back: 0.1 ms.
  expect(limitOf(decode, device(8e9, 5e-6, 1e-4))).toEqual({ value: 1000, binds: 'bandwidth', share: 0.5 });
  expect(limitOf(decode, device(8e10, 5e-6, 1e-4))).toEqual({ value: 2000, binds: 'dispatch', share: 0.25 });
  expect(limitOf(decode, device(8e10, 5e-6, 1e-3))).toEqual({ value: 1000, binds: 'read-back', share: 0.5 });
});

test('a time has a least time', () => {
  const figure: Figure = { ...decode, name: 'first-turn', samples: [0.004] };
  expect(limitOf(figure, device(8e9, 5e-6, 1e-4))).toEqual({ value: 0.001, binds: 'bandwidth', share: 0.25 });
});

test("on the CPU only bandwidth counts, and it is the CPU's", () => {
  const figure: Figure = { ...decode, subject: 'pocket/wasm' };
  const all: Figure[] = [...device(8e9, 1, 1), { subject: 'processor', name: 'copy', samples: [4e9] }];
  expect(limitOf(figure, all)).toEqual({ value: 500, binds: 'bandwidth', share: 1 });
});

test('nothing is claimed where nothing was measured', () => {
  expect(limitOf(decode, [])).toBeUndefined();
  expect(limitOf({ subject: 'gpu', name: 'copy', samples: [1] }, device(1, 1, 1))).toBeUndefined();
});

test('weights that a cache holds are held against the cache', () => {
  const figure: Figure = { ...decode, subject: 'pocket/wasm' };
  const copy = (bytes: number): Figure[] => [{ subject: 'processor', name: 'copy', samples: [bytes] }];
  const near: Figure = { subject: 'pocket/wasm', name: 'copy-weights', samples: [16e9] };
  expect(limitOf(figure, [...copy(2e9), near])).toEqual({ value: 2000, binds: 'cache', share: 0.25 });
  // Another student's weights are other weights.
  const other: Figure = { ...near, subject: 'pocket/webgpu' };
  expect(limitOf(figure, [...copy(8e9), other])).toEqual({ value: 1000, binds: 'bandwidth', share: 0.5 });
});

test("what is beaten isn't a limit, and has no share", () => {
  const figure: Figure = { ...decode, subject: 'pocket/wasm', samples: [1205] };
  const all: Figure[] = [{ subject: 'processor', name: 'copy', samples: [4e9] }];
  expect(limitOf(figure, all)).toBe('beaten');
  expect(limitWords(figure, all)).toEqual({ limit: 'none found', share: '', binds: '' });
  expect(limitWords({ ...figure, samples: [50] }, all)).toEqual({
    limit: '500 tokens/s',
    share: '10 %',
    binds: 'bandwidth',
  });
});
