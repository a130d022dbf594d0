/**
 * A planner on the hidden state of a world: finds a shortest sequence of commands (up to symmetric choices) that makes
 * the goal hold, whatever formula the file states. It searches over errands (fetch this, put it there, heat it), each
 * a few commands that are carried out on the engine itself, so that a plan that comes out has won there.
 *
 * A*, costs in commands; the estimate is the number of statements of the goal that don't hold yet. Of receptacles that
 * are alike for the goal and for the plan so far only one is tried; where that finds nothing, all are.
 */

import type { Atom, Ground } from '../engine/goal.ts';
import { isTrue } from '../engine/goal.ts';
import {
  CLEAN,
  COOL,
  type Episode,
  HOT,
  NOTHING_HAPPENS,
  OPENED,
  putText,
  type Receptacle,
  type Snapshot,
  type State,
  type Thing,
  type World,
} from '../engine/index.ts';

/** How many states a search may expand; the six official kinds of tasks need fewer than 200. */
const MAX_EXPANSIONS = 20_000;

interface Node {
  readonly snapshot: Snapshot;
  readonly cost: number;
  readonly won: boolean;
  readonly parent: Node | undefined;
  readonly commands: readonly string[];
}

/**
 * Commands that win the game.
 * @param from where to start; its state is put back at the end
 * @returns undefined where there is no way, or none within the limit of expansions
 */
export function solve(
  world: World,
  limit = MAX_EXPANSIONS,
  from = world.start(),
): readonly string[] | undefined {
  const relevant = relevantParts(world);
  const start = from.snapshot();
  const found = search(world, relevant, true, limit, from);
  from.restore(start);
  if (found !== undefined) return found;
  const last = search(world, relevant, false, limit, from);
  from.restore(start);
  return last;
}

function search(
  world: World,
  parts: Relevant,
  alike: boolean,
  limit: number,
  episode: Episode,
): readonly string[] | undefined {
  if (episode.won) return [];
  const queue: Node[][] = [];
  const best = new Map<string, number>();
  const push = (node: Node, estimate: number) => {
    const rank = node.cost + estimate;
    queue[rank] ??= [];
    queue[rank].push(node);
  };
  push({ snapshot: episode.snapshot(), cost: 0, won: false, parent: undefined, commands: [] }, 0);
  let expanded = 0;
  for (let rank = 0; rank < queue.length; rank++) {
    for (let node = queue[rank]?.pop(); node !== undefined; node = queue[rank]?.pop()) {
      if (node.won) return commandsOf(node);
      episode.restore(node.snapshot);
      const key = stateKey(episode.state, parts);
      if ((best.get(key) ?? Number.POSITIVE_INFINITY) < node.cost) continue;
      if (++expanded > limit) return undefined;
      for (const errand of errands(world, episode.state, parts, alike)) {
        episode.restore(node.snapshot);
        const done = carryOut(episode, errand);
        if (done === undefined) continue;
        const cost = node.cost + done.length;
        if (!episode.won) {
          const next = stateKey(episode.state, parts);
          if ((best.get(next) ?? Number.POSITIVE_INFINITY) <= cost) continue;
          best.set(next, cost);
        }
        const child = {
          snapshot: episode.snapshot(),
          cost,
          won: episode.won,
          parent: node,
          commands: done,
        };
        // A child that is cheaper than its estimate promised must not land behind the loop.
        push(child, episode.won ? 0 : Math.max(missing(world.goal.ground, episode.state), rank - cost));
      }
    }
  }
  return undefined;
}

/** Steps through an errand, up to the command that wins; undefined where one isn't possible. */
function carryOut(episode: Episode, errand: readonly string[]): readonly string[] | undefined {
  for (let i = 0; i < errand.length; i++) {
    if (episode.step(errand[i] as string) === NOTHING_HAPPENS) return undefined;
    if (episode.won) return errand.slice(0, i + 1);
  }
  return errand;
}

function commandsOf(last: Node): string[] {
  const parts: (readonly string[])[] = [];
  for (let node: Node | undefined = last; node !== undefined; node = node.parent) parts.push(node.commands);
  return parts.reverse().flat();
}

