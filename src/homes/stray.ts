/**
 * How a straying home differs from the statistics, so that a student has to read what is there: types of receptacles
 * come in other numbers, go missing, or turn up in rooms where they never were; things likewise. Strength 0 to 1.
 */
import { compareCodePoints } from '../base/order.ts';
import type { Random } from '../base/random.ts';
import { ROOM_KINDS, type RoomKind, statistics } from './statistics.ts';

/** As many receptacles as a straying room has at most; the largest official kitchen has 54. */
const MOST_RECEPTACLES = 42;
const MOST_THINGS = 60;

/** Changes the number of receptacles of each type, in place. */
export function strayReceptacles(
  counts: Map<string, number>,
  kind: RoomKind,
  random: Random,
  stray: number,
): void {
  for (const type of sortedNames(counts)) {
    const count = counts.get(type) as number;
    const several = mostOf(type) > 2;
    if (several && random.chance(0.65 * stray)) {
      counts.set(type, 1 + random.int(Math.max(2, Math.min(mostOf(type), 2 * count + 2))));
    } else if (random.chance(0.08 * stray)) {
      counts.delete(type);
    }
  }
  for (let n = random.int(3); n > 0; n--) {
    if (!random.chance(stray)) continue;
    const from = random.chance(0.5) ? kind : random.pick(ROOM_KINDS);
    const type = random.pick(Object.keys(statistics.rooms[from].receptacles).sort(compareCodePoints));
    if (!counts.has(type) || mostOf(type) > 2) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  for (;;) {
    let total = 0;
    let largest = '';
    for (const type of sortedNames(counts)) {
      const count = counts.get(type) as number;
      total += count;
      if (count > (counts.get(largest) ?? 0)) largest = type;
    }
    if (total <= MOST_RECEPTACLES) return;
    counts.set(largest, (counts.get(largest) as number) - 1);
  }
}

/** Changes how many there are of each type of thing, in place. */
export function strayThings(
  counts: Map<string, number>,
  kind: RoomKind,
  random: Random,
  stray: number,
): void {
  for (const type of sortedNames(counts)) {
    if (random.chance(0.2 * stray)) counts.delete(type);
    else if (random.chance(0.4 * stray)) counts.set(type, random.pick([1, 1, 2, 2, 3, 4]));
  }
  for (let n = random.int(9); n > 0; n--) {
    if (!random.chance(stray)) continue;
    const from = random.chance(0.6) ? kind : random.pick(ROOM_KINDS);
    const type = random.pick(Object.keys(statistics.rooms[from].things).sort(compareCodePoints));
    if (!counts.has(type)) counts.set(type, random.pick([1, 1, 2, 3]));
  }
  let total = 0;
  for (const type of sortedNames(counts)) {
    total += counts.get(type) as number;
    if (total > MOST_THINGS) counts.delete(type);
  }
}

function mostOf(type: string): number {
  let most = 0;
  for (const kind of ROOM_KINDS) {
    for (const [count] of statistics.rooms[kind].receptacles[type] ?? []) most = Math.max(most, count);
  }
  return most;
}

function sortedNames(counts: ReadonlyMap<string, number>): string[] {
  return [...counts.keys()].sort(compareCodePoints);
}
