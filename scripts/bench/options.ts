/** The words of `npm run bench`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ok, type Result, refuse } from '../../src/base/result.ts';
import { POWER_PREFERENCES, type PowerPreference } from '../../src/bench/bench-file.ts';
import { PROFILE_NAMES, type ProfileName } from '../../src/bench/profile.ts';

export const USAGE = `npm run bench -- [options]

Measures this machine with the page in its own browser, and what one would pick instead beside it. Writes
result files, a Markdown table and a picture into a folder.

  --profile P        full, or short (no figures to compare, a few minutes without a GPU); default: full
  --browsers LIST    chrome, edge, chromium or paths, by commas; default: the first of these that is found
  --power LIST       default, high-performance, low-power, by commas: which GPU, where there are several
  --headed           with a window; without it the browser is headless (--headless=new)
  --label TEXT       what you call this machine; stands in the files
  --alfworld         measures the real ALFWorld engine too, and sets it up where it isn't there yet
                     (.venv-differential, some minutes); without it only where it is there
  --model DIR        measures this 4B student too: a folder that \`duomem convert\` wrote, with its compiled library
                     (--library) where the page knows none; it takes its room on the disk twice meanwhile
  --only TEXT        only measurements whose name holds this
  --shard I/N        the I-th of N parts of the measurements, to be merged afterwards
  --docs             keeps the run in the repository: its file in bench/results, its table in docs/benchmarks.md, its picture
                     in docs/benchmarks.svg; not a run that doesn't count
  --out DIR          default: out/bench

npm run bench -- --merge DIR [DIR ...] [--out DIR]

Joins the result files of these folders into one table and one picture (benchmarks.md, benchmarks.svg), and the
reports of shards into one (report/).

The last line on standard output is JSON. Exit code 0: done; 1: a measurement failed; 2: wrong usage; 3: no result
could be read, no browser was found, or the model is none.`;

export interface BenchOptions {
  readonly profile: ProfileName;
  readonly browsers: readonly string[];
  readonly power: readonly PowerPreference[];
  readonly headed: boolean;
  readonly label: string;
  readonly alfworld: boolean;
  /** Folder of a 4B student. */
  readonly model: string | undefined;
  readonly only: string | undefined;
  readonly shard: string | undefined;
  readonly docs: boolean;
  readonly out: string;
  /** Folders to join; empty for a run. */
  readonly merge: readonly string[];
}

/** Undefined where help was asked for. Code USAGE. */
export function readOptions(words: readonly string[]): Result<BenchOptions | undefined> {
  const text = { type: 'string' } as const;
  const off = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        profile: { ...text, default: 'full' },
        browsers: { ...text, default: '' },
        power: { ...text, default: 'default' },
        headed: off,
        label: { ...text, default: '' },
        alfworld: off,
        model: text,
        only: text,
        shard: text,
        out: { ...text, default: 'out/bench' },
        docs: off,
        merge: off,
        help: { ...off, short: 'h' },
      },
    });
    if (values.help) return ok(undefined);
    if (values.merge === (positionals.length === 0)) {
      return refuse('USAGE', values.merge ? 'Name the folders to merge.' : `What is '${positionals[0]}'?`);
    }
    if (values.docs && (values.only !== undefined || values.shard !== undefined || values.merge)) {
      return refuse('USAGE', 'docs/benchmarks.md shows a whole run: leave out --only, --shard and --merge.');
    }
    if (values.shard !== undefined && !/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/.test(values.shard)) {
      return refuse('USAGE', `'${values.shard}' isn't a shard: 1/2 is the first of two.`);
    }
    const profile = PROFILE_NAMES.find((name) => name === values.profile);
    if (profile === undefined) return refuse('USAGE', `A profile is one of ${PROFILE_NAMES.join(', ')}.`);
    const power = split(values.power).map((word) => POWER_PREFERENCES.find((one) => one === word));
    if (power.includes(undefined)) {
      return refuse('USAGE', `A power preference is one of ${POWER_PREFERENCES.join(', ')}.`);
    }
    // Paths are meant from the folder that the command was called in.
    const place = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path);
    return ok({
      profile,
      browsers: split(values.browsers),
      power: power.filter((one) => one !== undefined),
      headed: values.headed,
      label: values.label.slice(0, 80),
      alfworld: values.alfworld,
      model: values.model === undefined ? undefined : place(values.model),
      only: values.only,
      shard: values.shard,
      docs: values.docs,
      out: place(values.out),
      merge: positionals.map(place),
    });
  } catch (error) {
    return refuse('USAGE', (error as Error).message);
  }
}

function split(list: string): string[] {
  const words = list.split(',').map((word) => word.trim());
  return [...new Set(words)].filter((word) => word !== '');
}
