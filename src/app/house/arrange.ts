/**
 * Where the receptacles of a room stand in the picture. The games say nothing about it, so the picture follows what a
 * room is like: what hangs on the wall, what stands along it at the height of a hand, what stands on the floor, what
 * is low down. Places of one type stand together, by number.
 */
import { table, wordsIn } from '../../base/table.ts';
import type { Belief, KnownPlace } from '../../player/belief.ts';
import { typeOf } from '../../player/names.ts';

const ZONES = ['wall', 'counter', 'floor', 'low'] as const;
type Zone = (typeof ZONES)[number];

const TYPES_OF: Readonly<Partial<Record<Zone, string>>> = {
  wall: 'cabinet shelf towelholder handtowelholder toiletpaperhanger',
  counter: 'countertop stoveburner sinkbasin microwave fridge coffeemachine toaster',
  low: 'drawer garbagecan safe laundryhamper',
};
const ZONE_OF: ReadonlyMap<string, Zone> = new Map(
  ZONES.flatMap((zone) => wordsIn(TYPES_OF[zone] ?? '').map((type) => [type, zone] as const)),
);

/** Broad pieces of furniture, drawn wide. */
const WIDE = new Set(wordsIn('countertop diningtable coffeetable bed sofa desk tvstand bathtubbasin'));

export interface PlaceGroup {
  readonly type: string;
  readonly wide: boolean;
  /** By number, from 1. */
  readonly places: readonly KnownPlace[];
}

interface ZoneOfHouse {
  readonly zone: Zone;
  readonly groups: readonly PlaceGroup[];
}

export function arrange(belief: Belief): ZoneOfHouse[] {
  const groups = new Map<string, KnownPlace[]>();
  for (const place of belief.places) {
    const group = groups.get(place.type);
    if (group === undefined) groups.set(place.type, [place]);
    else group.push(place);
  }
  return ZONES.map((zone) => ({
    zone,
    groups: [...groups]
      .filter(([type]) => (ZONE_OF.get(type) ?? 'floor') === zone)
      .map(([type, places]) => ({
        type,
        wide: WIDE.has(type),
        places: [...places].sort((a, b) => numberOf(a.name) - numberOf(b.name)),
      })),
  })).filter(({ groups: found }) => found.length > 0);
}

/** `3` of `cabinet 3`. */
export function numberOf(name: string): number {
  return Number(name.slice(typeOf(name).length)) || 0;
}

const SPOKEN: Readonly<Record<string, string>> = table({
  sinkbasin: 'sink',
  bathtubbasin: 'bathtub',
  countertop: 'countertop',
  diningtable: 'dining table',
  coffeetable: 'coffee table',
  sidetable: 'side table',
  coffeemachine: 'coffee machine',
  stoveburner: 'stove burner',
  garbagecan: 'bin',
  laundryhamper: 'hamper',
  armchair: 'armchair',
  tvstand: 'TV stand',
  towelholder: 'towel rail',
  handtowelholder: 'hand towel rail',
  toiletpaperhanger: 'paper holder',
});

/** What a person calls a type of place. */
export function spoken(type: string): string {
  return SPOKEN[type] ?? type;
}
