/** `duomem tables`: the paper's tables of the pocket student or of SmolLM2, as Markdown and JSON; every run of them can be interrupted. */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { formatScripts, referenceMessages } from '../agent/prompt.ts';
import { ok, type Result } from '../base/result.ts';
import { mean } from '../base/statistics.ts';
import { table } from '../base/table.ts';
import type { Telling } from '../engine/import/index.ts';
import {
  type Cell,
  cell,
  formatTables,
  type Overheads,
  type PlayedCell,
  planCells,
  STAGES,
  type Stage,
} from '../eval/tables.ts';
import { SMOLLM2_NAME } from '../students/smollm2/base.ts';
import type { Student } from '../students/student.ts';
import { type Evaluation, playEvaluation } from './evaluating/evaluation.ts';
import { readBankFile } from './files/bank-files.ts';
import { withGames } from './files/open-games.ts';
import { writeWhole } from './files/run-folder.ts';
import { choiceOf, defineSubcommand, wholeNumber } from './program/command.ts';
import { type CommandEnd, done, failed, interrupted, wrongUsage } from './program/outcome.ts';
import { tellingOf, withTelling } from './program/telling.ts';
import type { Terminal } from './program/terminal.ts';
import { PROGRAM } from './program/version.ts';
import { modelSize } from './students/open-pocket.ts';
import { BANK_FILE, STUDENT_BANK_FILE, shippedBanks } from './students/open-recall.ts';
import { smolLm2Size } from './students/open-smollm2.ts';
import {
  type NamedStudent,
  openNamedStudent,
  STRENGTH_HELP,
  STRENGTH_NOT_HERE,
  strengthOption,
} from './students/open-student.ts';

const TABLE_STUDENTS = ['pocket', 'smollm2'] as const;
type TableStudent = (typeof TABLE_STUDENTS)[number];

interface Options {
  readonly games: string;
  readonly telling: Telling;
  readonly split: string;
  readonly out: string;
  readonly student: TableStudent;
  readonly strength: number | undefined;
  readonly model: string | undefined;
  readonly base: string | undefined;
  readonly name: string | undefined;
  readonly baseName: string | undefined;
  readonly bank: string;
  readonly studentBank: string | undefined;
  readonly baseBank: string | undefined;
  readonly jobs: number;
  readonly limit: number;
}

export const subcommand = defineSubcommand({
  options: (command) =>
    withTelling(command.requiredOption('--games <path>', 'folder or zip of games'))
      .requiredOption('--split <name>', 'which split of it, such as valid_seen')
      .requiredOption(
        '--out <dir>',
        'folder for tables.md, tables.json and the runs; goes on where it stopped',
      )
      .option(
        '--student <name>',
        `whose tables: ${TABLE_STUDENTS.join(', ')} (with its base beside it)`,
        choiceOf(...TABLE_STUDENTS),
        'pocket' as const,
      )
      .option('--strength <number>', STRENGTH_HELP, strengthOption)
      .option(
        '--model <dir>',
        'folder of the distilled student, or of the adapter of smollm2; otherwise the one that ships',
      )
      .option(
        '--base <dir>',
        'folder of a pocket student to compare it with, such as its base; left out where not given',
      )
      .option('--name <text>', "what the student's rows are called; 'as it ships', or its folder's name")
      .option('--base-name <text>', "what the base's rows are called; otherwise its folder's name")
      .option('--bank <file>', "bank with the teacher's scripts; otherwise the one that ships", BANK_FILE)
      .option(
        '--student-bank <file>',
        'bank with scripts that the student wrote; without it those of the pocket student that ships, for its rows alone',
      )
      .option('--base-bank <file>', 'bank with scripts that the base wrote; without it its rows are left out')
      .option('--jobs <n>', 'threads that play', wholeNumber(1, 256), availableParallelism())
      .option('--limit <n>', 'only the first n runs of the list, for a first look', wholeNumber(1), 1000)
      .addHelpText(
        'after',
        `
The student, and --base beside it, by memory configuration and whose scripts; the student alone by Full History, Last-5
and Latest-Only, and by k from 1 to 10; steps, seconds and overheads; the paper's figures beside them. Replies are read as
by eval --strict-replies. Result: {"cells","overheads","markdown","json"}: how many runs, what the memories cost, and what
was written where.`,
      ),
  outputs: { out: ['runs/*/run.json'] },
  run: async (options, terminal) => {
    if (options.student === 'smollm2' && options.base !== undefined)
      return wrongUsage('smollm2 is compared with its own base: leave --base out.');
    if (options.strength !== undefined && options.student !== 'smollm2') return wrongUsage(STRENGTH_NOT_HERE);
    // The bank that ships is by the student that ships: for any other it's somebody else's.
    const ships =
      options.student === 'pocket' && options.model === undefined && existsSync(STUDENT_BANK_FILE);
    const studentBank = options.studentBank ?? (ships ? STUDENT_BANK_FILE : undefined);
    return makeTables(
      {
        ...options,
        strength: options.strength,
        model: options.model,
        base: options.base,
        name: options.name,
        baseName: options.baseName,
        studentBank,
        baseBank: options.baseBank,
        telling: tellingOf(options),
      },
      terminal,
    );
  },
});

