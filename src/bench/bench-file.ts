/**
 * The file of a benchmark: one run on one device, as JSON. It holds what the person sees before saving it and nothing
 * else: no address, no name, no serial number. Files come from strangers, so reading one has limits and refuses what
 * it can't mean. The version is of this form; `method` is of the measuring (profile.ts).
 */

import { readJson, readShape } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import {
  amount,
  either,
  flag,
  list,
  nothing,
  object,
  oneOf,
  type Read,
  text,
  whole,
} from '../base/schema.ts';
import { FIGURE_NAMES, type Figure, SUBJECT_NAMES, type Work } from './figures.ts';
import { PROFILE_NAMES, type ProfileName } from './profile.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Why it refuses. */
type BenchCode = 'BENCH_JSON' | 'BENCH_SHAPE' | 'BENCH_SPREAD' | 'BENCH_TOO_LARGE' | 'BENCH_TWICE';

export const BENCH_VERSION = 1 as const;
/** Larger files aren't results. */
export const MAX_FILE = 512 * 1024;

/** More of each is refused. */
export const [MOST_FIGURES, MOST_SAMPLES, MOST_NOTES, MOST_TROUBLES] = [300, 200, 50, 20] as const;

/** Why a run doesn't count. */
const INVALID_CODES = ['HIDDEN', 'THROTTLED'] as const;

export interface Invalid {
  readonly code: (typeof INVALID_CODES)[number];
  readonly message: string;
}

/** Where the page came from: results of different versions are told apart by it. */
export interface PageVersion {
  readonly version: string;
  /** Of the repository, where it was built in one; `+` behind it where files differed from it. */
  readonly commit: string | null;
  /** Of that commit, as `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly date: string | null;
}

/** How the browser was started, where the command did it. */
export const BROWSER_MODES = ['headed', 'headless', 'unknown'] as const;

export interface Device {
  readonly browser: {
    readonly name: string;
    readonly version: string;
    readonly mode: (typeof BROWSER_MODES)[number];
  };
  readonly os: { readonly name: string; readonly version: string };
  /** Logical cores that the browser tells of. */
  readonly threads: number;
  /** What the person calls the machine; empty where nothing was said. */
  readonly label: string;
  readonly power: { readonly mains: boolean | null; readonly level: number | null };
  readonly powerPreference: PowerPreference;
  /** Null where the browser offers no WebGPU. */
  readonly adapter: GpuAdapter | null;
}

export const POWER_PREFERENCES = ['default', 'high-performance', 'low-power'] as const;
export type PowerPreference = (typeof POWER_PREFERENCES)[number];

export interface GpuAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Software, not a GPU. */
  readonly fallback: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

export interface BenchResult {
  readonly format: 'duomem-bench';
  readonly version: typeof BENCH_VERSION;
  readonly method: number;
  readonly profile: ProfileName;
  /** The day, `YYYY-MM-DD`. */
  readonly taken: string;
  readonly page: PageVersion;
  readonly device: Device;
  /** Hashes of what was measured, in hex: `pocket`, `4b`, `embedder`, `bank`, `games`. */
  readonly weights: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
  readonly invalid: readonly Invalid[];
  /** What a reader should know: what was left out and why. */
  readonly notes: readonly string[];
}

const WORD = 200;

/** What is measured, in whatever unit: nothing, or between a picosecond and a petabyte. Scales end at such numbers. */
const [LEAST, MOST] = [1e-12, 1e15] as const;
const quantity: Read<number> = (value, path, problems) => {
  const read = amount(0, MOST)(value, path, problems);
  if (read !== 0 && read < LEAST) problems.note(path, `must be 0 or at least ${LEAST}`);
  return read;
};

const work: Read<Work> = object({
  bytes: quantity,
  dispatches: quantity,
  readBacks: quantity,
  submits: quantity,
  copies: quantity,
  writes: quantity,
});

const spread: Read<Spread> = object({ low: amount(0, MOST), median: amount(0, MOST), high: amount(0, MOST) });

const figure = object(
  {
    subject: oneOf(SUBJECT_NAMES),
    name: oneOf(FIGURE_NAMES),
    samples: list(quantity, MOST_SAMPLES),
    spread,
  },
  { context: whole(1, 1e7), work },
);

/** A dictionary of at most `max` entries. */
function dictionary<T>(read: Read<T>, max: number): Read<Readonly<Record<string, T>>> {
  return (value, path, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.note(path, 'must be an object');
      return {};
    }
    const entries = Object.entries(value);
    if (entries.length > max) problems.note(path, `has more than ${max} entries`);
    const known = entries.slice(0, max).map(([key, one]) => {
      if (!/^[\w.-]{1,80}$/.test(key) || key === '__proto__') problems.note(path, 'has a strange key');
      return [key, read(one, `${path}.${key.slice(0, 80)}`, problems)] as const;
    });
    return Object.fromEntries(known);
  };
}

