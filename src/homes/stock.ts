/** Which things belong to a room, and how many of each. */
import { compareCodePoints } from '../base/order.ts';
import type { Random } from '../base/random.ts';
import { type RoomKind, type Stock, statistics } from './statistics.ts';
import { strayThings } from './stray.ts';

/** [type, count], types in code-point order. */
export function stockOf(kind: RoomKind, random: Random, stray: number): [string, number][] {
  const { things, scenes } = statistics.rooms[kind];
  const counts = new Map<string, number>();
  for (const type of Object.keys(things).sort(compareCodePoints)) {
    const entry = things[type] as Stock;
    if (random.chance(entry.scenes / scenes)) counts.set(type, random.weighted(entry.counts));
  }
  if (stray > 0) strayThings(counts, kind, random.fork('stray'), stray);
  return [...counts].sort((a, b) => compareCodePoints(a[0], b[0]));
}
