/** Why a step was taken, asked of the student that is loaded here: a conversation of its own, freed at the end. */

import type { Trace } from '../agent/trace.ts';
import { explainStep, type WhyReport } from '../agent/why.ts';
import type { Result } from '../base/result.ts';
import type { Student } from '../students/student.ts';
import type { LoadedGame } from './games.ts';

/**
 * Codes: those of {@link explainStep}; STUDENT_STOPPED where the signal aborted.
 * @param stepNumber from 1
 */
export async function askWhy(
  trace: Trace,
  stepNumber: number,
  { world }: LoadedGame,
  student: Student,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Result<WhyReport>> {
  const conversation = student.open({ seed: trace.header.seed });
  try {
    return await explainStep(trace, stepNumber, world, student, conversation, onProgress, { signal });
  } finally {
    await conversation.dispose();
  }
}
