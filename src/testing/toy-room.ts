/**
 * A small room for tests of whoever plays by texts alone: a table of texts instead of an engine, so that a player can
 * know exactly what a test lets it see.
 */
import type { Playable } from '../teacher/play.ts';

export const TOY_PLACES = [
  'cabinet 2',
  'cabinet 1',
  'desk 1',
  'fridge 1',
  'microwave 1',
  'shelf 3',
  'shelf 2',
  'shelf 1',
  'sinkbasin 1',
];
export const CLOSED = ['cabinet 2', 'cabinet 1', 'fridge 1', 'microwave 1'];

export function introOf(task: string): string {
  const list = TOY_PLACES.map((place) => `a ${place}`).join(', ');
  return `You are in the middle of a room. Looking quickly around you, you see ${list}.\n\nYour task is to: ${task}`;
}

function list(objects: readonly string[]): string {
  return objects.length === 0 ? 'nothing' : objects.map((object) => `a ${object}`).join(', ');
}

/** A room that plays by the engine's rules; won when `goal` holds for its contents. */
export class ToyRoom implements Playable {
  readonly contents: Map<string, string[]>;
  readonly open = new Set<string>();
  readonly done = new Set<string>();
  here = '';
  held: string | undefined;
  constructor(
    contents: Readonly<Record<string, readonly string[]>>,
    readonly goal: (room: ToyRoom) => boolean,
  ) {
    this.contents = new Map(TOY_PLACES.map((place) => [place, [...(contents[place] ?? [])]]));
  }
  get won(): boolean {
    return this.goal(this);
  }
  in(type: string, object: string): number {
    let most = 0;
    for (const [place, objects] of this.contents) {
      if (place.startsWith(`${type} `))
        most = Math.max(most, objects.filter((o) => o.startsWith(`${object} `)).length);
    }
    return most;
  }
  step(command: string): string {
    return this.#step(command) ?? 'Nothing happens.';
  }
  #reachable(place: string): boolean {
    return place === this.here && (!CLOSED.includes(place) || this.open.has(place));
  }
  #view(place: string): string {
    if (!CLOSED.includes(place)) return `On the ${place}, you see ${list(this.contents.get(place) ?? [])}.`;
    if (!this.open.has(place)) return `The ${place} is closed.`;
    return `The ${place} is open. In it, you see ${list(this.contents.get(place) ?? [])}.`;
  }
  #step(command: string): string | undefined {
    const [, verb = '', first = '', , second = ''] =
      /^(go to|open|close|examine|use|take|move|clean|heat|cool) (\S+ \d+)(?: (from|to|with) (\S+ \d+))?$/.exec(
        command,
      ) ?? [];
    const here = this.contents.get(first);
    if (verb === 'go to' && here && first !== this.here) {
      this.here = first;
      return `You arrive at ${first}. ${this.#view(first)}`;
    }
    if (verb === 'open' && first === this.here && CLOSED.includes(first) && !this.open.has(first)) {
      this.open.add(first);
      return `You open the ${first}. ${this.#view(first)}`;
    }
    if (verb === 'close' && first === this.here && this.open.delete(first)) return `You close the ${first}.`;
    if (verb === 'examine' && first === this.here) return this.#view(first);
    const there = this.contents.get(second);
    if (verb === 'take' && !this.held && this.#reachable(second) && there?.includes(first)) {
      there.splice(there.indexOf(first), 1);
      this.held = first;
      return `You pick up the ${first} from the ${second}.`;
    }
    if (verb === 'move' && this.held === first && this.#reachable(second)) {
      there?.push(first);
      this.held = undefined;
      return `You move the ${first} to the ${second}.`;
    }
    if (
      this.held === first &&
      second === this.here &&
      { clean: 'sinkbasin 1', heat: 'microwave 1', cool: 'fridge 1' }[verb] === second
    ) {
      this.done.add(`${verb} ${first}`);
      return `You ${verb} the ${first} using the ${second}.`;
    }
    if (verb === 'use' && this.contents.get(this.here)?.includes(first)) {
      this.done.add(`${first} with ${this.held}`);
      return `You turn on the ${first}.`;
    }
    return undefined;
  }
}
