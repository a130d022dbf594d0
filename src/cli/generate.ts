/** `duomem generate`: writes games of homes of our own, as a folder or a zip in the official layout. */
import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import { DEFAULT_IMPORT_LIMITS, ZipFileWriter } from '../engine/import/index.ts';
import { type Dialect, inDialect } from '../engine/index.ts';
import {
  FAMILIES,
  type Family,
  familiesOf,
  generateHome,
  type HomeOptions,
  proceduresOf,
  ROOM_KINDS,
  type RoomKind,
} from '../homes/index.ts';
import { formatInstructions } from '../teacher/instructions-file.ts';
import { choresFileOf } from './files/chores-file.ts';
import { makeFolder } from './files/make-folder.ts';
import { writeRefusal } from './files/read-failure.ts';
import { choiceOf, defineSubcommand, number, wholeNumber } from './program/command.ts';
import { done, interrupted, type Outcome, wrongUsage } from './program/outcome.ts';
import { DIALECT_OPTION } from './program/telling.ts';
import type { Terminal } from './program/terminal.ts';

/** The most homes of one command; more need another seed. */
const MOST_HOMES = 1_000_000;
const MOST_TASKS = 10_000;
const SPLIT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption('--homes <n>', 'how many homes', wholeNumber(1, MOST_HOMES))
      .requiredOption('--tasks-per-home <n>', 'how many games in each', wholeNumber(1, MOST_TASKS))
      .requiredOption('--out <path>', 'the folder to make, or the zip if it ends in .zip')
      .option('--seed <n>', "the first home's number; the next ones follow", wholeNumber(0, 1e12), 1000)
      .option('--habits <share>', 'how strongly a home keeps things in places of its own', number(0, 1), 0)
      .option('--stray <share>', 'how far homes stray from the official statistics', number(0, 1), 0)
      .option('--routine <share>', "how much tasks turn on a home's favourites (as --habits)", number(0, 1))
      .option('--habit-change <k>', 'other habits from the task with this index on', wholeNumber(0))
      .option('--chores <which>', 'official, training, held-out, or families with commas between', 'official')
      .option(
        '--rooms <which>',
        'all: a home has four; one: each home is one room, the kinds in turn',
        choiceOf('all', 'one'),
        'all' as const,
      )
      .option('--split <name>', 'first folder of the games', 'homes')
      .option(...DIALECT_OPTION)
      .addHelpText(
        'after',
        `
Home n is the same whatever else is generated: seeds 1000 to 1099 for training and 2000 to 2009 for a test share
nothing. The same options write the same bytes. --out must not exist yet, and appears only when it is complete.
--chores: the six official kinds of tasks, or chores besides them (src/homes/families.ts). Some have a name that only
the household knows ("put a mug in shelf at mirror time"); what it stands for is written to chores.json in the folder
(beside a zip: NAME.chores.json), from where duomem collect tells its teacher.
 training: ${names(false)}
 held-out, never trained on: ${names(true)}
Result: {"games","homes","bytes","meanWalkthrough","byTaskType","byRoom"}; bytes before compression.`,
      ),
  outputs: { out: 'resumed' },
  run: async (options, terminal) => {
    const { out, split } = options;
    if (!SPLIT_NAME.test(split)) {
      return wrongUsage('--split must be a folder name of letters, digits, dots, dashes and underscores.');
    }
    if (options.homes * options.tasksPerHome > DEFAULT_IMPORT_LIMITS.maxFiles) {
      const most = DEFAULT_IMPORT_LIMITS.maxFiles;
      return wrongUsage(
        `A set holds at most ${most} games: give fewer homes or tasks, and go on with --seed.`,
      );
    }
    const families = options.chores === 'official' ? [] : familiesOf(options.chores);
    if (families === undefined)
      return wrongUsage(`--chores knows official, training, held-out, and ${names(false)}, ${names(true)}.`);
    const told = proceduresOf(families);
    const zipped = out.endsWith('.zip');
    for (const path of zipped && told.size > 0 ? [out, choresFileOf(out)] : [out])
      if (existsSync(path)) return refuse('OUT_EXISTS', 'This is there already.', path);
    const partial = `${out}.${randomUUID().slice(0, 8)}.partial`;
    try {
      await makeFolder(dirname(partial));
      const outcome = await generate({ ...options, families }, partial, terminal);
      if (outcome.exit !== 0) return outcome;
      if (told.size > 0) await writeFile(choresFileOf(zipped ? out : partial), formatInstructions(told));
      await rename(partial, out);
      return outcome;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return writeRefusal(error, out);
    } finally {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    }
  },
});

