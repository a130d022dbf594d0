/** `duomem extract`: a procedural script for each trajectory, as JSON Lines (format: src/teacher/script-file.ts). */
import { open, readFile } from 'node:fs/promises';
import { ok, type Result, refuse } from '../engine/result.ts';
import { createScriptWriter } from '../students/script-writer.ts';
import { type ScriptExtractor, scriptedExtractor } from '../teacher/script.ts';
import { formatScriptRecord, scriptRecord } from '../teacher/script-file.ts';
import { countWords } from '../teacher/thoughts.ts';
import { parseTrajectories, type Trajectory } from '../teacher/trajectory.ts';
import { defineSubcommand, oneOf } from './command.ts';
import { openStudent } from './open-student.ts';
import { badInput, done, interrupted, type Outcome } from './outcome.ts';
import { readFailure } from './read-failure.ts';
import type { Terminal } from './terminal.ts';

/** Writers of scripts by the name that `--extractor` takes: the scripted teacher, or any student that is a model. */
const EXTRACTORS = ['scripted', 'pocket', 'openai'] as const;

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption('--trajectories <file>', 'JSON Lines file that duomem collect wrote')
      .requiredOption('--out <file>', 'JSON Lines file for the scripts; written anew')
      .option(
        '--extractor <name>',
        `who writes: ${EXTRACTORS.join(', ')}`,
        oneOf(...EXTRACTORS),
        'scripted' as const,
      )
      .option('--model <dir>', "folder of the student's files, for pocket; otherwise the one that ships")
      .addHelpText(
        'after',
        `
Result: {"scripts","distinct","homes","meanWords","maxWords","empty"}; "distinct" counts different texts, "homes"
scripts of games of a home with habits, "empty" trajectories for which a student wrote nothing of use.`,
      ),
  run: async ({ trajectories, out, extractor: name, model }, terminal) => {
    const file = await readTrajectories(trajectories);
    if (!file.ok) return badInput(file.error);
    if (name === 'scripted') return extract(file.value, scriptedExtractor, out, terminal);
    const student = await openStudent({ name, model });
    if (!student.ok) return badInput(student.error);
    const outcome = await extract(file.value, createScriptWriter(student.value), out, terminal);
    await student.value.dispose();
    return outcome;
  },
});

async function readTrajectories(path: string): Promise<Result<readonly Trajectory[]>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return refuse('TRAJECTORIES_UNREADABLE', `The file can't be read: ${readFailure(error)}.`, path);
  }
  const file = parseTrajectories(text);
  if (!file.ok) return { ok: false, error: { ...file.error, place: `${path}, ${file.error.place}` } };
  if (file.value.trajectories.length === 0) {
    return refuse('TRAJECTORIES_NONE', 'The file holds no trajectories.', path);
  }
  return ok(file.value.trajectories);
}

async function extract(
  trajectories: readonly Trajectory[],
  extractor: ScriptExtractor,
  out: string,
  terminal: Terminal,
): Promise<Outcome> {
  const { signal } = terminal;
  const texts = new Set<string>();
  let homes = 0;
  let words = 0;
  let maxWords = 0;
  let scripts = 0;
  let empty = 0;
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(out, 'w');
  } catch (error) {
    const message = `The file can't be written: ${readFailure(error)}.`;
    return badInput({ code: 'SCRIPTS_UNWRITABLE', message, place: out });
  }
  try {
    for (const trajectory of trajectories) {
      if (signal.aborted) return interrupted('Stopped.', { scripts });
      const script = await extractor.extract(trajectory);
      if (!script.ok && script.error.code.startsWith('SCRIPT_')) {
        empty++;
        continue;
      }
      if (!script.ok) return badInput({ ...script.error, place: trajectory.game });
      await file.appendFile(formatScriptRecord(scriptRecord(trajectory, extractor.name, script.value)));
      const { taskName, guidelines } = script.value;
      texts.add(`${taskName}\n${guidelines}`);
      const count = countWords(guidelines);
      words += count;
      maxWords = Math.max(maxWords, count);
      if (trajectory.home !== undefined) homes++;
      scripts++;
      terminal.progress(`${scripts} of ${trajectories.length} scripts written`);
    }
  } finally {
    await file.close();
  }
  const meanWords = Number((words / Math.max(1, scripts)).toFixed(1));
  return done({ scripts, distinct: texts.size, homes, meanWords, maxWords, empty });
}
