/** The data worker's side of protocol-data.ts. */
import { ok } from '../../src/engine/result.ts';
import type { DataWorker } from '../protocol-data.ts';
import { cancelImport, deleteSet, importedGames, importedSets, importZip } from './imports.ts';
import { Memories } from './memories.ts';
import type { MemoryKeeper } from './memory.ts';
import { attempt, openUserDatabase } from './user-db.ts';

export function createData(keeper: MemoryKeeper): DataWorker {
  const memories = new Memories(keeper);
  return {
    searchMemory: (query, limit) => memories.search(query, limit),
    readMemory: (id) => memories.read(id),
    saveMemory: (entry) => memories.save(entry),
    removeMemory: (id) => memories.remove(id),
    importGames: importZip,
    cancelImport: async () => cancelImport(),
    sets: importedSets,
    gamesOf: importedGames,
    deleteSet,

    async storage() {
      const memory = await keeper.open();
      if (!memory.ok) return memory;
      const { store } = memory.value;
      const [banks, changes, sets] = [await store.banks(), await store.changes(), await importedSets()];
      if (!banks.ok) return banks;
      if (!changes.ok) return changes;
      if (!sets.ok) return sets;
      const runs = await attempt(async () => (await openUserDatabase()).count('runs'));
      if (!runs.ok) return runs;
      const estimate = (await navigator.storage?.estimate?.()) ?? {};
      return ok({
        used: estimate.usage,
        quota: estimate.quota,
        persisted: (await navigator.storage?.persisted?.()) ?? false,
        banks: banks.value.map(({ name, entries }) => ({ name, entries })),
        ownMemories: changes.value.filter(({ entry }) => entry !== undefined).length,
        sets: sets.value,
        runs: runs.value,
      });
    },

    async persist() {
      return (await navigator.storage?.persist?.()) ?? false;
    },

    async deleteOwn() {
      const memory = await keeper.open();
      if (!memory.ok) return memory;
      const { store } = memory.value;
      const changes = await store.changes();
      if (!changes.ok) return changes;
      for (const { id } of changes.value) {
        const restored = await store.restore(id);
        if (!restored.ok) return restored;
      }
      return attempt(async () => {
        const db = await openUserDatabase();
        const transaction = db.transaction(['sets', 'games', 'runs'], 'readwrite');
        await Promise.all([
          transaction.objectStore('sets').clear(),
          transaction.objectStore('games').clear(),
          transaction.objectStore('runs').clear(),
          transaction.done,
        ]);
        return true as const;
      });
    },

    runs: () => attempt(async () => (await openUserDatabase()).getAll('runs')),
    saveRun: (run) =>
      attempt(async () => {
        await (await openUserDatabase()).put('runs', run);
        return true as const;
      }),
    deleteRun: (id) =>
      attempt(async () => {
        await (await openUserDatabase()).delete('runs', id);
        return true as const;
      }),
  };
}
