/**
 * Keeping a home's memories fit while it is lived in: what happens to the older ones when a new one comes.
 *
 * 1. The same task again: the newer memory takes the older one's place.
 * 2. A sentence "In this home mug was in cabinet 3." that the new episode contradicts is taken out of older scripts:
 *    the place was seen without a mug, and a mug was found elsewhere. Only both together count, since a thing may
 *    just be in use, or have two places.
 * 3. A home keeps at most `limit` memories: the oldest go first.
 *
 * Everybody else's memories (of other homes, of none) are left alone.
 */
import { formatHomeFact, hintsOf } from '../teacher/script.ts';
import type { MemoryEntry } from './entry.ts';
import { contentsSeen } from './home-facts.ts';

/** Memories that a home keeps; the searches of an episode take a few of them. */
export const HOME_LIMIT = 60;

interface UpkeepResult {
  /** Ids of older memories that go. */
  readonly removed: readonly string[];
  /** Older memories as they are from now on, ids unchanged. */
  readonly amended: readonly MemoryEntry[];
}

/**
 * What a new memory of a home changes about the older ones.
 * @param own the home's older memories, the oldest first; entries of other homes among them are passed over
 * @param limit memories that the home may have, the new one counted
 */
export function upkeep(own: readonly MemoryEntry[], added: MemoryEntry, limit = HOME_LIMIT): UpkeepResult {
  if (added.home === undefined) return { removed: [], amended: [] };
  const seen = contentsSeen(added.trajectory);
  const found = placesByType(added);
  const older = own.filter(({ home, id }) => home === added.home && id !== added.id);
  const kept = older.filter(({ task }) => task !== added.task);
  const surplus = Math.max(0, kept.length + 1 - limit);
  const removed = [...older.filter(({ task }) => task === added.task), ...kept.slice(0, surplus)];
  const amended = kept.slice(surplus).flatMap((entry) => {
    const guidelines = withoutContradicted(entry, seen, found);
    if (guidelines === entry.script.guidelines) return [];
    if (guidelines === '') {
      removed.push(entry);
      return [];
    }
    return [{ ...entry, script: { ...entry.script, guidelines } }];
  });
  return { removed: removed.map(({ id }) => id), amended };
}

/** What the new script says of the home: by type of thing, the places where it was. */
function placesByType({ script }: MemoryEntry): Map<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const { object, place } of hintsOf([script])) {
    places.set(object, (places.get(object) ?? new Set()).add(place));
  }
  return places;
}

function withoutContradicted(
  { script }: MemoryEntry,
  seen: ReadonlyMap<string, ReadonlySet<string>>,
  found: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  let { guidelines } = script;
  for (const fact of hintsOf([script])) {
    const now = found.get(fact.object);
    const here = seen.get(fact.place);
    if (now === undefined || now.has(fact.place) || here === undefined || here.has(fact.object)) continue;
    guidelines = guidelines.replaceAll(formatHomeFact(fact), '');
  }
  return guidelines === script.guidelines ? guidelines : guidelines.replace(/ {2,}/g, ' ').trim();
}
