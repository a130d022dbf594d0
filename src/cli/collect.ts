/** `duomem collect`: a teacher's successful trajectories of a split, as JSON Lines (format: src/teacher/trajectory.ts). */
import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { GameSet } from '../engine/import/index.ts';
import { ok, type Result, refuse } from '../engine/result.ts';
import { type CollectFigures, collectFigures } from '../teacher/collect-statistics.ts';
import {
  type Collected,
  type Collection,
  formatRecord,
  parseTrajectories,
  TRAJECTORY_VERSION,
} from '../teacher/trajectory.ts';
import { playInThreads } from './collect-pool.ts';
import { defineSubcommand, oneOf, wholeNumber } from './command.ts';
import { openGames } from './open-games.ts';
import { badInput, done, interrupted, type Outcome } from './outcome.ts';
import { readFailure } from './read-failure.ts';
import type { Terminal } from './terminal.ts';

interface Settings {
  readonly games: string;
  readonly out: string;
  readonly threads: number;
  readonly collection: Collection & { readonly teacher: 'scripted' };
}

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption('--games <path>', 'folder or zip of games')
      .requiredOption('--split <name>', 'which split of it, such as train')
      .requiredOption('--out <file>', 'JSON Lines file; an interrupted run goes on where it stopped')
      .option('--teacher <name>', 'who plays: scripted', oneOf('scripted'), 'scripted' as const)
      .option('--tries <n>', 'at most this many tries a task', wholeNumber(1, 100), 5)
      .option('--successes <n>', 'stop a task after this many different successes', wholeNumber(1, 100), 1)
      .option('--max-steps <n>', 'actions a try', wholeNumber(1, 1000), 30)
      .option('--seed <n>', 'varies the second and later tries', wholeNumber(0), 1)
      .option('--threads <n>', 'threads that play', wholeNumber(1, 256), availableParallelism())
      .addHelpText(
        'after',
        `
Result: {"tasks","solved","successRate","meanSteps","solvedAtTry","cumulativeRate","trajectories","maxSteps",
"firstTry":{"successRate","meanSteps"},"byTaskType","refused":[{"path","code","message"}]}: solved at try 1, 2, ...,
the share solved by then, and steps of the first success (as the paper's appendix A).`,
      ),
  run: async ({ games, split, out, teacher, tries, successes, maxSteps, seed, threads }, terminal) => {
    const set = await openGames(games);
    if (!set.ok) return badInput(set.error);
    const { version, kind } = { version: TRAJECTORY_VERSION, kind: 'collection' } as const;
    const collection = { kind, version, teacher, split, tries, successes, maxSteps, seed } as const;
    try {
      return await collect({ games, out, threads, collection }, set.value, terminal);
    } finally {
      await set.value.close();
    }
  },
});

async function collect(settings: Settings, set: GameSet, terminal: Terminal): Promise<Outcome> {
  const { games, out, threads, collection } = settings;
  const { signal } = terminal;
  const keys = set.ofSplit(collection.split).map((game) => game.key);
  if (keys.length === 0) {
    const splits = set.splits.join(', ') || 'none';
    return badInput({
      code: 'SPLIT_EMPTY',
      message: `The set has no games of the split ${collection.split}; its splits: ${splits}.`,
      place: games,
    });
  }
  const kept = await resume(out, collection);
  if (!kept.ok) return badInput(kept.error);
  const collected: Collected[] = [...kept.value.collected];
  let { trajectories } = kept.value;
  const finished = new Set(collected.map((game) => game.game));
  const refused: { path: string; code: string; message: string }[] = [];
  const pending = keys.filter((key) => !finished.has(key));
  const { teacher, tries, successes, maxSteps, seed } = collection;
  const data = { games, teacher, options: { tries, successes, maxSteps, seed } };
  const file = await open(out, 'a');
  try {
    for await (const answer of playInThreads(pending, threads, data, signal)) {
      if (answer.key === undefined) return badInput(answer.error);
      const { key, result } = answer;
      if (result.ok) {
        await file.appendFile(result.value.lines);
        collected.push(result.value.collected);
        trajectories += result.value.trajectories;
      } else {
        refused.push({ path: key, code: result.error.code, message: result.error.message });
      }
      terminal.progress(`${collected.length + refused.length} of ${keys.length} games played`);
    }
  } finally {
    await file.close();
  }
  const figures = collectFigures(collected, tries, trajectories);
  if (signal.aborted)
    return interrupted('Stopped; the same command goes on from here.', { ...figures, refused });
  for (const line of figureLines(figures)) terminal.print(line);
  const result = { ...figures, refused };
  const [first] = refused;
  return collected.length > 0 || first === undefined
    ? done(result)
    : badInput({ code: first.code, message: first.message, place: first.path }, result);
}

interface Kept {
  readonly collected: readonly Collected[];
  readonly trajectories: number;
}

/** What of the file can be kept: the games that are done. Cuts off the rest, or starts the file. */
async function resume(out: string, collection: Collection): Promise<Result<Kept>> {
  let text: string;
  try {
    text = await readFile(out, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      return refuse('COLLECT_UNREADABLE', `The file can't be read: ${readFailure(error)}.`, out);
    }
    text = '';
  }
  const file = parseTrajectories(text);
  if (!file.ok) return { ok: false, error: { ...file.error, place: `${out}, ${file.error.place}` } };
  const header = formatRecord(collection);
  const before = file.value.collection;
  if (before === undefined && !header.startsWith(text)) {
    return refuse('COLLECT_OTHER_FILE', 'The file is not the rest of a collection; name another one.', out);
  }
  if (before !== undefined && formatRecord(before) !== header) {
    return refuse(
      'COLLECT_OTHER_SETTINGS',
      `The file was made with other settings: ${JSON.stringify(before)}.`,
      out,
    );
  }
  try {
    if (before === undefined) await writeFile(out, header);
    else await truncate(out, Buffer.byteLength(text.slice(0, file.value.complete)));
  } catch (error) {
    return refuse('COLLECT_UNWRITABLE', `The file can't be written: ${readFailure(error)}.`, out);
  }
  const { collected, trajectories } = file.value;
  const games = new Set(collected.map(({ game }) => game));
  return ok({ collected, trajectories: trajectories.filter(({ game }) => games.has(game)).length });
}

function figureLines({ tasks, solvedAtTry, cumulativeRate, byTaskType }: CollectFigures): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    'try  solved  cumulative',
    ...solvedAtTry.map((count, i) => {
      const rate = cumulativeRate[i] ?? 0;
      return `${String(i + 1).padEnd(3)}  ${String(count).padStart(6)}  ${percent(rate)} of ${tasks}`;
    }),
    'task type                        tasks  solved  steps',
    ...Object.entries(byTaskType).map(
      ([type, figures]) =>
        `${type.padEnd(31)}  ${String(figures.tasks).padStart(5)}  ${String(figures.solved).padStart(6)}  ${figures.meanSteps.toFixed(2)}`,
    ),
  ];
}
