/**
 * A home from a seed: rooms, receptacles and things that stay, habits of where things are kept, and any number of
 * tasks, each a game in the official file format that is proven solvable by its walkthrough.
 *
 * The same seed and options give the same bytes on every platform: all chance comes from engine/random.ts, each part
 * of a home draws from a stream of its own, and lengths are whole centimetres.
 */
import { TASK_TYPES, type TaskType } from '../base/task-types.ts';
import {
  DOMAIN_TEXT,
  formatGameFile,
  formatProblem,
  grammarText,
  parseGame,
  Random,
  type World,
} from '../engine/index.ts';
import { nameEntities } from '../engine/names.ts';
import type { SExpr } from '../engine/sexpr.ts';
import { type Chore, feasibleChores, KINDS, phrase, taskWeights } from './chores.ts';
import {
  drawOther,
  type FamilyChore,
  familyChores,
  familyGoal,
  familyPhrase,
  needsOf,
} from './family-chores.ts';
import { type Habits, habitsOf } from './habits.ts';
import { formatHomeKey, formatTrial, homeId, parseHomeKey } from './key.ts';
import { type HomeOptions, type HomePlan, homePlan } from './options.ts';
import { type Needs, type PlacedThing, placeThings } from './placement.ts';
import { problemOf } from './problem-of.ts';
import { buildRoom, type Room } from './room.ts';
import { solve } from './solve.ts';
import type { RoomKind } from './statistics.ts';

/** One task of a home, as a game. */
export interface HomeGame {
  /** `<split>/<task>/<trial>`; see key.ts. */
  readonly key: string;
  /** The text of its game.tw-pddl. */
  readonly text: string;
  /** One of the six kinds of tasks, or a family of chores. */
  readonly taskType: string;
  readonly room: RoomKind;
  /** What to fetch and where it goes (or the lamp), as in the key: `SoapBar`, `CounterTop`. */
  readonly object: string;
  readonly target: string;
  /** Commands that win. */
  readonly walkthrough: readonly string[];
  /** Where everything that can be carried lies. */
  readonly things: readonly {
    readonly name: string;
    readonly type: string;
    /** The receptacle's name; undefined for out of reach. */
    readonly place: string | undefined;
    /** Whether that is where the home keeps it. */
    readonly kept: boolean;
  }[];
}

/** A habit in the game's words. */
export interface NamedHabit {
  readonly room: RoomKind;
  /** `soapbar` */
  readonly thing: string;
  /** `cabinet 3`; at most two, the one used more first. */
  readonly places: readonly string[];
}

/** A chore of either sort, as the making of a game needs it. */
interface Asked {
  readonly taskType: string;
  readonly room: number;
  readonly object: string;
  readonly target: string;
  readonly needs: Needs;
  readonly goal: (room: Room, things: readonly PlacedThing[]) => SExpr;
  readonly phrase: (random: Random) => string;
}

function askedByKind(chore: Chore): Asked {
  const { object, target } = chore;
  const kind = KINDS[chore.taskType];
  const notIn = kind.startsElsewhere ? target : undefined;
  return {
    ...chore,
    needs: { object, count: kind.count, notIn },
    goal: () => kind.goal(object, target),
    phrase: (random) => phrase(chore, random),
  };
}

function askedByFamily(chore: FamilyChore): Asked {
  const { family, room, object, target } = chore;
  return {
    taskType: family.name,
    room,
    object,
    target,
    needs: needsOf(chore),
    goal: (where, things) => familyGoal(chore, where, things),
    phrase: (random) => familyPhrase(chore, random),
  };
}

/** How often a task is drawn anew when it turns out to be won at the start or not winnable. */
const ATTEMPTS = 60;
const FAVOURITES = 6;

export class Home {
  readonly seed: number;
  readonly plan: HomePlan;
  /** Tells this home from others, also by strengths; see {@link homeId}. */
  readonly id: string;
  readonly rooms: readonly Room[];
  readonly #random: Random;
  readonly #habits: readonly (readonly Habits[])[];
  readonly #chores: ReadonlyMap<TaskType, readonly (readonly [Chore, number])[]>;
  /** Of each family that the home can do something of. */
  readonly #families: readonly (readonly FamilyChore[])[];
  /** Room index and type of the things that the home's routine turns on. */
  readonly #favourites = new Set<string>();

