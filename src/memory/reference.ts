/**
 * Which trajectory goes into a prompt as the reference trajectory (paper, section 3.1: a single full one, shown as
 * alternating turns). The paper's is written by hand; ours is chosen from the bank.
 *
 * The rule: 1. never one made from the game that is being played, and never an empty one; 2. of the task's type, which
 * is that of the nearest entry where nobody says it; 3. among those whose task is nearly as near as the nearest of
 * them (WINDOW), those of the player's own home if there are any; 4. of these the one with the fewest steps, since a
 * prompt has little room; 5. ties go to the nearer one, then as in retrieval.
 */
import { type Filter, filterOf, ownNearest } from './retrieve.ts';
import type { Comparison, SearchIndex } from './search-index.ts';

/** How much less similar than the nearest a candidate may be. */
const WINDOW = 0.1;

interface ReferenceOptions extends Filter {
  /** The task's type, where it is known. */
  readonly taskType?: string | undefined;
}

interface Reference {
  readonly id: string;
  readonly position: number;
  readonly similarity: number;
  /** Length of the trajectory. */
  readonly steps: number;
}

/** The reference trajectory for a task, by the rule above; undefined where the bank has none. */
export function referenceTrajectory(
  index: SearchIndex,
  query: Float32Array,
  options: ReferenceOptions = {},
): Reference | undefined {
  const { bank } = index;
  const comparison = index.compare(query);
  const candidates = candidatesFor(index, comparison, options);
  const among = new Set(candidates);
  const { home } = options;
  const own = home === undefined ? [] : ownNearest(index, comparison, home).filter((at) => among.has(at));
  let best: number | undefined;
  for (const position of own.length > 0 ? own : candidates) {
    if (best === undefined || (bank.steps[position] as number) < (bank.steps[best] as number))
      best = position;
  }
  return best === undefined
    ? undefined
    : {
        id: bank.ids[best] as string,
        position: best,
        similarity: comparison.similarity(best),
        steps: bank.steps[best] as number,
      };
}

/** Positions that the first three parts of the rule leave, nearest first. */
function candidatesFor(index: SearchIndex, comparison: Comparison, options: ReferenceOptions): number[] {
  const { bank } = index;
  const allowed = filterOf(index, options);
  let { taskType } = options;
  let nearest: number | undefined;
  const candidates: number[] = [];
  for (const position of comparison.nearest()) {
    const similarity = comparison.similarity(position);
    if (nearest !== undefined && similarity < nearest - WINDOW) break;
    if (bank.steps[position] === 0 || !allowed(position)) continue;
    taskType ??= bank.taskTypes[position] as string;
    if (bank.taskTypes[position] !== taskType) continue;
    nearest ??= similarity;
    candidates.push(position);
  }
  return candidates;
}
