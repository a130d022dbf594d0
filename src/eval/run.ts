/**
 * A run: a set of games, each played once with one student and one setting. What describes it, which games belong to
 * which shard, and when two parts belong to the same run.
 */

import { allows } from '../agent/prompt.ts';
import type { EpisodeSettings } from '../agent/settings.ts';
import type { Trace } from '../agent/trace.ts';
import { readSettings } from '../agent/trace-file.ts';
import { type Fields, isObject } from '../base/json-fields.ts';
import { compareCodePoints } from '../base/order.ts';
import { readJson, readShape } from '../base/read-json.ts';
import type { Parsed } from '../base/result.ts';
import { list, object, oneOf, type Read, text, whole } from '../base/schema.ts';
import { sha256Text } from '../base/sha256.ts';
import type { Telling } from '../engine/import/index.ts';
import { parseGameKey } from '../engine/import/path.ts';

/** Why it refuses. */
type RunCode = 'RUN_JSON' | 'RUN_SHAPE';

const RUN_VERSION = 1 as const;

/** Part `index` (from 1) of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What of a server concerns what its model answers, and where it stood. */
export interface RunServer {
  /** Without anything secret; after a merge all that there were. Another one is no other run: servers move. */
  readonly baseUrl: string;
  /** The fields that each request got besides; none: `{}`. */
  readonly body: Fields;
}

/** Without dialect and goals each game was told as its file does. */
export interface Run extends Omit<Telling, 'words'> {
  readonly version: typeof RUN_VERSION;
  readonly split: string;
  /** SHA-256 of the words in which its games' tasks were asked for, where these were chosen game by game. */
  readonly said?: string;
  /** As the command line names it: `pocket`, `scripted`; with a model's path or name where one was given. */
  readonly student: string;
  /** Undefined of a student without a server, and of runs that were begun before it was kept. */
  readonly server?: RunServer;
  readonly settings: EpisodeSettings;
  /** Names and hashes of the memory banks; empty where no memory was asked. */
  readonly bank: string;
  readonly seed: number;
  /** Games of the whole run, all shards together, and the SHA-256 of their sorted keys, a line each. */
  readonly games: number;
  readonly gamesSha256: string;
  /** Which parts of the run these are; all of them after a merge. */
  readonly shards: readonly Shard[];
}

/** Describes a run over games. */
export async function describeRun(
  keys: readonly string[],
  rest: Pick<Run, 'split' | 'student' | 'settings' | 'bank' | 'seed'> & {
    readonly telling?: Telling;
    readonly said?: ReadonlyMap<string, string> | undefined;
    readonly server?: RunServer | undefined;
  },
  shard: Shard = { index: 1, count: 1 },
): Promise<Run> {
  const { split, telling, said, student, server, settings, bank, seed } = rest;
  return {
    version: RUN_VERSION,
    split,
    ...telling,
    ...(said && { said: sha256Text(JSON.stringify([...said].sort(([a], [b]) => compareCodePoints(a, b)))) }),
    student,
    ...(server && { server }),
    settings,
    bank,
    seed,
    games: keys.length,
    gamesSha256: digestOfKeys(keys),
    shards: [shard],
  };
}

/** The games of a shard: every n-th, so that each has its share of every task type. */
export function shardOf(keys: readonly string[], { index, count }: Shard): string[] {
  return [...keys].sort(compareCodePoints).filter((_, i) => i % count === index - 1);
}

const fields: Read<Fields> = (value, path, problems) => {
  if (!isObject(value)) problems.note(path, 'must be an object');
  return isObject(value) ? value : {};
};

const run: Read<Run> = object(
  {
    version: oneOf([RUN_VERSION]),
    split: text(1000),
    student: text(1000),
    settings: readSettings,
    bank: text(10_000),
    seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    games: whole(0, 1e6),
    gamesSha256: text(100),
    shards: list(object({ index: whole(1, 1e6), count: whole(1, 1e6) }), 1e6),
  },
  {
    dialect: oneOf(['move', 'put']),
    goals: oneOf(['human']),
    said: text(100),
    server: object({ baseUrl: text(1_000_000), body: fields }),
  },
);

export function formatRun(value: Run): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

