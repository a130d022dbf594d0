/**
 * Memories for training prompts: what a bank would have found, and what it might wrongly have found. A student must
 * learn to use a memory that is right and to get over one that isn't, so the draws mix: right (the nearest tasks and
 * the home's own), partly wrong (from the time before the home changed its habits, or shuffled among other tasks),
 * irrelevant (any task at all).
 */

import {
  choosePromptMemory,
  MEMORY_CONFIGURATIONS,
  type MemoryConfiguration,
  type PromptMemory,
} from '../../src/agent/prompt.ts';
import type { Random } from '../../src/engine/index.ts';
import type { Script, Trajectory } from '../../src/memory/entry.ts';

export interface Memory {
  readonly game: string;
  readonly task: string;
  readonly home: string | undefined;
  readonly script: Script;
  readonly trajectory: Trajectory;
}

export type Relevance = 'right' | 'mixed' | 'irrelevant';

export interface MemoryMix {
  readonly configurations: readonly (readonly [MemoryConfiguration, number])[];
  readonly relevance: readonly (readonly [Relevance, number])[];
}

export const DEFAULT_MIX: MemoryMix = {
  configurations: [
    ['none', 0.4],
    ['script', 0.22],
    ['trajectory', 0.13],
    ['memp', 0.25],
  ],
  relevance: [
    ['right', 0.7],
    ['mixed', 0.18],
    ['irrelevant', 0.12],
  ],
};

/** Only one configuration, everything right: what evaluation shows. */
export function plainMix(configuration: MemoryConfiguration): MemoryMix {
  return { configurations: [[configuration, 1]], relevance: [['right', 1]] };
}

export function isConfiguration(value: unknown): value is MemoryConfiguration {
  return MEMORY_CONFIGURATIONS.some((known) => known === value);
}

/** Memories by the words of their task, rare words counting more: what an embedding finds, nearly, and at no cost. */
export class MemoryShelf {
  readonly memories: Memory[] = [];
  readonly #byWord = new Map<string, number[]>();

  add(memory: Memory): void {
    const index = this.memories.push(memory) - 1;
    for (const word of wordsOf(memory.task)) {
      const list = this.#byWord.get(word);
      if (list === undefined) this.#byWord.set(word, [index]);
      else list.push(index);
    }
  }

  /** The nearest tasks, ties in random order, never from the game itself. */
  nearest(task: string, game: string, k: number, random: Random): Memory[] {
    const scores = new Map<number, number>();
    for (const word of wordsOf(task)) {
      const list = this.#byWord.get(word) ?? [];
      const weight = Math.log(1 + this.memories.length / (1 + list.length));
      for (const index of list) scores.set(index, (scores.get(index) ?? 0) + weight);
    }
    const ranked = [...scores].map(([index, score]) => ({ index, score: score + 0.3 * random.next() }));
    ranked.sort((a, b) => b.score - a.score || a.index - b.index);
    const found = ranked.slice(0, 3 * k).map(({ index }) => this.memories[index] as Memory);
    return distinct(found.filter((memory) => memory.game !== game)).slice(0, k);
  }

  any(game: string, k: number, random: Random): Memory[] {
    if (this.memories.length === 0) return [];
    const drawn = Array.from({ length: k }, () => random.pick(this.memories));
    return distinct(drawn.filter((memory) => memory.game !== game));
  }
}

function wordsOf(task: string): Set<string> {
  return new Set(task.toLowerCase().match(/[a-z]+/g) ?? []);
}

export function distinct(memories: readonly Memory[]): Memory[] {
  const seen = new Set<string>();
  return memories.filter(({ script }) => {
    const fresh = !seen.has(script.guidelines);
    seen.add(script.guidelines);
    return fresh;
  });
}

export interface Drawn {
  readonly configuration: MemoryConfiguration;
  readonly relevance: Relevance;
  readonly promptMemory: PromptMemory;
  /** The scripts and the trajectory that are shown, as memories. */
  readonly shown: readonly Memory[];
}

/**
 * Draws the memories of one prompt.
 * @param own the home's memories, the newest first
 * @param outdated the home's memories from before it changed its habits
 * @param k at most so many scripts; drawn smaller mostly, since a prompt with ten costs ten times the tokens
 */
export function drawMemories(
  about: { readonly task: string; readonly game: string },
  shelf: MemoryShelf,
  own: readonly Memory[],
  outdated: readonly Memory[],
  mix: MemoryMix,
  k: number | undefined,
  random: Random,
): Drawn {
  const configuration = random.weighted(mix.configurations);
  const relevance = random.weighted(mix.relevance);
  if (configuration === 'none') return { configuration, relevance, promptMemory: { scripts: [] }, shown: [] };
  const places = k ?? (random.chance(own.length > 5 ? 0.35 : 0.2) ? 10 : 1 + random.int(5));
  const found = choose(about, shelf, own, outdated, relevance, places, random);
  const reference = referenceOf(found, shelf, about.game, relevance, random);
  const promptMemory = choosePromptMemory(
    configuration,
    places,
    found.map(({ script }) => script),
    reference?.trajectory,
  );
  const shown = [
    ...(promptMemory.scripts.length > 0 ? found.slice(0, places) : []),
    ...(promptMemory.trajectory === undefined || reference === undefined ? [] : [reference]),
  ];
  return { configuration, relevance, promptMemory, shown };
}

function choose(
  { task, game }: { readonly task: string; readonly game: string },
  shelf: MemoryShelf,
  own: readonly Memory[],
  outdated: readonly Memory[],
  relevance: Relevance,
  k: number,
  random: Random,
): Memory[] {
  if (relevance === 'irrelevant') return shelf.any(game, k, random);
  const pool = (relevance === 'mixed' ? [...outdated, ...own] : own).filter((memory) => memory.game !== game);
  // Half of the places as in a large bank, or all of them where the home's memories are all that there is.
  const home = nearestOwn(pool, task).slice(0, random.chance(0.5) ? k : Math.ceil(k / 2));
  if (relevance === 'mixed') {
    const rest = [...shelf.nearest(task, game, k, random), ...shelf.any(game, k, random)];
    return distinct([...home, ...random.shuffle(rest)]).slice(0, k);
  }
  return distinct([...home, ...shelf.nearest(task, game, k, random)]).slice(0, k);
}

/** Own memories by shared words, the newest first among equals. */
function nearestOwn(own: readonly Memory[], task: string): Memory[] {
  const words = wordsOf(task);
  const shared = (memory: Memory): number =>
    [...wordsOf(memory.task)].filter((word) => words.has(word)).length;
  return own
    .map((memory, age) => ({ memory, age, score: shared(memory) }))
    .sort((a, b) => b.score - a.score || a.age - b.age)
    .map(({ memory }) => memory);
}

/** The trajectory of the nearest memory; of any where memories are wrong. */
function referenceOf(
  found: readonly Memory[],
  shelf: MemoryShelf,
  game: string,
  relevance: Relevance,
  random: Random,
): Memory | undefined {
  if (relevance === 'right') return found[0];
  return relevance === 'mixed' && found.length > 0 ? random.pick(found) : shelf.any(game, 1, random)[0];
}
