/**
 * Which memories name the place that an action goes to. Only those of this home: in another one the same number is
 * another place. That a memory names it doesn't say that it counted: that is measured by asking why.
 */
import type { TraceHeader } from '../../agent/trace.ts';

export interface Naming {
  /** Where the action goes: `cabinet 4`. */
  readonly place: string;
  /** Ids of the memories, as the prompt has them. */
  readonly ids: ReadonlySet<string>;
}

/** Undefined where the action goes nowhere, or no memory names where. */
export function namedBy(
  memory: TraceHeader['memory'] | undefined,
  action: string | undefined,
): Naming | undefined {
  const place = /^go to (.+ \d+)$/.exec(action ?? '')?.[1];
  if (memory === undefined || place === undefined) return undefined;
  // `cabinet 1` isn't named by `cabinet 12`.
  const names = (text: string): boolean => new RegExp(`(^|\\W)${place}(?!\\d)`).test(text);
  const { scripts, trajectory } = memory;
  const ids = scripts
    .filter(({ ownHome, script }) => ownHome && names(script.guidelines))
    .map(({ id }) => id);
  if (trajectory?.ownHome && trajectory.trajectory.steps.some((step) => names(step.action)))
    ids.push(trajectory.id);
  return ids.length === 0 ? undefined : { place, ids: new Set(ids) };
}