/** A lower bound, or nearly one, on the commands that are still needed. */
function missing(ground: Ground, state: State): number {
  switch (ground.kind) {
    case 'and': {
      let sum = 0;
      for (const part of ground.parts) sum += missing(part, state);
      return sum;
    }
    case 'or': {
      let least = Number.POSITIVE_INFINITY;
      for (const part of ground.parts) {
        least = Math.min(least, missing(part, state));
        if (least === 0) break;
      }
      return Number.isFinite(least) ? least : 1;
    }
    default:
      return isTrue(ground, state) ? 0 : 1;
  }
}

/** What the goal speaks of. */
interface Relevant {
  /** Ascending. */
  readonly objects: readonly number[];
  readonly receptacles: readonly number[];
  readonly locations: readonly number[];
  readonly predicates: ReadonlySet<Atom['predicate']>;
  /** By receptacle: what the goal says of it, so that receptacles of which it says the same are alike. */
  readonly said: ReadonlyMap<number, string>;
  /** Whether a thing may have to be put down on the way: for slicing, or because the goal says where it must not be. */
  readonly putsDown: boolean;
}

function relevantParts(world: World): Relevant {
  const objects = new Set<number>();
  const receptacles = new Map<number, Set<string>>();
  const locations = new Set<number>();
  const predicates = new Set<Atom['predicate']>();
  let negated = false;
  const say = (receptacle: number, words: string) => {
    const known = receptacles.get(receptacle);
    if (known === undefined) receptacles.set(receptacle, new Set([words]));
    else known.add(words);
  };
  const visit = (ground: Ground, positive: boolean): void => {
    if (ground.kind === 'and' || ground.kind === 'or') for (const part of ground.parts) visit(part, positive);
    else if (ground.kind === 'not') visit(ground.part, !positive);
    else if (ground.kind === 'atom') {
      const { predicate, a, b } = ground;
      predicates.add(predicate);
      negated ||= !positive;
      if (predicate === 'atlocation') locations.add(b);
      else if (predicate === 'opened' || predicate === 'checked') say(a, `${predicate} ${positive}`);
      else if (predicate === 'holds') objects.add(b);
      else if (predicate !== 'holdsany') objects.add(a);
      if (predicate === 'inreceptacle') say(b, `${a} ${positive}`);
      if (predicate === 'objectatlocation') locations.add(b);
    }
  };
  visit(world.goal.ground, true);
  const slicing = predicates.has('issliced');
  if (slicing) {
    world.objects.forEach((thing, i) => {
      if (thing.slices) objects.add(i);
    });
  }
  return {
    objects: ascending(objects),
    receptacles: ascending(receptacles.keys()),
    locations: ascending(locations),
    predicates,
    said: new Map([...receptacles].map(([r, words]) => [r, [...words].join(',')])),
    putsDown: slicing || negated || predicates.has('objectatlocation'),
  };
}

function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}

