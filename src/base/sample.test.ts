import { expect, test } from 'vitest';
import { sampleByKind } from './sample.ts';

const games = ['cool', 'heat', 'put'].flatMap((kind, i) =>
  Array.from({ length: 4 + 20 * i }, (_, n) => `${kind} ${String(n).padStart(2, '0')}`),
);
const kindOf = (game: string): string => game.split(' ')[0] ?? '';
const draw = (count: number, seed: number, all = games) =>
  sampleByKind(all, kindOf, (game) => game, count, seed);

test("a sample has something of every kind, and isn't the first by name", () => {
  const drawn = draw(9, 1);
  expect(new Set(drawn).size).toBe(9);
  for (const kind of ['cool', 'heat', 'put']) {
    expect(drawn.filter((game) => kindOf(game) === kind)).toHaveLength(3);
  }
  expect(drawn).not.toEqual(expect.arrayContaining(['heat 00', 'heat 01', 'heat 02']));
});

test('the same seed draws the same, in whatever order they come; another draws others', () => {
  expect(draw(9, 1, [...games].reverse())).toEqual(draw(9, 1));
  expect(draw(9, 2)).not.toEqual(draw(9, 1));
});

test('a kind that runs out leaves its places to the others, and there are never more than there are', () => {
  const drawn = draw(30, 1);
  expect(drawn.filter((game) => kindOf(game) === 'cool')).toHaveLength(4);
  expect(drawn).toHaveLength(30);
  expect([...draw(1000, 1)].sort()).toEqual([...games].sort());
});
