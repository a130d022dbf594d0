/** The data worker's side of protocol-data.ts. */
import { ok, refuse } from '../base/result.ts';
import type { DataWorker } from '../protocol/data.ts';
import { type Archive, readArchive } from '../storage/archive-read.ts';
import { writeArchive } from '../storage/archive-write.ts';
import { bringBack, forgetDeletion } from '../storage/deletions.ts';
import { deleteEpisode, keepEpisode, keptEpisodes, readEpisode } from '../storage/episodes.ts';
import { hide, showHidden } from '../storage/hidden.ts';
import {
  cancelImport,
  deleteSet,
  drawnGames,
  importedGames,
  importedSets,
  importZip,
} from '../storage/imports.ts';
import { alone, IMPORT_BUSY, IMPORT_LOCK } from '../storage/lock.ts';
import { changedMemories, deleteMemory, restoreMemories } from '../storage/own-memories.ts';
import { reportOf, restore } from '../storage/restore.ts';
import { addResult, deleteRun, keptRuns, runTrace, saveRun } from '../storage/runs.ts';
import { deleteOwn, storageReport } from '../storage/storage.ts';
import { openUserDatabase } from '../storage/user-db.ts';
import { Memories } from './memories.ts';
import type { MemoryService } from './memory.ts';
import type { SampleStore } from './samples.ts';

export function createData(service: MemoryService, samples: SampleStore): DataWorker {
  const memories = new Memories(service);
  /** The archive that was inspected and not yet taken. */
  let archive: Archive | undefined;
  /** Memories may be others afterwards. */
  const changing = <T>(work: Promise<T>): Promise<T> => work.finally(() => service.changed());
  return {
    searchMemory: (query, limit) => memories.search(query, limit),
    memoryMap: () => memories.map(),
    measureSearch: () => memories.measure(),
    stopMeasuring: async () => memories.stopMeasuring(),
    readMemory: (id) => memories.read(id),
    saveMemory: (entry) => memories.save(entry),
    async changedMemories() {
      const index = await service.index();
      return index.ok ? changedMemories(index.value.changed) : index;
    },
    removeMemory: (id) => changing(deleteMemory(id)),
    restoreMemories: (ids) => changing(restoreMemories(ids)),
    bringBack: (deletion) => changing(bringBack(deletion)),
    forgetDeletion,
    importGames: importZip,
    cancelImport: async () => cancelImport(),
    sets: importedSets,
    gamesOf: importedGames,
    drawGames: drawnGames,
    deleteSet,

    async storage() {
      // Opening the memory installs the banks, so that they are counted.
      const memory = await service.open();
      return memory.ok ? storageReport() : memory;
    },

    async persist() {
      // A browser may ask the person, who may take their time: nothing else waits for it.
      return (await navigator.storage?.persist?.()) ?? false;
    },

    deleteOwn: (kinds) => changing(deleteOwn(kinds)),

    samples: () => samples.list(),
    hideSample: hide,
    showSamples: showHidden,
    runs: keptRuns,
    saveRun,
    addResult,
    async runTrace(run, game) {
      const own = await runTrace(run, game);
      const shipped = own.ok ? undefined : await samples.trace(run, game);
      return shipped === undefined ? own : ok(shipped);
    },
    deleteRun,

    keepEpisode,
    episodes: keptEpisodes,
    async readEpisode(id) {
      const own = await readEpisode(id);
      const shipped = own.ok ? undefined : await samples.trace(id);
      return shipped === undefined ? own : ok(shipped);
    },
    deleteEpisode,

    async exportAll(onProgress) {
      const db = await openUserDatabase();
      return db.ok ? writeArchive(db.value, onProgress) : db;
    },

    async inspectArchive(file) {
      archive = undefined;
      const read = await readArchive(file);
      if (!read.ok) return read;
      const db = await openUserDatabase();
      if (!db.ok) return db;
      archive = read.value;
      return reportOf(db.value, read.value);
    },

    async takeArchive(onProgress) {
      const taken = archive;
      archive = undefined;
      if (taken === undefined) return refuse('ARCHIVE_GONE', 'The file must be chosen again.');
      const memory = await service.open();
      if (!memory.ok) return memory;
      const db = await openUserDatabase();
      if (!db.ok) return db;
      const restored = await alone(IMPORT_LOCK, IMPORT_BUSY, () =>
        restore(db.value, memory.value.embedder, taken, onProgress),
      );
      service.changed();
      return restored;
    },
  };
}
