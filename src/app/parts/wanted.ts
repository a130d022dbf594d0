/** What a task is about, for the picture of the house. */
import { goalsIn, parseTask } from '../../player/goal.ts';

/** Types that the task sentence names. */
export function wantedIn(task: string): ReadonlySet<string> {
  const goal = parseTask(task);
  if (!goal.ok) return new Set();
  const types = goalsIn(goal.value).flatMap(({ object, target, lamp }) => [object, target ?? '', lamp ?? '']);
  return new Set(types.filter((type) => type !== ''));
}
