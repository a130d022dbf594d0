/**
 * The immutable part of a game: what exists, what is possible, how it starts. Shared between any number of episodes.
 * Entities are numbered by their ids in code-point order, which is the order of every list that the game prints.
 */
import type { Command } from './command.ts';
import type { Contents } from './contents.ts';
import type { GroundGoal } from './goal.ts';
import { type Dialect, HELP_TEXT } from './grammar-text.ts';
import type { State } from './state.ts';
import { NOTHING_HAPPENS } from './texts.ts';

export interface Receptacle {
  readonly id: string;
  /** As the game prints it: `cabinet 3`. */
  readonly name: string;
  /** Lower case, without the suffix: `cabinet`. */
  readonly type: string;
  readonly openable: boolean;
  /** Index into {@link World.locations}. */
  readonly location: number;
  readonly cleans: boolean;
  readonly heats: boolean;
  readonly cools: boolean;
}

export interface Thing {
  readonly id: string;
  /** As the game prints it: `mug 2`. */
  readonly name: string;
  /** Lower case, without the suffix: `mug`. */
  readonly type: string;
  readonly pickupable: boolean;
  readonly cleanable: boolean;
  readonly heatable: boolean;
  readonly coolable: boolean;
  readonly sliceable: boolean;
  readonly toggleable: boolean;
  /** A knife or a butter knife. */
  readonly slices: boolean;
  /** What `examine` says of a thing that others lie in, such as a box, whose contents never change; else undefined. */
  readonly receptacleText: string | undefined;
}

export interface Location {
  readonly id: string;
  /** `loc 12`; printed by the older dialect. */
  readonly name: string;
  /** Indices of the receptacles here, ascending. */
  readonly receptacles: readonly number[];
  /** The same in the code-point order of their names. */
  readonly byName: readonly number[];
  /** `go to ...` for all receptacles elsewhere, sorted. */
  readonly goTo: readonly string[];
  /** `You are facing the ...`, or undefined where there is no receptacle. */
  readonly facing: string | undefined;
}

/** The last list at a location with all that it followed from: coming back to the same sight costs a comparison. */
export interface RememberedList {
  readonly held: number;
  readonly opened: readonly number[];
  readonly contents: readonly (Contents | undefined)[];
  readonly present: readonly number[] | undefined;
  readonly list: readonly string[];
}

export interface WorldParts {
  readonly dialect: Dialect;
  readonly help: boolean;
  readonly intro: string;
  readonly task: string;
  readonly receptacles: readonly Receptacle[];
  readonly objects: readonly Thing[];
  readonly locations: readonly Location[];
  /** By receptacle index: 1 for each object index that its type may hold. */
  readonly accepts: readonly Uint8Array[];
  readonly goal: GroundGoal;
  readonly walkthrough: readonly string[] | undefined;
  readonly start: State;
}

export class WorldData {
  readonly dialect: Dialect;
  /** Whether the command `help` exists. */
  readonly help: boolean;
  /** What the player reads first. */
  readonly intro: string;
  /** The sentence behind 'Your task is to: ', with its full stop. */
  readonly task: string;
  readonly receptacles: readonly Receptacle[];
  readonly objects: readonly Thing[];
  readonly locations: readonly Location[];
  readonly goal: GroundGoal;
  /** A sequence of commands that wins, where the file has one. */
  readonly walkthrough: readonly string[] | undefined;
  /** @internal */
  readonly accepts: readonly Uint8Array[];
  /** @internal The state at the start; never changed. */
  readonly startState: State;
  /** @internal Receptacle index by name. */
  readonly receptacleByName: ReadonlyMap<string, number>;
  /** @internal Object index by name. */
  readonly objectByName: ReadonlyMap<string, number>;
  /** @internal Well-formed commands seen so far, by their text; filled on first use. */
  readonly commands = new Map<string, Command>();
  /** @internal By location index: the admissible commands there when last listed. */
  readonly lists: (RememberedList | undefined)[] = [];
  /** @internal By receptacle index: the commands on it, and what arriving there prints while it is closed. */
  readonly openCommands: readonly string[];
  readonly closeCommands: readonly string[];
  readonly examineCommands: readonly string[];
  readonly arriveClosed: readonly string[];
  /** @internal Indices of the objects that can be switched. */
  readonly toggleables: readonly number[];
  /** @internal What `help` prints. */
  readonly helpText: string;

  constructor(parts: WorldParts) {
    this.dialect = parts.dialect;
    this.help = parts.help;
    this.intro = parts.intro;
    this.task = parts.task;
    this.receptacles = parts.receptacles;
    this.objects = parts.objects;
    this.locations = parts.locations;
    this.accepts = parts.accepts;
    this.goal = parts.goal;
    this.walkthrough = parts.walkthrough;
    this.startState = parts.start;
    this.receptacleByName = new Map(parts.receptacles.map((r, i) => [r.name, i]));
    this.objectByName = new Map(parts.objects.map((o, i) => [o.name, i]));
    this.openCommands = parts.receptacles.map((r) => `open ${r.name}`);
    this.closeCommands = parts.receptacles.map((r) => `close ${r.name}`);
    this.examineCommands = parts.receptacles.map((r) => `examine ${r.name}`);
    this.arriveClosed = parts.receptacles.map(
      (r, i) => `You arrive at ${this.arrivalName(i)}. The ${r.name} is closed.`,
    );
    this.toggleables = parts.objects.flatMap((o, i) => (o.toggleable ? [i] : []));
    this.helpText = parts.help ? HELP_TEXT : NOTHING_HAPPENS;
  }

  /** What `You arrive at ...` calls a receptacle's place: the older dialect names the location. */
  arrivalName(receptacle: number): string {
    const { name, location } = this.receptacles[receptacle] as Receptacle;
    return this.dialect === 'move' ? name : (this.locations[location] as Location).name;
  }
}
