/**
 * Groups of homes: a few that do one chore in the same way. What one home's memory tells of it is true in the others.
 * Training draws the chore anew for every group: a literal family of the table, or a name with a procedure drawn at
 * random, never one that is held out (src/homes/families.ts).
 *
 * A named chore's sentence doesn't say what to do. It is trained on only where a memory in the prompt tells it, and the
 * teacher knows no more than that prompt: an episode without such a memory would teach to guess.
 */
import { parseGame, type Random } from '../../src/engine/index.ts';
import {
  FAMILIES,
  type Family,
  generateHome,
  isHeldOut,
  type NamedProcedure,
  namedFamily,
  proceduresOf,
} from '../../src/homes/index.ts';
import type { Instructions } from '../../src/player/goal.ts';
import { FIRST_TRAINING_HOME, type Game } from './games.ts';

export interface HomeGroup {
  readonly family: Family;
  readonly games: readonly Game[];
  /** What its chore's name stands for; empty for a literal family. */
  readonly instructions: Instructions;
}

/** Share of the groups whose chore has a name. */
const NAMED = 0.6;
const HOMES = 4;
const GAMES_PER_HOME = 2;

type Treatments = NamedProcedure['treatments'];
const ONE: readonly (readonly [Treatments, number])[] = [
  [[], 2],
  [['clean'], 3],
  [['heat'], 3],
  [['cool'], 3],
  [['slice'], 2],
  [['clean', 'cool'], 3],
  [['cool', 'clean'], 3],
  [['slice', 'clean'], 2],
  [['clean', 'slice'], 2],
  [['heat', 'slice'], 2],
  [['slice', 'heat'], 2],
];
const TWO: readonly (readonly [Treatments, number])[] = [
  [[], 2],
  [['clean'], 2],
  [['cool'], 2],
];
/** Where chores end whose sentence doesn't say it: places that most homes have. */
const PLACES = [
  'CounterTop',
  'DiningTable',
  'SideTable',
  'Shelf',
  'Drawer',
  'Cabinet',
  'Desk',
  'Dresser',
  'Bed',
  'ArmChair',
  'CoffeeTable',
  'GarbageCan',
  'Fridge',
  'Microwave',
  'SinkBasin',
  'Toilet',
] as const;

const LITERAL = FAMILIES.filter(({ heldOut, called }) => !heldOut && called === undefined);

/** A family for a group. @param name letters that no other group has; prompts show another name in its place */
export function drawFamily(name: string, random: Random): Family {
  if (!random.chance(NAMED)) return random.pick(LITERAL);
  for (;;) {
    const count = random.weighted([
      [1, 14],
      [2, 5],
      [3, 1],
    ]);
    const treatments = count === 1 ? random.weighted(ONE) : count === 2 ? random.weighted(TWO) : [];
    // A chore whose sentence says all of it is rare: the name would mean nothing.
    const said = random.chance(treatments.length === 0 ? 0.15 : 0.5);
    const place = said ? undefined : random.pick(PLACES);
    if (isHeldOut({ count, treatments }, place)) continue;
    return namedFamily(name, { count, treatments }, place);
  }
}

/** Builds a group; it may have few games, or none, where its homes lack what the chore needs. */
export function makeHomeGroup(name: string, random: Random): HomeGroup {
  const family = drawFamily(name, random);
  const games: Game[] = [];
  for (let i = 0; i < HOMES; i++) {
    const seed = FIRST_TRAINING_HOME + random.int(1_000_000_000);
    const stray = random.chance(0.25) ? 0 : random.pick([0.2, 0.4, 0.6, 0.8, 1]);
    const home = generateHome(seed, { stray, split: 'training', families: [family] });
    for (let index = 0; index < GAMES_PER_HOME; index++) {
      const game = home.draft(index);
      if (game.taskType !== family.name) break;
      const world = parseGame(game.text);
      if (world.ok) games.push({ key: game.key, world: world.value });
    }
  }
  return { family, games, instructions: proceduresOf([family]) };
}
