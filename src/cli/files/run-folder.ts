/**
 * The folder of an evaluation run: `run.json` says what it is, `traces/<split>/<task>/<trial>.jsonl` holds one trace a
 * game, `summary.json` and `failures.md` are made from the traces. A file appears under its name only when it is
 * whole, so that a run may be interrupted at any moment.
 */
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StudentIdentity, Trace } from '../../agent/trace.ts';
import { isFinished } from '../../agent/trace.ts';
import { formatTrace, parseTrace } from '../../agent/trace-file.ts';
import { compareCodePoints } from '../../base/order.ts';
import { ok, placedIn, type Refusal, type Result, refuse } from '../../base/result.ts';
import { parseGameKey } from '../../engine/import/path.ts';
import { formatFailures, reportFailures } from '../../eval/failures.ts';
import { episodeResult } from '../../eval/result.ts';
import { difference, formatRun, notOfRun, parseRun, type Run } from '../../eval/run.ts';
import { type Summary, summarise } from '../../eval/summary.ts';
import { makeFolder } from './make-folder.ts';
import { readPlain } from './plain-file.ts';
import { ignoreMissing, readFailure } from './read-failure.ts';

/** The run that a folder holds; undefined where it holds none. Codes: RUN_UNREADABLE and those of parseRun. */
export async function readRun(folder: string): Promise<Result<Run | undefined>> {
  const path = join(folder, 'run.json');
  try {
    const run = parseRun((await readPlain(path)).toString('utf8'));
    return run.ok ? run : { ok: false, error: { ...run.error, place: path } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(undefined);
    return refuse('RUN_UNREADABLE', `The run can't be read: ${readFailure(error)}.`, path);
  }
}

/**
 * Begins a run in a folder, or finds it there; returns it as it was begun.
 * Codes: RUN_OTHER, RUN_UNWRITABLE, and those of {@link readRun}.
 */
export async function beginRun(folder: string, run: Run): Promise<Result<Run>> {
  const there = await readRun(folder);
  if (!there.ok) return there;
  if (there.value === undefined) {
    const content = formatRun(run);
    // What isn't read again can't be gone on with.
    const read = parseRun(content);
    if (!read.ok) return read;
    const written = await writeWhole(join(folder, 'run.json'), content);
    return written.ok ? ok(run) : written;
  }
  const differs = difference(there.value, run);
  if (differs !== undefined) {
    return refuse('RUN_OTHER', `The folder holds a different run (${differs}); name another one.`, folder);
  }
  if (JSON.stringify(there.value.shards) !== JSON.stringify(run.shards)) {
    return refuse('RUN_OTHER', 'The folder holds another shard of this run; name another one.', folder);
  }
  return ok(there.value);
}

/** Keeps the trace of a game. Codes: RUN_UNWRITABLE, GAME_PATH (a key that names no file), those of parseTrace. */
export async function keepTrace(folder: string, trace: Trace): Promise<Result<undefined>> {
  const place = parseGameKey(trace.header.game.key);
  if (!place.ok) return place;
  const content = formatTrace(trace);
  // What isn't read again must not be kept: it would stand in the way of the whole run.
  const read = parseTrace(content);
  return read.ok ? writeWhole(join(folder, 'traces', traceFile(place.value.key)), content) : read;
}

/** The file of a game's trace below `traces`. The key must be one that {@link parseGameKey} accepts. */
function traceFile(key: string): string {
  return `${join(...key.split('/').map(encodeURIComponent))}.jsonl`;
}

/**
 * The finished traces of a run's folder, by the keys of their games. What the run itself wrote is whole and of this
 * run, so a damaged or foreign file is told, neither played over nor counted.
 * Codes: TRACE_UNREADABLE, RUN_OTHER_TRACE, and those of parseTrace.
 */
export async function readTraces(folder: string, run: Run): Promise<Result<ReadonlyMap<string, Trace>>> {
  const traces = new Map<string, Trace>();
  const root = join(folder, 'traces');
  try {
    const paths = (await readdir(root, { recursive: true }).catch(ignoreMissing)) ?? [];
    for (const path of paths.filter((name) => name.endsWith('.jsonl')).sort(compareCodePoints)) {
      const file = join(root, path);
      const trace = placedIn(file, parseTrace((await readPlain(file)).toString('utf8')));
      if (!trace.ok) return trace;
      const { key } = trace.value.header.game;
      const differs = notOfRun(run, trace.value) ?? (path === traceFile(key) ? undefined : `game ${key}`);
      if (differs !== undefined)
        return refuse('RUN_OTHER_TRACE', `The trace isn't of this run (${differs}).`, file);
      if (isFinished(trace.value)) traces.set(key, trace.value);
    }
    return ok(traces);
  } catch (error) {
    return refuse('TRACE_UNREADABLE', `The traces can't be read: ${readFailure(error)}.`, root);
  }
}

/** Traces of another student (other weights) must not be mixed with what is played now. */
export function otherStudent(
  now: StudentIdentity,
  traces: Iterable<Trace>,
  out: string,
): Refusal | undefined {
  for (const { header } of traces) {
    const { kind, name, weights } = header.student;
    if (kind === now.kind && name === now.name && weights === now.weights) continue;
    const message = `The folder holds traces of the student ${name} (${weights ?? 'no weights'}), not of ${now.name} (${now.weights ?? 'no weights'}); name another one.`;
    return { code: 'RUN_OTHER_STUDENT', message, place: out };
  }
  return undefined;
}

/** Writes summary.json and failures.md from the traces, and returns the summary. Code RUN_UNWRITABLE. */
export async function writeReports(folder: string, traces: Iterable<Trace>): Promise<Result<Summary>> {
  const all = [...traces].sort((a, b) => compareCodePoints(a.header.game.key, b.header.game.key));
  const summary = summarise(all.map(episodeResult));
  const report = reportFailures(all);
  const file = { ...summary, failures: report.causes };
  const written = await writeWhole(join(folder, 'summary.json'), `${JSON.stringify(file, undefined, 1)}\n`);
  if (!written.ok) return written;
  const told = await writeWhole(join(folder, 'failures.md'), formatFailures(report));
  return told.ok ? ok(summary) : told;
}

/** Writes a file that appears under its name only when it is whole, with the folders it lies in. Code RUN_UNWRITABLE. */
export async function writeWhole(path: string, content: string): Promise<Result<undefined>> {
  try {
    await makeFolder(dirname(path));
    // A folder of a stranger's may have a link there: what it leads to isn't ours.
    await rm(`${path}.part`, { force: true });
    await writeFile(`${path}.part`, content, { flag: 'wx' });
    await rename(`${path}.part`, path);
    return ok(undefined);
  } catch (error) {
    await rm(`${path}.part`, { force: true }).catch(() => {
      // What stands in the way of writing stands in the way of this.
    });
    return refuse('RUN_UNWRITABLE', `It can't be written: ${readFailure(error)}.`, path);
  }
}
