/** How long a search takes here: as many memories as the paper's bank has, and the ones that are here. */

import { ok, type Result, refuse } from '../base/result.ts';
import { Random } from '../engine/index.ts';
import { distinctMemories } from '../memory/distinct-memories.ts';
import { retrieve } from '../memory/retrieve.ts';
import { SearchIndex } from '../memory/search-index.ts';
import { randomVector } from '../memory/vectors.ts';
import type { SearchSpeed } from '../protocol/data.ts';

/** The paper's bank has 11,434 scripts. */
const PAPER = 11_434;
const K = 10;
const WARM = 200;
const TIMED = 200;
/** Searches without a pause. */
const AT_ONCE = 20;

/** @param index the memories that are here. Code MEASURING_STOPPED by the signal. */
export async function searchSpeed(index: SearchIndex, signal: AbortSignal): Promise<Result<SearchSpeed>> {
  const { dimension } = index.bank.vectors;
  const large = new SearchIndex(distinctMemories(PAPER, dimension));
  const paper = { entries: PAPER, ms: await meanMs(large, dimension, signal) };
  const here = { entries: index.size, ms: await meanMs(index, dimension, signal) };
  if (signal.aborted) return refuse('MEASURING_STOPPED', 'Stopped: nothing was measured.');
  return ok({ dimension, k: K, paper, here });
}

/**
 * Of one search: comparing with everything, and choosing the nearest by the rules of retrieval. Whatever else is asked
 * of the worker is answered in between, a stop among it.
 */
async function meanMs(index: SearchIndex, dimension: number, signal: AbortSignal): Promise<number> {
  const random = new Random('queries');
  const queries = Array.from({ length: 16 }, () => randomVector(random, dimension));
  const search = (i: number): void => {
    retrieve(index, queries[i % queries.length] as Float32Array, { k: K });
  };
  let ms = 0;
  for (let i = 0; i < WARM + TIMED && !signal.aborted; i += AT_ONCE) {
    const start = performance.now();
    for (let one = i; one < i + AT_ONCE; one++) search(one);
    if (i >= WARM) ms += performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve));
  }
  return ms / TIMED;
}
