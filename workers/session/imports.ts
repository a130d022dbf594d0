/** Imported sets of games: read, checked and kept game by game; a set is there only when its last record is. */

import { blobBytes } from '../../src/engine/import/bytes.ts';
import type { GameSink, ImportProgress, ImportReport } from '../../src/engine/import/index.ts';
import { importGames, openZip } from '../../src/engine/import/index.ts';
import { type Result, refuse } from '../../src/engine/result.ts';
import type { GameCard } from '../protocol.ts';
import type { ImportedSet } from '../protocol-data.ts';
import { attempt, type GameRecord, gamesOf, openUserDatabase } from './user-db.ts';

let cancelling: AbortController | undefined;

export async function importZip(
  file: File,
  onProgress: (progress: ImportProgress) => void,
): Promise<Result<ImportReport>> {
  if (cancelling !== undefined)
    return refuse('IMPORT_BUSY', 'Another import is under way; wait for it or cancel it.');
  const stopping = new AbortController();
  cancelling = stopping;
  try {
    const set = await openZip(blobBytes(file), { signal: stopping.signal });
    if (!set.ok) return set;
    const name = file.name.replace(/\.zip$/i, '') || 'games';
    return await importGames(set.value, sink(name), { signal: stopping.signal, onProgress });
  } finally {
    cancelling = undefined;
  }
}

export function cancelImport(): void {
  cancelling?.abort();
}

function sink(name: string): GameSink {
  let bytes = 0;
  let begun = false;
  return {
    async add({ key, split, taskType, text, world }) {
      const kept = await attempt(async () => {
        const db = await openUserDatabase();
        if (!begun) {
          // What an earlier import of this name left, whole or broken, makes room first.
          await db.delete('sets', name);
          await db.delete('games', gamesOf(name));
          begun = true;
        }
        const record: GameRecord = { key, split, taskType, task: world.task, text };
        await db.put('games', record, [name, key]);
        bytes += text.length;
      });
      return kept.ok ? undefined : kept.error;
    },
    async commit({ games, bySplit }) {
      const kept = await attempt(async () => {
        const db = await openUserDatabase();
        await db.put('sets', { name, games, bytes, bySplit });
      });
      return kept.ok ? undefined : kept.error;
    },
    async abort() {
      await deleteSet(name);
    },
  };
}

export async function importedSets(): Promise<Result<readonly ImportedSet[]>> {
  return attempt(async () => (await openUserDatabase()).getAll('sets'));
}

export async function importedGames(
  set: string,
  split: string,
  limit: number,
): Promise<Result<readonly GameCard[]>> {
  return attempt(async () => {
    const db = await openUserDatabase();
    const cards: GameCard[] = [];
    let cursor = await db.transaction('games').store.openCursor(gamesOf(set));
    while (cursor !== null && cards.length < limit) {
      const { key, task, taskType, split: own } = cursor.value;
      if (split === '' || own === split)
        cards.push({ source: { kind: 'imported', key }, key, task, taskType });
      cursor = await cursor.continue();
    }
    return cards;
  });
}

export async function deleteSet(name: string): Promise<Result<true>> {
  return attempt(async () => {
    const db = await openUserDatabase();
    await db.delete('sets', name);
    await db.delete('games', gamesOf(name));
    return true as const;
  });
}
