/**
 * The memory of an episode out of a memory store: nearest scripts and a reference trajectory by src/memory's rules.
 * "In this home" is said of the home that the prompt is about: a script of another home is shown without such
 * sentences. So is one of its own home that says nothing of the task's things: a small student takes the place of
 * something else for theirs. A script in which nothing else is is not shown.
 */
import { ok, type Result } from '../base/result.ts';
import type { Embedder } from '../memory/embedder.ts';
import type { Maker, MemoryEntry } from '../memory/entry.ts';
import { referenceTrajectory } from '../memory/reference.ts';
import { retrieve } from '../memory/retrieve.ts';
import { SearchIndex } from '../memory/search-index.ts';
import type { MemoryStore } from '../memory/store.ts';
import { withHomeFactsFor, withoutHomeFacts } from '../teacher/script.ts';
import type { Recall, Recalled, RecallQuery, RetrievedScript } from './recall.ts';
import type { ScriptSource } from './settings.ts';

/** Who made the scripts that a source stands for: a person's own are shown with everybody's. */
export const MAKERS: Readonly<Record<ScriptSource, readonly Maker[]>> = {
  teacher: ['teacher', 'person'],
  student: ['student', 'person'],
};

/**
 * Opens the memories of a store as they are now; what is written later is not found. Codes: those of the store (a
 * bank of another embedding model is refused).
 */
export async function openStoreRecall(store: MemoryStore, embedder: Embedder): Promise<Result<Recall>> {
  const [packed, banks] = await Promise.all([store.packed(embedder.identity), store.banks()]);
  if (!packed.ok) return packed;
  if (!banks.ok) return banks;
  const index = new SearchIndex(packed.value.bank);
  return ok({
    bank: banks.value.map(({ name, build }) => `${name} ${build}`).join(', '),
    recall: (query) => recall(query, index, store, embedder),
  });
}

async function recall(
  query: RecallQuery,
  index: SearchIndex,
  store: MemoryStore,
  embedder: Embedder,
): Promise<Result<Recalled>> {
  const { task, taskType, game, home, k, scripts, trajectory } = query;
  const vectors = await embedder.embed([task]);
  if (!vectors.ok) return vectors;
  const [vector] = vectors.value;
  if (vector === undefined) return ok({ scripts: [] });
  const hits = k === 0 ? [] : retrieve(index, vector, { k, game, home, taskType, makers: MAKERS[scripts] });
  const reference = trajectory ? referenceTrajectory(index, vector, { game, home, taskType }) : undefined;
  const entries = await store.entries(
    [...hits, ...(reference === undefined ? [] : [reference])].map(({ id }) => id),
  );
  if (!entries.ok) return entries;
  const byId = new Map(entries.value.map((entry) => [entry.id, entry]));
  const shown = reference === undefined ? undefined : byId.get(reference.id);
  return ok({
    scripts: hits.flatMap(({ id, similarity, ownHome }): RetrievedScript[] => {
      const entry = byId.get(id);
      if (entry === undefined) return [];
      const script = ownHome ? withHomeFactsFor(entry.script, task) : withoutHomeFacts(entry.script);
      return script.guidelines === '' ? [] : [{ id, similarity, ownHome, script }];
    }),
    ...(reference === undefined || shown === undefined
      ? {}
      : {
          trajectory: {
            id: reference.id,
            similarity: reference.similarity,
            ownHome: isOwn(shown, home),
            trajectory: shown.trajectory,
          },
        }),
  });
}

function isOwn(entry: MemoryEntry, home: string | undefined): boolean {
  return home !== undefined && entry.home === home;
}
