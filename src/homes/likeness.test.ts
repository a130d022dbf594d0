/** Whether homes that don't stray are furnished like the official games: a generated sample against the measured figures. */

import { beforeAll, describe, expect, test } from 'vitest';
import { mean } from '../base/statistics.ts';
import { TASK_TYPES, type TaskType } from '../base/task-types.ts';
import { KINDS } from './chores.ts';
import { generateHome, type Home, type HomeGame } from './home.ts';
import { type Histogram, NOWHERE, ROOM_KINDS, type RoomKind, statistics } from './statistics.ts';

/** Rooms are made fast, games are played through; figures about games come from some of the homes. */
const HOMES = 600;
const PLAYED = 200;
const TASKS = 3;

let homes: Home[];
let games: HomeGame[];
beforeAll(() => {
  homes = [...Array(HOMES).keys()].map((seed) => generateHome(seed));
  games = homes.slice(0, PLAYED).flatMap((home) => [...Array(TASKS).keys()].map((i) => home.game(i)));
}, 120_000);

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

function expected(histogram: Histogram): number {
  return histogram.reduce((sum, [value, n]) => sum + value * n, 0);
}

function shareOf(predicate: (game: HomeGame) => boolean): number {
  return games.filter(predicate).length / games.length;
}

const officialGames = TASK_TYPES.reduce((sum, type) => sum + statistics.tasks[type].games, 0);

describe('homes like the official games', () => {
  test.each(TASK_TYPES)('%s is asked for as often', (type) => {
    const measured = statistics.tasks[type].games / officialGames;
    expect(Math.abs(shareOf((game) => game.taskType === type) - measured)).toBeLessThan(0.04);
  });

  test.each(ROOM_KINDS)('as many tasks are in a %s', (kind) => {
    const measured = statistics.rooms[kind].games / officialGames;
    expect(Math.abs(shareOf((game) => game.room === kind) - measured)).toBeLessThan(0.05);
  });

  test.each(ROOM_KINDS)('a %s has as many receptacles of each type', (kind) => {
    const rooms = homes.map((home) => home.rooms.find((room) => room.kind === kind));
    for (const [type, histogram] of Object.entries(statistics.rooms[kind].receptacles)) {
      const measured = expected(histogram) / statistics.rooms[kind].scenes;
      const made = mean(rooms.map((room) => room?.places.filter((place) => place.type === type).length ?? 0));
      // Four standard errors of the sample.
      const { scenes } = statistics.rooms[kind];
      const variance = histogram.reduce((sum, [count, n]) => sum + (n * (count - measured) ** 2) / scenes, 0);
      const tolerance = 0.01 + 4 * Math.sqrt(variance / HOMES);
      expect([type, Math.abs(made - measured) < tolerance]).toEqual([type, true]);
    }
  });

  test.each(ROOM_KINDS)('a %s has as many things and fixtures', (kind) => {
    const { things, fixtures, games: n, scenes } = statistics.rooms[kind];
    const measured =
      Object.values(things).reduce((sum, entry) => sum + expected(entry.counts) / n, 0) +
      Object.values(fixtures).reduce((sum, entry) => sum + expected(entry.counts) / scenes, 0);
    const made = mean(
      homes.map((home) => {
        const room = home.rooms.find((r) => r.kind === kind);
        return (room?.fixtures.length ?? 0) + (room?.stock ?? []).reduce((sum, [, count]) => sum + count, 0);
      }),
    );
    expect(Math.abs(made / measured - 1)).toBeLessThan(0.06);
  });

  test.each(ROOM_KINDS)('things in a %s lie where they lie there', (kind) => {
    expect(meanDistance(kind)).toBeLessThan(0.14);
  });

  test('as many of them open', () => {
    for (const [type, [open, all]] of Object.entries(statistics.openable)) {
      const places = homes.flatMap((home) =>
        home.rooms.flatMap((room) => room.places.filter((p) => p.type === type)),
      );
      const made = places.filter((place) => place.openable).length / places.length;
      // Safes are few.
      expect([type, Math.abs(made - open / all) < (type === 'Safe' ? 0.2 : 0.03)]).toEqual([type, true]);
    }
  });

  test('nothing of the goal starts in the goal where it must not, and now and then where it may', () => {
    const starts = (game: HomeGame) =>
      game.things.some(
        ({ type, place }) =>
          type === game.object.toLowerCase() && place?.startsWith(`${game.target.toLowerCase()} `) === true,
      );
    const [must, may] = [true, false].map((elsewhere) =>
      games.filter(
        ({ taskType }) =>
          KINDS[taskType as TaskType].startsElsewhere === elsewhere && !KINDS[taskType as TaskType].lamp,
      ),
    ) as [HomeGame[], HomeGame[]];
    expect(must.filter(starts)).toEqual([]);
    expect(may.filter(starts).length / may.length).toBeGreaterThan(0.2);
  });

  test('there are as many of what is asked for', () => {
    const wanted = ROOM_KINDS.flatMap((kind) => Object.values(statistics.rooms[kind].things)).flatMap(
      (stock) => (stock.wanted === undefined ? [] : [stock.wanted.counts]),
    );
    const asked = wanted.flat().reduce((sum, [, n]) => sum + n, 0);
    const measured = wanted.reduce((sum, counts) => sum + expected(counts), 0) / asked;
    const made = mean(
      games.map(({ object, things }) => things.filter(({ type }) => type === object.toLowerCase()).length),
    );
    expect(Math.abs(made - measured)).toBeLessThan(0.1);
  });
});

/** Total variation distance between where things of a type lie here and there, weighted by how many there are. */
function meanDistance(kind: RoomKind): number {
  const made = new Map<string, Map<string, number>>();
  for (const game of games.filter((g) => g.room === kind)) {
    for (const { type, place } of game.things) {
      const where = place?.replace(/ \d+$/, '') ?? NOWHERE;
      const counts = made.get(type) ?? new Map<string, number>();
      made.set(type, counts.set(where, (counts.get(where) ?? 0) + 1));
    }
  }
  let sum = 0;
  let weight = 0;
  for (const [type, { places }] of Object.entries(statistics.rooms[kind].things)) {
    const here = made.get(type.toLowerCase()) ?? new Map<string, number>();
    const n = [...here.values()].reduce((a, b) => a + b, 0);
    const all = total(places);
    const there = new Map(Object.entries(places).map(([place, k]) => [place.toLowerCase(), k / all]));
    let distance = 0;
    for (const place of new Set([...here.keys(), ...there.keys()])) {
      distance += Math.abs((here.get(place) ?? 0) / Math.max(1, n) - (there.get(place) ?? 0)) / 2;
    }
    if (n > 0) {
      sum += distance * n;
      weight += n;
    }
  }
  return sum / weight;
}
