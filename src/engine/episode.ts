/**
 * One play of a game: the state, and what each command does to it and prints. Reproduces the real engine (TextWorld
 * with ALFWorld's wrapper, without its batch layer: play goes on after a win).
 */
import { listAdmissible } from './admissible.ts';
import type { Command } from './command.ts';
import { parseCommand } from './commands.ts';
import type { Contents } from './contents.ts';
import type { Condition } from './progress.ts';
import { goalProgress } from './progress.ts';
import {
  CHECKED,
  CLEAN,
  COOL,
  copyState,
  HOT,
  ON,
  OPENED,
  SLICED,
  type State,
  TOGGLED,
  withMember,
  withoutMember,
} from './state.ts';
import { stripPython } from './strip.ts';
import { listText, NOTHING_HAPPENS } from './texts.ts';
import type { Location, Receptacle, Thing, WorldData } from './world-data.ts';

declare const snapshotBrand: unique symbol;

/** A state that {@link Episode.restore} takes back; stays valid however the episode goes on. */
export interface Snapshot {
  readonly [snapshotBrand]: true;
}

export class Episode {
  readonly world: WorldData;
  #state: State;
  #won: boolean;
  /** The admissible commands of the present state, once asked for. */
  #admissible: readonly string[] | undefined;

  constructor(world: WorldData) {
    this.world = world;
    this.#state = copyState(world.startState);
    this.#won = world.goal.holds(this.#state);
  }

  /** Whether the goal holds now. It may stop to hold again. */
  get won(): boolean {
    return this.#won;
  }

  /** The state, for searching and drawing what a player can't see. Not to be changed. */
  get state(): Readonly<State> {
    return this.#state;
  }

  /** Back to the start. */
  reset(): void {
    this.#load(copyState(this.world.startState));
  }

  snapshot(): Snapshot {
    return copyState(this.#state) as unknown as Snapshot;
  }

  restore(snapshot: Snapshot): void {
    this.#load(copyState(snapshot as unknown as State));
  }

  /** An independent episode in the same state. */
  copy(): Episode {
    const copy = new Episode(this.world);
    copy.#load(copyState(this.#state));
    return copy;
  }

  #load(state: State): void {
    this.#state = state;
    this.#admissible = undefined;
    this.#won = this.world.goal.holds(state);
  }

  /** The commands that are accepted now, sorted by code point. */
  admissible(): readonly string[] {
    this.#admissible ??= listAdmissible(this.world, this.#state);
    return this.#admissible;
  }

  /** The conditions of the goal and which of them hold. */
  progress(): readonly Condition[] {
    return goalProgress(this.world, this.#state);
  }

  /** Carries out a command and returns what the game prints: `Nothing happens.` where it isn't admissible. */
  step(text: string): string {
    const known = this.world.commands.get(text);
    if (known !== undefined) return this.#apply(known);
    const stripped = stripPython(text);
    let command = this.world.commands.get(stripped);
    if (command === undefined) {
      command = parseCommand(this.world, stripped);
      if (command === undefined) return NOTHING_HAPPENS;
      this.world.commands.set(stripped, command);
    }
    return this.#apply(command);
  }

  #apply(command: Command): string {
    const { target, object } = command;
    switch (command.verb) {
      case 'go':
        return this.#go(target);
      case 'look':
        return this.#look();
      case 'inventory':
        return this.#state.held < 0
          ? 'You are not carrying anything.'
          : `You are carrying: a ${(this.world.objects[this.#state.held] as Thing).name}.`;
      case 'help':
        return this.world.helpText;
      case 'examine receptacle':
        if (!this.#here(target)) return NOTHING_HAPPENS;
        this.#mark(target, CHECKED);
        return this.#examineReceptacle(target);
      case 'examine object':
        return this.#state.held === object ? this.#examineObject(object) : NOTHING_HAPPENS;
      case 'open':
        return this.#open(target);
      case 'close':
        if (!this.#here(target) || !this.#isOpen(target)) return NOTHING_HAPPENS;
        (this.#state.receptacles[target] as number) &= ~OPENED;
        this.#changed();
        return command.feedback;
      case 'take':
        return this.#take(command);
      case 'put':
        return this.#put(command);
      case 'clean':
        return this.#transform(command, CLEAN, 0);
      case 'heat':
        return this.#transform(command, HOT, COOL);
      case 'cool':
        return this.#transform(command, COOL, HOT);
      case 'use':
        return this.#use(command);
      case 'slice':
        return this.#slice(command);
    }
  }

  #changed(): void {
    this.#admissible = undefined;
    this.#won = this.world.goal.holds(this.#state);
  }

  #receptacle(index: number): Receptacle {
    return this.world.receptacles[index] as Receptacle;
  }

  #here(receptacle: number): boolean {
    return this.#receptacle(receptacle).location === this.#state.location;
  }

  #isOpen(receptacle: number): boolean {
    return ((this.#state.receptacles[receptacle] as number) & OPENED) !== 0;
  }

  /** Whether hands can get into it: not openable, or open. */
  #accessible(receptacle: number): boolean {
    return !this.#receptacle(receptacle).openable || this.#isOpen(receptacle);
  }

