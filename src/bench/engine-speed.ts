/**
 * How fast the engine is, on one thread. Seeded random walks of admissible commands are recorded first, one a game;
 * then the recorded commands are stepped, resets included, and every string that comes back is read, so that nothing
 * can be left undone: a text that was only joined on paper is joined when its characters are read.
 *
 * The walks are stepped again and again, as an agent replays and looks ahead, so texts that the engine remembers are
 * remembered. `fresh` is the other end: every walk once, in a world that was never played in.
 */
import { readOwn } from '../base/read-json.ts';
import { parseGame, Random, type World } from '../engine/index.ts';

interface SpeedOptions {
  readonly seed: number | string;
  /** Commands in a walk. */
  readonly length: number;
  readonly repetitions: number;
  /** Each repetition lasts at least this long. */
  readonly minMilliseconds: number;
  /** Milliseconds from any start. */
  readonly now: () => number;
}

/** Medians over the repetitions. */
interface EngineSpeed {
  readonly games: number;
  /** Commands in all walks together. */
  readonly steps: number;
  /** With every observation read. */
  readonly stepsPerSecond: number;
  /** With every observation, and every string of the sorted admissible list after every reset and step, read. */
  readonly stepsPerSecondWithAdmissible: number;
  /** A reset, with the intro read. */
  readonly resetMicroseconds: number;
  readonly fresh: { readonly stepsPerSecond: number; readonly stepsPerSecondWithAdmissible: number };
  /** Folded from everything read; the same for the same games and seed. */
  readonly checksum: number;
}

interface Walk {
  readonly world: World;
  readonly commands: readonly string[];
}

/** @param texts game files that parseGame takes; others are left out */
export function measureEngine(texts: readonly string[], options: SpeedOptions): EngineSpeed {
  const random = new Random(options.seed);
  const walks = texts.flatMap(parse).map((world) => ({
    world,
    // As they would come from a file: not the very string objects that the engine made.
    commands: readOwn<string[]>(JSON.stringify(recordWalk(world, random, options.length))),
  }));
  const steps = walks.length * options.length;
  const fresh = (): Walk[] =>
    texts.flatMap(parse).map((world, i) => ({ world, commands: walks[i]?.commands ?? [] }));

  const once = playFresh(fresh, options, play) * steps;
  const onceWithLists = playFresh(fresh, options, playWithLists) * steps;
  return {
    games: walks.length,
    steps,
    stepsPerSecond: Math.round(passesPerSecond(() => play(walks), options) * steps),
    stepsPerSecondWithAdmissible: Math.round(passesPerSecond(() => playWithLists(walks), options) * steps),
    resetMicroseconds: round(1e6 / (passesPerSecond(resetter(walks), options) * walks.length)),
    fresh: { stepsPerSecond: Math.round(once), stepsPerSecondWithAdmissible: Math.round(onceWithLists) },
    checksum: play(walks) ^ playWithLists(walks),
  };
}

function parse(text: string): World[] {
  const world = parseGame(text);
  return world.ok ? [world.value] : [];
}

function recordWalk(world: World, random: Random, length: number): string[] {
  const episode = world.start();
  return Array.from({ length }, () => {
    const command = random.pick(episode.admissible());
    episode.step(command);
    return command;
  });
}

function play(walks: readonly Walk[]): number {
  let sum = 0;
  for (const { world, commands } of walks) {
    const episode = world.start();
    sum = read(sum, world.intro);
    for (const command of commands) sum = read(sum, episode.step(command));
  }
  return sum;
}

function playWithLists(walks: readonly Walk[]): number {
  let sum = 0;
  for (const { world, commands } of walks) {
    const episode = world.start();
    sum = readAll(read(sum, world.intro), episode.admissible());
    for (const command of commands) {
      sum = readAll(read(sum, episode.step(command)), episode.admissible());
    }
  }
  return sum;
}

function resetter(walks: readonly Walk[]): () => number {
  const played = walks.map(({ world, commands }) => {
    const episode = world.start();
    for (const command of commands) episode.step(command);
    return episode;
  });
  return () => {
    let sum = 0;
    for (const episode of played) {
      episode.reset();
      sum = read(sum, episode.world.intro);
    }
    return sum;
  };
}

/** Length, first and last character: enough to make V8 join a string that is still in pieces. */
function read(sum: number, text: string): number {
  const { length } = text;
  return (Math.imul(sum, 31) + length + text.charCodeAt(0) + (text.charCodeAt(length - 1) << 8)) | 0;
}

function readAll(sum: number, texts: readonly string[]): number {
  let all = sum;
  for (const text of texts) all = read(all, text);
  return all;
}

function passesPerSecond(pass: () => number, { repetitions, minMilliseconds, now }: SpeedOptions): number {
  const rates: number[] = [];
  for (let i = -1; i < repetitions; i++) {
    const started = now();
    let passes = 0;
    let elapsed = 0;
    while (elapsed < minMilliseconds) {
      pass();
      passes++;
      elapsed = now() - started;
    }
    // The first one only warms up.
    if (i >= 0) rates.push((1000 * passes) / elapsed);
  }
  return median(rates);
}

function playFresh(
  fresh: () => Walk[],
  { repetitions, now }: SpeedOptions,
  pass: (walks: readonly Walk[]) => number,
): number {
  const rates: number[] = [];
  for (let i = -1; i < repetitions; i++) {
    const walks = fresh();
    const started = now();
    pass(walks);
    if (i >= 0) rates.push(1000 / Math.max(now() - started, 1e-6));
  }
  return median(rates);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function round(x: number): number {
  return Math.round(x * 1000) / 1000;
}