async function makeTables(options: Options, terminal: Terminal): Promise<CommandEnd> {
  const { games, telling, split, out, base, limit } = options;
  return withGames(games, telling, {}, async (set) => {
    const hasBase = base !== undefined || options.student === 'smollm2';
    const plan = planCells({
      base: hasBase,
      ownScripts: STAGES.filter((stage) => ownBank(stage, options) !== undefined),
    });
    const cells: PlayedCell[] = [];
    for (const [number, one] of plan.slice(0, limit).entries()) {
      terminal.note(`run ${number + 1} of ${Math.min(limit, plan.length)}: ${one.id}`);
      const evaluation = evaluationOf(one, options);
      const evaluated = await playEvaluation(evaluation, set, terminal);
      if (!evaluated.ok) return evaluated;
      const { summary, unplayed, pending } = evaluated.value;
      if (pending > 0)
        return interrupted('Stopped; the same command goes on from here.', { cells: cells.length });
      const [first] = unplayed;
      if (first !== undefined)
        return failed(`${first.path} couldn't be played: ${first.message}`, { cell: one.id });
      cells.push({ ...one, summary, command: commandOf(one, options) });
    }
    const overheads = await measureOverheads(cells, options);
    if (!overheads.ok) return overheads;
    const student = await openNamedStudent(playerOf('distilled', options));
    if (!student.ok) return student;
    const { name, weights = '' } = student.value.identity;
    await student.value.dispose();
    const report = {
      program: PROGRAM,
      split,
      games: set.ofSplit(split).length,
      student: `${name} (${weights.slice(0, 12)})`,
      names: {
        base: options.baseName ?? basename(base ?? (hasBase ? SMOLLM2_NAME : 'base')),
        distilled: options.name ?? (options.model === undefined ? 'as it ships' : basename(options.model)),
      },
      // Of a folder of a pocket student nobody knows what it was made of.
      ofBase: options.student === 'smollm2',
      cells,
      overheads: overheads.value,
    };
    const [markdown, json] = [join(out, 'tables.md'), join(out, 'tables.json')];
    const written = [
      await writeWhole(markdown, formatTables(report)),
      await writeWhole(json, `${JSON.stringify(report, undefined, 1)}\n`),
    ];
    for (const one of written) if (!one.ok) return one;
    return done({ cells: cells.length, overheads: overheads.value, markdown, json });
  });
}

