/**
 * Puts the shards of one run together: the traces of all in one folder, and the summary of the whole. Shards may come
 * from other people, so nothing is written before every trace is known to be of the run and to say what the engine says.
 */
import type { Trace } from '../../agent/trace.ts';
import { type Result, refuse } from '../../base/result.ts';
import type { GameSet } from '../../engine/import/index.ts';
import { cancelled } from '../../engine/import/index.ts';
import { areGamesOf, difference, type Run, type RunServer, shardOf } from '../../eval/run.ts';
import type { Summary } from '../../eval/summary.ts';
import { beginRun, keepTrace, otherStudent, readRun, readTraces, writeReports } from '../files/run-folder.ts';
import { checkTrace, describeDifference } from '../playing/check-trace.ts';
import type { Terminal } from '../program/terminal.ts';

/**
 * Codes: RUN_NONE, RUN_OTHER, RUN_OTHER_STUDENT, RUN_INCOMPLETE, RUN_TWICE, RUN_EDITED, CANCELLED, those of reading and
 * writing runs, and those of checkTrace.
 * @param set the games; those of homes of our own are made again without
 */
export async function mergeRuns(
  folders: readonly string[],
  set: GameSet | undefined,
  out: string,
  { signal, progress }: Terminal,
): Promise<Result<Summary>> {
  const traces = new Map<string, Trace>();
  const parts: { folder: string; run: Run; keys: readonly string[] }[] = [];
  for (const folder of folders) {
    const run = await readRun(folder);
    if (!run.ok) return run;
    if (run.value === undefined) return refuse('RUN_NONE', 'The folder holds no run.', folder);
    const differs = parts[0] === undefined ? undefined : difference(parts[0].run, run.value);
    if (differs !== undefined) return refuse('RUN_OTHER', `It's a different run (${differs}).`, folder);
    const part = await readTraces(folder, run.value);
    if (!part.ok) return part;
    for (const [key, trace] of part.value) {
      if (traces.has(key))
        return refuse('RUN_TWICE', `The game ${key} was played in two of the folders.`, folder);
      const [first = trace] = traces.values();
      const other = otherStudent(first.header.student, [trace], folder);
      if (other !== undefined) return { ok: false, error: other };
      traces.set(key, trace);
    }
    parts.push({ folder, run: run.value, keys: [...part.value.keys()] });
  }
  const [one] = parts;
  if (one === undefined) return refuse('RUN_NONE', "There's nothing to merge.");
  if (traces.size !== one.run.games) {
    return refuse(
      'RUN_INCOMPLETE',
      `The folders hold ${traces.size} of the ${one.run.games} games of the run.`,
      out,
    );
  }
  const keys = [...traces.keys()];
  if (!areGamesOf(one.run, keys))
    return refuse('RUN_OTHER', "The folders hold other games than the run's own list.", out);
  for (const { folder, run, keys: played } of parts) {
    const own = new Set(run.shards.flatMap((shard) => shardOf(keys, shard)));
    const foreign = played.find((key) => !own.has(key));
    if (foreign !== undefined)
      return refuse('RUN_OTHER', `The game ${foreign} belongs to another shard.`, folder);
  }
  let checked = 0;
  for (const [key, trace] of traces) {
    if (signal.aborted) return cancelled();
    const differences = await checkTrace(trace, set);
    if (!differences.ok) return differences;
    const [first] = differences.value;
    if (first !== undefined) {
      const message = `The trace and the engine disagree: ${describeDifference(key, first)}`;
      return refuse('RUN_EDITED', message);
    }
    progress(`${++checked} of ${traces.size} traces checked`);
  }
  const begun = await beginRun(
    out,
    together(
      parts.map(({ run }) => run),
      one.run,
    ),
  );
  if (!begun.ok) return begun;
  for (const trace of traces.values()) {
    const kept = await keepTrace(out, trace);
    if (!kept.ok) return kept;
  }
  return writeReports(out, traces.values());
}

/** The whole run: what isn't known of the server of one part isn't known of the whole. */
function together(parts: readonly Run[], { server: _, ...first }: Run): Run {
  const servers = parts.flatMap(({ server }): RunServer[] => (server === undefined ? [] : [server]));
  const [server] = servers;
  const baseUrl = [...new Set(servers.map((one) => one.baseUrl))].join(', ');
  const known = server !== undefined && servers.length === parts.length;
  return { ...first, ...(known && { server: { ...server, baseUrl } }), shards: [{ index: 1, count: 1 }] };
}
