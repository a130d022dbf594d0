/** What the house is drawn from besides the belief: where the agent has been, and what the task is about. */
import { Belief } from '../../player/belief.ts';
import { goalsIn, parseTask } from '../../player/goal.ts';

/** The places where the agent stood, in order. */
export function visitsOf(
  intro: string,
  steps: readonly { readonly action: string; readonly observation: string }[],
): string[] {
  const belief = new Belief(intro);
  const visits: string[] = [];
  for (const { action, observation } of steps) {
    belief.observe(action, observation);
    if (belief.here !== undefined && belief.here !== visits.at(-1)) visits.push(belief.here);
  }
  return visits;
}

/** Types that the task sentence names. */
export function wantedIn(task: string): ReadonlySet<string> {
  const goal = parseTask(task);
  if (!goal.ok) return new Set();
  const types = goalsIn(goal.value).flatMap(({ object, target, lamp }) => [object, target ?? '', lamp ?? '']);
  return new Set(types.filter((type) => type !== ''));
}
