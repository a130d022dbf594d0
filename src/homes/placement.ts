/**
 * Where things lie in one task of a home: at the home's own places as far as it has habits, else drawn from the
 * statistics, or, where the home strays, anywhere that can hold them.
 */
import type { Random } from '../base/random.ts';
import { fittingPlaces, type Habits } from './habits.ts';
import { drawPlace, type Room } from './room.ts';
import { hasTrait, type Stock, statistics } from './statistics.ts';

export interface PlacedThing {
  readonly id: string;
  readonly type: string;
  /** Index into the room's places, or -1: on the floor, out of reach. */
  readonly place: number;
  /** Another receptacle that lists it too, as in the official games; its object's location is the first one's. */
  readonly also: number | undefined;
  readonly spot: string;
  /** Cool from the start. */
  readonly cool: boolean;
  /** The id of the thing that it is recorded inside. */
  readonly inside: string | undefined;
}

/** What the task asks of the placement. */
export interface Needs {
  readonly object: string;
  /** How many of the object must be within reach. */
  readonly count: number;
  /** The type of receptacle that none of them may start in. */
  readonly notIn: string | undefined;
}

/** At full strength this share of things lies where the home keeps them; the rest was left somewhere. */
const KEPT = 0.96;

export function placeThings(
  room: Room,
  habits: Habits,
  needs: Needs,
  strengths: { readonly habits: number; readonly stray: number },
  random: Random,
): PlacedThing[] {
  const ids = room.ids.copy();
  const placed: PlacedThing[] = [];
  const { things } = statistics.rooms[room.kind];
  for (const [type, count] of room.stock) {
    // Each type draws for itself, so that one more mug doesn't move the forks.
    const own = random.fork(type);
    const fitting = fittingPlaces(room, type);
    for (let n = 0; n < count; n++) {
      const required = type === needs.object && n < needs.count;
      const forbidden = type === needs.object ? needs.notIn : undefined;
      const place = drawThing(type, fitting, required, forbidden, own);
      const at = room.places[place]?.at ?? { x: own.int(401) - 200, y: 2, z: own.int(401) - 200 };
      placed.push({
        id: ids.of(type, {
          x: at.x + own.int(41) - 20,
          y: at.y + 2 + own.int(12),
          z: at.z + own.int(41) - 20,
        }),
        type,
        place,
        also: place < 0 ? undefined : alsoListed(room, type, place, forbidden, things[type], own),
        spot: room.places[place]?.spot ?? own.pick(room.free),
        cool:
          room.places[place]?.type === 'Fridge' &&
          hasTrait(type, 'coolable') &&
          own.chance(statistics.inFridge.cool / statistics.inFridge.all),
        inside: undefined,
      });
    }
  }
  return putInside(placed, random.fork('inside'));

  function drawThing(
    type: string,
    fitting: readonly number[],
    required: boolean,
    forbidden: string | undefined,
    own: Random,
  ): number {
    const allowed = (place: number) =>
      place < 0 ? !required : forbidden === undefined || room.places[place]?.type !== forbidden;
    const habit = habits.get(type) ?? [];
    if (habit.length > 0 && own.chance(KEPT * strengths.habits)) {
      const place = own.weighted(habit);
      if (allowed(place)) return place;
    }
    if (own.chance(0.5 * strengths.stray)) {
      const anywhere = fitting.length === 0 || own.chance(0.06);
      const place = anywhere ? own.int(room.places.length) : own.pick(fitting);
      if (allowed(place)) return place;
    }
    const stock = things[type];
    const entry =
      stock?.wanted === undefined || type !== needs.object
        ? stock
        : { ...stock, places: stock.wanted.places };
    for (let draw = 0; draw < 8 && entry !== undefined; draw++) {
      const place = drawPlace(room.kind, entry, room.places, own);
      if (allowed(place)) return place;
    }
    const left = fitting.filter(allowed);
    return left.length > 0 ? own.pick(left) : -1;
  }
}

/** In 1,500 of the official games some pan lies on a burner and on the counter, some mug in the machine and beside it. */
function alsoListed(
  room: Room,
  type: string,
  place: number,
  forbidden: string | undefined,
  entry: Stock | undefined,
  random: Random,
): number | undefined {
  const pairs = statistics.alsoListed[type];
  const here = room.places[place]?.type;
  if (pairs === undefined || here === undefined || entry === undefined) return undefined;
  for (const pair of Object.keys(pairs)) {
    const [a, b] = pair.split(' ') as [string, string];
    const other = here === a ? b : here === b ? a : undefined;
    if (other === undefined || other === forbidden) continue;
    const chances = (entry.places[a] ?? 0) + (a === b ? 0 : (entry.places[b] ?? 0));
    if (!random.chance(Math.min(1, (pairs[pair] as number) / Math.max(1, chances)))) continue;
    const others = room.places.flatMap((p, i) => (p.type === other && i !== place ? [i] : []));
    if (others.length > 0) return random.pick(others);
  }
  return undefined;
}

/** Records some things inside plates, boxes and pans that lie in the same receptacle, as often as was measured. */
function putInside(things: readonly PlacedThing[], random: Random): PlacedThing[] {
  return things.map((thing) => {
    const holders = things.filter(
      (holder) =>
        holder !== thing &&
        holder.place === thing.place &&
        thing.place >= 0 &&
        statistics.inside[holder.type]?.[thing.type] !== undefined,
    );
    for (const holder of holders) {
      const rate =
        (statistics.inside[holder.type]?.[thing.type] as number) / (statistics.objects[thing.type] ?? 1);
      // A measured rate counts all pairs, these are the few that lie together already.
      if (random.chance(Math.min(1, 5.5 * rate))) return { ...thing, inside: holder.id };
    }
    return thing;
  });
}
