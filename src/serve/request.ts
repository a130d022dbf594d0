/**
 * What a client of environments may ask for, read from untrusted JSON. A key that isn't known is refused: a misspelt
 * `max_steps` must not play without a limit.
 */

import { isObject } from '../base/json-fields.ts';
import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { DIALECTS, type Dialect } from '../engine/index.ts';

type RequestCode = 'REQUEST_SHAPE' | 'OP_UNKNOWN';

/** The longest name, key or command that is read, in UTF-16 code units. */
const MAX_TEXT = 4_096;
/** The most steps of one episode, and so the most actions of a snapshot. */
export const MAX_STEPS = 100_000;

/** Which game: of the sets by key, index or seed (of one split or of all), or a generated home's task. */
export interface Pick {
  readonly game?: string;
  readonly split?: string;
  readonly index?: number;
  readonly seed?: number;
  readonly home?: number;
  readonly task?: number;
}

/** How an episode is played, once its game is chosen. */
export interface Play {
  /** Done after this many steps at the latest. */
  readonly maxSteps: number;
  /** After the end: goes on, as the bare engine does; otherwise the last answer stands, as in ALFWorld's batches. */
  readonly playOn: boolean;
  readonly dialect: Dialect | undefined;
}

/** What an answer carries besides the observation. */
export interface AnswerWish {
  readonly admissible: boolean;
  /** `admissible` is null where the list is the one that the episode's last answer had. */
  readonly changes: boolean;
  readonly progress: boolean;
  /** The teacher's next action, or a planner's commands to the goal. */
  readonly expert: 'action' | 'plan' | undefined;
}

export interface SnapshotData extends Play {
  readonly game: string;
  readonly actions: readonly string[];
}

type Id = string | number | null;

export type Request = { readonly id: Id } & (
  | { readonly op: 'info' }
  | {
      readonly op: 'games';
      readonly split: string | undefined;
      readonly offset: number;
      readonly limit: number;
    }
  | { readonly op: 'file'; readonly pick: Pick; readonly dialect: Dialect | undefined }
  | {
      readonly op: 'reset';
      readonly episode: string | undefined;
      readonly pick: Pick;
      readonly play: Play;
      readonly want: AnswerWish;
    }
  | { readonly op: 'step'; readonly episode: string; readonly action: string; readonly want: AnswerWish }
  | {
      readonly op: 'steps';
      readonly episodes: readonly string[];
      readonly actions: readonly string[];
      readonly want: AnswerWish;
    }
  | { readonly op: 'state'; readonly episode: string; readonly want: AnswerWish }
  | { readonly op: 'snapshot'; readonly episode: string }
  | { readonly op: 'close'; readonly episode: string }
  | {
      readonly op: 'restore';
      readonly episode: string | undefined;
      readonly snapshot: SnapshotData;
      readonly want: AnswerWish;
    }
);

/** The id that an answer repeats, whatever else is wrong with the request. */
export function idOf(value: unknown): Id {
  const id = isObject(value) ? value.id : null;
  return typeof id === 'number' || (typeof id === 'string' && id.length <= MAX_TEXT) ? id : null;
}

/** A refusal's place is the key. */
export function parseRequest(value: unknown): Parsed<Request, RequestCode> {
  if (!isObject(value)) return refuse('REQUEST_SHAPE', 'a request is a JSON object with an op');
  const fields = new Fields(value);
  const request = read(fields, fields.word('op', OPS), idOf(value));
  const fault = fields.fault();
  return fault ?? ok(request);
}

const OPS = [
  'info',
  'games',
  'file',
  'reset',
  'step',
  'steps',
  'state',
  'snapshot',
  'restore',
  'close',
] as const;

function read(fields: Fields, op: Request['op'], id: Id): Request {
  fields.allow('id');
  switch (op) {
    case 'info':
      return { id, op };
    case 'games': {
      const split = fields.text('split');
      return {
        id,
        op,
        split,
        offset: fields.whole('offset', 0, 1e9) ?? 0,
        limit: fields.whole('limit', 1, 1e6) ?? 1_000,
      };
    }
    case 'file':
      return { id, op, pick: pick(fields), dialect: fields.choice('dialect', DIALECTS) };
    case 'reset':
      return {
        id,
        op,
        episode: fields.text('episode'),
        pick: pick(fields),
        play: play(fields),
        want: want(fields),
      };
    case 'step':
      return { id, op, episode: fields.need('episode'), action: fields.need('action'), want: want(fields) };
    case 'steps': {
      const episodes = fields.texts('episodes', MAX_STEPS);
      const actions = fields.texts('actions', MAX_STEPS);
      if (actions.length !== episodes.length) fields.note('actions', 'must be as many as episodes');
      return { id, op, episodes, actions, want: want(fields) };
    }
    case 'state':
      return { id, op, episode: fields.need('episode'), want: want(fields) };
    case 'snapshot':
    case 'close':
      return { id, op, episode: fields.need('episode') };
    case 'restore':
      return { id, op, episode: fields.text('episode'), snapshot: snapshot(fields), want: want(fields) };
  }
}

