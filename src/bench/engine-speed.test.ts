import { expect, test } from 'vitest';
import { smallGame } from '../testing/small-game.ts';
import { measureEngine } from './engine-speed.ts';

/** A clock that moves by 10 ms whenever somebody looks. */
function measure(texts: readonly string[], seed: number) {
  let clock = 0;
  const now = () => {
    clock += 10;
    return clock;
  };
  return measureEngine(texts, { seed, length: 20, repetitions: 3, minMilliseconds: 10, now });
}

test('counts the steps of all walks, by the given clock', () => {
  const speed = measure([smallGame(), 'no game', smallGame({ dialect: 'put' })], 1);
  expect(speed).toMatchObject({
    games: 2,
    steps: 40,
    stepsPerSecond: 4000,
    stepsPerSecondWithAdmissible: 4000,
    resetMicroseconds: 5000,
    fresh: { stepsPerSecond: 4000, stepsPerSecondWithAdmissible: 4000 },
  });
});

test('reads the same texts for the same seed, and others for another', () => {
  const checksums = [1, 1, 2].map((seed) => measure([smallGame()], seed).checksum);
  expect(checksums[1]).toBe(checksums[0]);
  expect(checksums[2]).not.toBe(checksums[0]);
});
