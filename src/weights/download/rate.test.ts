import { expect, test } from 'vitest';
import { Rate } from './rate.ts';

/** So many bytes every 100 ms, from a moment on; the moment after the last. */
function come(rate: Rate, from: number, pieces: number, bytes: number): number {
  for (let i = 0; i < pieces; i++) rate.add(from + 100 * (i + 1), bytes);
  return from + 100 * pieces;
}

test('an even download: its rate, and the time that is left', () => {
  const rate = new Rate();
  rate.add(5000, 0);
  const now = come(rate, 5000, 40, 2_000_000);
  expect(rate.bytesPerSecond(now)).toBe(20_000_000);
  expect(rate.remainingMs(now, 1_000_000_000)).toBe(50_000);
});

test('nothing is told too early, nor where nothing comes', () => {
  const rate = new Rate();
  expect(rate.bytesPerSecond(0)).toBeUndefined();
  rate.add(0, 0);
  rate.add(900, 1_000_000);
  expect(rate.bytesPerSecond(900)).toBeUndefined();
  expect(rate.remainingMs(900, 1)).toBeUndefined();
  const still = new Rate();
  still.add(0, 0);
  expect(still.bytesPerSecond(5000)).toBe(0);
  expect(still.remainingMs(5000, 1)).toBeUndefined();
});

test('what came more than ten seconds ago no longer counts', () => {
  const rate = new Rate();
  rate.add(0, 0);
  const slower = come(rate, 0, 100, 10_000_000);
  const now = come(rate, slower, 150, 1_000_000);
  expect(rate.bytesPerSecond(now)).toBe(10_000_000);
});
