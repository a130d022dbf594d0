/**
 * How far a goal has come, in words for a page: its conditions, and which of them hold. Where the goal leaves open
 * which thing or place it means, the conditions are told for the choice that has come furthest.
 */
import { type Atom, type Ground, isTrue } from './goal.ts';
import type { State } from './state.ts';
import type { WorldData } from './world-data.ts';

export interface Condition {
  /** `a mug is hot`, `it is in or on a shelf`. */
  readonly text: string;
  readonly holds: boolean;
}

/** A condition as a player knows it; undefined where they can't know yet. */
export interface SeenCondition {
  readonly text: string;
  readonly holds: boolean | undefined;
}

/** Whether a statement holds; undefined where that isn't known. */
export type Know = (atom: Atom) => boolean | undefined;

interface Choice {
  readonly met: number;
  readonly leaves: readonly Leaf[];
}

interface Leaf {
  readonly atom: Atom | undefined;
  readonly negated: boolean;
  readonly holds: boolean | undefined;
}

export function goalProgress(world: WorldData, state: State): readonly Condition[] {
  return progressKnown(world, (atom) => isTrue(atom, state)).map(({ text, holds }) => ({
    text,
    holds: holds === true,
  }));
}

/** The same as far as someone knows who has not seen everything. */
export function progressKnown(world: WorldData, know: Know): readonly SeenCondition[] {
  const told = new Teller(world);
  return furthest(world.goal.ground, know, false).leaves.map((leaf) => ({
    text: told.tell(leaf),
    holds: leaf.holds,
  }));
}

/** The leaves that matter, with the branch of each alternative that has the largest share of them met. */
function furthest(ground: Ground, know: Know, negated: boolean): Choice {
  if (ground.kind === 'true' || ground.kind === 'false') return { met: 0, leaves: [] };
  if (ground.kind === 'not') return furthest(ground.part, know, !negated);
  if (ground.kind === 'atom') {
    const known = know(ground);
    const holds = known === undefined ? undefined : known !== negated;
    return { met: holds === true ? 1 : 0, leaves: [{ atom: ground, negated, holds }] };
  }
  const choices = ground.parts.map((part) => furthest(part, know, negated));
  if ((ground.kind === 'and') !== negated) {
    return { met: choices.reduce((sum, c) => sum + c.met, 0), leaves: choices.flatMap((c) => c.leaves) };
  }
  let best = choices[0] as Choice;
  for (const choice of choices) if (share(choice) > share(best)) best = choice;
  return best;
}

function share(choice: Choice): number {
  return choice.leaves.length === 0 ? 1 : choice.met / choice.leaves.length;
}

/** Words for conditions; names a type at its first mention and says `it` or `another` later. */
class Teller {
  readonly #world: WorldData;
  readonly #mentioned = new Map<string, Set<number>>();

  constructor(world: WorldData) {
    this.#world = world;
  }

  tell({ atom, negated }: Leaf): string {
    if (atom === undefined) return '';
    const not = negated ? ' not' : '';
    const { a, b } = atom;
    switch (atom.predicate) {
      case 'inreceptacle':
        return `${this.#object(a)} is${not} in or on ${this.#receptacle(b)}`;
      case 'atlocation':
        // Not where: the player may not have found out yet.
        return `you are${not} ${this.#mentioned.size === 0 ? 'at the right place' : 'beside it'}`;
      case 'objectatlocation':
        return `${this.#object(a)} is${not} at the right place`;
      case 'opened':
        return `${this.#receptacle(a)} is${negated ? ' closed' : ' open'}`;
      case 'checked':
        return `${this.#receptacle(a)} has${not} been looked into`;
      case 'holds':
        return `you${negated ? ' do not' : ''} hold ${this.#object(b)}`;
      case 'holdsany':
        return negated ? 'your hands are empty' : 'you hold something';
      case 'istoggled':
        return `${this.#object(a)} has${not} been switched on`;
      default:
        return `${this.#object(a)} is${not} ${STATE_WORDS[atom.predicate]}`;
    }
  }

  #object(index: number): string {
    return this.#mention('object', index, this.#world.objects[index]?.type ?? 'thing');
  }

  #receptacle(index: number): string {
    return this.#mention('receptacle', index, this.#world.receptacles[index]?.type ?? 'place');
  }

  #mention(kind: string, index: number, type: string): string {
    const key = `${kind} ${type}`;
    const known = this.#mentioned.get(key);
    if (known === undefined) {
      this.#mentioned.set(key, new Set([index]));
      return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
    }
    if (known.has(index)) return known.size === 1 ? `the ${type}` : `that ${type}`;
    known.add(index);
    return `another ${type}`;
  }
}

const STATE_WORDS = {
  isclean: 'clean',
  ishot: 'hot',
  iscool: 'cool',
  issliced: 'sliced',
  ison: 'on',
} as const;
