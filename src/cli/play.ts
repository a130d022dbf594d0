/** `duomem play`: a person plays a game in the terminal, or looks on while a student does. */
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import { MEMORY_CONFIGURATIONS } from '../agent/prompt.ts';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { sayable } from '../base/sayable.ts';
import { type Telling, tell } from '../engine/import/index.ts';
import { ok, parseGame, Random, type Result, refuse, type World } from '../engine/index.ts';
import { generateHome, PAGE_HABITS } from '../homes/index.ts';
import { writeNewFile } from './files/new-file.ts';
import { withGames } from './files/open-games.ts';
import { type Line, PlaySession, type Tone } from './playing/play-session.ts';
import { watch } from './playing/play-student.ts';
import { choiceOf, defineSubcommand, wholeNumber } from './program/command.ts';
import { type CommandEnd, done, interrupted, wrongUsage } from './program/outcome.ts';
import { tellingOf, withTelling } from './program/telling.ts';
import type { Terminal } from './program/terminal.ts';
import {
  MODEL_HELP,
  STRENGTH_HELP,
  STRENGTH_NOT_HERE,
  STUDENTS,
  strengthOption,
} from './students/open-student.ts';
import { serverChoice, THINKING_NOT_HERE, withServerOptions } from './students/server-options.ts';

const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  place: ['cyan', 'bold'],
  task: ['yellow', 'bold'],
  text: 'reset',
  refused: 'red',
  hint: 'dim',
  won: ['green', 'bold'],
  done: 'green',
  open: 'yellow',
};

export const subcommand = defineSubcommand({
  options: (command) =>
    withTelling(withServerOptions(command))
      .option('--games <path>', 'folder or zip of games; otherwise a home of our own is played')
      .option('--game <key>', 'with --games: the game, or the start of its key; otherwise one is drawn')
      .option('--seed <n>', 'with --games: which game is drawn', wholeNumber(0), 1)
      .option(
        '--home <n>',
        'without --games: the home to play in, by its number in the page',
        wholeNumber(0),
        1,
      )
      .option('--task <n>', 'without --games: which of the tasks of the home, from 0', wholeNumber(0), 0)
      .option(
        '--out <file>',
        'write the transcript there (one line, as duomem replay reads it; of a student the trace)',
      )
      .option('--words <text>', 'ask for the task in these words; its goal stays')
      .option('--student <name>', `who plays in your place: ${STUDENTS.join(', ')}`, choiceOf(...STUDENTS))
      .option('--model <name>', MODEL_HELP)
      .option('--strength <number>', STRENGTH_HELP, strengthOption)
      .option(
        '--memory <kind>',
        `with --student: ${MEMORY_CONFIGURATIONS.join(', ')}, of the bank that ships`,
        choiceOf(...MEMORY_CONFIGURATIONS),
        'none' as const,
      )
      .option(
        '--reply-tokens <n>',
        'with --student: at most in a reply',
        wholeNumber(8, 100_000),
        DEFAULT_SETTINGS.replyTokens,
      )
      .addHelpText(
        'after',
        `
Type what to do; 'hint' lists what the game accepts and how far the task is, 'undo' takes back, 'quit' stops.
Tab completes. NO_COLOR=1 prints without colours. Result: {"game","won","steps"}.`,
      ),
  outputs: { out: 'new' },
  run: async (options, terminal) => {
    const { games, game, seed, home, task } = options;
    const said = options.words === undefined ? undefined : sayable(options.words);
    if (said === '') return wrongUsage('--words has no words in it.');
    const telling: Telling = { ...tellingOf(options), ...(said && { words: said }) };
    if (games === undefined && telling.goals !== undefined)
      return wrongUsage('There are no human goals for generated homes: use --goals human with --games.');
    const pick = (telling: Telling) =>
      games === undefined ? pickTask(home, task, telling) : pickGame(games, game, seed, telling);
    const picked = await pick(telling);
    if (!picked.ok) return picked.error.code === 'PLAY_NO_GAME' ? wrongUsage(picked.error.message) : picked;
    const { key, world, text } = picked.value;
    const { student, model, strength, memory, replyTokens, thinking } = options;
    if (strength !== undefined && student !== 'smollm2') return wrongUsage(STRENGTH_NOT_HERE);
    if (thinking !== undefined && student !== 'openai') return wrongUsage(THINKING_NOT_HERE);
    if (student !== undefined) {
      terminal.print(world.intro);
      const [, folder = ''] = key.split('/');
      const choice = { name: student, model, strength, server: serverChoice(options) };
      const own = said ? await pick(tellingOf(options)) : undefined;
      const goal = own?.ok ? own.value.world.task : undefined;
      const spectacle = { student: choice, memory, replyTokens, thinking, seed, goal, out: options.out };
      const played = { key, taskType: folder.split('-')[0] ?? '', text, ...(said && { words: said }) };
      return watch(played, spectacle, terminal);
    }
    const session = new PlaySession(world);
    const stopped = await converse(session, terminal);
    terminal.print('');
    show(session.readable(), terminal);
    return save(session, key, options.out, stopped);
  },
});

