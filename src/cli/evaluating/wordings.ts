/**
 * `duomem eval --wordings`: the games with tasks in people's words. The folder holds a run of the games with their own
 * sentences, `templates`, and one for each round of wordings, each as one of `duomem eval`; wordings.json and
 * wordings.md say what became of each wording.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { GameSet } from '../../engine/import/index.ts';
import { parseGame } from '../../engine/index.ts';
import {
  formatWordings,
  parseWordings,
  planRounds,
  reportWordings,
  type Wording,
  wordingResults,
} from '../../eval/wordings.ts';
import { readPlain } from '../files/plain-file.ts';
import { readFailure } from '../files/read-failure.ts';
import { readRun, readTraces, writeWhole } from '../files/run-folder.ts';
import { type CommandEnd, done, failed, interrupted } from '../program/outcome.ts';
import type { Terminal } from '../program/terminal.ts';
import { type Evaluation, playEvaluation } from './evaluation.ts';

/** Written for this project; a part of it is held out of training. */
export const WORDINGS_FILE = fileURLToPath(
  new URL('../../../models/environment/wordings/set.jsonl', import.meta.url),
);

/** Codes: WORDINGS_UNREADABLE, WORDINGS_NONE, and those of parseWordings and of {@link playEvaluation}. */
export async function evaluateWordings(
  evaluation: Evaluation,
  part: 'held-out' | 'all',
  file: string,
  set: GameSet,
  terminal: Terminal,
): Promise<CommandEnd> {
  const wordings = await readWordings(file);
  if (!wordings.ok) return wordings;
  const games = await tasksOf(set, evaluation.split);
  if (!games.ok) return games;
  const rounds = planRounds(
    games.value,
    wordings.value.filter((one) => part === 'all' || one.part === part),
  );
  const [first] = rounds;
  if (first === undefined) {
    const message = 'None of the games asks for what one of the wordings asks for.';
    return refuse('WORDINGS_NONE', message, evaluation.split);
  }
  const folders = ['templates', ...rounds.map((_, i) => `round-${i + 1}`)];
  const plans = [new Map([...first.keys()].map((key) => [key, undefined])), ...rounds];
  const traces = [];
  for (const [i, folder] of folders.entries()) {
    const out = join(evaluation.out, folder);
    const said = new Map([...(plans[i] ?? [])].map(([key, wording]) => [key, wording?.wording ?? '']));
    const evaluated = await playEvaluation({ ...evaluation, said, out }, set, terminal);
    if (!evaluated.ok) return evaluated;
    const { pending, unplayed } = evaluated.value;
    if (pending > 0) return interrupted('Stopped; the same command goes on from here.');
    const [unable] = unplayed;
    if (unable !== undefined) return failed(`${unable.path} couldn't be played: ${unable.message}`);
    const run = await readRun(out);
    if (!run.ok) return run;
    const played = run.value === undefined ? ok(new Map()) : await readTraces(out, run.value);
    if (!played.ok) return played;
    traces.push(played.value);
  }
  const [templates = new Map(), ...others] = traces;
  const results = wordingResults(rounds, templates, others);
  const report = reportWordings(results);
  const json = `${JSON.stringify({ ...report, results }, undefined, 1)}\n`;
  for (const [name, content] of [
    ['wordings.json', json],
    ['wordings.md', formatWordings(report, results)],
  ] as const) {
    const written = await writeWhole(join(evaluation.out, name), content);
    if (!written.ok) return written;
  }
  return done(report);
}

async function readWordings(file: string): Promise<Result<readonly Wording[]>> {
  try {
    const wordings = parseWordings((await readPlain(file)).toString('utf8'));
    return wordings.ok
      ? wordings
      : { ok: false, error: { ...wordings.error, place: `${file}, ${wordings.error.place}` } };
  } catch (error) {
    const message = `The wordings can't be read: ${readFailure(error)}.`;
    return { ok: false, error: { code: 'WORDINGS_UNREADABLE', message, place: file } };
  }
}

/** The games of a split with their own sentences. */
async function tasksOf(
  set: GameSet,
  split: string,
): Promise<Result<readonly { readonly key: string; readonly task: string }[]>> {
  const games = [];
  for (const { key } of set.ofSplit(split)) {
    const text = await set.read(key);
    if (!text.ok) return text;
    const world = parseGame(text.value);
    if (!world.ok) return world;
    games.push({ key, task: world.value.task });
  }
  return ok(games);
}
