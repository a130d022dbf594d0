/**
 * Environments for many episodes at once, behind requests and answers that are plain data: what `duomem serve` speaks
 * over its pipes and its port. Knows neither Node nor a page.
 */
import { readJson } from '../base/read-json.ts';
import { table } from '../base/table.ts';
import {
  type Dialect,
  formatRefusal,
  inDialect,
  ok,
  parseGame,
  type Refusal,
  type Result,
  refuse,
  type World,
} from '../engine/index.ts';
import type { Catalogue, ChosenGame } from './catalogue.ts';
import { Environment } from './environment.ts';
import {
  type AnswerWish,
  idOf,
  MAX_STEPS,
  type Pick,
  type Play,
  parseRequest,
  type Request,
} from './request.ts';

export const PROTOCOL = 1;

export interface Limits {
  /** Episodes that are open at once. */
  readonly episodes: number;
  /** Requests in one message. */
  readonly batch: number;
  /** UTF-16 code units in one message; whoever reads it keeps to this. */
  readonly message: number;
  /** Seconds after which an episode that nobody asks about makes room for another one. */
  readonly idle: number;
}

export const DEFAULT_SERVICE_LIMITS: Limits = {
  episodes: 4_096,
  batch: 4_096,
  message: 8 * 2 ** 20,
  idle: 3_600,
};

/** Parsed worlds that are kept for the next reset of their game. */
const WORLDS_KEPT = 256;

export type Answer = Readonly<Record<string, unknown>>;

export class Service {
  readonly limits: Limits;
  readonly #catalogue: Catalogue;
  readonly #dialect: Dialect | undefined;
  readonly #version: string;
  readonly #now: () => number;
  readonly #episodes = new Map<string, Environment>();
  readonly #worlds = new Map<string, World>();
  #next = 0;
  #named = 0;

  /**
   * @param dialect tells games in it where a client doesn't say which
   * @param now milliseconds of a clock that only goes on; without one no episode is idle
   */
  constructor(
    catalogue: Catalogue,
    options: {
      readonly version: string;
      readonly limits?: Partial<Limits>;
      readonly dialect?: Dialect | undefined;
      readonly now?: () => number;
    },
  ) {
    this.#catalogue = catalogue;
    this.#version = options.version;
    this.#dialect = options.dialect;
    this.#now = options.now ?? (() => 0);
    this.limits = { ...DEFAULT_SERVICE_LIMITS, ...options.limits };
  }

  /**
   * Answers a message: a request, or a list of requests, as JSON. What is wrong with one of a list is answered in its
   * place; the others are carried out.
   */
  async answer(message: string): Promise<string> {
    const longest = this.limits.message;
    if (message.length > longest) return JSON.stringify(failure(null, tooLarge(longest)));
    const json = readJson(message, { code: 'REQUEST_NOT_JSON', what: 'the message', longest });
    if (!json.ok) return JSON.stringify(failure(null, json.error));
    const { value } = json;
    if (!Array.isArray(value)) return JSON.stringify(await this.request(value));
    if (value.length > this.limits.batch) {
      const fault = refuse('BATCH_TOO_LARGE', `a message holds at most ${this.limits.batch} requests`);
      return JSON.stringify(failure(null, fault.error));
    }
    const answers: Answer[] = [];
    for (const one of value) answers.push(await this.request(one));
    return JSON.stringify(answers);
  }

  /** Answers one request of unknown shape. */
  async request(value: unknown): Promise<Answer> {
    const request = parseRequest(value);
    const id = idOf(value);
    if (!request.ok) return failure(id, request.error);
    const answer = await this.#carryOut(request.value);
    if (!answer.ok) return failure(id, answer.error);
    return id === null ? answer.value : { id, ...answer.value };
  }

  /** Forgets an episode. */
  close(episode: string): boolean {
    return this.#episodes.delete(episode);
  }

