/**
 * The memory of an episode out of a memory store: nearest scripts and a reference trajectory by src/memory's rules.
 * "In this home" is said of the home that the prompt is about, and of the things that the task may need: a small
 * student takes the place of something else for theirs. So scripts are shown without such sentences, and what all
 * memories of the home together know of these things stands in front of each script of the home that is shown: said once
 * it's often passed over, since the student learnt from prompts in which every script of a home said what it knew. A
 * script that says nothing else isn't shown.
 */
import { ok, type Result } from '../base/result.ts';
import type { Embedder } from '../memory/embedder.ts';
import type { Maker, MemoryEntry, Trajectory } from '../memory/entry.ts';
import { searchedFor, whereKept } from '../memory/home-facts.ts';
import { referenceTrajectory } from '../memory/reference.ts';
import { filterOf, retrieve } from '../memory/retrieve.ts';
import { SearchIndex } from '../memory/search-index.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { Sighting } from '../player/belief.ts';
import { goalsIn, parseTask } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import { isThing, searchPrior } from '../teacher/prior.ts';
import { formatHomeFact, hintsOf, thingsOf, withoutHomeFacts } from '../teacher/script.ts';
import type { Recall, Recalled, RecallQuery, RetrievedScript } from './recall.ts';
import type { ScriptSource } from './settings.ts';

/** A game that was lost in a home: nothing to go by, but it tells where one looked. */
export interface LostGame {
  readonly key: string;
  readonly home: string;
  readonly trajectory: Trajectory;
}

/** Who made the scripts that a source stands for: a person's own are shown with everybody's. */
export const MAKERS_OF_SOURCE: Readonly<Record<ScriptSource, readonly Maker[]>> = {
  teacher: ['teacher', 'person'],
  student: ['student', 'person'],
};

/**
 * Opens the memories of a store as they are now; what is written later isn't found. Codes: those of the store (a
 * bank of another embedding model is refused).
 * @param known the memories as they are now, where they were read already
 * @param lost games of which only is remembered where one looked
 */
export async function openStoreRecall(
  store: MemoryStore,
  embedder: Embedder,
  known?: SearchIndex,
  lost: readonly LostGame[] = [],
): Promise<Result<Recall>> {
  const read = known === undefined ? await readIndex(store, embedder) : ok(known);
  if (!read.ok) return read;
  const banks = await store.banks();
  if (!banks.ok) return banks;
  const index = read.value;
  return ok({
    bank: banks.value.map(({ name, build }) => `${name} ${build}`).join(', '),
    recall: (query) => recall(query, index, lost, store, embedder),
  });
}

/** The memories of a store as they are now. Codes: those of the store. */
export async function readIndex(store: MemoryStore, embedder: Embedder): Promise<Result<SearchIndex>> {
  const packed = await store.packed(embedder.identity);
  if (!packed.ok) return packed;
  const { bank, ownTasks, changed } = packed.value;
  return ok(new SearchIndex(bank, ownTasks, changed));
}

async function recall(
  query: RecallQuery,
  index: SearchIndex,
  lost: readonly LostGame[],
  store: MemoryStore,
  embedder: Embedder,
): Promise<Result<Recalled>> {
  const { task, taskType, game, home, k, scripts, trajectory } = query;
  const vectors = await embedder.embed([task]);
  if (!vectors.ok) return vectors;
  const [vector] = vectors.value;
  if (vector === undefined) return ok({ scripts: [] });
  const hits =
    k === 0 ? [] : retrieve(index, vector, { k, game, home, taskType, makers: MAKERS_OF_SOURCE[scripts] });
  const reference = trajectory ? referenceTrajectory(index, vector, { game, home, taskType }) : undefined;
  const lived =
    k === 0 || home === undefined
      ? []
      : ownMemories(index, { game, home, makers: MAKERS_OF_SOURCE[scripts] });
  const asked = [...hits, ...(reference === undefined ? [] : [reference])].map(({ id }) => id);
  const entries = await store.entries([...new Set([...asked, ...lived])]);
  if (!entries.ok) return entries;
  const byId = new Map(entries.value.map((entry) => [entry.id, entry]));
  const shown = reference === undefined ? undefined : byId.get(reference.id);
  const own = lived.flatMap((id) => byId.get(id) ?? []);
  const facts = homeFactsFor(task, own);
  const searched = searchedFor(
    [...thingsOf(task)].filter((thing) => isThing(searchPrior, thing)),
    [...own, ...(k === 0 ? [] : lost.filter((one) => one.home === home && one.key !== game))].map(
      ({ trajectory }) => trajectory,
    ),
  );
  const found = hits.flatMap(({ id, similarity, ownHome }): RetrievedScript[] => {
    const entry = byId.get(id);
    return entry === undefined ? [] : [{ id, similarity, ownHome, script: withoutHomeFacts(entry.script) }];
  });
  return ok({
    scripts: withFacts(found, facts).filter(({ script }) => script.guidelines !== ''),
    ...(searched.length === 0 ? {} : { searched }),
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

/** Places of each thing: where it mostly is, and where it may be else. */
const PLACES = 2;

/** Ids of a home's memories, the oldest first. */
function ownMemories(
  index: SearchIndex,
  { home, ...filter }: { readonly game: string; readonly home: string; readonly makers: readonly Maker[] },
): string[] {
  const allowed = filterOf(index, filter);
  return index
    .ofHome(home)
    .filter(allowed)
    .map((position) => index.bank.ids[position] as string);
}

/**
 * Where the home keeps what the task is about: as seen in all that was lived there, else as its scripts say. Not where
 * the task would have it brought as it is: what lies there already isn't what has to be found.
 */
function homeFactsFor(task: string, own: readonly MemoryEntry[]): string {
  const things = thingsOf(task);
  const goal = parseTask(task);
  const parts = goal.ok ? goalsIn(goal.value) : [];
  const isElsewhere = ({ object, place }: Sighting): boolean =>
    !parts.some(
      (part) => part.object === object && part.target === typeOf(place) && part.treatments.length === 0,
    );
  const seen = whereKept(
    things,
    own.map(({ trajectory }) => trajectory),
    PLACES,
    isElsewhere,
  );
  const known = new Set(seen.map(({ object }) => object));
  const said = hintsOf(own.map(({ script }) => script)).filter(
    (hint) => things.has(hint.object) && !known.has(hint.object) && isElsewhere(hint),
  );
  return [...seen, ...said].map(formatHomeFact).join(' ');
}

/** The scripts with what is known of the home in front of each that was made in it; else in front of the first. */
function withFacts(scripts: readonly RetrievedScript[], facts: string): RetrievedScript[] {
  if (facts === '') return [...scripts];
  const own = scripts.filter(({ ownHome }) => ownHome);
  const telling = own.filter(({ script }) => script.guidelines !== '');
  const bearers = telling.length > 0 ? telling : [own[0] ?? scripts[0]];
  return scripts.map((one) => {
    if (!bearers.includes(one)) return one;
    return { ...one, script: { ...one.script, guidelines: `${facts} ${one.script.guidelines}`.trim() } };
  });
}

function isOwn(entry: MemoryEntry, home: string | undefined): boolean {
  return home !== undefined && entry.home === home;
}
