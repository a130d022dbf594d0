/**
 * The part of the training stream that asks for chores besides the six kinds of tasks: groups of homes (home-groups.ts), their
 * games, and the memories of each prompt. A literal chore comes with right, mixed, irrelevant or no memories like any
 * task. A named one always comes with a memory that tells what its name stands for, alone or among others; which one
 * it is, only the name says.
 */
import { choosePromptMemory, type MemoryConfiguration } from '../../src/agent/prompt.ts';
import type { Random } from '../../src/engine/index.ts';
import { calledIn } from '../../src/player/goal.ts';
import { teacherTrajectory } from './episodes.ts';
import type { Game } from './games.ts';
import { type HomeGroup, makeHomeGroup } from './home-groups.ts';
import { type Drawn, distinct, type Memory, type MemoryMix, type MemoryShelf } from './memories.ts';
import { Naming } from './naming.ts';
import { scriptOf } from './scripts.ts';

/** A game of a group with the memories that its prompt may show, under names of its own. */
export interface ChoreSetting {
  readonly game: Game;
  /** Memories of the same chore. */
  readonly same: readonly Memory[];
  /** Memories of other groups' chores. */
  readonly others: readonly Memory[];
  readonly naming: Naming;
}

/** How often each game of a group is used, and how many memories of earlier groups are kept as company. */
const USES = 4;
const COMPANY = 48;
/** Groups that are met before the first prompt, so that it has company. */
const FIRST_GROUPS = 6;
const MAX_STEPS = 30;

export class ChoreSource {
  readonly #random: Random;
  #queue: (() => ChoreSetting)[] = [];
  #company: Memory[] = [];
  #groups = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): ChoreSetting {
    while (this.#queue.length === 0 || this.#groups < FIRST_GROUPS) this.#visit();
    const make = this.#queue.pop() as () => ChoreSetting;
    return make();
  }

  /** A memory of some earlier group under a name of its own, as company for other tasks. */
  any(): Memory | undefined {
    if (this.#company.length === 0) return undefined;
    return new Naming(this.#random).memory(this.#random.pick(this.#company));
  }

  /** Makes the next group: what the teacher remembers of its games, then the games in random order. */
  #visit(): void {
    const random = this.#random;
    // The name goes into seeds: another word would train another student.
    const group = makeHomeGroup(`village${this.#groups++}`, random);
    const played = group.games.flatMap((game) => {
      const memory = memoryOf(game, group);
      return memory === undefined ? [] : [{ game, memory }];
    });
    if (played.length < 3) return;
    const company = [...this.#company];
    for (const { game } of played) {
      const same = played.flatMap(({ memory }) => (memory.game === game.key ? [] : [memory]));
      for (let use = 0; use < USES; use++) this.#queue.push(() => this.#rename(game, same, company));
    }
    random.shuffle(this.#queue);
    this.#company.push(...played.map(({ memory }) => memory));
    random.shuffle(this.#company);
    this.#company = this.#company.slice(-COMPANY);
  }

  #rename(game: Game, same: readonly Memory[], others: readonly Memory[]): ChoreSetting {
    const random = this.#random;
    const naming = new Naming(random);
    const chosen = random.shuffle([...others]).slice(0, 12);
    return {
      game: { ...game, world: naming.world(game.world) },
      same: random.shuffle(same.map((memory) => naming.memory(memory))),
      others: chosen.map((memory) => naming.memory(memory)),
      naming,
    };
  }
}

function memoryOf(game: Game, { instructions }: HomeGroup): Memory | undefined {
  const { key, world, home } = game;
  const trajectory = teacherTrajectory(world, MAX_STEPS, instructions);
  if (trajectory === undefined) return undefined;
  return { game: key, task: world.task, home, script: scriptOf(world.task, trajectory, home), trajectory };
}

/** Draws the memories of one prompt. Those of a named chore tell what it is, unless only `none` is wanted. */
export function drawChoreMemories(
  { game, same, others, naming }: ChoreSetting,
  shelf: MemoryShelf,
  mix: MemoryMix,
  k: number | undefined,
  random: Random,
): Drawn {
  const called = calledIn(game.world.task);
  const configuration = drawConfiguration(mix, called !== undefined, random);
  let relevance = random.weighted(mix.relevance);
  if (called !== undefined && relevance === 'irrelevant') relevance = 'mixed';
  if (configuration === 'none') return { configuration, relevance, promptMemory: { scripts: [] }, shown: [] };
  const places = k ?? (random.chance(0.2) ? 10 : 1 + random.int(5));
  const company = random.shuffle([
    ...others.slice(0, places),
    ...shelf.any(game.key, places, random).map((memory) => naming.memory(memory)),
  ]);
  const right = relevance === 'irrelevant' ? [] : same.slice(0, 1 + random.int(places));
  const alone = relevance === 'right' && random.chance(0.5);
  const found = distinct(alone ? right : [...right, ...company]).slice(0, places);
  if (relevance === 'mixed') random.shuffle(found);
  const any = relevance === 'irrelevant' || (relevance === 'mixed' && random.chance(0.5));
  // A trajectory that is all that a named chore's prompt has must be of that chore.
  const alien = any && !(called !== undefined && configuration === 'trajectory');
  const reference = alien ? random.pick(found) : random.pick(same);
  const scripts = found.map(({ script }) => script);
  const promptMemory = choosePromptMemory(configuration, places, scripts, reference?.trajectory);
  const shown = [
    ...(promptMemory.scripts.length > 0 ? found : []),
    ...(promptMemory.trajectory === undefined || reference === undefined ? [] : [reference]),
  ];
  return { configuration, relevance, promptMemory, shown };
}

/** As the mix says; a named chore never goes without a memory, unless nothing else is wanted. */
function drawConfiguration(mix: MemoryMix, named: boolean, random: Random): MemoryConfiguration {
  const with_ = mix.configurations.filter(([configuration]) => configuration !== 'none');
  return random.weighted(named && with_.length > 0 ? with_ : mix.configurations);
}
