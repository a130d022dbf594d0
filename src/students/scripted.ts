/**
 * The scripted teacher as a student: it reads the intro and the steps as a player sees them, what its scripts say of the
 * home and of the chores that have a name, and where in the home things were looked for.
 */
import { formatReply } from '../agent/prompt.ts';
import { ok } from '../base/result.ts';
import { instructionsOf } from '../teacher/procedure.ts';
import { hintsOf } from '../teacher/script.ts';
import { adviseAfter } from '../teacher/scripted.ts';
import { plainStudent } from './plain.ts';
import type { Clock, Student } from './student.ts';

/** Its replies refuse a task that it doesn't understand (codes of parseTask). */
export function createScriptedStudent(clock: Clock): Student {
  const student = plainStudent(
    { kind: 'scripted', name: 'scripted teacher' },
    clock,
    () =>
      async ({ view }) => {
        const { scripts, searched = [] } = view;
        const told = { hints: hintsOf(scripts), searched, instructions: instructionsOf(scripts) };
        const advice = adviseAfter(view.intro, view.steps, told);
        return advice.ok ? ok(formatReply(advice.value.thought, advice.value.action)) : advice;
      },
  );
  return { ...student, knowsTemplates: true };
}
