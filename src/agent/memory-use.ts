/**
 * Whether a memory was right when it was remembered, read from a trace: a memory of a home has seen where things lie
 * there. Where the player looked into such a place for what its task asks for, before it had found it, the memory
 * helped if it lay there and misled if it didn't. Nothing is said of memories of other homes, since their numbers mean
 * other places, nor of places where the player never looked. It isn't a cause: that is measured by asking why.
 */

import type { MemoryEntry, Trajectory } from '../memory/entry.ts';
import { contentsSeen } from '../memory/home-facts.ts';
import { goalsIn, parseTask } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import { parseObservation } from '../player/observation.ts';
import { type Trace, toldTask } from './trace.ts';

type Verdict = 'helped' | 'misled';

/** What of an episode tells whether its memories were right. */
export interface EpisodeUse {
  /** Memories that its prompt showed. */
  readonly shown: readonly string[];
  /** Those of its own home. */
  readonly ofHome: ReadonlySet<string>;
  /** Types of what its task asks for. */
  readonly things: ReadonlySet<string>;
  /** By place: what lay there when the player first looked, before it had found what it was looking for. */
  readonly looks: ReadonlyMap<string, ReadonlySet<string>>;
}

export function useOf({ header, steps }: Trace): EpisodeUse {
  const { scripts, trajectory, dropped } = header.memory;
  const shown = [
    ...scripts.slice(0, Math.max(0, scripts.length - dropped.scripts)),
    ...(trajectory === undefined || dropped.trajectory ? [] : [trajectory]),
  ];
  const goal = parseTask(toldTask(header));
  const things = new Set(goal.ok ? goalsIn(goal.value).flatMap(({ object }) => object || []) : []);
  const found = steps.findIndex(({ observation }) => {
    const seen = parseObservation(observation);
    return seen.kind === 'take' && things.has(typeOf(seen.object));
  });
  const looking: Trajectory = {
    intro: header.intro,
    steps: found === -1 ? steps : steps.slice(0, found),
  };
  return {
    shown: [...new Set(shown.map(({ id }) => id))],
    ofHome: new Set(shown.filter(({ ownHome }) => ownHome).map(({ id }) => id)),
    things,
    looks: contentsSeen(looking),
  };
}

/** Undefined where the episode doesn't tell. Looked where it was right once, it helped. */
export function verdictOf(
  { ofHome, things, looks }: EpisodeUse,
  { id, trajectory }: Pick<MemoryEntry, 'id' | 'trajectory'>,
): Verdict | undefined {
  if (!ofHome.has(id)) return undefined;
  let verdict: Verdict | undefined;
  for (const [place, kept] of contentsSeen(trajectory)) {
    const look = looks.get(place);
    if (look === undefined) continue;
    for (const thing of things) {
      if (!kept.has(thing)) continue;
      if (look.has(thing)) return 'helped';
      verdict = 'misled';
    }
  }
  return verdict;
}
