/**
 * `duomem archive`: runs and episodes as one file that the page imports under Device, Everything as one file; the ones
 * that come with the page are made by it (models/samples).
 */
import { formatTrace } from '../agent/trace-file.ts';
import { compareCodePoints } from '../base/order.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { episodeResult } from '../eval/result.ts';
import { parseHomeKey } from '../homes/index.ts';
import { PLAYERS } from '../protocol/agent.ts';
import type { RunRecord } from '../protocol/data.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { readArchive } from '../storage/archive-read.ts';
import { type ArchiveContent, packArchive } from '../storage/archive-write.ts';
import { writeNewFile } from './files/new-file.ts';
import { readRun, readTraces } from './files/run-folder.ts';
import { readTrace } from './files/trace-files.ts';
import { defineSubcommand } from './program/command.ts';
import { done, wrongUsage } from './program/outcome.ts';

/** Later years have more digits, and wouldn't be sorted by their letters. */
const LAST = Date.UTC(9999, 11, 31);

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .option('--runs <dir...>', 'folders of runs that duomem eval wrote, the earliest first')
      .option('--title <text...>', 'what the page calls each of them; otherwise by its games')
      .option('--episodes <file...>', 'traces of single episodes, to be listed under Replay')
      .option('--made <time>', 'when it was, as in 2026-11-28T20:00:00Z; otherwise now')
      .requiredOption('--out <file>', 'the zip')
      .addHelpText(
        'after',
        `
Only finished games count. The same runs, episodes, titles and time write the same bytes.
Result: {"runs","games","episodes","bytes"}.`,
      ),
  outputs: { out: 'new' },
  run: async ({ runs = [], title = [], episodes = [], made, out }) => {
    if (runs.length + episodes.length === 0) return wrongUsage('Name --runs or --episodes.');
    if (title.length > runs.length) return wrongUsage('More titles than runs were given.');
    const at = made === undefined ? Date.now() : Date.parse(made);
    if (!(at >= 0 && at < LAST)) return wrongUsage('--made must be a time, as in 2026-11-28T20:00:00Z.');
    const id = (n: number): string => new Date(at + n).toISOString();
    const read: ArchiveContent['runs'][number][] = [];
    for (const [i, folder] of runs.entries()) {
      const run = await readRunFolder(folder, id(i), title[i]);
      if (!run.ok) return run;
      read.push(run.value);
    }
    const traces: { readonly id: string; readonly trace: string }[] = [];
    for (const [i, file] of episodes.entries()) {
      const trace = await readTrace(file);
      if (!trace.ok) return trace;
      traces.push({ id: `${id(i)} ${i + 1}`, trace: formatTrace(trace.value) });
    }
    const packed = await packArchive({
      async *memories() {},
      async *episodes() {
        yield* traces;
      },
      adapters: [],
      runs: read,
      sets: [],
    });
    if (!packed.ok) return packed;
    // A title that is too long for the page, for instance.
    const taken = await readArchive(packed.value);
    if (!taken.ok) return taken;
    const bytes = new Uint8Array(await packed.value.arrayBuffer());
    const written = await writeNewFile(out, bytes);
    if (!written.ok) return written;
    const games = read.reduce((sum, { run }) => sum + run.results.length, 0);
    return done({ runs: read.length, games, episodes: traces.length, bytes: bytes.length });
  },
});

/** Codes: RUN_NONE, RUN_STUDENT, and those of reading a run and its traces. */
async function readRunFolder(
  folder: string,
  id: string,
  title: string | undefined,
): Promise<Result<ArchiveContent['runs'][number]>> {
  const described = await readRun(folder);
  if (!described.ok) return described;
  const run = described.value;
  if (run === undefined) return refuse('RUN_NONE', "The folder doesn't hold a run of duomem eval.", folder);
  const [kind] = run.student.split(' ', 1);
  const student = PLAYERS.find((one) => one === kind);
  if (student === undefined)
    return refuse('RUN_STUDENT', `The page knows ${PLAYERS.join(', ')}, and this is of ${kind}.`, folder);
  const traces = await readTraces(folder, run);
  if (!traces.ok) return traces;
  const sorted = [...traces.value.values()].sort((a, b) =>
    compareCodePoints(a.header.game.key, b.header.game.key),
  );
  const { dialect, goals } = run;
  const telling = { ...(dialect && { dialect }), ...(goals && { goals }) };
  const record: RunRecord = {
    id,
    title: title ?? `${sorted.length} games of ${run.split}`,
    student,
    settings: run.settings,
    games: sorted.map(({ header: { game, task } }) => {
      const home = parseHomeKey(game.key);
      return {
        source: sourceOf(game.key, telling),
        key: game.key,
        task,
        taskType: game.taskType,
        ...(home && { room: home.room }),
        ...(game.home !== undefined && { home: game.home }),
      };
    }),
    ...((dialect || goals) && { telling }),
    results: sorted.map(episodeResult),
  };
  const texts = new Map(sorted.map((trace) => [trace.header.game.key, formatTrace(trace)]));
  return ok({ run: record, trace: async (game) => texts.get(game) ?? '' });
}
