/** Players without tokens: what a person, a script or chance says comes out at once, in the form that models use. */
import { type Conversation, NO_COUNTERS, type ReplyRequest } from '../agent/conversation.ts';
import { ok, type Result } from '../base/result.ts';
import type { Clock, Student, StudentIdentity } from './student.ts';

/**
 * A student from a function that says the next reply; undefined where it was stopped meanwhile.
 * @param begin called for each conversation with its seed
 */
export function plainStudent(
  identity: StudentIdentity,
  clock: Clock,
  begin: (
    seed: string,
  ) => (request: ReplyRequest, signal: AbortSignal | undefined) => Promise<Result<string | undefined>>,
): Student {
  return {
    identity,
    contextLimit: undefined,
    open: ({ seed = '' } = {}): Conversation => {
      const next = begin(seed);
      return {
        async reply(request, { signal, onText } = {}) {
          const start = clock();
          const text = signal?.aborted ? ok(undefined) : await next(request, signal);
          if (!text.ok) return text;
          const counters = { ...NO_COUNTERS, decodeMs: clock() - start };
          if (text.value === undefined) return ok({ text: '', finish: 'aborted', counters });
          onText?.(text.value);
          return ok({ text: text.value, finish: 'stop', counters });
        },
        async dispose() {},
      };
    },
    async dispose() {},
  };
}