/** Everything worth doing next, as the commands that it takes. */
function* errands(world: World, state: State, parts: Relevant, alike: boolean): Generator<string[]> {
  const { predicates } = parts;
  const name = (object: number) => (world.objects[object] as Thing).name;
  const at = (r: number) => world.receptacles[r] as Receptacle;
  const go = (r: number) => (at(r).location === state.location ? [] : [`go to ${at(r).name}`]);
  const isOpen = (r: number) => ((state.receptacles[r] as number) & OPENED) !== 0;
  const reach = (r: number) => (at(r).openable && !isOpen(r) ? [...go(r), `open ${at(r).name}`] : go(r));
  const { held } = state;

  if (held < 0) {
    for (const object of parts.objects) {
      if (!world.objects[object]?.pickupable) continue;
      for (const r of holders(world, state, object))
        yield [...reach(r), `take ${name(object)} from ${at(r).name}`];
    }
  } else {
    const thing = world.objects[held] as Thing;
    for (const r of putTargets(world, state, parts, alike)) {
      yield [...reach(r), putText(world, thing.name, at(r).name)];
    }
    const flags = state.objects[held] as number;
    for (let r = world.receptacles.length - 1; r >= 0; r--) {
      const tool = at(r);
      if (tool.cleans && thing.cleanable && predicates.has('isclean') && !(flags & CLEAN)) {
        yield [...go(r), `clean ${thing.name} with ${tool.name}`];
      }
      if (tool.heats && thing.heatable && changesHeat(predicates) && !(flags & HOT)) {
        yield [...go(r), `heat ${thing.name} with ${tool.name}`];
      }
      if (tool.cools && thing.coolable && changesHeat(predicates) && !(flags & COOL)) {
        yield [...go(r), `cool ${thing.name} with ${tool.name}`];
      }
    }
    if (thing.slices && predicates.has('issliced')) {
      for (const object of parts.objects) {
        if (!world.objects[object]?.sliceable) continue;
        for (const r of standingBy(world, state, object)) {
          yield [...go(r), `slice ${name(object)} with ${thing.name}`];
        }
      }
    }
  }
  if (predicates.has('istoggled') || predicates.has('ison')) {
    for (const object of parts.objects) {
      if (!world.objects[object]?.toggleable) continue;
      for (const r of holders(world, state, object)) yield [...go(r), `use ${name(object)}`];
    }
  }
  for (const r of parts.receptacles) {
    if (predicates.has('opened') && at(r).openable)
      yield [...go(r), `${isOpen(r) ? 'close' : 'open'} ${at(r).name}`];
    if (predicates.has('checked')) yield [...go(r), `examine ${at(r).name}`];
  }
  for (const location of parts.locations) {
    const r = world.locations[location]?.receptacles[0];
    if (r !== undefined && location !== state.location) yield go(r);
  }
}

function changesHeat(predicates: ReadonlySet<Atom['predicate']>): boolean {
  return predicates.has('ishot') || predicates.has('iscool');
}

/** Receptacles in which an object is listed, those with low numbers first. */
function holders(world: World, state: State, object: number): number[] {
  const found: number[] = [];
  for (let r = world.receptacles.length - 1; r >= 0; r--) if (state.contents[r]?.has(object)) found.push(r);
  return found;
}

/** One receptacle at each location where an object stands ready to be sliced. */
function standingBy(world: World, state: State, object: number): number[] {
  return state.present.flatMap((present, location) => {
    const r = world.locations[location]?.receptacles[0];
    return r !== undefined && present.includes(object) ? [r] : [];
  });
}

function putTargets(world: World, state: State, parts: Relevant, alike: boolean): number[] {
  const { held } = state;
  const seen = new Set<string>();
  const targets: number[] = [];
  const consider = (r: number, said: string) => {
    if (!world.accepts[r]?.[held]) return;
    const { type, location, openable } = world.receptacles[r] as Receptacle;
    const inside = parts.objects.filter((o) => state.contents[r]?.has(o));
    const here = location === state.location;
    const closed = openable && !((state.receptacles[r] as number) & OPENED);
    const signature = alike ? [type, said, here, closed, ...inside].join('|') : String(r);
    if (seen.has(signature)) return;
    seen.add(signature);
    targets.push(r);
  };
  // From the last index down: the low numbers first, as people say 'cabinet 1'.
  for (let i = parts.receptacles.length - 1; i >= 0; i--) {
    const r = parts.receptacles[i] as number;
    consider(r, parts.said.get(r) ?? '');
  }
  if (parts.putsDown) {
    for (let r = world.receptacles.length - 1; r >= 0; r--) if (!parts.said.has(r)) consider(r, '');
  }
  return targets;
}

/** Equal for states that are equal for the goal and for what can be done about it. */
function stateKey(state: State, parts: Relevant): string {
  const words: (number | string)[] = [state.location, state.held];
  for (const object of parts.objects) {
    words.push(state.objects[object] as number);
    state.contents.forEach((contents, r) => {
      if (contents.has(object)) words.push(`r${r}`);
    });
    if (parts.putsDown) {
      state.present.forEach((present, l) => {
        if (present.includes(object)) words.push(`l${l}`);
      });
    }
  }
  words.push(String.fromCharCode(...state.receptacles));
  return words.join(' ');
}
