/** Writes everything that is the user's into one file; archive-format.ts describes it. */

import { ok, type Result, refuse } from '../base/result.ts';
import { isGameFile, ZipFileWriter } from '../engine/import/index.ts';
import type { OnArchive, RunRecord } from '../protocol/data.ts';
import { readAdapters, type StoredAdapter } from './adapters-db.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_NOTE,
  ADAPTER_WEIGHTS,
  ARCHIVE_FORMAT,
  ARCHIVE_LIMITS,
  ARCHIVE_VERSION,
  type ArchiveManifest,
  MANIFEST,
  MEMORIES,
  pathOf,
  RUN_PLAN,
} from './archive-format.ts';
import type { ArchivedMemory } from './archive-read.ts';
import { attempt, type Database, type GameRecord, keysUnder, type StoredEpisode } from './database.ts';
import { userRecords } from './user-records.ts';

/** Games that are held in memory at once. */
const BATCH = 100;

/** What goes into an archive. What may be more than a tab holds comes a piece at a time. */
export interface ArchiveContent {
  readonly memories: () => AsyncIterable<ArchivedMemory>;
  readonly episodes: () => AsyncIterable<StoredEpisode>;
  readonly adapters: readonly StoredAdapter[];
  readonly runs: readonly {
    readonly run: RunRecord;
    /** The text of the trace of one of its games. */
    readonly trace: (game: string) => Promise<string>;
  }[];
  readonly sets: readonly {
    readonly name: string;
    readonly games: number;
    readonly files: () => AsyncIterable<Pick<GameRecord, 'key' | 'text'>>;
  }[];
}

/** Everything that is the user's. Codes: STORE_FAILED, and those of {@link packArchive}. */
export async function writeArchive(db: Database, onProgress: OnArchive): Promise<Result<Blob>> {
  const written = await attempt<Result<Blob>>(async () => {
    const reading = db.transaction(['sets', 'runs', 'episodes']);
    const [sets, runs, kept] = await Promise.all([
      reading.objectStore('sets').getAll(),
      reading.objectStore('runs').getAll() as Promise<RunRecord[]>,
      reading.objectStore('episodes').getAllKeys(),
    ]);
    const adapters = await readAdapters();
    if (!adapters.ok) return adapters;
    const content: ArchiveContent = {
      adapters: adapters.value,
      async *memories() {
        for await (const { id, entry } of userRecords(db))
          yield entry === undefined ? { hidden: id } : { entry };
      },
      async *episodes() {
        for (const id of kept) {
          const episode = await db.get('episodes', id);
          // It was deleted meanwhile.
          if (episode !== undefined) yield episode;
        }
      },
      runs: runs.map((run) => ({
        run,
        trace: async (game) => (await db.get('traces', [run.id, game])) ?? '',
      })),
      sets: sets.map(({ id, name, games }) => ({ name, games, files: () => gamesUnder(db, id) })),
    };
    return packArchive(content, onProgress);
  });
  return written.ok ? written.value : written;
}

/**
 * The same content gives the same bytes. Code ARCHIVE_TOO_LARGE (more than is read again); what reading the content
 * throws is passed on.
 */
export async function packArchive(
  content: ArchiveContent,
  onProgress: OnArchive = () => {},
): Promise<Result<Blob>> {
  const { runs, sets, adapters } = content;
  const parts: BlobPart[] = [];
  let [files, bytes] = [0, 0];
  const isTooLarge = (): boolean => files > ARCHIVE_LIMITS.files || bytes > ARCHIVE_LIMITS.bytes;
  const add = async (path: string, text: string): Promise<void> => {
    files++;
    // Games have limits of their own, which they met when they came in.
    if (!isGameFile(path)) bytes += new TextEncoder().encode(text).length;
    if (!isTooLarge()) await zip.add(path, text);
  };
  const addLines = async (path: string, lines: () => AsyncGenerator<string>): Promise<void> => {
    files++;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const line of lines()) {
        const encoded = new TextEncoder().encode(`${line}\n`);
        bytes += encoded.length;
        if (isTooLarge()) return;
        yield encoded;
      }
    };
    await zip.addBytes(path, counted());
  };
  const zip = new ZipFileWriter(
    new WritableStream({
      write: (chunk) => {
        parts.push(chunk.slice());
      },
    }),
  );
  let memories = 0;
  await addLines(MEMORIES, async function* () {
    for await (const change of content.memories()) {
      yield JSON.stringify(change);
      if (++memories % BATCH === 0) onProgress({ kind: 'memories', done: memories });
    }
  });
  const episodes: string[] = [];
  for await (const { id, trace } of content.episodes()) await add(pathOf.episode(episodes.push(id)), trace);
  const manifest: ArchiveManifest = {
    format: ARCHIVE_FORMAT,
    version: ARCHIVE_VERSION,
    memories,
    sets: sets.map(({ name, games }) => ({ name, games })),
    runs: runs.map(({ run }) => run.results.length),
    episodes,
    ...(adapters.length > 0 && { adapters: adapters.length }),
  };
  await add(MANIFEST, `${JSON.stringify(manifest, undefined, 1)}\n`);
  for (const [i, { run, trace }] of runs.entries()) {
    const { id, title, student, settings, games, seed, telling, past, results } = run;
    const plan = {
      ...{ id, title, student, settings },
      games: games.map(({ source: _source, ...card }) => card),
      ...(seed !== undefined && { seed }),
      ...(telling !== undefined && { telling }),
      ...(past !== undefined && { past }),
    };
    await add(pathOf.run(i + 1) + RUN_PLAN, `${JSON.stringify(plan, undefined, 1)}\n`);
    for (const [at, { game }] of results.entries())
      await add(pathOf.run(i + 1) + pathOf.trace(at + 1), await trace(game));
  }
  for (const [i, { weights, config, on: _on, removed: _removed, ...note }] of adapters.entries()) {
    const folder = pathOf.adapter(i + 1);
    await add(folder + ADAPTER_NOTE, `${JSON.stringify(note, undefined, 1)}\n`);
    await add(folder + ADAPTER_CONFIG, config);
    files++;
    bytes += weights.length;
    if (!isTooLarge()) await zip.addBytes(folder + ADAPTER_WEIGHTS, piece(weights));
  }
  let done = 0;
  for (const [i, { files: games }] of sets.entries()) {
    for await (const game of games()) {
      await add(`${pathOf.set(i + 1)}${game.key}/game.tw-pddl`, game.text);
      onProgress({ kind: 'games', done: ++done });
    }
  }
  await zip.close();
  if (isTooLarge()) {
    const message = `One file takes ${ARCHIVE_LIMITS.files} parts and ${ARCHIVE_LIMITS.bytes / 2 ** 20} MB beside games, and this is more: delete episodes or runs first.`;
    return refuse('ARCHIVE_TOO_LARGE', message);
  }
  return ok(new Blob(parts, { type: 'application/zip' }));
}

async function* piece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The games of a set in order of their keys. A zip is written in between, so no transaction can stay open. */
async function* gamesUnder(db: Database, set: string): AsyncGenerator<GameRecord> {
  let range = keysUnder(set);
  for (;;) {
    const games = await db.getAll('games', range, BATCH);
    const last = games.at(-1);
    if (last === undefined) return;
    yield* games;
    range = IDBKeyRange.bound([set, last.key], [set, []], true);
  }
}