  #carryOut(request: Request): Result<Answer> | Promise<Result<Answer>> {
    switch (request.op) {
      case 'info':
        return ok(this.#info());
      case 'games':
        return this.#games(request);
      case 'file':
        return this.#file(request.pick, request.dialect ?? this.#dialect);
      case 'reset':
        return this.#reset(request);
      case 'restore':
        return this.#start(
          request.episode,
          { key: request.snapshot.game },
          request.snapshot,
          request.want,
          request.snapshot.actions,
        );
      case 'close':
        return ok({ episode: request.episode, closed: this.close(request.episode) });
    }
    if (request.op === 'steps') return this.#steps(request);
    const environment = this.#find(request.episode, request.op === 'step');
    if (!environment.ok) return environment;
    if (request.op === 'snapshot')
      return ok({ episode: request.episode, snapshot: environment.value.snapshot() });
    if (request.op === 'step') environment.value.step(request.action);
    return told(request.episode, environment.value, request.want, request.op !== 'step');
  }

  /** An episode by its name, that can take a step where one is meant. Codes: EPISODE_UNKNOWN, EPISODE_TOO_LONG. */
  #find(episode: string, toStep: boolean): Result<Environment> {
    const environment = this.#episodes.get(episode);
    if (environment === undefined) {
      const name = JSON.stringify(episode.slice(0, 100));
      return refuse('EPISODE_UNKNOWN', `there is no episode ${name}; reset opens one`, 'episode');
    }
    environment.asked = this.#now();
    if (toStep && environment.full) {
      return refuse('EPISODE_TOO_LONG', `an episode has at most ${MAX_STEPS} steps; reset it`, 'episode');
    }
    return ok(environment);
  }

  /** A step in each of many episodes, or in none; the answer holds a list for each thing told, in their order. */
  #steps({ episodes, actions, want }: Extract<Request, { op: 'steps' }>): Result<Answer> {
    const environments: Environment[] = [];
    for (const episode of episodes) {
      const found = this.#find(episode, true);
      if (!found.ok) return found;
      environments.push(found.value);
    }
    const columns: Record<string, unknown[]> = table();
    for (const [i, environment] of environments.entries()) {
      environment.step(actions[i] as string);
      for (const [key, value] of Object.entries(facts(environment, want))) {
        columns[key] ??= [];
        columns[key].push(value);
      }
    }
    return ok(columns);
  }

  #info(): Answer {
    const { splits } = this.#catalogue;
    return {
      name: 'duomem',
      version: this.#version,
      protocol: PROTOCOL,
      splits,
      limits: this.limits,
      open: this.#episodes.size,
    };
  }

  #games({ split, offset, limit }: Extract<Request, { op: 'games' }>): Result<Answer> {
    const keys = this.#catalogue.keys(split);
    return keys.ok ? ok({ total: keys.value.length, games: keys.value.slice(offset, offset + limit) }) : keys;
  }

  /** A game file, for the real engine or to keep. */
  async #file(pick: Pick, dialect: Dialect | undefined): Promise<Result<Answer>> {
    const chosen = this.#catalogue.choose(this.#wish(undefined, pick));
    if (!chosen.ok) return chosen;
    const text = await this.#textOf(chosen.value, dialect);
    return text.ok ? ok({ game: chosen.value.key, text: text.value }) : text;
  }

  /** The game file in a dialect; one that isn't understood as it is, for whoever parses it to refuse. */
  async #textOf({ key, text: made }: ChosenGame, dialect: Dialect | undefined): Promise<Result<string>> {
    const text = made === undefined ? await this.#catalogue.read(key) : ok(made);
    if (!text.ok || dialect === undefined) return text;
    const told = inDialect(text.value, dialect);
    return told.ok ? told : text;
  }

  async #reset({ episode, pick, play, want }: Extract<Request, { op: 'reset' }>): Promise<Result<Answer>> {
    const chosen = this.#catalogue.choose(this.#wish(episode, pick));
    return chosen.ok ? this.#start(episode, chosen.value, play, want) : chosen;
  }

  /** Without a wish an open episode starts its game again, and a new one takes the next game in order. */
  #wish(episode: string | undefined, pick: Pick): Pick {
    const { game, index, seed, home, split } = pick;
    if ((game ?? index ?? seed ?? home) !== undefined) return pick;
    const current = episode === undefined ? undefined : this.#episodes.get(episode);
    if (current !== undefined && split === undefined) return { game: current.game };
    const keys = this.#catalogue.keys(split);
    const count = keys.ok && keys.value.length > 0 ? keys.value.length : Number.MAX_SAFE_INTEGER;
    return { ...pick, index: this.#next++ % count };
  }

  async #start(
    wanted: string | undefined,
    game: ChosenGame,
    play: Play,
    want: AnswerWish,
    actions: readonly string[] = [],
  ): Promise<Result<Answer>> {
    const dialect = play.dialect ?? this.#dialect;
    const world = await this.#worldOf(game, dialect);
    if (!world.ok) return world;
    const isNew = wanted === undefined || !this.#episodes.has(wanted);
    if (isNew && !this.#makeRoom()) {
      const message = `${this.limits.episodes} episodes are open, the most there can be; close some`;
      return refuse('EPISODES_FULL', message);
    }
    const environment = new Environment(game.key, world.value, { ...play, dialect });
    environment.asked = this.#now();
    for (const action of actions) environment.step(action);
    const episode = wanted ?? this.#name();
    this.#episodes.set(episode, environment);
    return told(episode, environment, want, true);
  }

  /** Whether one more fits, once those that nobody asks about any more are closed: a client that is killed closes none. */
  #makeRoom(): boolean {
    const { episodes, idle } = this.limits;
    if (this.#episodes.size < episodes) return true;
    const since = this.#now() - 1_000 * idle;
    for (const [name, { asked }] of this.#episodes) if (asked < since) this.close(name);
    return this.#episodes.size < episodes;
  }

  #name(): string {
    let name: string;
    do name = `episode-${++this.#named}`;
    while (this.#episodes.has(name));
    return name;
  }

  async #worldOf(game: ChosenGame, dialect: Dialect | undefined): Promise<Result<World>> {
    const name = `${dialect ?? ''} ${game.key}`;
    const known = this.#worlds.get(name);
    if (known !== undefined) return ok(known);
    const text = await this.#textOf(game, dialect);
    if (!text.ok) return text;
    const world = parseGame(text.value);
    if (!world.ok) {
      const why = `the game ${game.key} can't be played: ${formatRefusal(world.error)}`;
      return refuse(world.error.code, why, 'game');
    }
    const [oldest] = this.#worlds.keys();
    if (this.#worlds.size >= WORLDS_KEPT && oldest !== undefined) this.#worlds.delete(oldest);
    this.#worlds.set(name, world.value);
    return world;
  }
}

