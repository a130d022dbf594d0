/**
 * Where receptacles stand: the receptacles of one spot together, the spots along the walls, tables and the like in
 * the middle. Nothing in the game depends on it but the numbers of things and which receptacles share a spot; the
 * page draws the room from it.
 */

import type { Random } from '../base/random.ts';
import { table } from '../base/table.ts';
import type { Ids, Position } from './ids.ts';

/** Receptacles that are reached from one spot, by index. */
export type SpotGroup = readonly number[];

export interface Placed {
  readonly id: string;
  readonly spot: string;
  readonly at: Position;
}

const IN_THE_MIDDLE = new Set(['DiningTable', 'CoffeeTable', 'Ottoman']);
/** Height in centimetres, and what another of the type at the same spot adds. */
const HEIGHTS: Readonly<Record<string, readonly (readonly [number, number])[]>> = table({
  Cabinet: [
    [39, 25],
    [180, 30],
    [210, 30],
  ],
  Drawer: [
    [22, 19],
    [60, 19],
    [80, 19],
  ],
  Shelf: [
    [40, 35],
    [95, 35],
    [150, 30],
  ],
});
const FLOOR = new Set(['GarbageCan', 'LaundryHamper', 'Safe', 'Bed', 'Sofa', 'ArmChair', 'Toilet', 'Fridge']);
/** What a spot takes of the wall, and how far from the wall the agent stands. */
const WIDTH = 55;
const REACH = 75;
const GRID = 25;

/**
 * Places receptacles.
 * @param types the type of each receptacle
 * @param groups which of them share a spot; every index once
 */
export function layOut(
  types: readonly string[],
  groups: readonly SpotGroup[],
  ids: Ids,
  random: Random,
): Placed[] {
  const middle = groups.filter((group) => group.every((i) => IN_THE_MIDDLE.has(types[i] as string)));
  const wall = byType(
    types,
    groups.filter((group) => !middle.includes(group)),
    random,
  );
  const half = Math.max(400, wall.length * WIDTH) >> 1;
  const width = Math.floor((half * (45 + random.int(21))) / 100);
  const depth = half - width;
  const placed: Placed[] = [];
  wall.forEach((group, i) => {
    const d = Math.floor(((2 * i + 1) * (width + depth)) / wall.length);
    const [x, z, turn] = onWall(d, width, depth);
    stand(group, x, z, turn);
  });
  middle.forEach((group, i) => {
    const x = Math.floor((width * (i + 1)) / (middle.length + 1)) - (width >> 1);
    stand(group, x, random.int(61) - 30, random.int(4));
  });
  return placed;

  function stand(group: SpotGroup, x: number, z: number, turn: number): void {
    const [inX, inZ] = INWARD[turn] as readonly [number, number];
    let spot: string | undefined;
    const copies = new Map<string, number>();
    for (const index of group) {
      const type = types[index] as string;
      const copy = copies.get(type) ?? 0;
      copies.set(type, copy + 1);
      const heights = HEIGHTS[type];
      const [base, step] = heights === undefined ? [FLOOR.has(type) ? 2 : 90, 0] : random.pick(heights);
      const y = base + step * copy;
      spot ??= ids.spot(
        Math.round((x + inX * REACH) / GRID),
        Math.round((z + inZ * REACH) / GRID),
        turn,
        tiltFor(y),
      );
      // Side by side along the wall where one can't stand above the other.
      const aside = heights === undefined ? 22 * group.indexOf(index) : 0;
      const at = { x: x + (inX === 0 ? aside : 0), y, z: z + (inX === 0 ? 0 : aside) };
      placed[index] = { id: ids.of(type, at), spot, at };
    }
  }
}

/** Towards the middle of the room, for what stands at the north, east, south and west wall. */
const INWARD: readonly (readonly [number, number])[] = [
  [0, -1],
  [-1, 0],
  [0, 1],
  [1, 0],
];

function onWall(d: number, width: number, depth: number): readonly [x: number, z: number, turn: number] {
  if (d < width) return [d - (width >> 1), depth >> 1, 0];
  if (d < width + depth) return [width >> 1, (depth >> 1) - (d - width), 1];
  if (d < 2 * width + depth) return [(width >> 1) - (d - width - depth), -(depth >> 1), 2];
  return [-(width >> 1), d - 2 * width - depth - (depth >> 1), 3];
}

function tiltFor(height: number): number {
  return height < 60 ? 60 : height < 120 ? 45 : height < 170 ? 0 : -30;
}

/** Receptacles of a type stand side by side, the types in an order of the room's own. */
function byType(types: readonly string[], groups: readonly SpotGroup[], random: Random): SpotGroup[] {
  const typeOf = (group: SpotGroup) => types[group[0] as number] as string;
  const order = random.shuffle([...new Set(groups.map(typeOf))]);
  return order.flatMap((type) => groups.filter((group) => typeOf(group) === type));
}
