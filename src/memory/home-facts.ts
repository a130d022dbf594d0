/**
 * Where a home keeps what a task is about, out of everything that was seen while it was lived in. A script tells of the
 * few things that its own task needed; the trajectories behind the scripts saw far more. What was seen last counts:
 * a place that was looked into later without the thing doesn't keep it any more.
 */
import type { Sighting } from '../player/belief.ts';
import { typeOf } from '../player/names.ts';
import { parseObservation, viewIn } from '../player/observation.ts';
import type { Looked, Searched } from '../teacher/searched.ts';
import type { Trajectory } from './entry.ts';

/** By place: what lay there when an episode first looked, before the player itself put anything there. */
export function contentsSeen({ steps }: Trajectory): Map<string, ReadonlySet<string>> {
  const seen = new Map<string, ReadonlySet<string>>();
  for (const { observation } of steps) {
    const view = viewIn(parseObservation(observation));
    if (view?.contents === undefined || seen.has(view.place)) continue;
    seen.set(view.place, new Set(view.contents.map(typeOf)));
  }
  return seen;
}

/**
 * How the places of a home did for things of a type: where one looked while the home was lived in, and how often such a
 * thing was there. Places that nobody looked into aren't in it, nor is a type without any.
 * @param trajectories of one home
 */
export function searchedFor(types: Iterable<string>, trajectories: readonly Trajectory[]): Searched[] {
  const seen = trajectories.map(contentsSeen);
  return [...new Set(types)].flatMap((object) => {
    const places = new Map<string, Looked>();
    for (const contents of seen) {
      for (const [place, things] of contents) {
        const { looks, there } = places.get(place) ?? { looks: 0, there: 0 };
        places.set(place, { place, looks: looks + 1, there: there + (things.has(object) ? 1 : 0) });
      }
    }
    return places.size === 0 ? [] : [{ object, places: [...places.values()] }];
  });
}

interface Kept {
  readonly place: string;
  /** Episodes in which it was seen there. */
  times: number;
  /** The last of them. */
  last: number;
}

/**
 * The places where things of a type were seen and, as far as is known, still are: most often first, then latest.
 * @param trajectories of one home, the oldest first
 * @param limit places of each type
 * @param counts whether a place is worth telling
 */
export function whereKept(
  types: Iterable<string>,
  trajectories: readonly Trajectory[],
  limit: number,
  counts: (sighting: Sighting) => boolean = () => true,
): Sighting[] {
  const seen = trajectories.map(contentsSeen);
  return [...new Set(types)].flatMap((type) => {
    const places = new Map<string, Kept>();
    seen.forEach((contents, at) => {
      for (const [place, things] of contents) {
        if (!things.has(type)) places.delete(place);
        else {
          const kept = places.get(place) ?? { place, times: 0, last: at };
          places.set(place, { ...kept, times: kept.times + 1, last: at });
        }
      }
    });
    const best = [...places.values()].sort((a, b) => b.times - a.times || b.last - a.last);
    const told = best.map(({ place }) => ({ object: type, place })).filter(counts);
    return told.slice(0, limit);
  });
}
