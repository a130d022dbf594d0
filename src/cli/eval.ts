/** `duomem eval`: plays every game of a split once with a student and says how often and how fast it succeeds. */
import { availableParallelism } from 'node:os';
import { MEMORY_CONFIGURATIONS } from '../agent/prompt.ts';
import { ANY_REPLIES, DEFAULT_SETTINGS, type EpisodeSettings, SCRIPT_SOURCES } from '../agent/settings.ts';
import { ok } from '../base/result.ts';
import { type Evaluated, type Evaluation, playEvaluation } from './evaluating/evaluation.ts';
import { LIFE_EXTRACTORS, lifelong } from './evaluating/lifelong.ts';
import { mergeRuns } from './evaluating/merge-runs.ts';
import { evaluateWordings, WORDINGS_FILE } from './evaluating/wordings.ts';
import { openGames, withGames } from './files/open-games.ts';
import { choiceOf, defineSubcommand, shard, wholeNumber } from './program/command.ts';
import { type CommandEnd, done, failed, interrupted, type Outcome, wrongUsage } from './program/outcome.ts';
import { tellingOf, withTelling } from './program/telling.ts';
import type { Terminal } from './program/terminal.ts';
import { shippedBanks } from './students/open-recall.ts';
import {
  MODEL_HELP,
  STRENGTH_HELP,
  STRENGTH_NOT_HERE,
  STUDENTS,
  strengthOption,
} from './students/open-student.ts';
import { serverChoice, THINKING_NOT_HERE, withServerOptions } from './students/server-options.ts';

const STRICT_HELP =
  "read replies in the prompt's own form alone, as for the paper's tables; otherwise in any unambiguous form";

/** The paper's input strategies by name. */
const HISTORIES = { full: 'full', 'last-5': 5, latest: 1 } as const;

