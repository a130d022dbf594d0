/**
 * What a player can name and what it can expect to do something, from the texts of an episode alone: the hidden state
 * of the engine is never asked. The room's text names every place, observations name every thing that was seen.
 */
import { Belief } from './belief.ts';
import { typeOf } from './names.ts';
import { parseObservation } from './observation.ts';

const NAME = /\b([a-z]+ \d+)\b/g;
/** Verbs whose commands are about one place: one must stand at it. */
const TREATMENTS = ['clean', 'heat', 'cool'] as const;

/** Names of things and places in a text, as the games write them; `loc 3` of the older dialect is a spot, no name. */
export function namesIn(text: string): string[] {
  return Array.from(text.matchAll(NAME), (match) => match[1] as string).filter(
    (name) => !name.startsWith('loc '),
  );
}

/** What is known after some steps of an episode. */
export class Known {
  /** The room as it is known. */
  readonly belief: Belief;
  readonly #names = new Set<string>();
  /** Commands that did nothing, by the situation in which they were given. */
  readonly #futile = new Map<string, Set<string>>();
  /** How often the world was changed by the player: what did nothing before may do something after. */
  #changes = 0;

  /** @param intro the text at reset */
  constructor(intro: string) {
    this.belief = new Belief(intro);
  }

  /** Takes in a step, whoever chose it. */
  observe(action: string, observation: string): void {
    const situation = this.#situation();
    this.belief.observe(action, observation);
    const seen = parseObservation(observation);
    if (seen.kind === 'nothing') {
      const futile = this.#futile.get(situation) ?? new Set();
      this.#futile.set(situation, futile.add(action.trim()));
      return;
    }
    if (CHANGING.has(seen.kind)) this.#changes++;
    if (seen.kind !== 'other') for (const name of namesIn(observation)) this.#names.add(name);
  }

  /** The task sentence of the text at reset. */
  get task(): string | undefined {
    return this.belief.task;
  }

  /** Places of the room, as the text at reset lists them. */
  get places(): readonly string[] {
    return this.belief.places.map(({ name }) => name);
  }

  /** Things that were seen, wherever they are now. */
  get things(): readonly string[] {
    return [...this.#names].filter((name) => this.belief.place(name) === undefined);
  }

  /** Whether the command just did nothing here, and nothing has changed since. */
  isFutile(command: string): boolean {
    return this.#futile.get(this.#situation())?.has(command.trim()) === true;
  }

  /** Whether the place was looked into, and had nothing of this type when it was last seen. */
  isMissing(type: string, place: string): boolean {
    const seen = this.belief.place(place);
    return seen?.seenAt !== undefined && !seen.contents.some((name) => typeOf(name) === type);
  }

  /**
   * The commands that the player has reason to try: of the game's grammar, about places of the room and things that were
   * seen, and none that just did nothing where nothing has changed since.
   */
  commands(): string[] {
    return this.#grammatical().filter((command) => !this.isFutile(command));
  }

  #grammatical(): string[] {
    const { places, things } = this;
    const put = this.belief.putDialect
      ? (thing: string, place: string) => `put ${thing} in/on ${place}`
      : moveTo;
    return [
      'look',
      'inventory',
      ...places.flatMap((place) => [`go to ${place}`, `open ${place}`, `close ${place}`, `examine ${place}`]),
      ...things.flatMap((thing) => [
        `examine ${thing}`,
        `use ${thing}`,
        ...places.flatMap((place) => [
          `take ${thing} from ${place}`,
          put(thing, place),
          ...TREATMENTS.map((verb) => `${verb} ${thing} with ${place}`),
        ]),
        ...things.flatMap((tool) => (typeOf(tool).includes('knife') ? [`slice ${thing} with ${tool}`] : [])),
      ]),
    ];
  }

  /** Whatever decides what a command does, as far as the player knows. */
  #situation(): string {
    return `${this.belief.here ?? ''}|${this.belief.holding ?? ''}|${this.#changes}`;
  }
}

const CHANGING: ReadonlySet<string> = new Set(['open', 'close', 'take', 'put', 'treat', 'slice', 'use']);

function moveTo(thing: string, place: string): string {
  return `move ${thing} to ${place}`;
}
