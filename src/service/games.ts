/** The games that the worker can open: tasks of homes, made from their numbers, and what the user imported. */

import { ok, refuse } from '../base/result.ts';
// Not from its index: that brings a zip library into the first picture.
import { type Telling, tell } from '../engine/import/telling.ts';
import { parseGame, type Result, type World } from '../engine/index.ts';
import {
  generateHome,
  type Home,
  type HomeGame,
  type HomeOptions,
  namedFamily,
  PAGE_HABITS,
} from '../homes/index.ts';
import { parseChore, splitOf } from '../homes/own-chore.ts';
import type { GameCard, GameSource } from '../protocol/agent.ts';

/** Larger numbers aren't homes of the page. */
const MAX_NUMBER = 1_000_000;
const KEPT = 40;

export interface LoadedGame {
  readonly card: GameCard;
  readonly text: string;
  readonly world: World;
}

/** Reads a game that the user imported, with people's words for its task where there are some. Code GAME_UNKNOWN. */
export type ReadImported = (
  key: string,
) => Promise<Result<{ readonly text: string; readonly taskType: string; readonly words?: string }>>;

export class Games {
  /** By number and chore. */
  readonly #homes = new Map<string, Home>();
  readonly #loaded = new Map<string, LoadedGame>();
  readonly #readImported: ReadImported;

  constructor(readImported: ReadImported = async () => refuse('GAME_UNKNOWN', 'There are only homes here.')) {
    this.#readImported = readImported;
  }

  /** Codes: HOME_NUMBER, GAME_UNKNOWN, GAME_GOAL_MISSING, and those of parseGame. */
  async load(source: GameSource): Promise<Result<LoadedGame>> {
    const id = JSON.stringify(source);
    const known = this.#loaded.get(id);
    if (known !== undefined) return ok(known);
    const loaded = source.kind === 'home' ? this.#make(source) : await this.#import(source);
    if (!loaded.ok) return loaded;
    if (this.#loaded.size >= KEPT) this.#loaded.clear();
    this.#loaded.set(id, loaded.value);
    return loaded;
  }

  #make(source: Extract<GameSource, { kind: 'home' }>): Result<LoadedGame> {
    const { home, task, chore, words } = source;
    for (const number of [home, task]) {
      if (!Number.isInteger(number) || number < 0 || number > MAX_NUMBER) {
        return refuse('HOME_NUMBER', `A home and a task are whole numbers from 0 to ${MAX_NUMBER}.`);
      }
    }
    const id = `${home} ${chore ?? ''}`;
    let made = this.#homes.get(id);
    if (made === undefined) {
      const options = optionsOf(chore);
      if (!options.ok) return options;
      made = generateHome(home, options.value);
      this.#homes.set(id, made);
    }
    const game = attempt(made, task, chore !== undefined);
    if (!game.ok) return game;
    const { key, taskType, room } = game.value;
    const told = tellGame(game.value.text, undefined, words === undefined ? {} : { words }, key);
    if (!told.ok) return told;
    const { text, world, ownTask } = told.value;
    const card = { source, key, task: world.task, ...ownTask, taskType, room, home: made.id };
    return ok({ card, text, world });
  }

  async #import(source: Extract<GameSource, { kind: 'imported' }>): Promise<Result<LoadedGame>> {
    const file = await this.#readImported(source.key);
    if (!file.ok) return file;
    const { taskType, words } = file.value;
    const told = tellGame(file.value.text, words, source, source.key);
    if (!told.ok) return told;
    const { text, world, ownTask } = told.value;
    const card = { source, key: source.key, task: world.task, ...ownTask, taskType };
    return ok({ card, text, world });
  }
}

/** A game as it is told, with its own sentence where the visitor's words stand in its place. */
function tellGame(
  own: string,
  words: string | undefined,
  telling: Telling,
  key: string,
): Result<{ text: string; world: World; ownTask: { readonly ownTask?: string } }> {
  const text = tell(own, words, telling, key);
  if (!text.ok) return text;
  const world = parseGame(text.value);
  if (!world.ok) return world;
  const plain = telling.words === undefined ? undefined : parseGame(own);
  const ownTask = plain?.ok ? { ownTask: plain.value.task } : {};
  return ok({ text: text.value, world: world.value, ownTask });
}

/** Code HOME_WITHOUT: a chore may ask for what no room of the home has. */
function attempt(home: Home, task: number, chore: boolean): Result<HomeGame> {
  try {
    const game = home.game(task);
    // A home that can't do a chore asks for its own tasks instead.
    if (!chore || game.taskType.endsWith('_time')) return ok(game);
  } catch {
    // It found no task that could be solved.
  }
  return refuse(
    'HOME_WITHOUT',
    'This home has nothing that this chore could be done with; take another home.',
  );
}

function optionsOf(chore: string | undefined): Result<HomeOptions> {
  if (chore === undefined) return ok({ habits: PAGE_HABITS });
  const parsed = parseChore(chore);
  if (!parsed.ok) return parsed;
  const { called, count, treatments, place } = parsed.value;
  const family = namedFamily(called, { count, treatments }, place);
  return ok({ habits: PAGE_HABITS, families: [family], split: splitOf(chore) });
}
