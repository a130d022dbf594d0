import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TASK_TYPES } from '../base/task-types.ts';
import { parseGame, type World } from '../engine/index.ts';
import { generateHome, type HomeGame, regenerate } from './home.ts';
import { homeId, parseHomeKey } from './key.ts';
import type { HomeOptions } from './options.ts';
import { ROOM_KINDS } from './statistics.ts';

const share = fc.oneof(
  fc.constantFrom(0, 0.5, 1),
  fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
);
const options: fc.Arbitrary<HomeOptions> = fc.record(
  {
    habits: share,
    stray: share,
    routine: share,
    habitChange: fc.nat(12),
    rooms: fc.uniqueArray(fc.constantFrom(...ROOM_KINDS), { minLength: 1 }),
    taskTypes: fc.uniqueArray(fc.constantFrom(...TASK_TYPES), { minLength: 1 }),
  },
  { requiredKeys: [] },
);

function worldOf(game: HomeGame): World {
  const world = parseGame(game.text);
  if (!world.ok) throw new Error(`${game.key}: ${world.error.message}`);
  return world.value;
}

function hashOf(seed: number, options: HomeOptions, games: number): string {
  const hash = createHash('sha256');
  const home = generateHome(seed, options);
  for (let i = 0; i < games; i++) {
    const { key, text } = home.game(i);
    hash.update(`${key}\n${text}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

describe('a home', () => {
  test('is the same bytes everywhere (a change here changes every generated set)', () => {
    expect([
      hashOf(1, {}, 5),
      hashOf(2, { habits: 1 }, 5),
      hashOf(3, { stray: 1 }, 5),
      hashOf(4, { habits: 0.6, stray: 0.4, routine: 0.2, habitChange: 2 }, 5),
    ]).toEqual(['ea4dd9a68891d533', '0480bab3b8a6cfd5', 'be6d14d9464616a4', 'e17ab0343095464b']);
  });

  test("its tasks don't depend on the order in which they are made", () => {
    const home = generateHome(5, { habits: 0.5 });
    const forwards = [0, 1, 2].map((i) => home.game(i).text);
    const again = generateHome(5, { habits: 0.5 });
    expect([2, 1, 0].map((i) => again.game(i).text).reverse()).toEqual(forwards);
  });

  test("every game is in its key, loads, isn't won at the start, and its walkthrough wins", () => {
    fc.assert(
      fc.property(fc.nat(1e9), options, fc.nat(30), (seed, chosen, index) => {
        const home = generateHome(seed, chosen);
        const game = home.game(index);
        const world = worldOf(game);
        expect(world.walkthrough).toEqual(game.walkthrough);
        const episode = world.start();
        expect(episode.won).toBe(false);
        for (const command of game.walkthrough) expect(episode.step(command)).not.toBe('Nothing happens.');
        expect(episode.won).toBe(true);

        const key = parseHomeKey(game.key);
        expect(key).toMatchObject({ home: seed, index, taskType: game.taskType, room: game.room });
        expect(key && homeId(key)).toBe(home.id);
        expect(chosen.rooms ?? ROOM_KINDS).toContain(game.room);
        expect(world.task).toContain(game.object.toLowerCase());
        expect(world.task).toContain(game.target.toLowerCase());
      }),
      { numRuns: 150 },
    );
  });

  test('a game is made again from its key', () => {
    const home = generateHome(13, { habits: 0.7, stray: 0.3, routine: 0.1, habitChange: 2, split: 'train' });
    for (const index of [0, 5]) {
      const game = home.game(index);
      expect(regenerate(game.key)).toEqual(game);
      expect(regenerate(game.key.replace(/_\d+$/, '_0999'))?.text).not.toBe(game.text);
    }
    expect(regenerate('train/pick_and_place_simple-Mug-None-Shelf-3/trial_T2019')).toBeUndefined();
  });

  test('asks only for the wanted kinds of tasks, where it can do one of them', () => {
    const home = generateHome(6, { taskTypes: ['pick_heat_then_place_in_recep', 'pick_two_obj_and_place'] });
    const types = new Set([...Array(20).keys()].map((i) => home.game(i).taskType));
    expect(types).toEqual(new Set(['pick_heat_then_place_in_recep', 'pick_two_obj_and_place']));
    // No microwave in a bathroom: something else instead of nothing.
    const bathroom = generateHome(6, { rooms: ['bathroom'], taskTypes: ['pick_heat_then_place_in_recep'] });
    expect(bathroom.game(0).room).toBe('bathroom');
  });

  test('stays the same house over its tasks', () => {
    const home = generateHome(7, { habits: 0.3, stray: 0.5 });
    const seen = new Map<string, string>();
    for (let i = 0; i < 30; i++) {
      const game = home.game(i);
      const house = worldOf(game).receptacles.map(({ name, openable }) => `${name} ${openable}`);
      const things = game.things.map(({ type }) => type);
      const all = JSON.stringify([house, things]);
      expect(seen.get(game.room) ?? all).toBe(all);
      seen.set(game.room, all);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  test('options out of range are brought into it', () => {
    const home = generateHome(8, { habits: 7, stray: Number.NaN, routine: -1, rooms: [] });
    expect(home.plan).toMatchObject({ habits: 1, stray: 0, routine: 0, rooms: ROOM_KINDS });
  });
});

describe('habits', () => {
  /** Share of things in all tasks that lie where the home keeps them. */
  function keptShare(strength: number): number {
    let kept = 0;
    let all = 0;
    for (let seed = 100; seed < 115; seed++) {
      const home = generateHome(seed, { habits: strength });
      for (let i = 0; i < 6; i++) {
        for (const thing of home.game(i).things) {
          all++;
          if (thing.kept) kept++;
        }
      }
    }
    return kept / all;
  }

  test('at full strength at least 90 % of the things lie where the home keeps them, at none few', () => {
    expect(keptShare(1)).toBeGreaterThan(0.9);
    expect(keptShare(0)).toBeLessThan(0.2);
    const half = keptShare(0.5);
    expect(half).toBeGreaterThan(0.4);
    expect(half).toBeLessThan(0.7);
  });

  test('are said in the words of the games, and are true there', () => {
    const home = generateHome(9, { habits: 1 });
    const game = home.game(0);
    const names = new Set(worldOf(game).receptacles.map(({ name }) => name));
    const habits = home.habits().filter(({ room }) => room === game.room);
    for (const { places } of habits) for (const place of places) expect(names).toContain(place);
    for (const { type, place, kept } of game.things) {
      const habit = habits.find(({ thing }) => thing === type);
      expect(kept).toBe(place !== undefined && (habit?.places.includes(place) ?? false));
    }
  });

  test('what the game says is what the things say', () => {
    const homes = [10, 14, 15, 16].map((seed) => generateHome(seed, { habits: 0.2, stray: 0.2 }));
    for (const game of homes.flatMap((home) => [0, 1, 2, 3].map((i) => home.game(i)))) {
      const episode = worldOf(game).start();
      const { receptacles, objects } = episode.world;
      for (const { name, place } of game.things) {
        const object = objects.findIndex((o) => o.name === name);
        const holders = receptacles
          .filter((_, r) => episode.state.contents[r]?.has(object))
          .map((r) => r.name);
        if (place === undefined) expect(holders).toEqual([]);
        else expect(holders).toContain(place);
      }
    }
  });

  test('change from a task on, and only then', () => {
    const steady = generateHome(11, { habits: 1 });
    const changing = generateHome(11, { habits: 1, habitChange: 4 });
    expect(changing.habits(3)).toEqual(steady.habits(3));
    const moved = changing.habits(4).filter((habit, i) => {
      const before = steady.habits(4)[i];
      return JSON.stringify(before) !== JSON.stringify(habit);
    });
    expect(moved.length / steady.habits().length).toBeGreaterThan(0.7);
    expect(changing.game(4).things.filter(({ kept }) => kept).length).toBeGreaterThan(0);
  });

  test('a home with a routine asks for the same things again', () => {
    const distinct = (routine: number) => {
      const home = generateHome(12, { routine });
      return new Set([...Array(40).keys()].map((i) => `${home.game(i).room} ${home.game(i).object}`)).size;
    };
    expect(distinct(1)).toBeLessThanOrEqual(6);
    expect(distinct(0)).toBeGreaterThan(12);
  });
});

describe('straying', () => {
  test('leaves gaps in the numbers, and opens what never opened', () => {
    let gaps = 0;
    const lids = new Set<string>();
    for (let seed = 200; seed < 240; seed++) {
      const world = worldOf(generateHome(seed, { stray: 1 }).game(0));
      const highest = new Map<string, number>();
      for (const { name, type, openable } of world.receptacles) {
        if (openable) lids.add(type);
        highest.set(type, Math.max(highest.get(type) ?? 0, Number(name.split(' ')[1])));
      }
      const counts = new Map<string, number>();
      for (const { type } of world.receptacles) counts.set(type, (counts.get(type) ?? 0) + 1);
      if ([...highest].some(([type, n]) => n > (counts.get(type) ?? 0))) gaps++;
    }
    expect(gaps).toBeGreaterThan(5);
    expect(
      [...lids].filter((type) => !['cabinet', 'drawer', 'safe', 'fridge', 'microwave'].includes(type)),
    ).not.toEqual([]);
  });
});
