import { Random } from '../base/random.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { measureEngine } from '../bench/engine-speed.ts';
import { type GameSet, importGames } from '../engine/import/index.ts';
import { withGames } from './files/open-games.ts';
import { clockOf } from './measuring/clock.ts';
import { measurePocket } from './measuring/pocket-speed.ts';
import { choiceOf, defineSubcommand, wholeNumber } from './program/command.ts';
import { badInput, done, wrongUsage } from './program/outcome.ts';
import { tellingOf, withTelling } from './program/telling.ts';

export const subcommand = defineSubcommand({
  options: (command) =>
    withTelling(command.option('--games <path>', 'folder or zip of games'))
      .option('--student <name>', "instead of the engine the student's runtimes", choiceOf('pocket'))
      .option('--model <folder>', "folder of the student's files, otherwise the one that ships")
      .option(
        '--contexts <list>',
        'tokens of context at which the student is measured',
        contextList,
        [512, 1024, 2048],
      )
      .option('--decode <n>', 'tokens that the student decodes at each', wholeNumber(1, 512), 64)
      .option('--split <name>', 'which games to play', 'valid_seen')
      .option('--sample <n>', 'how many of them', wholeNumber(1), 140)
      .option('--length <n>', 'commands in a walk', wholeNumber(1), 50)
      .option('--repetitions <n>', 'of every measurement; medians are reported', wholeNumber(1), 9)
      .option('--seed <n>', 'of the walks', wholeNumber(0), 1)
      .option('--clock <kind>', 'wall, or cpu on a busy machine', choiceOf('wall', 'cpu'), 'wall')
      .option('--no-import', 'leave out the import of the whole set')
      .addHelpText(
        'after',
        `
Records a random walk of admissible commands in each game, then steps the recorded commands on one thread, resets
included, and reads every string that comes back. Result: {"games","steps","stepsPerSecond",
"stepsPerSecondWithAdmissible","resetMicroseconds","fresh","checksum","import":{"games","seconds"}}; "fresh" has
the steps per second of every walk's first time, in a world that was never played in. The cpu clock counts all
threads of this process, those that collect garbage and compile too.

With --student pocket: the kernels, onnxruntime-web's WASM and onnxruntime-node on one thread each, given the same
tokens by turns. Result: {"student","weights","load","wasmBytes","memoryBytes","cacheBandwidth","runtimes":[{"name",
"speeds":[{"context","prefill","decode","limit","share"}]}],"ratios":[{"context","over","prefill","decode"}]}: seconds,
bytes, tokens a second; "limit" is what a copy within as many bytes as the weights take would allow, "ratios" are the
first runtime's over each other's.`,
      ),
  run: async (options, terminal) => {
    const { signal } = terminal;
    const now = clockOf(options.clock);
    if (options.student !== undefined) {
      const { model: folder, contexts, decode, repetitions } = options;
      const plan = { folder, contexts, decode, repetitions, now };
      const measured = await measurePocket(plan, terminal.progress);
      return measured.ok ? done(measured.value) : measured;
    }
    if (options.games === undefined) return wrongUsage('Give --games, or --student pocket.');
    const { games } = options;
    return withGames(games, tellingOf(options), { signal }, async (set) => {
      const texts = await readSample(set, options.split, options.sample, options.seed);
      if (!texts.ok) return badInput({ ...texts.error, place: texts.error.place ?? games });
      terminal.progress(`${texts.value.length} games, ${options.repetitions} repetitions`);
      const speed = measureEngine(texts.value, {
        seed: options.seed,
        length: options.length,
        repetitions: options.repetitions,
        minMilliseconds: 250,
        now,
      });
      if (!options.import) return done(speed);
      terminal.progress('importing the whole set');
      const started = now();
      const report = await importGames(set, { add: () => undefined }, { signal });
      if (!report.ok) return report;
      const seconds = Math.round(now() - started) / 1000;
      return done({ ...speed, import: { games: report.value.games, seconds } });
    });
  },
});

/** `512,1024` */
function contextList(text: string): number[] {
  return text.split(',').map(wholeNumber(1, 1_000_000));
}

/** The texts of a seeded sample of the games of a split. */
async function readSample(
  set: GameSet,
  split: string,
  size: number,
  seed: number,
): Promise<Result<readonly string[]>> {
  const games = new Random(`speed ${seed}`).shuffle([...set.ofSplit(split)]).slice(0, size);
  if (games.length === 0) {
    const splits = set.splits.join(', ') || 'none';
    return refuse('SPLIT_UNKNOWN', `It holds no games of a split '${split}'; its splits: ${splits}.`);
  }
  const texts: string[] = [];
  for (const game of games) {
    const text = await set.read(game.key);
    if (!text.ok) return text;
    texts.push(text.value);
  }
  return ok(texts);
}
