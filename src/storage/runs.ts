/** Runs that were played in the page: what was played, what came of each game, and its trace. */

import { parseTrace } from '../agent/trace-file.ts';
import { type Result, refuse } from '../base/result.ts';
import type { EpisodeResult } from '../eval/result.ts';
import type { Deletion, RunRecord } from '../protocol/data.ts';
import { ARCHIVE_LIMITS, readRunPlan, shaped } from './archive-format.ts';
import { takeRoom } from './budget.ts';
import { type Writing, writing } from './database.ts';
import { deleting } from './deletions.ts';
import { runDeleted } from './run-deleted.ts';
import { openUserDatabase, using } from './user-db.ts';

export function keptRuns(): Promise<Result<readonly RunRecord[]>> {
  return using((db) => db.getAll('runs') as Promise<RunRecord[]>);
}

/** A run without results yet. Codes: RUNS_FULL, ARCHIVE_SHAPE (an archive couldn't be read with it). */
export async function saveRun(run: RunRecord): Promise<Result<true>> {
  const plan = shaped(readRunPlan, run, run.id);
  if (!plan.ok) return plan;
  const count = await using((db) => db.count('runs'));
  if (!count.ok) return count;
  if (count.value >= ARCHIVE_LIMITS.runs)
    return refuse('RUNS_FULL', `At most ${ARCHIVE_LIMITS.runs} runs are kept; delete some first.`);
  return write(async (transaction) => {
    await transaction.objectStore('runs').put(run);
  });
}

/**
 * Result and trace come together or not at all. Codes: TRACE_… (it couldn't be read again), KEPT_FULL, RUN_DELETED (then
 * nothing is kept: whoever brings the run back has it as it was), those of the database.
 */
export async function addResult(id: string, result: EpisodeResult, trace: string): Promise<Result<true>> {
  const read = parseTrace(trace);
  if (!read.ok) return read;
  const room = await takeRoom(trace);
  if (!room.ok) return room;
  let deleted = false;
  const written = await write(async (transaction) => {
    const runs = transaction.objectStore('runs');
    const run = (await runs.get(id)) as RunRecord | undefined;
    deleted = run === undefined;
    if (run === undefined) return;
    await runs.put({ ...run, results: [...run.results, result] } as RunRecord);
    await transaction.objectStore('traces').put(trace, [id, result.game]);
  });
  return written.ok && deleted ? runDeleted(id) : written;
}

/** Code TRACE_UNKNOWN. */
export async function runTrace(id: string, game: string): Promise<Result<string>> {
  const found = await using((db) => db.get('traces', [id, game]));
  if (!found.ok) return found;
  if (found.value !== undefined) return { ok: true, value: found.value };
  return refuse('TRACE_UNKNOWN', "This episode isn't kept on this device.", game);
}

/** Its traces stay until the deletion is final. */
export function deleteRun(id: string): Promise<Result<Deletion | undefined>> {
  return deleting(['runs'], (taking) => taking.all('runs', id));
}

async function write(work: (transaction: Writing) => Promise<void>): Promise<Result<true>> {
  const db = await openUserDatabase();
  return db.ok ? writing(db.value, ['runs', 'traces'], work) : db;
}