interface Wanted {
  readonly homes: number;
  readonly tasksPerHome: number;
  readonly seed: number;
  readonly out: string;
  readonly habits: number;
  readonly stray: number;
  readonly routine?: number | undefined;
  readonly habitChange?: number | undefined;
  readonly rooms: 'all' | 'one';
  readonly split: string;
  readonly dialect?: Dialect | undefined;
  readonly families: readonly Family[];
}

/** Names of families, with commas. */
function names(heldOut: boolean): string {
  return FAMILIES.filter((family) => family.heldOut === heldOut)
    .map(({ name }) => name)
    .join(', ');
}

async function generate(wanted: Wanted, path: string, terminal: Terminal): Promise<Outcome> {
  const { homes, tasksPerHome, seed, habits, stray, routine, habitChange, rooms, split, families } = wanted;
  const options: HomeOptions = {
    habits,
    stray,
    split,
    families,
    ...(routine !== undefined && { routine }),
    ...(habitChange !== undefined && { habitChange }),
  };
  const { signal } = terminal;
  const sink = wanted.out.endsWith('.zip') ? zipSink(path) : folderSink(path);
  const byTaskType: Record<string, number> = table();
  const byRoom: Record<string, number> = table();
  let games = 0;
  let bytes = 0;
  let commands = 0;
  for (let i = 0; i < homes; i++) {
    const kind = ROOM_KINDS[(seed + i) % ROOM_KINDS.length] as RoomKind;
    const home = generateHome(seed + i, rooms === 'one' ? { ...options, rooms: [kind] } : options);
    for (let index = 0; index < tasksPerHome; index++) {
      if (signal.aborted) {
        await sink.close();
        return interrupted();
      }
      const game = home.game(index);
      const text = told(game.text, wanted.dialect);
      await sink.add(`${game.key}/game.tw-pddl`, text);
      games++;
      // All that a game file holds is ASCII.
      bytes += text.length;
      commands += game.walkthrough.length;
      byTaskType[game.taskType] = (byTaskType[game.taskType] ?? 0) + 1;
      byRoom[game.room] = (byRoom[game.room] ?? 0) + 1;
    }
    terminal.progress(`${games} of ${homes * tasksPerHome} games written`);
  }
  await sink.close();
  const meanWalkthrough = Math.round((100 * commands) / games) / 100;
  return done({ games, homes, bytes, meanWalkthrough, byTaskType, byRoom });
}

/** A game of our own in a dialect; undefined: as it's made. */
function told(text: string, dialect: Dialect | undefined): string {
  if (dialect === undefined) return text;
  const there = inDialect(text, dialect);
  if (!there.ok) throw new Error(`A game of our own can't be told in ${dialect}: ${there.error.message}`);
  return there.value;
}

interface Sink {
  add(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

function folderSink(folder: string): Sink {
  return {
    async add(path, text) {
      const file = join(folder, ...path.split('/'));
      await makeFolder(dirname(file));
      await writeFile(file, text);
    },
    close: () => Promise.resolve(),
  };
}

function zipSink(path: string): Sink {
  return new ZipFileWriter(Writable.toWeb(createWriteStream(path)) as WritableStream<Uint8Array>);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
