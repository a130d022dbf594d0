/**
 * Takes an archive in: in one go, or not at all. Games are staged first, seen by nobody; then one transaction writes
 * everything else and the records that make the games count. What is cut off before it leaves nothing that counts.
 */

import { ok, type Result, refuse } from '../base/result.ts';
import { importGames } from '../engine/import/index.ts';
import type { Embedder } from '../memory/embedder.ts';
import { type UserRecord, writtenEntry } from '../memory/store.ts';
import type { ArchiveReport, OnArchive } from '../protocol/data.ts';
import { putAdapters, readAdapters } from './adapters-db.ts';
import type { Archive } from './archive-read.ts';
import { countAnew, roomForArchive } from './budget.ts';
import { attempt, type Database, keysUnder, nextSequence, type Writing, writing } from './database.ts';
import { StagedSet } from './imports.ts';
import { holdOrphans, sweepOrphans } from './orphans.ts';
import { changeRows, USER_TABLES } from './user-records.ts';

/** Tasks that are embedded without a pause. */
const AT_ONCE = 20;

type Commit = (transaction: Writing) => Promise<void>;

/** What an archive holds, and how much of it takes the place of what is here. */
export async function reportOf(
  db: Database,
  { memories, sets, runs, episodes, adapters }: Archive,
): Promise<Result<ArchiveReport>> {
  const own = await readAdapters();
  if (!own.ok) return own;
  const known = new Set(own.value.map(({ id }) => id));
  return attempt(async () => {
    const here = db.transaction(['user', 'sets', 'runs', 'episodes']);
    const [user, own, played, kept] = await Promise.all([
      here.objectStore('user').getAllKeys(),
      here.objectStore('sets').getAll(),
      here.objectStore('runs').getAllKeys(),
      here.objectStore('episodes').getAllKeys(),
    ]);
    const among = (ids: readonly string[], known: readonly string[]): number => {
      const all = new Set(known);
      return ids.filter((id) => all.has(id)).length;
    };
    return {
      memories: memories.filter((change) => 'entry' in change).length,
      hidden: memories.filter((change) => 'hidden' in change).length,
      sets: sets.map(({ name, games }) => ({ name, games: games.games.length })),
      runs: runs.length,
      episodes: episodes.length,
      adapters: adapters.length,
      replaced:
        adapters.filter(({ id }) => known.has(id)).length +
        among(memories.map(idOf), user) +
        among(
          sets.map(({ name }) => name),
          own.map(({ name }) => name),
        ) +
        among(
          runs.map(({ run }) => run.id),
          played,
        ) +
        among(
          episodes.map(({ id }) => id),
          kept,
        ),
    };
  });
}

/**
 * Nobody else may import meanwhile. Codes: KEPT_FULL, those of the store and the embedder, ARCHIVE_GAME (a game can't be played),
 * and what the file's reading refuses.
 */
export async function restore(
  db: Database,
  embedder: Embedder,
  archive: Archive,
  onProgress: OnArchive,
): Promise<Result<true>> {
  const room = await attempt(() => roomForArchive(db, archive));
  if (!room.ok) return room;
  if (!room.value.ok) return room.value;
  const vectors = await embedTasks(archive, embedder, onProgress);
  if (!vectors.ok) return vectors;
  await attempt(() => sweepOrphans(db));
  const held = await attempt(holdOrphans);
  if (!held.ok) return held;
  const release = held.value;
  // They lie in a database of their own: what a refusal leaves is as it was.
  const put = await putAdapters(archive.adapters);
  const done = put.ok ? await write(db, vectors.value, embedder, archive, onProgress).finally(release) : put;
  if (!put.ok) release();
  else if (!done.ok) await put.value();
  countAnew();
  // Games of sets that gave way.
  if (done.ok) await attempt(() => sweepOrphans(db));
  return done;
}

/** The vectors of the memories' tasks, each distinct one made once; messages of the page are answered in between. */
async function embedTasks(
  { memories }: Archive,
  embedder: Embedder,
  onProgress: OnArchive,
): Promise<Result<ReadonlyMap<string, Float32Array>>> {
  const vectors = new Map<string, Float32Array>();
  for (const [done, change] of memories.entries()) {
    if (!('entry' in change) || vectors.has(change.entry.task)) continue;
    const made = await embedder.embed([change.entry.task]);
    if (!made.ok) return made;
    const [vector] = made.value;
    if (vector !== undefined) vectors.set(change.entry.task, vector);
    if (vectors.size % AT_ONCE === 0) {
      onProgress({ kind: 'memories', done });
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return ok(vectors);
}

async function write(
  db: Database,
  vectors: ReadonlyMap<string, Float32Array>,
  { identity }: Embedder,
  archive: Archive,
  onProgress: OnArchive,
): Promise<Result<true>> {
  const { memories, runs, episodes } = archive;
  const staged: StagedSet[] = [];
  const undo = async (): Promise<void> => {
    for (const set of staged) await set.abort();
  };
  const commits = await stage(db, archive, staged, onProgress);
  if (!commits.ok) {
    await undo();
    return commits;
  }
  const done = await writing(
    db,
    [...USER_TABLES, 'sets', 'runs', 'traces', 'episodes'],
    async (transaction) => {
      let sequence = await nextSequence(transaction);
      const written = new Map<string, UserRecord>();
      for (const change of memories) {
        const record: UserRecord =
          'entry' in change
            ? writtenEntry(change.entry, vectors.get(change.entry.task) as Float32Array, identity, sequence)
            : { id: change.hidden, sequence, entry: undefined };
        sequence++;
        await transaction.objectStore('user').put(record);
        written.set(record.id, record);
      }
      await changeRows(transaction, written);
      for (const { run, traces } of runs) {
        await transaction.objectStore('traces').delete(keysUnder(run.id));
        await transaction.objectStore('runs').put(run);
        for (const [i, { game }] of run.results.entries()) {
          await transaction.objectStore('traces').put(traces[i] ?? '', [run.id, game]);
        }
      }
      for (const episode of episodes) await transaction.objectStore('episodes').put(episode);
      for (const commit of commits.value) await commit(transaction);
    },
  );
  if (!done.ok) await undo();
  return done;
}

async function stage(
  db: Database,
  { sets }: Archive,
  staged: StagedSet[],
  onProgress: OnArchive,
): Promise<Result<Commit[]>> {
  const commits: Commit[] = [];
  let before = 0;
  for (const { name, games } of sets) {
    const set = new StagedSet(db, name);
    staged.push(set);
    const report = await importGames(
      games,
      { add: (game) => set.add(game) },
      { onProgress: ({ done }) => onProgress({ kind: 'games', done: before + done }) },
    );
    if (!report.ok) return report;
    const [refused] = report.value.refused;
    if (refused !== undefined) return refuse('ARCHIVE_GAME', refused.message, refused.path);
    before += report.value.games;
    commits.push((transaction) => set.commit(transaction, report.value));
  }
  return ok(commits);
}

function idOf(change: Archive['memories'][number]): string {
  return 'entry' in change ? change.entry.id : change.hidden;
}