function pick(fields: Fields): Pick {
  const found = {
    game: fields.text('game'),
    split: fields.text('split'),
    index: fields.whole('index', 0, 1e9),
    seed: fields.whole('seed', 0, Number.MAX_SAFE_INTEGER),
    home: fields.whole('home', 0, 1e12),
    task: fields.whole('task', 0, 1e6),
  };
  const ways = (['game', 'index', 'seed', 'home'] as const).filter((way) => found[way] !== undefined);
  if (ways.length > 1)
    fields.note(ways[1] as string, `can't stand beside ${ways[0]}: one way to choose the game`);
  if (found.task !== undefined && found.home === undefined) fields.note('task', 'stands beside home only');
  if (found.split !== undefined && (found.game ?? found.home) !== undefined)
    fields.note('split', 'stands beside index or seed only');
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function play(fields: Fields): Play {
  return {
    maxSteps: fields.whole('maxSteps', 1, 1e9) ?? 1e9,
    playOn: fields.flag('playOn') ?? false,
    dialect: fields.choice('dialect', DIALECTS),
  };
}

function want(fields: Fields): AnswerWish {
  return {
    admissible: fields.flag('admissible') ?? true,
    changes: fields.flag('changes') ?? false,
    progress: fields.flag('progress') ?? false,
    expert: fields.choice('expert', ['action', 'plan']),
  };
}

function snapshot(fields: Fields): SnapshotData {
  const inner = fields.object('snapshot');
  const data = { game: inner.need('game'), actions: inner.texts('actions', MAX_STEPS), ...play(inner) };
  fields.adopt(inner, 'snapshot');
  return data;
}

/** Reads the keys of an object one by one, and notes the first problem and what nobody read. */
class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();
  #problem: { readonly code: RequestCode; readonly key: string; readonly message: string } | undefined;

  constructor(value: Readonly<Record<string, unknown>>) {
    this.#value = value;
  }

  note(key: string, message: string, code: RequestCode = 'REQUEST_SHAPE'): void {
    this.#problem ??= { code, key, message };
  }

  allow(key: string): void {
    this.#known.add(key);
  }

  #get(key: string): unknown {
    this.#known.add(key);
    return Object.hasOwn(this.#value, key) ? (this.#value[key] ?? undefined) : undefined;
  }

  text(key: string): string | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
    this.note(key, `must be a text of at most ${MAX_TEXT} characters`);
    return undefined;
  }

  need(key: string): string {
    const value = this.text(key);
    if (value === undefined) this.note(key, 'is missing');
    return value ?? '';
  }

  texts(key: string, max: number): readonly string[] {
    const value = this.#get(key);
    const fits = Array.isArray(value) && value.length <= max;
    if (fits && value.every((one) => typeof one === 'string' && one.length <= MAX_TEXT)) return value;
    this.note(key, `must be a list of at most ${max} texts of at most ${MAX_TEXT} characters`);
    return [];
  }

  whole(key: string, min: number, max: number): number | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
      return value as number;
    this.note(key, `must be a whole number from ${min} to ${max}`);
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#get(key);
    if (value === undefined || typeof value === 'boolean') return value;
    this.note(key, 'must be true or false');
    return undefined;
  }

  choice<const Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    const word = words.find((one) => one === value);
    if (word === undefined) this.note(key, `must be one of ${words.join(', ')}`);
    return word;
  }

  word<const Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.#get(key);
    const word = words.find((one) => one === value);
    if (word === undefined) this.note(key, `must be one of ${words.join(', ')}`, 'OP_UNKNOWN');
    return word ?? words[0];
  }

  object(key: string): Fields {
    const value = this.#get(key);
    if (isObject(value)) return new Fields(value);
    this.note(key, 'must be an object');
    return new Fields({});
  }

  /** Takes over the first problem of an inner object. */
  adopt(inner: Fields, key: string): void {
    const fault = inner.fault();
    if (fault !== undefined) this.note(`${key}.${fault.error.place}`, fault.error.message);
  }

  fault(): Refused<RequestCode> | undefined {
    if (this.#problem === undefined) {
      const stray = Object.keys(this.#value).find((key) => !this.#known.has(key));
      if (stray !== undefined) this.note(stray.slice(0, 100), "is a key that this request doesn't have");
    }
    return this.#problem && refuse(this.#problem.code, this.#problem.message, this.#problem.key);
  }
}
