/**
 * How much is kept of what goes into one backup (archive-format.ts). A backup is read again up to so many bytes, so no
 * more is taken: whatever comes in is counted when it comes. What is there already is counted once, and anew after
 * something was deleted, brought back or restored.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import type { RunRecord } from '../protocol/data.ts';
import { ARCHIVE_LIMITS } from './archive-format.ts';
import type { Archive } from './archive-read.ts';
import { type Database, keysUnder } from './database.ts';
import { using } from './user-db.ts';
import { totalsOf } from './user-records.ts';

let counted: Promise<Result<number>> | undefined;

/** Workers and tabs say here what they took, or that something was deleted or came back. */
const channel = new BroadcastChannel('duomem-budget');
channel.onmessage = ({ data }: MessageEvent<number | 'anew'>) => {
  if (data === 'anew') counted = undefined;
  else counted = counted?.then((before) => (before.ok ? ok(before.value + data) : before));
};

/** Something was deleted or came back. */
export function countAnew(): void {
  counted = undefined;
  channel.postMessage('anew');
}

/** Takes room for the text of a trace. Codes: KEPT_FULL, and those of the database. */
export async function takeRoom(trace: string): Promise<Result<true>> {
  counted ??= using((db) => keptBytes(db));
  const before = await counted;
  if (!before.ok) {
    counted = undefined;
    return before;
  }
  const added = bytesOf(trace);
  if (before.value + added > ARCHIVE_LIMITS.bytes) return full();
  counted = counted?.then((now) => (now.ok ? ok(now.value + added) : now));
  channel.postMessage(added);
  return ok(true);
}

/** Whether an archive fits beside what it doesn't replace. Code KEPT_FULL. */
export async function roomForArchive(
  db: Database,
  { memories, runs, episodes }: Archive,
): Promise<Result<true>> {
  const replaced = new Set([...runs.map(({ run }) => run.id), ...episodes.map(({ id }) => id)]);
  let bytes = await keptBytes(db, replaced);
  for (const { run, traces } of runs)
    bytes += sizeOfRun(run) + traces.reduce((sum, text) => sum + bytesOf(text), 0);
  for (const { trace } of episodes) bytes += bytesOf(trace);
  bytes += bytesOf(JSON.stringify(memories));
  return bytes > ARCHIVE_LIMITS.bytes ? full() : ok(true);
}

function full(): Result<never> {
  const size = `${ARCHIVE_LIMITS.bytes / 2 ** 20} MB`;
  return refuse(
    'KEPT_FULL',
    `Runs, episodes and memories take at most ${size}, as much as one backup holds: export what is here, then delete runs or episodes.`,
  );
}

/** @param besides ids of runs and episodes that don't count */
async function keptBytes(db: Database, besides: ReadonlySet<string> = new Set()): Promise<number> {
  let [, , bytes] = await totalsOf(db);
  const texts = async (table: 'episodes' | 'traces', range?: IDBKeyRange): Promise<void> => {
    // One at a time: together they may be more than a tab holds.
    let cursor = await db.transaction(table).store.openCursor(range as never);
    while (cursor !== null) {
      const { value } = cursor;
      if (typeof value === 'string') bytes += bytesOf(value);
      else if (!besides.has(value.id)) bytes += bytesOf(value.trace);
      cursor = await cursor.continue();
    }
  };
  await texts('episodes');
  for (const run of (await db.getAll('runs')) as RunRecord[]) {
    if (besides.has(run.id)) continue;
    bytes += sizeOfRun(run);
    await texts('traces', keysUnder(run.id));
  }
  return bytes;
}

function sizeOfRun({ results: _, ...plan }: RunRecord): number {
  return bytesOf(JSON.stringify(plan));
}

/** In UTF-8, as a file has it. */
function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
