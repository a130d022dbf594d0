/** A person as a student: asks for the next action, at a keyboard or by clicks, and waits as long as it takes. */
import { formatReply } from '../agent/prompt.ts';
import { ok } from '../engine/result.ts';
import { plainStudent } from './plain.ts';
import type { Clock, EpisodeView, Student } from './student.ts';

/**
 * Asks for the next action. Resolves with what the person wants to do, or with undefined once the signal aborts.
 */
export type AskPerson = (view: EpisodeView, signal: AbortSignal | undefined) => Promise<string | undefined>;

export function createHumanStudent(name: string, ask: AskPerson, clock: Clock): Student {
  return plainStudent({ kind: 'human', name }, clock, () => async ({ view }, signal) => {
    const action = await Promise.race([ask(view, signal), aborted(signal)]);
    return ok(action === undefined || signal?.aborted ? undefined : formatReply('', action));
  });
}

/** Resolves when the signal aborts, so that an asker that forgets about it can't hold an episode up. */
function aborted(signal: AbortSignal | undefined): Promise<undefined> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