  #mark(receptacle: number, flag: number): void {
    const before = this.#state.receptacles[receptacle] as number;
    if ((before & flag) !== 0) return;
    this.#state.receptacles[receptacle] = before | flag;
    // Only a goal can tell that something was checked.
    this.#won = this.world.goal.holds(this.#state);
  }

  #go(target: number): string {
    const { location } = this.#receptacle(target);
    if (location === this.#state.location) return NOTHING_HAPPENS;
    this.#state.location = location;
    this.#admissible = undefined;
    if (this.world.goal.readsLocation) this.#won = this.world.goal.holds(this.#state);
    if (!this.#accessible(target)) return this.world.arriveClosed[target] as string;
    const contents = this.#state.contents[target] as Contents;
    contents.arrived ??= `You arrive at ${this.world.arrivalName(target)}. ${contents.examined}`;
    return contents.arrived;
  }

  #open(target: number): string {
    if (!this.#here(target) || this.#isOpen(target)) return NOTHING_HAPPENS;
    (this.#state.receptacles[target] as number) |= OPENED | CHECKED;
    this.#changed();
    const contents = this.#state.contents[target] as Contents;
    contents.opened ??= `You open the ${this.#receptacle(target).name}. ${contents.examined}`;
    return contents.opened;
  }

  #examineReceptacle(target: number): string {
    return this.#accessible(target)
      ? (this.#state.contents[target] as Contents).examined
      : `The ${this.#receptacle(target).name} is closed.`;
  }

  #take(command: Command): string {
    const { object, target } = command;
    const state = this.#state;
    if (state.held >= 0 || !this.#here(target) || !this.#accessible(target)) return NOTHING_HAPPENS;
    const contents = state.contents[target] as Contents;
    if (!contents.has(object)) return NOTHING_HAPPENS;
    state.contents[target] = contents.without(object);
    state.missed[target] = withMember(state.missed[target] as readonly number[], object);
    state.present[state.location] = withoutMember(state.present[state.location] as readonly number[], object);
    state.held = object;
    this.#changed();
    return command.feedback;
  }

  #put(command: Command): string {
    const { object, target } = command;
    const state = this.#state;
    if (state.held !== object || !this.#here(target) || !this.#accessible(target)) return NOTHING_HAPPENS;
    const contents = state.contents[target] as Contents;
    if (!contents.has(object)) state.contents[target] = contents.with(object);
    state.missed[target] = withoutMember(state.missed[target] as readonly number[], object);
    state.present[state.location] = withMember(state.present[state.location] as readonly number[], object);
    state.held = -1;
    this.#changed();
    return command.feedback;
  }

  #transform(command: Command, set: number, clear: number): string {
    if (this.#state.held !== command.object || !this.#here(command.target)) return NOTHING_HAPPENS;
    const before = this.#state.objects[command.object] as number;
    const after = (before | set) & ~clear;
    if (after !== before) {
      this.#state.objects[command.object] = after;
      this.#won = this.world.goal.holds(this.#state);
    }
    return command.feedback;
  }

  #use(command: Command): string {
    const { object } = command;
    const { receptacles } = this.world.locations[this.#state.location] as Location;
    if (!receptacles.some((r) => (this.#state.contents[r] as Contents).has(object))) return NOTHING_HAPPENS;
    (this.#state.objects[object] as number) ^= ON;
    (this.#state.objects[object] as number) |= TOGGLED;
    this.#won = this.world.goal.holds(this.#state);
    return command.feedback;
  }

  #slice(command: Command): string {
    const { object, target } = command;
    const state = this.#state;
    if (state.held !== target || !state.present[state.location]?.includes(object)) return NOTHING_HAPPENS;
    (state.objects[object] as number) |= SLICED;
    this.#won = this.world.goal.holds(state);
    return command.feedback;
  }

  #look(): string {
    const location = this.world.locations[this.#state.location] as Location;
    if (location.facing === undefined) {
      return 'You are in the middle of a room. Looking quickly around you, you see nothing.';
    }
    const present = this.#state.present[this.#state.location] as readonly number[];
    const names: string[] = [];
    // Once for each receptacle here that it was taken from, as the real engine has it.
    for (const object of present) {
      for (const receptacle of location.receptacles) {
        if (this.#state.missed[receptacle]?.includes(object))
          names.push((this.world.objects[object] as Thing).name);
      }
    }
    return `${location.facing}. Next to it, you see ${listText(names)}.`;
  }

  #examineObject(index: number): string {
    const thing = this.world.objects[index] as Thing;
    if (thing.receptacleText !== undefined) return thing.receptacleText;
    const flags = this.#state.objects[index] as number;
    const words: string[] = [];
    const clean = (flags & CLEAN) !== 0;
    const sliced = (flags & SLICED) !== 0;
    if (flags & HOT) words.push('hot');
    // Alone it is cold, in company it is cool.
    else if (flags & COOL) words.push(clean || sliced ? 'cool' : 'cold');
    if (clean) words.push('clean');
    const states = words.join(' and ');
    if (states !== '') return `This is a ${states} ${sliced ? 'sliced ' : ''}${thing.name}.`;
    if (thing.toggleable && (flags & TOGGLED) !== 0) return `This ${thing.name} is on.`;
    if (thing.sliceable && sliced) return `This is a sliced ${thing.name}.`;
    return `There's nothing special about ${thing.name}.`;
  }
}
