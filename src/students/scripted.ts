/** The scripted teacher as a student: it reads the intro and the steps as a player sees them, and what its scripts say of the home. */
import { formatReply } from '../agent/prompt.ts';
import { ok } from '../engine/result.ts';
import { hintsOf } from '../teacher/script.ts';
import { adviseAfter } from '../teacher/scripted.ts';
import { plainStudent } from './plain.ts';
import type { Clock, Student } from './student.ts';

/** Its replies refuse a task that it doesn't understand (codes of parseTask). */
export function createScriptedStudent(clock: Clock): Student {
  return plainStudent({ kind: 'scripted', name: 'scripted teacher' }, clock, () => async ({ view }) => {
    const advice = adviseAfter(view.intro, view.steps, { hints: hintsOf(view.scripts) });
    return advice.ok ? ok(formatReply(advice.value.thought, advice.value.action)) : advice;
  });
}
