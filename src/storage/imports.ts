/**
 * Imported sets of games: read, checked and kept game by game under an id of their own, which nobody sees before the
 * set's record is written, last. A set of the same name gives way in that same transaction, not before.
 */

import { randomId } from '../base/random-id.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { sampleByKind } from '../base/sample.ts';
import { blobBytes } from '../engine/import/bytes.ts';
import type { GameSet, GameSink, ImportProgress, ImportReport } from '../engine/import/index.ts';
import { importGames, noGames, openZip } from '../engine/import/index.ts';
import type { GameCard } from '../protocol/agent.ts';
import type { Deletion, GameList, ImportedSet, WantedGames } from '../protocol/data.ts';
import { ARCHIVE_LIMITS } from './archive-format.ts';
import {
  attempt,
  type Database,
  type GameRecord,
  type GameSetRecord,
  keysUnder,
  type Writing,
  writing,
} from './database.ts';
import { deleting } from './deletions.ts';
import { gameFilter, taskTypeInKey } from './game-filter.ts';
import { alone, IMPORT_BUSY, IMPORT_LOCK } from './lock.ts';
import { holdOrphans, sweepOrphans } from './orphans.ts';
import { openUserDatabase, using } from './user-db.ts';

let cancelling: AbortController | undefined;

export async function importZip(
  file: File,
  onProgress: (progress: ImportProgress) => void,
): Promise<Result<ImportReport>> {
  return alone(IMPORT_LOCK, IMPORT_BUSY, async () => {
    const db = await openUserDatabase();
    if (!db.ok) return db;
    const stopping = new AbortController();
    cancelling = stopping;
    try {
      const set = await openZip(blobBytes(file, stopping.signal), { signal: stopping.signal });
      if (!set.ok) return set;
      const name = file.name.replace(/\.zip$/i, '').slice(0, ARCHIVE_LIMITS.name) || 'games';
      return await importSet(db.value, name, set.value, onProgress, stopping.signal);
    } finally {
      cancelling = undefined;
    }
  });
}

export async function importSet(
  db: Database,
  name: string,
  set: GameSet,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<Result<ImportReport>> {
  await attempt(() => sweepOrphans(db));
  const held = await attempt(holdOrphans);
  if (!held.ok) return held;
  const staged = new StagedSet(db, name);
  const sink: GameSink = {
    add: (game) => staged.add(game),
    async commit(report) {
      const done = await writing(db, ['sets'], (transaction) => staged.commit(transaction, report));
      return done.ok ? undefined : done.error;
    },
    abort: () => staged.abort(),
  };
  const report = await importGames(set, sink, { signal, onProgress }).finally(held.value);
  // Games of a set that gave way.
  if (report.ok) await attempt(() => sweepOrphans(db));
  const nothing = report.ok ? noGames(set, report.value, name) : undefined;
  return nothing === undefined ? report : { ok: false, error: nothing };
}

export function cancelImport(): void {
  cancelling?.abort();
}

/** Games on their way in: kept already, seen by nobody. */
export class StagedSet {
  readonly #db: Database;
  readonly #id: string;
  readonly #name: string;
  #bytes = 0;

  constructor(db: Database, name: string) {
    this.#db = db;
    this.#name = name;
    this.#id = `${name} ${randomId()}`;
  }

  /** @returns why the game couldn't be kept */
  async add({ key, split, taskType, text, words, world }: Parameters<GameSink['add']>[0]) {
    const told = words === undefined ? {} : { words };
    const record: GameRecord = { key, split, taskType, task: world.task, text, ...told };
    const kept = await attempt(() => this.#db.put('games', record, [this.#id, key]));
    this.#bytes += text.length;
    return kept.ok ? undefined : kept.error;
  }

  /** Puts the set in the place of the one with its name. */
  async commit(transaction: Writing, { games, bySplit }: Pick<ImportReport, 'games' | 'bySplit'>) {
    const sets = transaction.objectStore('sets');
    for (const other of await sets.getAll()) if (other.name === this.#name) await sets.delete(other.id);
    const record: GameSetRecord = { id: this.#id, name: this.#name, games, bytes: this.#bytes, bySplit };
    await sets.put(record);
  }

  async abort(): Promise<void> {
    await attempt(() => this.#db.delete('games', keysUnder(this.#id)));
  }
}

export async function importedSets(): Promise<Result<readonly ImportedSet[]>> {
  return using((db) => db.getAll('sets'));
}

/** The first of them by their keys. Codes: SET_UNKNOWN, those of the database. */
export function importedGames(wanted: WantedGames, limit: number): Promise<Result<GameList>> {
  return gamesOf(wanted, (keys) => keys.slice(0, limit));
}

/** A sample over all kinds of task, drawn by a seed. Codes as {@link importedGames}. */
export function drawnGames(wanted: WantedGames, count: number, seed: number): Promise<Result<GameList>> {
  return gamesOf(wanted, (keys) => sampleByKind(keys, taskTypeInKey, (key) => key, count, seed));
}

async function gamesOf(
  { set, split, filter }: WantedGames,
  choose: (keys: readonly string[]) => readonly string[],
): Promise<Result<GameList>> {
  const found = await setNamed(set);
  if (!found.ok) return found;
  const { id } = found.value;
  return using(async (db) => {
    const matches = gameFilter(filter);
    const keys = (await db.getAllKeys('games', keysUnder(id)))
      .map(([, key]) => key)
      .filter((key) => (split === '' || key.startsWith(`${split}/`)) && matches(key));
    const games: GameCard[] = [];
    for (const chosen of choose(keys)) {
      const game = await db.get('games', [id, chosen]);
      if (game === undefined) continue;
      const { key, task, taskType } = game;
      games.push({ source: { kind: 'imported', key }, key, task, taskType });
    }
    return { games, found: keys.length };
  });
}

/** Its games stay until the deletion is final. */
export function deleteSet(name: string): Promise<Result<Deletion | undefined>> {
  return deleting(['sets'], async (taking) => {
    const sets = await taking.transaction.objectStore('sets').getAll();
    for (const set of sets) if (set.name === name) await taking.all('sets', set.id);
  });
}

async function setNamed(name: string): Promise<Result<GameSetRecord>> {
  const sets = await using((db) => db.getAll('sets'));
  if (!sets.ok) return sets;
  const found = sets.value.find((set) => set.name === name);
  return found === undefined
    ? refuse('SET_UNKNOWN', "This set of games isn't here any more.", name)
    : ok(found);
}
