/**
 * Everything that is the user's as one file: a zip of JSON, JSON Lines and game files, so that any tool can look into
 * it. Its manifest says what must be there; a reader takes the whole or nothing.
 *
 *     duomem.json                                  the manifest
 *     memories.jsonl                               what the user did to memories, in order: {"entry"} or {"hidden"}
 *     sets/0001/<split>/<task>/<trial>/game.tw-pddl
 *     runs/0001/run.json                           what was played and how
 *     runs/0001/00001.jsonl                        a trace for each game that was played
 *     episodes/00001.jsonl                         a trace
 *     adapters/0001/adapter.json                   what it is called, and what it was trained on
 *     adapters/0001/adapter_config.json            peft's two files
 *     adapters/0001/adapter_model.safetensors
 *
 * A later version reads every earlier one's files. Figures are left out: they are counted again from the traces.
 */

import { readSettings, TRACE_LIMITS } from '../agent/trace-file.ts';
import { readJson, readShape } from '../base/read-json.ts';
import { type Parsed, refuse } from '../base/result.ts';
import { amount, list, object, oneOf, type Read, text, whole } from '../base/schema.ts';
import { DEFAULT_IMPORT_LIMITS } from '../engine/import/limits.ts';
import { PLAYERS } from '../protocol/agent.ts';

/** Why it refuses. */
type ArchiveCode = 'ARCHIVE_SHAPE' | 'ARCHIVE_VERSION';

export const ARCHIVE_FORMAT = 'duomem-archive' as const;
export const ARCHIVE_VERSION = 1 as const;

/** Generous limits on what is taken from a file. */
export const ARCHIVE_LIMITS = {
  /** Files in the zip. */
  files: 500_000,
  /** Unpacked bytes of everything that isn't a game; games have limits of their own. */
  bytes: 512 * 2 ** 20,
  /** Unpacked bytes of the manifest and of one run's plan. */
  json: 16 * 2 ** 20,
  /** Of a set, a run, an episode. */
  name: 300,
  memories: 100_000,
  sets: 100,
  games: DEFAULT_IMPORT_LIMITS.maxFiles,
  runs: 1_000,
  episodes: 10_000,
  adapters: 100,
  /** Of an adapter's weights, in bytes: one of rank 256 on everything has 14 MB. */
  weights: 64_000_000,
} as const;

export const MANIFEST = 'duomem.json';
export const MEMORIES = 'memories.jsonl';

const padded = (n: number, width: number): string => String(n).padStart(width, '0');

/** Folders and files by their number, from 1. */
export const pathOf = {
  set: (n: number): string => `sets/${padded(n, 4)}/`,
  run: (n: number): string => `runs/${padded(n, 4)}/`,
  trace: (n: number): string => `${padded(n, 5)}.jsonl`,
  episode: (n: number): string => `episodes/${padded(n, 5)}.jsonl`,
  adapter: (n: number): string => `adapters/${padded(n, 4)}/`,
} as const;
export const RUN_PLAN = 'run.json';
export const ADAPTER_NOTE = 'adapter.json';
export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

export interface ArchiveManifest {
  readonly format: typeof ARCHIVE_FORMAT;
  readonly version: typeof ARCHIVE_VERSION;
  readonly memories: number;
  readonly sets: readonly { readonly name: string; readonly games: number }[];
  /** For each run, how many of its games were played. */
  readonly runs: readonly number[];
  /** The ids of the kept episodes: when each was kept. */
  readonly episodes: readonly string[];
  /** How many; files of earlier versions have none. */
  readonly adapters?: number;
}

const name = text(ARCHIVE_LIMITS.name);

const readManifest: Read<ArchiveManifest> = object(
  {
    format: oneOf([ARCHIVE_FORMAT]),
    version: oneOf([ARCHIVE_VERSION]),
    memories: whole(0, ARCHIVE_LIMITS.memories),
    sets: list(object({ name, games: whole(0, ARCHIVE_LIMITS.games) }), ARCHIVE_LIMITS.sets),
    runs: list(whole(0, ARCHIVE_LIMITS.games), ARCHIVE_LIMITS.runs),
    episodes: list(name, ARCHIVE_LIMITS.episodes),
  },
  { adapters: whole(0, ARCHIVE_LIMITS.adapters) },
);

const step = object({
  thought: text(TRACE_LIMITS.text),
  action: text(TRACE_LIMITS.text),
  observation: text(TRACE_LIMITS.text),
});
const lesson = object({
  key: text(2_000),
  task: text(TRACE_LIMITS.text),
  taskType: text(2_000),
  intro: text(TRACE_LIMITS.text),
  steps: list(step, TRACE_LIMITS.steps),
});

/** What is known of an adapter besides its two files. */
export const readAdapterNote = object(
  { id: name, name, made: name, base: name, strength: amount(0, 2) },
  { chore: text(2_000), lessons: list(lesson, 10_000) },
);

/** Games of sets that were imported under wider limits have longer names and tasks than new ones. */
const gamePlan = object(
  { key: text(2_000), task: text(TRACE_LIMITS.text), taskType: text(2_000) },
  { room: name, home: name },
);

export const readRunPlan = object(
  {
    id: name,
    title: text(2_000),
    student: oneOf(PLAYERS),
    settings: readSettings,
    games: list(gamePlan, ARCHIVE_LIMITS.games),
  },
  {
    seed: whole(0, Number.MAX_SAFE_INTEGER),
    telling: object({}, { dialect: oneOf(['move', 'put']), goals: oneOf(['human']) }),
    past: oneOf(['lived']),
  },
);

/** ARCHIVE_VERSION is a newer one. */
export function parseArchiveManifest(content: string): Parsed<ArchiveManifest, ArchiveCode> {
  const value = parseJson(content, MANIFEST);
  if (!value.ok) return value;
  const { version, format } = (value.value ?? {}) as { version?: unknown; format?: unknown };
  if (format === ARCHIVE_FORMAT && typeof version === 'number' && version > ARCHIVE_VERSION) {
    return refuse(
      'ARCHIVE_VERSION',
      `This file was written by a newer version of this page (${version}); reload the page to update.`,
    );
  }
  return shaped(readManifest, value.value, MANIFEST);
}

/** A value by its schema. */
export function shaped<T>(read: Read<T>, value: unknown, place: string): Parsed<T, ArchiveCode> {
  return readShape(value, read, { code: 'ARCHIVE_SHAPE', what: 'the file', whole: 'the content', place });
}

/** The JSON of a part of the file. */
export function parseJson(content: string, place: string): Parsed<unknown, ArchiveCode> {
  const longest = Number.POSITIVE_INFINITY;
  return readJson(content, { code: 'ARCHIVE_SHAPE', what: 'This part of the file', longest, place });
}