/** What a step gives, and what was wanted beside it. */
function facts(environment: Environment, want: AnswerWish): Record<string, unknown> {
  const { observation, won, done, steps } = environment.turn;
  const answer: Record<string, unknown> = { observation, score: won ? 1 : 0, won, done, steps };
  if (want.admissible) {
    answer.admissible = want.changes ? (environment.admissibleChanges() ?? null) : environment.admissible();
  }
  if (want.progress) answer.progress = environment.progress();
  if (want.expert !== undefined) {
    const advice = want.expert === 'plan' ? environment.plan() : environment.teacherAction();
    // The step is taken already: who can't be advised gets to know why, and goes on.
    answer.expert = advice.ok ? (typeof advice.value === 'string' ? [advice.value] : advice.value) : null;
    answer.expertError = advice.ok ? null : advice.error;
  }
  return answer;
}

/** What a client gets to know of an episode; of its game too where it may not know it yet. */
function told(episode: string, environment: Environment, want: AnswerWish, whole: boolean): Result<Answer> {
  const { game, world, play } = environment;
  const about = whole ? { game, task: world.task, dialect: world.dialect, maxSteps: play.maxSteps } : {};
  return ok({ episode, ...facts(environment, want), ...about });
}

export function tooLarge(limit: number): Refusal {
  return refuse('REQUEST_TOO_LARGE', `a message has at most ${limit} characters`).error;
}

/** The answer to what can't be done. */
export function failure(id: string | number | null, { code, message, place }: Refusal): Answer {
  const error = place === undefined ? { code, message } : { code, message, place };
  return id === null ? { error } : { id, error };
}
