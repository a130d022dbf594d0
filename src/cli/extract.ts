/**
 * `duomem extract`: a procedural script for each trajectory, as JSON Lines (format: src/teacher/script-file.ts). A
 * student's scripts take their time, so that an interrupted run goes on with those that are missing.
 */
import { readFile } from 'node:fs/promises';
import { ok, type Result, refuse } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import { fieldsInOrder } from '../eval/run.ts';
import { createScriptWriter } from '../students/script-writer.ts';
import { type Script, type ScriptExtractor, scriptedExtractor } from '../teacher/script.ts';
import {
  formatScriptRecord,
  parseScriptRecords,
  type ScriptRecord,
  scriptRecord,
} from '../teacher/script-file.ts';
import { countWords } from '../teacher/thoughts.ts';
import { type CollectedTrajectory, parseTrajectories } from '../teacher/trajectory.ts';
import { readParsed } from './files/bank-files.ts';
import { readBegun } from './files/begun-lines.ts';
import { NewFile } from './files/new-file.ts';
import { readFailure } from './files/read-failure.ts';
import { choiceOf, defineSubcommand, wholeNumber } from './program/command.ts';
import { badInput, type CommandEnd, done, interrupted, wrongUsage } from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';
import { MODEL_HELP, openNamedStudent } from './students/open-student.ts';
import { type ServerChoice, serverChoice, withServerOptions } from './students/server-options.ts';

/** Writers of scripts by the name that `--extractor` takes: the scripted teacher, or any student that is a model. */
const EXTRACTORS = ['scripted', 'pocket', 'smollm2', 'smollm2-base', 'openai'] as const;

const LONGEST_REQUEST = 10_000;

export const subcommand = defineSubcommand({
  options: (command) =>
    withServerOptions(command)
      .requiredOption('--trajectories <file>', 'JSON Lines file that duomem collect wrote')
      .requiredOption('--out <file>', 'JSON Lines file for the scripts; an interrupted run goes on')
      .option(
        '--extractor <name>',
        `who writes: ${EXTRACTORS.join(', ')}`,
        choiceOf(...EXTRACTORS),
        'scripted' as const,
      )
      .option('--model <name>', MODEL_HELP)
      .option(
        '--request <file>',
        'text file with the request for a language model, in place of the default; not for pocket',
      )
      .option('--concurrency <n>', 'for openai: scripts at once', wholeNumber(1, 1024), 8)
      .addHelpText(
        'after',
        `
Result: {"scripts","distinct","homes","meanWords","maxWords","empty"}; "distinct" counts different texts, "homes"
scripts of games of a home with habits, "empty" trajectories for which a student wrote nothing of use (they are asked
for again by the next run).`,
      ),
  outputs: { out: 'resumed' },
  run: async (options, terminal) => {
    const { trajectories, out, extractor: name, model, concurrency } = options;
    if (options.request !== undefined && (name === 'scripted' || name === 'pocket'))
      return wrongUsage(`--request is for language models, and not for ${name}.`);
    const file = await readTrajectories(trajectories);
    if (!file.ok) return file;
    if (name === 'scripted') return extract(file.value, scriptedExtractor, { out, atOnce: 1 }, terminal);
    const request = await readRequest(options.request);
    if (!request.ok) return request;
    const choice = { name, model, server: serverChoice(options) };
    const student = await openNamedStudent(choice, (sentence) => terminal.progress(sentence));
    if (!student.ok) return student;
    const writer = createScriptWriter(student.value, request.value);
    const atOnce = name === 'openai' ? concurrency : 1;
    const named = { ...writer, name: writer.name + askedAs(request.value, name === 'openai' ? options : {}) };
    const outcome = await extract(file.value, named, { out, atOnce }, terminal);
    await student.value.dispose();
    return outcome;
  },
});

/** What a writer was asked, apart from the default: by other words the same model writes other scripts. */
function askedAs(
  request: string | undefined,
  { body, thinking }: Partial<Pick<ServerChoice, 'body' | 'thinking'>>,
): string {
  const asked = fieldsInOrder({ request, body, thinking });
  return asked === '{}' ? '' : `, asked as ${sha256Text(asked).slice(0, 12)}`;
}

/** Codes: REQUEST_UNREADABLE, REQUEST_LENGTH. */
async function readRequest(path: string | undefined): Promise<Result<string | undefined>> {
  if (path === undefined) return ok(undefined);
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    return refuse('REQUEST_UNREADABLE', `The file can't be read: ${readFailure(error)}.`, path);
  }
  return text === '' || text.length > LONGEST_REQUEST
    ? refuse('REQUEST_LENGTH', `A request has 1 to ${LONGEST_REQUEST} characters.`, path)
    : ok(text);
}

