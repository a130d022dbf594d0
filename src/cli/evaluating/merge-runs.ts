/** Puts the shards of one run together: the traces of all in one folder, and the summary of the whole. */
import type { Trace } from '../../agent/trace.ts';
import { type Result, refuse } from '../../base/result.ts';
import { difference, type Run } from '../../eval/run.ts';
import type { Summary } from '../../eval/summary.ts';
import { beginRun, keepTrace, readRun, readTraces, writeReports } from '../files/run-folder.ts';

/** Codes: RUN_NONE, RUN_OTHER, RUN_INCOMPLETE, RUN_TWICE, and those of reading and writing runs. */
export async function mergeRuns(folders: readonly string[], out: string): Promise<Result<Summary>> {
  const traces = new Map<string, Trace>();
  let whole: Run | undefined;
  for (const folder of folders) {
    const run = await readRun(folder);
    if (!run.ok) return run;
    if (run.value === undefined) return refuse('RUN_NONE', 'The folder holds no run.', folder);
    const differs = whole === undefined ? undefined : difference(whole, run.value);
    if (differs !== undefined) return refuse('RUN_OTHER', `It is another run (${differs}).`, folder);
    const part = await readTraces(folder);
    if (!part.ok) return part;
    for (const [key, trace] of part.value) {
      if (traces.has(key))
        return refuse('RUN_TWICE', `The game ${key} was played in two of the folders.`, folder);
      traces.set(key, trace);
    }
    whole = { ...run.value, shards: [{ index: 1, count: 1 }] };
  }
  if (whole === undefined) return refuse('RUN_NONE', 'There is nothing to put together.');
  if (traces.size !== whole.games) {
    return refuse(
      'RUN_INCOMPLETE',
      `The folders hold ${traces.size} of the ${whole.games} games of the run.`,
      out,
    );
  }
  const begun = await beginRun(out, whole);
  if (!begun.ok) return begun;
  for (const trace of traces.values()) {
    const kept = await keepTrace(out, trace);
    if (!kept.ok) return kept;
  }
  return writeReports(out, traces.values());
}
