/**
 * Training conversations: an endless, seeded stream. A game is drawn (official or from a generated home), memories are
 * drawn for it, the teacher plays it with the hints that these memories give, and the messages are exactly those that
 * a student sees, with a mark on every turn that is to be learnt.
 */

import { extractionRequest } from '../../src/agent/extraction.ts';
import { formatObservation, formatReply, type Message, openingMessages } from '../../src/agent/prompt.ts';
import { Random } from '../../src/engine/index.ts';
import { calledIn } from '../../src/player/goal.ts';
import { withoutHomeFacts } from '../../src/teacher/script.ts';
import { type ChoreSetting, ChoreSource, drawChoreMemories } from './chores.ts';
import { type PlayedEpisode, playEpisode, teacherTrajectory } from './episodes.ts';
import { type Game, type Household, makeHousehold, type OfficialGames } from './games.ts';
import {
  DEFAULT_MIX,
  type Drawn,
  drawMemories,
  type Memory,
  type MemoryMix,
  MemoryShelf,
} from './memories.ts';
import { hintsOf, instructionsIn, scriptOf } from './scripts.ts';

/** What a message is for the loss: nothing, a turn of the reference trajectory, a turn to be learnt. */
export const CONTEXT = 0;
export const REFERENCE = 1;
export const TAUGHT = 2;

/** A message as it goes to Python: role, content, mark. */
export type MarkedMessage = readonly [role: Message['role'], content: string, mark: number];

export interface Conversation {
  readonly messages: readonly MarkedMessage[];
  readonly game: string;
  readonly configuration: Drawn['configuration'];
  readonly relevance: Drawn['relevance'];
  readonly steps: number;
}

export interface StreamOptions {
  readonly seed: string;
  /** Share of official games; the rest are games of generated homes. */
  readonly official: number;
  /** Share of chores besides the six kinds of tasks (chores.ts), before the other shares; 0 where not given. */
  readonly chores?: number;
  readonly mix: MemoryMix;
  /** Probability of a disturbed turn; a third of the episodes has none. */
  readonly disturbance: number;
  /** Probability that a turn is said again and again, in the episodes that are disturbed; 0 where not given. */
  readonly circles?: number;
  /** Share of episodes in which the teacher varies its order. */
  readonly variation: number;
  readonly maxSteps: number;
  /**
   * Share of the conversations about a named chore that end with the first reply: its plan is what the memory has to
   * tell, so many short ones teach to look it up.
   */
  readonly drills?: number;
  /** Share of the conversations that end with the student's own script of the episode. */
  readonly scripts: number;
  /** Fixed number of scripts; drawn where not given. */
  readonly k?: number;
}

export const DEFAULT_STREAM: StreamOptions = {
  seed: 'training',
  official: 0.5,
  chores: 0,
  mix: DEFAULT_MIX,
  disturbance: 0.15,
  variation: 0.1,
  maxSteps: 30,
  scripts: 0.08,
};

/** Tasks in a household, and how often each of its games is used before the next household is made. */
const TASKS = 12;
const USES = 3;
/** Official trajectories that the shelf of memories begins with; it grows with every official game played. */
const FIRST_MEMORIES = 400;

/** How often a chore drawn also leaves a memory on the shelf, where tasks that aren't meant find it. */
const COMPANY = 0.03;

/** A game with everything its memories are drawn from. */
export interface Setting {
  readonly game: Game;
  readonly own: readonly Memory[];
  readonly outdated: readonly Memory[];
  /** Set for a chore besides the six kinds of tasks. */
  readonly chore?: ChoreSetting;
}

export class Stream {
  readonly #official: OfficialGames | undefined;
  readonly #options: StreamOptions;
  readonly #random: Random;
  readonly #shelf = new MemoryShelf();
  readonly #remembered = new Set<string>();
  readonly #chores: ChoreSource;
  #queue: Setting[] = [];

  private constructor(official: OfficialGames | undefined, options: StreamOptions) {
    this.#official = official;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#chores = new ChoreSource(this.#random.fork('chores'));
  }

  static async open(official: OfficialGames | undefined, options: StreamOptions): Promise<Stream> {
    const stream = new Stream(official, options);
    await stream.#fillShelf();
    return stream;
  }

  /** The next episode that the teacher won. */
  async next(): Promise<Conversation> {
    const { mix, disturbance, circles = 0, variation, maxSteps, drills = 0, scripts, k } = this.#options;
    for (;;) {
      const setting = await this.setting();
      const random = this.#random;
      const drawn = this.draw(setting, mix, k);
      const instructions = instructionsIn(drawn);
      const called = calledIn(setting.game.world.task);
      if (called !== undefined && !instructions.has(called)) continue;
      const calm = random.chance(1 / 3);
      const played = playEpisode(
        setting.game.world,
        {
          maxSteps,
          disturbance: calm ? 0 : disturbance,
          circles: calm ? 0 : circles,
          hints: hintsOf(drawn),
          instructions,
          teacherSeed: random.chance(variation) ? 1 + random.int(1_000_000) : 0,
        },
        random,
      );
      if (played === undefined || !played.won || played.steps.length === 0) continue;
      const messages = markOpening(openingMessages(setting.game.world.intro, drawn.promptMemory));
      const drill = called !== undefined && played.steps[0]?.taught === true && random.chance(drills);
      const steps = drill ? played.steps.slice(0, 1) : played.steps;
      steps.forEach(({ thought, action, observation, taught }, i) => {
        messages.push(['assistant', formatReply(thought, action), taught ? TAUGHT : CONTEXT]);
        if (i < steps.length - 1) messages.push(['user', formatObservation(observation), CONTEXT]);
      });
      const { configuration, relevance } = drawn;
      if (!drill && random.chance(scripts)) messages.push(...scriptTurns(setting.game, played.steps));
      return { messages, game: setting.game.key, configuration, relevance, steps: steps.length };
    }
  }