function evaluationOf({ id, stage, settings }: Cell, options: Options): Evaluation {
  const { games, telling, split, out, jobs } = options;
  return {
    games,
    split,
    telling,
    student: playerOf(stage, options),
    memory:
      settings.memory === 'none'
        ? undefined
        : { banks: [bankOf(stage, settings.scripts, options)], scripts: settings.scripts },
    settings,
    seed: 0,
    jobs,
    shard: undefined,
    out: join(out, 'runs', id),
  };
}

function playerOf(stage: Stage, { student, strength, model, base }: Options): NamedStudent {
  if (student === 'smollm2')
    return stage === 'base' ? { name: 'smollm2-base' } : { name: 'smollm2', model, strength };
  return { name: 'pocket', model: stage === 'base' ? base : model };
}

function ownBank(stage: Stage, { studentBank, baseBank }: Options): string | undefined {
  return stage === 'base' ? baseBank : studentBank;
}

function bankOf(stage: Stage, scripts: 'teacher' | 'student', options: Options): string {
  return scripts === 'teacher' ? options.bank : (ownBank(stage, options) ?? options.bank);
}

const HISTORY_WORDS: Readonly<Record<string, string>> = table({ full: 'full', '5': 'last-5', '1': 'latest' });

/** The command that plays a cell alone. */
function commandOf({ id, stage, settings }: Cell, options: Options): string {
  const { games, telling, split, out } = options;
  const { memory, scripts, k, history } = settings;
  const { name, model, strength } = playerOf(stage, options);
  const words = ['npm run -s duomem -- eval', '--games', games, '--split', split, `--student ${name}`];
  for (const [key, value] of Object.entries(telling)) words.push(`--${key}`, value);
  if (model !== undefined) words.push('--model', model);
  if (strength !== undefined) words.push('--strength', String(strength));
  words.push('--memory', memory);
  const bank = bankOf(stage, scripts, options);
  // The banks that ship needn't be named, and lie elsewhere on another machine.
  if (memory !== 'none' && !shippedBanks(scripts).includes(bank)) words.push('--bank', bank);
  if (memory === 'script' || memory === 'memp') words.push('--scripts', scripts, '--k', String(k));
  if (history !== 'full') words.push('--history', HISTORY_WORDS[String(history)] ?? '');
  words.push('--strict-replies');
  return [...words, '--out', join(out, 'runs', id)].join(' ');
}

async function measureOverheads(cells: readonly PlayedCell[], options: Options): Promise<Result<Overheads>> {
  const bank = await readBankFile(options.bank);
  if (!bank.ok) return bank;
  const student = await openNamedStudent(playerOf('distilled', options));
  if (!student.ok) return student;
  const size =
    options.student === 'smollm2' ? await smolLm2Size(options.model) : await modelSize(options.model);
  if (!size.ok) return size;
  const contextOf = (id: string): number | undefined =>
    cells.find((one) => one.id === id)?.summary.tokens.firstContext;
  const memp = contextOf(cell('distilled', 'memp', 'teacher').id);
  const none = contextOf(cell('distilled', 'none', 'teacher').id);
  const { entries } = bank.value;
  const lead = tokensOf(student.value, formatScripts([]));
  const overheads = {
    ...size.value,
    tokensPerScript: mean(
      entries.map(({ script }) => tokensOf(student.value, formatScripts([script])) - lead),
    ),
    tokensPerTrajectory: mean(
      entries.map(({ trajectory }) => {
        const messages = referenceMessages(trajectory);
        return (student.value.countTokens?.(messages) ?? 0) - (student.value.countTokens?.([]) ?? 0);
      }),
    ),
    addedContext: memp === undefined || none === undefined ? null : memp - none,
    bankBytes: (await stat(options.bank)).size,
    memories: entries.length,
  };
  await student.value.dispose();
  return ok(overheads);
}

/** Tokens of a text within a message. */
function tokensOf(student: Student, content: string): number {
  const count = (text: string): number => student.countTokens?.([{ role: 'user', content: text }]) ?? 0;
  return count(content) - count('');
}
