import { expect, test } from 'vitest';
import { busy, calibrate, throttled } from './calibrate.ts';

test('a clock that slows down shows', () => {
  expect(
    throttled([
      { least: 1, median: 1 },
      { least: 1.2, median: 3 },
    ]),
  ).toBeUndefined();
  expect(
    throttled([
      { least: 1, median: 1 },
      { least: 2, median: 2 },
    ]),
  ).toMatch(/2\.0 times slower/);
});

test('other work shows', () => {
  expect(busy([{ least: 1, median: 1.3 }])).toBeUndefined();
  expect(
    busy([
      { least: 1, median: 1 },
      { least: 1, median: 2.5 },
    ]),
  ).toMatch(/2\.5 times/);
});

test('the least is the least of what the clock said', () => {
  let time = 0;
  let calls = 0;
  const now = (): number => {
    // Every second call ends a piece of work: 5, but 2 once.
    if (calls++ % 2 === 1) time += calls === 20 ? 2 : 5;
    return time;
  };
  expect(calibrate(now)).toEqual({ least: 2, median: 5 });
});