  /** The next game with its surroundings. */
  async setting(): Promise<Setting> {
    const { chores = 0 } = this.#options;
    if (chores > 0 && this.#random.chance(chores)) {
      const chore = this.#chores.next();
      const company = this.#random.chance(COMPANY) ? this.#chores.any() : undefined;
      if (company !== undefined) this.#shelf.add(company);
      return { game: chore.game, own: [], outdated: [], chore };
    }
    const official = this.#official;
    if (official !== undefined && this.#random.chance(this.#options.official)) {
      const game = await official.at(this.#random.int(official.count));
      if (game === undefined) return this.setting();
      this.#learn(game);
      return { game, own: [], outdated: [] };
    }
    if (this.#queue.length === 0) this.#moveHouse();
    return this.#queue.pop() as Setting;
  }

  draw({ game, own, outdated, chore }: Setting, mix: MemoryMix, k: number | undefined): Drawn {
    if (chore !== undefined) return drawChoreMemories(chore, this.#shelf, mix, k, this.#random);
    const about = { task: game.world.task, game: game.key };
    return drawMemories(about, this.#shelf, own, outdated, mix, k, this.#random);
  }

  /** A new household: its memories, then its games in random order, each several times. */
  #moveHouse(): void {
    const seed = this.#random.int(1_000_000_000);
    const household = makeHousehold(seed, TASKS, this.#random);
    const memories = household.games.map((game) => memoryOf(game));
    const settings = household.games.map((game, index) => settingOf(household, memories, game, index));
    for (let use = 0; use < USES; use++) this.#queue.push(...settings);
    this.#random.shuffle(this.#queue);
    for (const memory of memories) {
      // Others meet it without what it says about this home, as the memory gives it to them.
      if (memory !== undefined && this.#random.chance(0.05))
        this.#shelf.add({ ...memory, script: withoutHomeFacts(memory.script) });
    }
  }

  async #fillShelf(): Promise<void> {
    const official = this.#official;
    if (official === undefined) {
      while (this.#shelf.memories.length < 10) this.#moveHouse();
      return;
    }
    const wanted = Math.min(FIRST_MEMORIES, official.count);
    while (this.#remembered.size < wanted) {
      const game = await official.at(this.#random.int(official.count));
      if (game !== undefined) this.#learn(game);
    }
  }

  #learn(game: Game): void {
    if (this.#remembered.has(game.key)) return;
    this.#remembered.add(game.key);
    const memory = memoryOf(game);
    if (memory !== undefined) this.#shelf.add(memory);
  }
}

/** The request for a script behind the last observation, and the teacher's script. */
function scriptTurns({ world, home }: Game, steps: PlayedEpisode['steps']): MarkedMessage[] {
  const last = steps.at(-1)?.observation ?? '';
  const { guidelines } = scriptOf(world.task, { intro: world.intro, steps }, home);
  return [
    ['user', `${formatObservation(last)}\n${extractionRequest(home !== undefined)}`, CONTEXT],
    ['assistant', guidelines, TAUGHT],
  ];
}

function settingOf(
  { change }: Household,
  memories: readonly (Memory | undefined)[],
  game: Game,
  index: number,
): Setting {
  const others = memories.flatMap((memory, i) =>
    memory?.home === undefined || memory.home !== game.home || i === index ? [] : [{ memory, i }],
  );
  const sameHabits = others.filter(({ i }) => i >= change === index >= change);
  const oldHabits = others.filter(({ i }) => i < change && index >= change);
  return {
    game,
    own: sameHabits.map(({ memory }) => memory).reverse(),
    outdated: oldHabits.map(({ memory }) => memory).reverse(),
  };
}

/** What the teacher would remember of a game; undefined where it loses. */
export function memoryOf(game: Game): Memory | undefined {
  const trajectory = teacherTrajectory(game.world, 30);
  if (trajectory === undefined) return undefined;
  const script = scriptOf(game.world.task, trajectory, game.home);
  return { game: game.key, task: game.world.task, home: game.home, script, trajectory };
}

/**
 * Turns of the reference trajectory are marked, everything else is context. So is its first turn where the task calls
 * a chore by a name: the plan in it can't be known before it was shown.
 */
export function markOpening(messages: readonly Message[]): MarkedMessage[] {
  const first = messages.findIndex(({ role }) => role === 'assistant');
  const task = /Your task is to: (.*)/.exec(messages[first - 1]?.content ?? '')?.[1] ?? '';
  const hidden = calledIn(task) === undefined ? -1 : first;
  return messages.map(({ role, content }, i) => [
    role,
    content,
    role === 'assistant' && i !== hidden ? REFERENCE : CONTEXT,
  ]);
}
