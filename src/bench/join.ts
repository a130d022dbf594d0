/**
 * Joins results: parts of one run (shards), repeated runs, runs of many machines. What was measured on the same device
 * with the same page, method, profile and weights is pooled; nothing else is.
 */
import { compareCodePoints } from '../base/order.ts';
import {
  BENCH_VERSION,
  type BenchResult,
  type Device,
  MOST_FIGURES,
  MOST_NOTES,
  MOST_SAMPLES,
  MOST_TROUBLES,
} from './bench-file.ts';
import type { Figure } from './figures.ts';

/** As one result; taken on the last day of measuring. */
export interface Joined extends Omit<BenchResult, 'format' | 'version'> {
  /** Tells devices apart; equal for results of the same one. */
  readonly deviceKey: string;
  /** How many files it is made of. */
  readonly results: number;
}

/**
 * Pools what belongs together; in an order that doesn't depend on that of the results. A file that comes twice, under
 * whatever name, counts once: no two runs take the same times.
 */
export function joinResults(results: readonly BenchResult[]): Joined[] {
  const once = new Map(results.map((result) => [canonicalText(result), result]));
  const bySetup = group([...once.values()], setupKey);
  return [...bySetup]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .flatMap(([, members]) => byWeights(members))
    .map((members) => pool(sortByText(members)));
}

/** Equal for a file and a copy of it that was written out again, in whatever order. */
export function canonicalText(result: BenchResult): string {
  const weights = Object.entries(result.weights).sort(([a], [b]) => compareCodePoints(a, b));
  const figures = result.figures.map((figure) => JSON.stringify(figure)).sort(compareCodePoints);
  return JSON.stringify({ ...result, weights, figures });
}

function setupKey({ device, page, method, profile, invalid }: BenchResult): string {
  return JSON.stringify([deviceKey(device), page, method, profile, invalid.length > 0]);
}

/**
 * Shards know only the hashes of what they measured themselves, so results are kept apart by those hashes alone that
 * contradict each other.
 */
function byWeights(members: readonly BenchResult[]): BenchResult[][] {
  const hashes = new Map<string, Set<string>>();
  for (const [key, hash] of members.flatMap(({ weights }) => Object.entries(weights))) {
    hashes.set(key, (hashes.get(key) ?? new Set()).add(hash));
  }
  const telling = [...hashes].flatMap(([key, values]) => (values.size > 1 ? [key] : []));
  telling.sort(compareCodePoints);
  const groups = group(members, ({ weights }) => JSON.stringify(telling.map((key) => weights[key] ?? '')));
  return [...groups].sort(([a], [b]) => compareCodePoints(a, b)).map(([, group]) => group);
}

function group<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [value]);
    else members.push(value);
  }
  return groups;
}

function sortByText(results: readonly BenchResult[]): BenchResult[] {
  const texts = results.map((result) => [JSON.stringify(result), result] as const);
  return texts.sort(([a], [b]) => compareCodePoints(a, b)).map(([, result]) => result);
}

/** The hardware and how it was used: what may differ between two results that are laid side by side as versions. */
function deviceKey({ browser, os, threads, label, powerPreference, adapter }: Device): string {
  return JSON.stringify([
    label,
    adapter && [adapter.vendor, adapter.architecture, adapter.device, adapter.description, adapter.fallback],
    os.name,
    threads,
    browser.name,
    browser.mode,
    powerPreference,
  ]);
}

/** A short name for people: `intel gen-12lp, Chromium 156, Linux`. */
export function deviceTitle({ browser, os, label, powerPreference, adapter, threads }: Device): string {
  const parts = [
    label,
    adapter === null ? `no WebGPU, ${threads} threads` : adapterTitle(adapter),
    `${browser.name} ${browser.version.split('.')[0]}`,
    os.name,
    powerPreference === 'default' ? '' : powerPreference,
  ];
  return parts.filter((part) => part.trim() !== '').join(', ');
}

export function adapterTitle(adapter: NonNullable<Device['adapter']>): string {
  const { vendor, architecture, description, fallback } = adapter;
  const name = description === '' ? `${vendor} ${architecture}`.trim() : description;
  return `${name === '' ? 'an unnamed adapter' : name}${fallback ? ' (software)' : ''}`;
}

/** One result again, that can be a file: the parts of a run, put together. What a file can't hold is left out. */
export function asResult({
  figures,
  invalid,
  notes,
  deviceKey: _,
  results: __,
  ...same
}: Joined): BenchResult {
  return {
    format: 'duomem-bench',
    version: BENCH_VERSION,
    ...same,
    figures: figures
      .slice(0, MOST_FIGURES)
      .map((figure) => ({ ...figure, samples: figure.samples.slice(0, MOST_SAMPLES) })),
    invalid: invalid.slice(0, MOST_TROUBLES),
    notes: notes.slice(0, MOST_NOTES),
  };
}

/** The name of a result's file, as those in bench/results are named: `apple-m2-chrome-140-macos-2026-11-20.json`. */
export function fileName({ device, taken, invalid }: BenchResult): string {
  const words = deviceTitle(device)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const name = words.slice(0, 50).replace(/-$/, '');
  return `${[name, taken, ...(invalid.length > 0 ? ['invalid'] : [])].filter(Boolean).join('-')}.json`;
}

function pool(members: readonly BenchResult[]): Joined {
  const figures = new Map<string, Figure>();
  for (const figure of members.flatMap((result) => result.figures)) {
    const id = JSON.stringify([figure.subject, figure.name, figure.context ?? 0]);
    const before = figures.get(id);
    figures.set(
      id,
      before === undefined ? figure : { ...before, samples: [...before.samples, ...figure.samples] },
    );
  }
  const [first] = members as readonly [BenchResult, ...BenchResult[]];
  const messages = new Map(members.flatMap(({ invalid }) => invalid).map((one) => [one.message, one]));
  return {
    deviceKey: deviceKey(first.device),
    device: first.device,
    page: first.page,
    method: first.method,
    profile: first.profile,
    weights: Object.assign({}, ...members.map(({ weights }) => weights)),
    figures: [...figures.values()],
    invalid: [...messages.values()],
    notes: [...new Set(members.flatMap(({ notes }) => notes))],
    taken:
      members
        .map(({ taken }) => taken)
        .sort(compareCodePoints)
        .at(-1) ?? '',
    results: members.length,
  };
}
