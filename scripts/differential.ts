/**
 * `npm run differential`: compares this project's engine with the real ALFWorld engine. The real one plays seeded
 * walks (admissible commands, rare verbs preferred; malformed ones; on after a win) over a sample of games and records
 * what it says; this one replays the recordings. A part of the games is played once more by the real engine with
 * nothing remembered between its calls, to show that the faster recorder is the same engine.
 *
 * The last line on standard output is JSON; exit code 0 for no difference, 1 for some, 2 for wrong usage, 3 for bad
 * input or a tool that is missing.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RecordedGames } from '../src/cli/files/recorded-games.ts';
import { replayEpisodes } from '../src/cli/playing/replay-episodes.ts';
import { formatMismatch, formatRefusal, type Refusal, refuse } from '../src/engine/index.ts';
import { sharedPath } from '../src/testing/shared.ts';
import { ensureEnvironment } from './differential/environment.ts';
import { writeChores, writeHomes } from './differential/homes.ts';
import { differingEpisodes, type Recording, type RecordOptions, record } from './differential/recorder.ts';

const USAGE = `npm run differential -- [options]

  --games PATH    folder or zip of games; may be given several times. Without it: the official games
                  where they are found ($DUOMEM_SHARED/alfworld), generated homes and chores
  --sample N      how many games of each set (default: 60, and 10 of the older official ones)
  --plain N       how many of these also by the untouched real engine (default: a tenth)
  --length N      commands in a walk (default 40)
  --seed S        (default 1)
  --show N        how many differing episodes to print (default 10)
  --out DIR       where the recorded episodes go (default .cache/differential)
  --python PATH   Python 3.11 or 3.12 (default: $DUOMEM_PYTHON, or one on the path)`;

interface Source {
  readonly name: string;
  readonly games: string;
  readonly sample: number;
}

interface Comparison {
  readonly games: number;
  readonly episodes: number;
  readonly steps: number;
  readonly differences: number;
  /** What the untouched engine recorded again, and how many of these episodes came out otherwise. */
  readonly plain: { readonly games: number; readonly episodes: number; readonly differences: number };
}

const root = fileURLToPath(new URL('..', import.meta.url));
const options = readOptions();
const out = resolve(process.env.INIT_CWD ?? '.', options.out ?? join(root, '.cache/differential'));
mkdirSync(out, { recursive: true });
const python = check(ensureEnvironment(options.python));
const started = performance.now();

const compared: ({ readonly set: string } & Comparison)[] = [];
let shown = 0;
for (const [i, source] of sources().entries()) {
  console.error(`${source.name}: ${source.sample} games`);
  compared.push({ set: source.name, ...(await compare(source, join(out, `${i + 1}`))) });
}
const total = compared.reduce(add);
for (const { set, ...counts } of compared) console.log(`${set}: ${JSON.stringify(counts)}`);
const { games, episodes, steps, differences, plain } = total;
const seconds = Math.round((performance.now() - started) / 1000);
console.log(JSON.stringify({ games, episodes, steps, differences, plain, seed: options.seed, seconds }));
process.exitCode = differences + plain.differences === 0 ? 0 : 1;

async function compare({ games, sample }: Source, prefix: string): Promise<Comparison> {
  const { seed, length } = options;
  const opened = check(await RecordedGames.open([games], new AbortController().signal));
  const kinds = 'walkthrough,random,messy,detour,errands';
  const walks: RecordOptions = { python, games, sample, subsample: 0, kinds, length, seed, plain: false };
  const recording = check(await record(walks, `${prefix}-episodes`));
  if (recording.games === 0) check(refuse('GAMES_NONE', 'It holds no game.', games));
  const again = { ...walks, subsample: options.plain ?? Math.max(1, Math.round(sample / 10)), plain: true };
  const untouched = again.subsample === 0 ? undefined : check(await record(again, `${prefix}-plain`));
  const differing = untouched === undefined ? [] : differingEpisodes(untouched, recording);
  for (const line of differing) console.log(`The untouched engine differs: ${line.slice(0, 300)}`);
  return {
    ...(await replay(opened, recording)),
    plain: {
      games: untouched?.games ?? 0,
      episodes: untouched?.episodes ?? 0,
      differences: differing.length,
    },
  };
}

/** Differing fields, and one difference for every game that only one of the engines takes. */
async function replay(opened: RecordedGames, recording: Recording): Promise<Omit<Comparison, 'plain'>> {
  let differences = recording.failed.length;
  for (const { game, error } of recording.failed)
    console.log(`The real engine doesn't take ${game}: ${error}`);
  for (const file of recording.files) {
    let differs = false;
    const replayed = await replayEpisodes(opened, [file], {
      onEpisode: () => {
        differs = false;
      },
      onMismatch: (mismatch) => {
        if (!differs && shown++ < options.show) console.log(formatMismatch(mismatch));
        differs = true;
        differences++;
      },
    });
    if (replayed.ok || replayed.error.code === 'EPISODES_NONE') continue;
    console.log(`This engine doesn't take a game: ${formatRefusal(replayed.error)}`);
    differences++;
  }
  await opened.close();
  const { games, episodes, steps } = recording;
  return { games, episodes, steps, differences };
}

function add<T extends Comparison>(a: T, b: T): T {
  return {
    ...a,
    games: a.games + b.games,
    episodes: a.episodes + b.episodes,
    steps: a.steps + b.steps,
    differences: a.differences + b.differences,
    plain: {
      games: a.plain.games + b.plain.games,
      episodes: a.plain.episodes + b.plain.episodes,
      differences: a.plain.differences + b.plain.differences,
    },
  };
}

function sources(): Source[] {
  if (options.games.length > 0) {
    return options.games.map((path) => {
      const games = resolve(process.env.INIT_CWD ?? '.', path);
      return { name: path, games, sample: options.sample ?? 60 };
    });
  }
  const found: Source[] = [];
  const official = sharedPath('alfworld/json_2.1.1_tw-pddl.zip');
  if (official) found.push({ name: 'official games', games: official, sample: options.sample ?? 60 });
  const older = sharedPath('alfworld/legacy_0.3_tw-pddl.zip');
  if (older) found.push({ name: 'older official games', games: older, sample: options.sample ?? 10 });
  const homes = join(out, 'homes');
  writeHomes(homes, options.sample ?? 60, options.seed);
  found.push({ name: 'generated homes', games: homes, sample: options.sample ?? 60 });
  const chores = join(out, 'chores');
  writeChores(chores, options.sample ?? 60, options.seed);
  found.push({ name: 'generated chores', games: chores, sample: options.sample ?? 60 });
  return found;
}

function readOptions() {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      options: {
        games: { type: 'string', multiple: true, default: [] as string[] },
        sample: text,
        plain: text,
        length: { ...text, default: '40' },
        seed: { ...text, default: '1' },
        show: { ...text, default: '10' },
        out: text,
        python: text,
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    return {
      ...values,
      sample: wholeNumber('sample', values.sample),
      plain: wholeNumber('plain', values.plain),
      length: wholeNumber('length', values.length) ?? 40,
      show: wholeNumber('show', values.show) ?? 10,
      python: values.python ?? process.env.DUOMEM_PYTHON,
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new Error(`--${name} must be a whole number.`);
  return Number(value);
}

/** The value, or the end of the process with the sentence of the refusal. */
function check<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Refusal },
): T {
  if (result.ok) return result.value;
  console.error(formatRefusal(result.error));
  process.exit(3);
}
