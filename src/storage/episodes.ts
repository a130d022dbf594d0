/** Episodes that the user kept: their traces, the latest first. */

import { parseTrace } from '../agent/trace-file.ts';
import { randomId } from '../base/random-id.ts';
import { type Result, refuse } from '../base/result.ts';
import type { Deletion, KeptEpisode } from '../protocol/data.ts';
import { ARCHIVE_LIMITS } from './archive-format.ts';
import { takeRoom } from './budget.ts';
import type { StoredEpisode } from './database.ts';
import { deleting } from './deletions.ts';
import { using } from './user-db.ts';

/** Codes: TRACE_…, EPISODES_FULL, KEPT_FULL, and those of the database. */
export async function keepEpisode(text: string): Promise<Result<true>> {
  const trace = parseTrace(text);
  if (!trace.ok) return trace;
  const count = await using((db) => db.count('episodes'));
  if (!count.ok) return count;
  if (count.value >= ARCHIVE_LIMITS.episodes) {
    return refuse(
      'EPISODES_FULL',
      `At most ${ARCHIVE_LIMITS.episodes} episodes are kept; delete some under Replay.`,
    );
  }
  const room = await takeRoom(text);
  if (!room.ok) return room;
  return using(async (db) => {
    await db.put('episodes', { id: `${new Date().toISOString()} ${randomId()}`, trace: text });
    return true as const;
  });
}

export async function keptEpisodes(): Promise<Result<readonly KeptEpisode[]>> {
  return using(async (db) => (await db.getAll('episodes')).reverse().flatMap(keptEpisode));
}

/** As a list shows it; nothing where its trace can't be read. */
export function keptEpisode({ id, trace: text }: StoredEpisode): KeptEpisode[] {
  const trace = parseTrace(text);
  if (!trace.ok) return [];
  const { header, steps, end } = trace.value;
  return [
    {
      id,
      at: id.split(' ')[0] ?? '',
      task: header.task,
      student: header.student.kind,
      memory: header.settings.memory,
      won: end?.end === 'won',
      steps: steps.length,
    },
  ];
}

/** Code EPISODE_UNKNOWN. */
export async function readEpisode(id: string): Promise<Result<string>> {
  const found = await using((db) => db.get('episodes', id));
  if (!found.ok) return found;
  if (found.value !== undefined) return { ok: true, value: found.value.trace };
  return refuse('EPISODE_UNKNOWN', "This episode isn't kept on this device.", id);
}

export function deleteEpisode(id: string): Promise<Result<Deletion | undefined>> {
  return deleting(['episodes'], (taking) => taking.all('episodes', id));
}
