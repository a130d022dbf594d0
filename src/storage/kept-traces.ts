/** Every trace that is kept on this device, of runs and of single episodes, read one at a time. */

import type { Trace } from '../agent/trace.ts';
import { parseTrace } from '../agent/trace-file.ts';
import type { Result } from '../base/result.ts';
import { using } from './user-db.ts';

/** Where a trace is kept: a game of a run, or an episode of its own. */
export type TracePlace = { readonly run: string; readonly game: string } | { readonly episode: string };

/**
 * Goes over the traces. Those of deleted runs may still be there, and don't count.
 * @param known places that needn't be read again, as JSON
 */
export function forEachTrace(
  known: ReadonlySet<string>,
  look: (place: TracePlace, trace: Trace) => void,
): Promise<Result<ReadonlySet<string>>> {
  return using(async (db) => {
    const runs = new Set(await db.getAllKeys('runs'));
    const traces = (await db.getAllKeys('traces')).filter(([run]) => runs.has(run));
    const places: TracePlace[] = [
      ...traces.map(([run, game]) => ({ run, game })),
      ...(await db.getAllKeys('episodes')).map((episode) => ({ episode })),
    ];
    for (const place of places) {
      if (known.has(JSON.stringify(place))) continue;
      const text =
        'run' in place
          ? await db.get('traces', [place.run, place.game])
          : (await db.get('episodes', place.episode))?.trace;
      const trace = parseTrace(text ?? '');
      if (trace.ok) look(place, trace.value);
    }
    return new Set(places.map((place) => JSON.stringify(place)));
  });
}
