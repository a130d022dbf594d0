/** What became of each memory in the episodes that are kept on this device: src/agent/memory-use.ts says what counts. */
import { type EpisodeUse, useOf, verdictOf } from '../agent/memory-use.ts';
import { ok, type Result } from '../base/result.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { MemoryUse, UsedIn } from '../protocol/data.ts';
import { forEachTrace, type TracePlace } from '../storage/kept-traces.ts';

/** Episodes of a memory that are named; all of them are counted. */
const NAMED = 8;

interface Kept extends EpisodeUse {
  readonly place: TracePlace;
  readonly task: string;
  readonly won: boolean;
}

export class MemoryRecord {
  /** By the place of the trace, as JSON. */
  #episodes = new Map<string, Kept>();

  /** By the memory's id; those that no episode had aren't in it. Codes: those of the database and the store. */
  async read(store: Pick<MemoryStore, 'entries'>): Promise<Result<ReadonlyMap<string, MemoryUse>>> {
    const read = new Map<string, Kept>();
    const here = await forEachTrace(new Set(this.#episodes.keys()), (place, trace) => {
      const { header, end } = trace;
      const kept = { ...useOf(trace), place, task: header.task, won: end?.end === 'won' };
      read.set(JSON.stringify(place), kept);
    });
    if (!here.ok) return here;
    this.#episodes = new Map([...this.#episodes, ...read].filter(([key]) => here.value.has(key)));
    const episodes = [...this.#episodes.values()];
    const ids = new Set(episodes.flatMap(({ ofHome }) => [...ofHome]));
    const entries = await store.entries([...ids]);
    if (!entries.ok) return entries;
    const byId = new Map(entries.value.map((entry) => [entry.id, entry]));
    const uses = new Map<string, UsedIn[]>();
    for (const episode of episodes) {
      const { place, task, won } = episode;
      for (const id of episode.shown) {
        const entry = byId.get(id);
        const verdict = entry && verdictOf(episode, entry);
        const used = { place, task, won, ...(verdict !== undefined && { verdict }) };
        const known = uses.get(id);
        if (known === undefined) uses.set(id, [used]);
        else known.push(used);
      }
    }
    return ok(new Map([...uses].map(([id, used]) => [id, summed(used)])));
  }
}

function summed(used: readonly UsedIn[]): MemoryUse {
  const count = (verdict: UsedIn['verdict']): number => used.filter((one) => one.verdict === verdict).length;
  return {
    episodes: used.length,
    helped: count('helped'),
    misled: count('misled'),
    // Those that tell something first.
    named: [...used]
      .sort((a, b) => Number(b.verdict !== undefined) - Number(a.verdict !== undefined))
      .slice(0, NAMED),
  };
}