export const subcommand = defineSubcommand({
  options: (command) =>
    withTelling(withServerOptions(command).option('--games <path>', 'folder or zip of games'))
      .option('--split <name>', 'which split of it, such as valid_seen')
      .requiredOption('--out <dir>', 'folder of the run; an interrupted run continues where it stopped')
      .option(
        '--student <name>',
        `who plays: ${STUDENTS.join(', ')}`,
        choiceOf(...STUDENTS),
        'pocket' as const,
      )
      .option(
        '--memory <kind>',
        MEMORY_CONFIGURATIONS.join(', '),
        choiceOf(...MEMORY_CONFIGURATIONS),
        'memp' as const,
      )
      .option(
        '--scripts <whose>',
        'whose scripts: teacher, student',
        choiceOf(...SCRIPT_SOURCES),
        'teacher' as const,
      )
      .option('--k <n>', 'how many scripts', wholeNumber(0, 100), DEFAULT_SETTINGS.k)
      .option('--max-steps <n>', 'actions an episode', wholeNumber(1, 1000), DEFAULT_SETTINGS.maxSteps)
      .option(
        '--history <which>',
        'history that the student sees: full, last-5, latest',
        choiceOf('full', 'last-5', 'latest'),
        'full' as const,
      )
      .option('--model <dir>', MODEL_HELP)
      .option('--strength <number>', STRENGTH_HELP, strengthOption)
      .option(
        '--reply-tokens <n>',
        'at most in a reply',
        wholeNumber(8, 100_000),
        DEFAULT_SETTINGS.replyTokens,
      )
      .option('--strict-replies', STRICT_HELP)
      .option('--bank <file...>', 'memory banks; otherwise the one that ships')
      .option('--embedder <dir>', 'embedding model of the banks; otherwise the one that ships')
      .option('--grounded', 'hold replies to names that were seen and commands that can do something')
      .option('--seed <n>', 'for students that choose by chance', wholeNumber(0), 0)
      .option('--shard <i/n>', 'play only every n-th game, from the i-th on', shard)
      .option(
        '--jobs <n>',
        'threads that play; with a server, games at once',
        wholeNumber(1, 1024),
        availableParallelism(),
      )
      .option(
        '--lifelong',
        "play each home's tasks in order and learn from what was solved; and without memory",
      )
      .option(
        '--extractor <name>',
        `with --lifelong, who writes: ${LIFE_EXTRACTORS.join(', ')}`,
        choiceOf(...LIFE_EXTRACTORS),
        'scripted' as const,
      )
      .option(
        '--earlier <m>',
        "play homes with the teacher's memories of the m tasks before; and without memory",
        wholeNumber(0, 1000),
      )
      .option(
        '--wordings <which>',
        "ask for the tasks in people's words, held-out ones or all; and by the games' own sentences",
        choiceOf('held-out', 'all'),
      )
      .option(
        '--wordings-file <file>',
        "with --wordings: another set of them (JSON Lines) than the project's",
      )
      .option('--from <n>', "with --earlier, how many tasks of each home aren't played", wholeNumber(0), 10)
      .option(
        '--merge <dir...>',
        'play nothing: check the shards of one run and put them together in --out (with --games, unless of homes)',
      )
      .addHelpText(
        'after',
        `
Writes into the folder: run.json, traces/<split>/<task>/<trial>.jsonl, summary.json, failures.md (lost episodes by
cause). Result: {"episodes","solved","successRate","successInterval","meanSteps","nothingHappensRate",
"senselessRate","secondsPerTask","byTaskType","replies","replyForms"}; intervals are 95 %, Wilson; a lost episode
counts with all its steps. Senseless is a step that repeats what just did nothing, or names what was never seen or told.`,
      ),
  outputs: { out: ['run.json', 'run.json.part', 'with/run.json', 'without/run.json', 'templates/run.json'] },
  run: async (options, terminal) => {
    const { games, split, out, merge, history, maxSteps, memory, k, scripts, student, seed, jobs } = options;
    const { replyTokens, thinking } = options;
    const telling = tellingOf(options);
    if (merge !== undefined) return merged(merge, games, out, terminal);
    if (games === undefined || split === undefined)
      return wrongUsage('Give --games and --split, or --merge.');
    if (thinking !== undefined && student !== 'openai') return wrongUsage(THINKING_NOT_HERE);
    const { strength } = options;
    if (strength !== undefined && student !== 'smollm2') return wrongUsage(STRENGTH_NOT_HERE);
    if (options.wordingsFile !== undefined && options.wordings === undefined)
      return wrongUsage('--wordings-file goes with --wordings, which says whether all of them are asked.');
    if (options.wordings !== undefined && (options.lifelong === true || options.earlier !== undefined))
      return wrongUsage("A home that is lived in is asked in its games' own words: leave out --wordings.");
    const settings: EpisodeSettings = {
      ...DEFAULT_SETTINGS,
      maxSteps,
      memory,
      k,
      scripts,
      history: HISTORIES[history],
      replyTokens,
      ...(thinking === undefined ? {} : { thinking }),
      ...(options.strictReplies === true ? {} : ANY_REPLIES),
      ...(options.grounded === true ? { grounded: true } : {}),
    };
    return withGames(games, telling, {}, async (set) => {
      const { model, embedder, shard } = options;
      const who = { name: student, model, strength, server: serverChoice(options) };
      if (options.lifelong === true || options.earlier !== undefined) {
        if (memory === 'none') return wrongUsage('A home that is lived in needs a --memory.');
        if (shard !== undefined) return wrongUsage("A home that is lived in isn't split: leave out --shard.");
        const { earlier, from, extractor } = options;
        const banks = options.bank ?? shippedBanks('teacher');
        const life = { split, student: who, settings, banks, embedder, extractor, earlier, from };
        return await lifelong({ ...life, seed, jobs, telling, out }, set, terminal);
      }
      const asks = memory !== 'none' && !(memory === 'script' && k === 0);
      const { bank = shippedBanks(scripts) } = options;
      const evaluation: Evaluation = {
        games,
        split,
        telling,
        student: who,
        memory: asks ? { banks: bank, embedder, scripts } : undefined,
        settings,
        seed,
        jobs,
        shard,
        out,
      };
      if (options.wordings !== undefined) {
        if (shard !== undefined) return wrongUsage('With --wordings leave out --shard.');
        return await evaluateWordings(
          evaluation,
          options.wordings,
          options.wordingsFile ?? WORDINGS_FILE,
          set,
          terminal,
        );
      }
      const evaluated = await playEvaluation(evaluation, set, terminal);
      return evaluated.ok ? outcome(evaluated.value) : evaluated;
    });
  },
});

async function merged(
  folders: readonly string[],
  games: string | undefined,
  out: string,
  terminal: Terminal,
): Promise<CommandEnd> {
  const { signal } = terminal;
  const set = games === undefined ? ok(undefined) : await openGames(games, {}, { signal });
  if (!set.ok) return set;
  try {
    const summary = await mergeRuns(folders, set.value, out, terminal);
    if (summary.ok) return done(summary.value);
    return summary.error.code === 'CANCELLED' ? interrupted('Stopped; nothing was written.') : summary;
  } finally {
    await set.value?.close();
  }
}

function outcome({ summary, unplayed, pending, games }: Evaluated): Outcome {
  const result = unplayed.length === 0 ? summary : { ...summary, refused: unplayed };
  if (pending > 0) return interrupted('Stopped; the same command goes on from here.', result);
  const [first] = unplayed;
  if (first === undefined) return done(result);
  const message = `${unplayed.length} of ${games} games couldn't be played; ${first.path}: ${first.message}`;
  return failed(message, result);
}
