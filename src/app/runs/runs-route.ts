/** What the address of the view says: which run is open, and which two are compared. */
import type { RunRecord } from '../../protocol/data.ts';
import { bare } from '../route.ts';

/** The address says that none are compared. */
const NONE = 'none';

/** @param ids of those that are compared; at most two */
export function runsParams(
  set: string | null,
  open: string | undefined,
  ids: readonly string[],
): Record<string, string> {
  return {
    ...(set !== null && { set }),
    ...(open !== undefined && { run: open }),
    compare: ids.length === 0 ? NONE : ids.join(','),
  };
}

/** The run that is open: the one that the address names, the one that is played, or the latest. */
export function openIn(
  params: URLSearchParams,
  runs: readonly RunRecord[],
  playing: string | undefined,
): RunRecord | undefined {
  return askedFor(params, runs) ?? runs.find(({ id }) => id === playing) ?? runs[0];
}

/** The run that the address names, if it's here. */
export function askedFor(params: URLSearchParams, runs: readonly RunRecord[]): RunRecord | undefined {
  const asked = params.get('run') ?? '';
  return runs.find(({ id }) => id === asked) ?? runs.find(({ id }) => id === bare(asked));
}

/**
 * The runs that are compared, in the order in which they're given; where nothing was chosen yet the two that came with
 * the page, as long as there is nothing else to look at.
 * @param runs the latest first
 */
export function comparedIn(params: URLSearchParams, runs: readonly RunRecord[]): readonly RunRecord[] {
  const asked = params.get('compare');
  if (asked === null) return runs.length === 2 && runs.every(({ shipped }) => shipped === true) ? runs : [];
  const ids = asked.split(',');
  return runs.filter(({ id }) => ids.includes(id)).slice(0, 2);
}
