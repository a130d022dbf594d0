/**
 * What lies in one receptacle, with the texts that depend on it. Immutable: taking and putting give another one,
 * and the same change gives the same object again, so that texts are written once and an episode's state is a list
 * of references.
 */
import { compareCodePoints } from '../base/order.ts';
import { listText } from './texts.ts';

/** How many successors are remembered before the memory is dropped; bounds what long random play can hold. */
const MAX_REMEMBERED = 256;

interface Names {
  readonly name: string;
  readonly pickupable: boolean;
}

export class Contents {
  /** Object indices, ascending. */
  readonly objects: readonly number[];
  readonly #receptacle: { readonly name: string; readonly openable: boolean };
  readonly #things: readonly Names[];
  readonly #successors = new Map<number, Contents>();
  #examined: string | undefined;
  #takes: readonly string[] | undefined;

  /** Receptacle text behind `You arrive at ...`, whole, by the place's words; filled on first use. */
  arrived: string | undefined;
  opened: string | undefined;

  constructor(
    receptacle: { readonly name: string; readonly openable: boolean },
    things: readonly Names[],
    objects: readonly number[],
  ) {
    this.#receptacle = receptacle;
    this.#things = things;
    this.objects = objects;
  }

  has(object: number): boolean {
    return this.objects.includes(object);
  }

  with(object: number): Contents {
    return this.#successor(object, () => [...this.objects, object].sort((a, b) => a - b));
  }

  without(object: number): Contents {
    return this.#successor(~object, () => this.objects.filter((o) => o !== object));
  }

  #successor(key: number, objects: () => number[]): Contents {
    let next = this.#successors.get(key);
    if (next === undefined) {
      next = new Contents(this.#receptacle, this.#things, objects());
      // Undoing leads back here, so that a take and a put don't grow a chain.
      next.#successors.set(~key, this);
      if (this.#successors.size >= MAX_REMEMBERED) this.#successors.clear();
      this.#successors.set(key, next);
    }
    return next;
  }

  /** The receptacle's text when its contents can be seen. */
  get examined(): string {
    if (this.#examined === undefined) {
      const { name, openable } = this.#receptacle;
      const list = listText(this.objects.map((o) => (this.#things[o] as Names).name));
      this.#examined = openable
        ? `The ${name} is open. In it, you see ${list}.`
        : `On the ${name}, you see ${list}.`;
    }
    return this.#examined;
  }

  /** `take ... from ...` for everything that can be picked up, sorted. */
  get takes(): readonly string[] {
    if (this.#takes === undefined) {
      const { name } = this.#receptacle;
      this.#takes = this.objects
        .map((o) => this.#things[o] as Names)
        .filter((thing) => thing.pickupable)
        .map((thing) => `take ${thing.name} from ${name}`)
        .sort(compareCodePoints);
    }
    return this.#takes;
  }
}