async function readTrajectories(path: string): Promise<Result<readonly CollectedTrajectory[]>> {
  const file = await readParsed(path, parseTrajectories);
  if (!file.ok) return file;
  if (file.value.trajectories.length === 0) {
    return refuse('TRAJECTORIES_NONE', 'The file holds no trajectories.', path);
  }
  return ok(file.value.trajectories);
}

interface Target {
  readonly out: string;
  /** Scripts that are written at once. */
  readonly atOnce: number;
}

async function extract(
  trajectories: readonly CollectedTrajectory[],
  extractor: ScriptExtractor,
  { out, atOnce }: Target,
  terminal: Terminal,
): Promise<CommandEnd> {
  const { signal } = terminal;
  const kept = await resume(out, extractor.name);
  if (!kept.ok) return kept;
  // The teacher's scripts take no time: they are written anew, whatever an earlier run left.
  const anew = extractor === scriptedExtractor;
  const written = new Map(
    (anew ? [] : kept.value.records).map((record) => [`${record.game} ${record.try}`, record.script]),
  );
  const file = await (anew ? NewFile.open(out) : NewFile.goOn(out, kept.value.bytes));
  if (!file.ok) return file;
  const tally = new Tally();
  try {
    for (const trajectory of trajectories) {
      const script = written.get(`${trajectory.game} ${trajectory.try}`);
      if (script !== undefined) tally.add(trajectory, script);
    }
    const pending = trajectories.filter(({ game, try: number }) => !written.has(`${game} ${number}`));
    for await (const [trajectory, script] of inOrder(pending, extractor, atOnce)) {
      if (signal.aborted) return interrupted('Stopped.', { scripts: tally.scripts });
      if (!script.ok && script.error.code.startsWith('SCRIPT_')) {
        tally.empty++;
        continue;
      }
      if (!script.ok) return badInput({ ...script.error, place: trajectory.game });
      await file.value.append(formatScriptRecord(scriptRecord(trajectory, extractor.name, script.value)));
      tally.add(trajectory, script.value);
      terminal.progress(`${tally.scripts} of ${trajectories.length} scripts written`);
    }
    await file.value.keep();
  } finally {
    await file.value.discard();
  }
  return done(tally.result());
}

/** Extracts several at once; they come in their own order, so that the file is the same however many those are. */
async function* inOrder(
  trajectories: readonly CollectedTrajectory[],
  extractor: ScriptExtractor,
  atOnce: number,
): AsyncGenerator<readonly [CollectedTrajectory, Result<Script>]> {
  const ahead: [CollectedTrajectory, Promise<Result<Script>>][] = [];
  for (const trajectory of trajectories) {
    ahead.push([trajectory, Promise.resolve(extractor.extract(trajectory))]);
    const [first] = ahead;
    if (first === undefined || ahead.length < atOnce) continue;
    ahead.shift();
    yield [first[0], await first[1]];
  }
  for (const [trajectory, script] of ahead) yield [trajectory, await script];
}

interface Kept {
  readonly records: readonly ScriptRecord[];
  /** Where the last whole record ends. */
  readonly bytes: number;
}

/** The whole records that an earlier run of the same writer left. Codes: FILE_UNREADABLE, FILE_NOT_TEXT, SCRIPTS_OTHER. */
async function resume(out: string, extractor: string): Promise<Result<Kept>> {
  const begun = await readBegun(out);
  if (!begun.ok) return begun;
  const { lines, rest } = begun.value;
  const records = parseScriptRecords(lines);
  const others = lines.split('\n').length - 1 - (records.ok ? records.value.length : 0);
  const ours = records.ok && others === 0 && records.value.every((record) => record.extractor === extractor);
  // What is left of a record begins as every record does.
  const start = '{"kind":"script","version":1,';
  if (!ours || !(rest.startsWith(start) || start.startsWith(rest))) {
    return refuse('SCRIPTS_OTHER', `The file doesn't hold scripts by ${extractor}; name another one.`, out);
  }
  return ok({ records: records.value, bytes: Buffer.byteLength(lines) });
}

class Tally {
  scripts = 0;
  empty = 0;
  #homes = 0;
  #words = 0;
  #maxWords = 0;
  readonly #texts = new Set<string>();

  add({ home }: CollectedTrajectory, { taskName, guidelines }: Script): void {
    const count = countWords(guidelines);
    this.#texts.add(`${taskName}\n${guidelines}`);
    this.#words += count;
    this.#maxWords = Math.max(this.#maxWords, count);
    if (home !== undefined) this.#homes++;
    this.scripts++;
  }

  result(): object {
    const meanWords = Number((this.#words / Math.max(1, this.scripts)).toFixed(1));
    return {
      scripts: this.scripts,
      distinct: this.#texts.size,
      homes: this.#homes,
      meanWords,
      maxWords: this.#maxWords,
      empty: this.empty,
    };
  }
}
