/** What can be known of a house after some steps, for a view of it. */
import { useMemo } from 'react';
import type { Belief, ObservedStep } from '../../player/belief.ts';
import { BeliefTrail } from '../../player/belief-trail.ts';

export function useBelief(intro: string, steps: readonly ObservedStep[]): Belief {
  return useMemo(() => new BeliefTrail(intro), [intro]).after(steps);
}
