/**
 * The past of a home: before the first episode that may remember it, the teacher does its tasks there, and what it did
 * becomes memories of the home. Once a home: whoever deletes them keeps them deleted.
 */
import { formatRefusal, type Result } from '../../base/result.ts';
import { PAST_TASKS } from '../../homes/page-homes.ts';
import type { LearningProgress } from '../../protocol/agent.ts';
import { tasksBy } from '../activities/task.ts';
import { plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { keepSetting, readSetting } from '../settings.ts';
import { agent } from '../worker-client.ts';

const LIVED = `duomem-lived-in-${PAST_TASKS}`;
/** Of before a home had that long a past: what it has is kept, and nothing is said of how long it took. */
const LIVED_SHORTER = 'duomem-lived-in';
/** Homes of which is known that they were lived in; of more, the oldest are looked up again. */
const KNOWN = 1000;

export const learning = tasksBy<LearningProgress, Result<LearningProgress>>((home) => ({
  id: `learn ${home}`,
  title: `The teacher in home ${home}`,
  href: formatRoute('play', { home, task: '0', memory: 'memp' }),
  told: ({ tried }) => `task ${Math.min(tried + 1, PAST_TASKS)} of ${PAST_TASKS}`,
  over: (learnt) =>
    learnt.ok ? `${plural(learnt.value.solved, 'task')} learnt` : formatRefusal(learnt.error),
  stop: () => void agent().stopLearning(),
}));

/** Lets the teacher do its tasks in the home; where it is at it already, nothing is begun. */
export async function learn(home: number): Promise<void> {
  const answer = await learning(String(home)).start({ solved: 0, tried: 0 }, (onProgress) =>
    agent().learnHome(home, PAST_TASKS, onProgress),
  );
  // Lessons that were stopped are no past yet.
  if (answer?.ok && answer.value.tried === PAST_TASKS) markLived(home);
}

export function wasLivedIn(home: number, kept = LIVED): boolean {
  return (readSetting(kept) ?? '').split(' ').includes(String(home));
}

function markLived(home: number): void {
  if (wasLivedIn(home)) return;
  const known = (readSetting(LIVED) ?? '').split(' ').filter((one) => one !== '');
  keepSetting(LIVED, [...known, String(home)].slice(-KNOWN).join(' '));
}

const underWay = new Map<number, Promise<void>>();

/** Resolves when the home has its past. Where no memory can be kept, what says so stands beside the memories. */
export function liveIn(home: number): Promise<void> {
  let living = underWay.get(home);
  if (living === undefined) {
    living = live(home).finally(() => underWay.delete(home));
    underWay.set(home, living);
  }
  return living;
}

async function live(home: number): Promise<void> {
  if (wasLivedIn(home) || wasLivedIn(home, LIVED_SHORTER)) return;
  const count = await agent().countHome(home);
  if (count.ok && count.value === 0) await learn(home);
}
