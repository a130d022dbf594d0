/** A person as a student: asks for the next action, at a keyboard or by clicks, and waits as long as it takes. */
import { formatReply } from '../agent/prompt.ts';
import { ok } from '../base/result.ts';
import { plainStudent } from './plain.ts';
import type { Clock, EpisodeView, Student } from './student.ts';

/**
 * Asks for the next action. Resolves with what the person wants to do, or with undefined once the signal aborts.
 */
type AskPerson = (view: EpisodeView, signal: AbortSignal | undefined) => Promise<string | undefined>;

export function createHumanStudent(name: string, ask: AskPerson, clock: Clock): Student {
  return plainStudent({ kind: 'human', name }, clock, () => async ({ view }, signal) => {
    const action = await unlessAborted(ask(view, signal), signal);
    return ok(action === undefined ? undefined : formatReply('', action));
  });
}

/** An asker that forgets about the signal can't hold an episode up. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', stop));
  });
}