/** Reads run.json. */
export function parseRun(content: string): Parsed<Run, RunCode> {
  const parsed = readJson(content, {
    code: 'RUN_JSON',
    what: 'The description of the run',
    longest: 100_000_000,
  });
  if (!parsed.ok) return parsed;
  const what = { what: 'the description of the run', whole: 'the value' };
  return readShape(parsed.value, run, { code: 'RUN_SHAPE', ...what });
}

/** What two runs differ in, in words; undefined where they are the same. */
export function difference(a: Run, b: Run): string | undefined {
  for (const key of [
    'split',
    'dialect',
    'goals',
    'said',
    'student',
    'bank',
    'seed',
    'games',
    'gamesSha256',
  ] as const) {
    if (a[key] !== b[key]) return `${key} ${a[key]} and ${b[key]}`;
  }
  return differentFields(a.server, b.server) ?? differentSettings(a.settings, b.settings);
}

function differentFields(a: RunServer | undefined, b: RunServer | undefined): string | undefined {
  // Of a run that didn't keep them it isn't known.
  if (a === undefined || b === undefined) return undefined;
  const [one, other] = [a, b].map(({ body }) => fieldsInOrder(body));
  return one === other ? undefined : `--body ${one} and ${other}`;
}

/** JSON in which the order of fields doesn't tell. */
export function fieldsInOrder(value: Fields): string {
  return JSON.stringify(value, (_, one: unknown) =>
    isObject(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => compareCodePoints(a, b))) : one,
  );
}

function differentSettings(a: EpisodeSettings, b: EpisodeSettings): string | undefined {
  // Asked first, since its absence has a meaning that a person can choose.
  if (a.replies !== b.replies)
    return "that replies of any form are read and only the prompt's own (--strict-replies)";
  for (const key of Object.keys({ ...a, ...b }) as (keyof EpisodeSettings)[]) {
    if (a[key] !== b[key]) return `${key} ${a[key]} and ${b[key]}`;
  }
  return undefined;
}

/** What shows that a trace isn't of a run, in words; undefined where nothing does. Its steps are replay.ts's to check. */
export function notOfRun(run: Run, { header }: Trace): string | undefined {
  const { game, student, settings, seed, memory, branch } = header;
  const place = parseGameKey(game.key);
  if (!place.ok) return place.error.message;
  if (place.value.split !== run.split) return `split ${run.split} and ${place.value.split}`;
  if (place.value.taskType !== game.taskType) return `task type ${place.value.taskType} and ${game.taskType}`;
  // `smollm2 FOLDER`, `smollm2-base`: what kind a student is stands first.
  const [kind] = run.student.split(/[ -]/u, 1);
  if (student.kind !== kind) return `student ${run.student} and ${student.kind} ${student.name}`;
  // A trace says that its player was held to what can be only where it could be.
  const { grounded, ...asked } = run.settings;
  const held = settings.grounded === undefined || grounded === undefined ? {} : { grounded };
  const differs = differentSettings({ ...asked, ...held }, settings);
  if (differs !== undefined) return differs;
  if (seed !== episodeSeed(run.seed, game.key)) return `seed ${run.seed} and ${seed}`;
  // A run names the files of its banks, a trace the banks themselves; both end a name with the file's digest.
  const { bank, scripts, trajectory } = memory;
  const digests = bank?.match(BANK_DIGESTS);
  const known: readonly string[] = run.bank.match(BANK_DIGESTS) ?? [];
  const isSame =
    bank === undefined ? run.bank === '' : (digests?.every((digest) => known.includes(digest)) ?? false);
  if (!isSame) return `memory bank ${run.bank || 'none'} and ${bank ?? 'none'}`;
  const shown = allows(run.settings.memory);
  if (
    scripts.length > (shown.scripts ? run.settings.k : 0) ||
    (trajectory !== undefined && !shown.trajectory)
  )
    return `memory ${run.settings.memory} and more than that`;
  if (branch !== undefined) return `whole episodes and one whose first steps ${branch.student.name} played`;
  return undefined;
}

const BANK_DIGESTS = /\b[0-9a-f]{12}(?=, |; |$)/g;

/** The seed of one game's episode. */
export function episodeSeed(seed: number, key: string): string {
  return `${seed}/${key}`;
}

/** Whether these are a run's games, all of them. */
export function areGamesOf(run: Run, keys: Iterable<string>): boolean {
  return digestOfKeys([...keys]) === run.gamesSha256;
}

function digestOfKeys(keys: readonly string[]): string {
  return sha256Text([...keys].sort(compareCodePoints).join('\n'));
}