interface Picked {
  readonly key: string;
  readonly world: World;
  /** The game file. */
  readonly text: string;
}

function pickTask(home: number, task: number, telling: Telling): Result<Picked> {
  // As the page numbers them.
  const { key, text: made } = generateHome(home, { habits: PAGE_HABITS }).game(task);
  const text = tell(made, undefined, { dialect: 'move', ...telling }, key);
  const world = text.ok ? parseGame(text.value) : text;
  return world.ok && text.ok ? ok({ key, text: text.value, world: world.value }) : (world as Result<never>);
}

async function pickGame(
  path: string,
  wanted: string | undefined,
  seed: number,
  telling: Telling,
): Promise<Result<Picked>> {
  return withGames(path, telling, {}, async (set) => {
    const games = set.games.filter(({ key }) => wanted === undefined || key.startsWith(wanted));
    if (games.length === 0) {
      return refuse(
        'PLAY_NO_GAME',
        wanted === undefined ? 'There is no game in it.' : `No game's key starts with ${wanted}.`,
      );
    }
    const { key } =
      wanted === undefined ? new Random(seed).pick(games) : (games[0] as (typeof games)[number]);
    const text = await set.read(key);
    if (!text.ok) return text;
    const world = parseGame(text.value);
    return world.ok ? { ok: true, value: { key, text: text.value, world: world.value } } : world;
  });
}

/**
 * Reads lines until the game is solved, the player quits or the input ends.
 * @returns whether Ctrl-C ended it
 */
async function converse(session: PlaySession, terminal: Terminal): Promise<boolean> {
  show(session.opening(), terminal);
  const interactive = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    ...(interactive && { output: process.stderr, prompt: '> ' }),
    completer: (typed: string) => [session.completions().filter((text) => text.startsWith(typed)), typed],
  });
  // While it reads keys one by one the terminal sends no signal, and by itself readline would just end.
  let stopped = false;
  lines.on('SIGINT', () => {
    stopped = true;
    lines.close();
  });
  try {
    if (interactive) lines.prompt();
    for await (const line of lines) {
      if (!interactive) terminal.print(`> ${line}`);
      show(session.enter(line), terminal);
      if (session.ended) break;
      if (interactive) lines.prompt();
    }
  } finally {
    lines.close();
  }
  return stopped;
}

function show(lines: readonly Line[], terminal: Terminal): void {
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  for (const { tone, text } of lines) {
    terminal.print(text, coloured ? (plain) => styleText(STYLES[tone], plain) : undefined);
  }
}

async function save(
  session: PlaySession,
  key: string,
  out: string | undefined,
  stopped: boolean,
): Promise<CommandEnd> {
  // A transcript needn't be of a whole game: what was played until Ctrl-C is kept.
  if (out !== undefined) {
    const written = await writeNewFile(out, `${JSON.stringify(session.transcript(key))}\n`);
    if (!written.ok) return written;
  }
  const result = { game: key, won: session.won, steps: session.commands.length };
  if (!stopped) return done(result);
  return interrupted(out === undefined ? 'Stopped.' : `Stopped; what was played is in ${out}.`, result);
}