function matching(pattern: RegExp, what: string): Read<string> {
  return (value, path, problems) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    problems.note(path, `must be ${what}`);
    return '';
  };
}

/** A line: texts of results stand in tables, where a line break or a control character would make a mess. */
const line: Read<string> = (value, path, problems) => {
  const read = text(WORD)(value, path, problems);
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(read)) problems.note(path, 'has a control character');
  return read;
};

const result = object({
  format: oneOf(['duomem-bench']),
  version: oneOf([BENCH_VERSION]),
  method: whole(1, 1e6),
  profile: oneOf(PROFILE_NAMES),
  taken: matching(/^\d{4}-\d\d-\d\d$/, 'a day'),
  page: object({
    version: line,
    commit: either(matching(/^[0-9a-f]{7,40}\+?$/, 'a commit'), nothing),
    date: either(matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a time'), nothing),
  }),
  device: object({
    browser: object({ name: line, version: line, mode: oneOf(BROWSER_MODES) }),
    os: object({ name: line, version: line }),
    threads: whole(1, 100_000),
    label: line,
    power: object({ mains: either(flag, nothing), level: either(amount(0, 1), nothing) }),
    powerPreference: oneOf(POWER_PREFERENCES),
    adapter: either(
      nothing,
      object({
        vendor: line,
        architecture: line,
        device: line,
        description: line,
        fallback: flag,
        features: list(line, 200),
        limits: dictionary(amount(0, Number.MAX_VALUE), 200),
      }),
    ),
  }),
  weights: dictionary(matching(/^[0-9a-f]{8,64}$/, 'a hash in hex'), 20),
  figures: list(figure, MOST_FIGURES),
  invalid: list(object({ code: oneOf(INVALID_CODES), message: line }), MOST_TROUBLES),
  notes: list(line, MOST_NOTES),
});

/** The text of the file; figures with their spread, for who reads it without this program. */
export function formatBench(value: BenchResult): string {
  const figures = value.figures.map((one) => ({ ...one, spread: spreadOf(one.samples) }));
  return `${JSON.stringify({ ...value, figures }, undefined, 1)}\n`;
}

/**
 * Codes: BENCH_TOO_LARGE, BENCH_JSON, BENCH_SHAPE, BENCH_SPREAD (a median that its samples don't have), BENCH_TWICE
 * (the same figure twice).
 */
export function parseBench(content: string): Parsed<BenchResult, BenchCode> {
  if (content.length > MAX_FILE) return refuse('BENCH_TOO_LARGE', 'The result is too large to be one.');
  const parsed = readJson(content, { code: 'BENCH_JSON', what: 'The result', longest: MAX_FILE });
  if (!parsed.ok) return parsed;
  const shaped = readShape(parsed.value, result, {
    code: 'BENCH_SHAPE',
    what: 'the result',
    whole: 'the file',
  });
  if (!shaped.ok) return shaped;
  const read = shaped.value;
  const seen = new Set<string>();
  for (const [i, { spread: told, samples, subject, name, context }] of read.figures.entries()) {
    const place = `figures[${i}]`;
    if (samples.length === 0) return refuse('BENCH_SHAPE', `In the result ${place}.samples is empty.`);
    const own = spreadOf(samples);
    for (const key of ['low', 'median', 'high'] as const) {
      if (Math.abs(own[key] - told[key]) <= 1e-6 * Math.max(own[key], 1e-12)) continue;
      return refuse('BENCH_SPREAD', `In the result ${place}.spread.${key} isn't that of the samples.`);
    }
    const id = `${subject} ${name} ${context}`;
    if (seen.has(id))
      return refuse('BENCH_TWICE', `In the result ${place} is a figure that was there before.`);
    seen.add(id);
  }
  const figures = read.figures.map(({ spread: _, ...rest }) => rest);
  return ok({ ...read, figures });
}
