/** The teacher's scripts and the hints that they give, as training uses them. */
import type { Script, Trajectory } from '../../src/memory/entry.ts';
import type { Instructions } from '../../src/player/goal.ts';
import type { Hint } from '../../src/teacher/policy.ts';
import { instructionsOf } from '../../src/teacher/procedure.ts';
import { extractScript, hintsOf as hintsOfScripts } from '../../src/teacher/script.ts';
import type { Drawn } from './memories.ts';

export function scriptOf(task: string, { intro, steps }: Trajectory, home: string | undefined): Script {
  return extractScript({ task, intro, steps, ...(home === undefined ? {} : { home }) });
}

/** The teacher may know what stands in the student's prompt, in the same order. */
export function hintsOf({ promptMemory }: Drawn): readonly Hint[] {
  return hintsOfScripts(promptMemory.scripts);
}

/** What the prompt tells of chores that have a name; the teacher knows no more. */
export function instructionsIn({ promptMemory }: Drawn): Instructions {
  return instructionsOf(promptMemory.scripts, promptMemory.trajectory);
}
