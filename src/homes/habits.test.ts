import { describe, expect, test } from 'vitest';
import { mean } from '../base/statistics.ts';
import { Random } from '../engine/index.ts';
import { fittingPlaces, habitsOf } from './habits.ts';
import { buildRoom, type Room } from './room.ts';
import { canContain, statistics } from './statistics.ts';

const rooms = [...Array(60).keys()].map((i) => {
  const room = buildRoom('kitchen', new Random(`room ${i}`), 0);
  return { room, habits: habitsOf(room, new Random(`habits ${i}`)) };
});

/** How many of the places that can hold a thing are likelier by the statistics than this one, 0 to 1. */
function lateness(room: Room, type: string, place: number): number {
  const seen = statistics.rooms.kitchen.things[type]?.places ?? {};
  const likelihood = (i: number) => {
    const kind = room.places[i]?.type ?? '';
    return (seen[kind] ?? 0) / room.places.filter((p) => p.type === kind).length;
  };
  const others = fittingPlaces(room, type).filter((i) => i !== place);
  return others.filter((i) => likelihood(i) > likelihood(place)).length / Math.max(1, others.length);
}

describe('habits', () => {
  test('name one or two places that can hold the thing, with shares that sum to 1', () => {
    for (const { room, habits } of rooms) {
      for (const [type] of room.stock) {
        const habit = habits.get(type) ?? [];
        if (fittingPlaces(room, type).length === 0) {
          expect(habit).toEqual([]);
          continue;
        }
        expect([1, 2]).toContain(habit.length);
        expect(habit.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1);
        for (const [place] of habit) expect(canContain(room.places[place]?.type ?? '', type)).toBe(true);
      }
    }
  });

  test('are mostly where one would look late', () => {
    const kept: number[] = [];
    const random: number[] = [];
    for (const { room, habits } of rooms) {
      for (const [type, habit] of habits) {
        for (const [place] of habit) kept.push(lateness(room, type, place));
        for (const place of fittingPlaces(room, type)) random.push(lateness(room, type, place));
      }
    }
    expect(mean(kept)).toBeGreaterThan(mean(random) + 0.1);
  });

  test('keep a family together more often than not', () => {
    const both = rooms.filter(({ habits }) => habits.has('Fork') && habits.has('Spoon'));
    const together = both.filter(({ habits }) =>
      habits.get('Fork')?.some(([place]) => habits.get('Spoon')?.some(([other]) => other === place)),
    );
    expect(together.length / both.length).toBeGreaterThan(0.4);
  });

  test("don't depend on what else is in the room", () => {
    const room = buildRoom('kitchen', new Random('some room'), 0);
    const fewer = { ...room, stock: room.stock.filter(([type]) => type !== 'Mug') };
    const all = habitsOf(room, new Random('h'));
    const without = habitsOf(fewer, new Random('h'));
    expect(without.get('Apple')).toEqual(all.get('Apple'));
    expect(without.has('Mug')).toBe(false);
  });
});