  constructor(seed: number, options: HomeOptions = {}) {
    this.seed = seed;
    this.plan = homePlan(options);
    this.id = homeId({ home: seed, ...this.plan });
    const { rooms, stray, taskTypes, families } = this.plan;
    this.#random = new Random(`home ${seed}`);
    // A straying room can lack everything that a task would need: then it is built anew.
    for (let attempt = 0; ; attempt++) {
      const built = rooms.map((kind) => buildRoom(kind, this.#random.fork(`${kind} ${attempt}`), stray));
      const chores = new Map<TaskType, readonly (readonly [Chore, number])[]>();
      for (const type of TASK_TYPES) {
        const list = feasibleChores(type, built);
        if (list.length > 0) chores.set(type, list);
      }
      if (chores.size === 0 && attempt < ATTEMPTS) continue;
      const asked = families.map((family) => familyChores(family, built)).filter(({ length }) => length > 0);
      if (families.length > 0 && asked.length === 0 && attempt < ATTEMPTS) continue;
      this.#families = asked;
      this.rooms = built;
      const wanted = taskTypes.filter((type) => chores.has(type));
      this.#chores = new Map([...chores].filter(([type]) => wanted.length === 0 || wanted.includes(type)));
      break;
    }
    this.#habits = [0, 1].map((epoch) =>
      this.rooms.map((room) => habitsOf(room, this.#random.fork(`habits ${epoch} ${room.kind}`))),
    );
    const favouring = this.#random.fork('favourites');
    for (let i = 0; i < 4 * FAVOURITES && this.#favourites.size < FAVOURITES; i++) {
      const { room, object } = this.#drawChore(favouring, false, () => true);
      this.#favourites.add(`${room} ${object}`);
    }
  }

  /** Where the home keeps its things when a task is played. */
  habits(index = 0): NamedHabit[] {
    return this.rooms.flatMap((room, i) => {
      const names = receptacleNames(room);
      return [...this.#habitsAt(index, i)].map(([type, habit]) => ({
        room: room.kind,
        thing: type.toLowerCase(),
        places: habit.map(([place]) => names[place] as string),
      }));
    });
  }

  /** The game of one task; index from 0, without end. Tasks don't depend on each other. */
  game(index: number): HomeGame {
    return this.#game(index, solve);
  }

  /**
   * A task that nobody has proven solvable, in a fraction of the time: for those who play it to its end anyway. Its
   * walkthrough says nothing.
   */
  draft(index: number): HomeGame {
    return this.#game(index, () => ['look']);
  }

  #game(index: number, prove: typeof solve): HomeGame {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const game = this.#tryGame(index, this.#random.fork(`task ${index} ${attempt}`), prove);
      if (game !== undefined) return game;
    }
    throw new Error(`home ${this.seed} found no solvable task ${index} in ${ATTEMPTS} attempts`);
  }

  #habitsAt(index: number, room: number): Habits {
    return this.#habits[index >= this.plan.habitChange ? 1 : 0]?.[room] as Habits;
  }

  #tryGame(index: number, random: Random, prove: typeof solve): HomeGame | undefined {
    const asked = this.#ask(index, random.fork('chore'));
    if (asked === undefined) return undefined;
    const { taskType, object, target } = asked;
    const room = this.rooms[asked.room] as Room;
    const habits = this.#habitsAt(index, asked.room);
    const things = placeThings(room, habits, asked.needs, this.plan, random.fork('placement'));

    const words = random.fork('words');
    const about = { ...this.plan, room: room.kind, index };
    const name = `plan_${formatTrial(about)}`;
    const problem = problemOf(name, room, things, words.pick(room.free), asked.goal(room, things));
    const file = {
      pddl_domain: DOMAIN_TEXT,
      grammar: grammarText(asked.phrase(words)),
      pddl_problem: formatProblem(problem),
      solvable: true,
    };
    const parsed = parseGame(formatGameFile(file));
    if (!parsed.ok || parsed.value.start().won) return undefined;
    const walkthrough = prove(parsed.value);
    if (walkthrough === undefined || walkthrough.length === 0) return undefined;
    return {
      key: formatHomeKey({ ...about, taskType, object, target, home: this.seed }),
      text: formatGameFile({ ...file, walkthrough }),
      taskType,
      room: room.kind,
      object,
      target,
      walkthrough,
      things: describe(parsed.value, room, things, habits),
    };
  }

  /** What a task asks for: a chore of a family, or one of the six kinds. */
  #ask(index: number, random: Random): Asked | undefined {
    if (this.#families.length === 0) return askedByKind(this.#chooseChore(index, random));
    const chores = random.pick(this.#families);
    // The rooms evenly: kitchens hold so much that they would take nearly all.
    const room = random.pick([...new Set(chores.map((chore) => chore.room))]);
    const drawn = random.pick(chores.filter((chore) => chore.room === room));
    const chore = drawOther(drawn, this.rooms[room] as Room, random);
    return chore === undefined ? undefined : askedByFamily(chore);
  }

  #chooseChore(index: number, random: Random): Chore {
    const routine = random.chance(this.plan.routine);
    const { habits } = this.plan;
    return this.#drawChore(random, routine, ({ taskType, room, object, target }) => {
      // A chore that the habits have done already is for homes that leave things about.
      if (!KINDS[taskType].startsElsewhere || !random.chance(habits)) return true;
      const habit = this.#habitsAt(index, room).get(object) ?? [];
      const places = this.rooms[room]?.places ?? [];
      return habit.every(([place]) => places[place]?.type !== target);
    });
  }

  /** A chore by the official frequencies, the more evenly over everything feasible the more the home strays. */
  #drawChore(random: Random, routine: boolean, suits: (chore: Chore) => boolean): Chore {
    const { stray } = this.plan;
    const weights = taskWeights([...this.#chores.keys()], this.rooms, stray);
    for (let draw = 0; ; draw++) {
      const all = this.#chores.get(random.weighted(weights)) as readonly (readonly [Chore, number])[];
      const anything = random.chance(stray) || all.every(([, frequency]) => frequency === 0);
      const asked = anything ? evenly(all, random) : all.filter(([, frequency]) => frequency > 0);
      const favourite = asked.filter(([{ room, object }]) => this.#favourites.has(`${room} ${object}`));
      const list = routine ? favourite : asked;
      // A kind of task that none of the favourites serves: another draw, and in the end anything that can be done.
      if (list.length === 0 && draw < 12) continue;
      const chore = random.weighted(list.length === 0 ? asked : list);
      if (suits(chore) || draw >= 24) return chore;
    }
  }
}

/** The chores of one room, rooms drawn evenly: kitchens hold so much that they would take nearly all. */
function evenly(all: readonly (readonly [Chore, number])[], random: Random): (readonly [Chore, number])[] {
  const room = random.pick([...new Set(all.map(([chore]) => chore.room))]);
  return all.flatMap(([chore]) => (chore.room === room ? [[chore, 1] as const] : []));
}

/** The home of a seed: a whole number, which also stands in the keys of its games. */
export function generateHome(seed: number, options: HomeOptions = {}): Home {
  return new Home(seed, options);
}

/**
 * Makes a game again from its key; see key.ts.
 * @returns undefined where the key isn't one of this generator, or its home was made with restrictions
 */
export function regenerate(key: string): HomeGame | undefined {
  const parts = parseHomeKey(key);
  if (parts === undefined) return undefined;
  const game = generateHome(parts.home, parts).game(parts.index);
  return key.endsWith(game.key) ? game : undefined;
}

/** Names of a room's receptacles, in the order of its places. */
function receptacleNames(room: Room): string[] {
  const absent = room.absent.filter((part) => part.kind === 'receptacle');
  const names = nameEntities([...room.places, ...absent].map(({ id }) => id.toLowerCase()));
  return room.places.map(({ id }) => names.get(id.toLowerCase()) as string);
}

function describe(
  world: World,
  room: Room,
  things: readonly PlacedThing[],
  habits: Habits,
): HomeGame['things'] {
  const objectNames = new Map(world.objects.map(({ id, name }) => [id, name]));
  const placeNames = receptacleNames(room);
  return things.map(({ id, type, place }) => ({
    name: objectNames.get(id.toLowerCase()) as string,
    type: type.toLowerCase(),
    place: placeNames[place],
    kept: habits.get(type)?.some(([home]) => home === place) ?? false,
  }));
}
