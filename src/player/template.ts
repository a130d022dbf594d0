/** The sentences that students which know templates alone are trained on: what needs no reading (read-task.ts). */
import { calledIn, parseTask, taskTypeOf } from './goal.ts';
import { PLACES, THINGS } from './lexicon.ts';

/** The sentence as students are told it; undefined where it's none of a template. */
export function asTemplate(text: string): string | undefined {
  // A name that a chore is called by is the household's own, in any letters.
  if (calledIn(text) !== undefined && isChore(text)) return text.trim();
  return isTemplate(text) ? text.trim().toLowerCase().replace(/\.?$/, '.') : undefined;
}

/** 'Put a mug on the table at dinner time' only sounds like one. */
function isChore(text: string): boolean {
  const goal = parseTask(text);
  return goal.ok || goal.error.code === 'CHORE_UNKNOWN';
}

/** Whether it is a sentence that students are trained on, of things that games have. */
function isTemplate(text: string): boolean {
  const goal = parseTask(text);
  if (!goal.ok) return false;
  if (taskTypeOf(goal.value) === undefined) return true;
  const { object, target, lamp } = goal.value;
  return (
    object in THINGS &&
    (target === undefined || target in PLACES) &&
    (lamp === undefined || /lamp$/.test(lamp))
  );
}
