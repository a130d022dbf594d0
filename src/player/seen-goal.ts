/**
 * The goal's conditions as a player knows them, from what was observed and nothing else: the game's own state would
 * tell where things are that nobody has seen.
 */
import { table } from '../base/table.ts';
import { type Episode, type Know, progressKnown, type SeenCondition, type World } from '../engine/index.ts';
import { Belief } from './belief.ts';
import type { ObjectState } from './observation.ts';

const STATES: Readonly<Record<string, ObjectState>> = table({
  isclean: 'clean',
  ishot: 'hot',
  iscool: 'cool',
  issliced: 'sliced',
});
const OPPOSITES: Readonly<Partial<Record<ObjectState, ObjectState>>> = { hot: 'cool', cool: 'hot' };

/** An episode as it is played, with what its player knows of the goal. */
export class WatchedEpisode {
  readonly #episode: Episode;
  readonly #belief: Belief;

  constructor(world: World) {
    this.#episode = world.start();
    this.#belief = new Belief(world.intro);
  }

  get won(): boolean {
    return this.#episode.won;
  }

  admissible(): readonly string[] {
    return this.#episode.admissible();
  }

  step(action: string): string {
    const observation = this.#episode.step(action);
    this.#belief.observe(action, observation);
    return observation;
  }

  /** The goal's conditions as far as they were seen. */
  goal(): readonly SeenCondition[] {
    return seenGoal(this.#episode, this.#belief);
  }
}

/** @param belief what was observed in this episode up to now */
export function seenGoal(episode: Episode, belief: Belief): readonly SeenCondition[] {
  // A player is told that the game is won.
  if (episode.won) return episode.progress();
  return progressKnown(episode.world, knowledgeOf(episode.world, belief));
}

function knowledgeOf({ objects, receptacles }: Episode['world'], belief: Belief): Know {
  /** Where each object was seen last. */
  const seen = new Map<string, string>();
  for (const { name, contents } of belief.places) for (const object of contents) seen.set(object, name);
  const held = belief.holding;
  return ({ predicate, a, b }) => {
    const object = objects[a]?.name ?? '';
    const place = belief.place(receptacles[a]?.name ?? '');
    const state = STATES[predicate];
    if (state !== undefined) {
      const states = belief.statesOf(object);
      if (states.has(state)) return true;
      const opposite = OPPOSITES[state];
      return opposite !== undefined && states.has(opposite) ? false : undefined;
    }
    switch (predicate) {
      case 'inreceptacle': {
        const into = receptacles[b]?.name ?? '';
        const known = belief.place(into);
        if (known?.contents.includes(object)) return true;
        // Some things lie in two places at once: seen elsewhere isn't known to be absent here.
        return known?.seenAt !== undefined || object === held ? false : undefined;
      }
      case 'holds':
        return objects[b]?.name === held;
      case 'holdsany':
        return held !== undefined;
      case 'istoggled':
      case 'ison':
        if (belief.lit.has(object)) return true;
        return seen.has(object) || object === held ? false : undefined;
      case 'opened':
        return place === undefined || place.door === 'unknown' ? undefined : place.door === 'open';
      case 'checked':
        return place?.seenAt !== undefined;
      case 'atlocation':
        return receptacles.some(({ name, location }) => location === b && belief.isHere(name));
      default:
        return undefined;
    }
  };
}
