/** A model behind an OpenAI-compatible server as a student: the same prompts and the same loop as the others. */
import type { Conversation } from '../../agent/conversation.ts';
import { NO_COUNTERS } from '../../agent/conversation.ts';
import { withoutThinking } from '../../agent/reply.ts';
import { Random } from '../../base/random.ts';
import { ok, refuse } from '../../base/result.ts';
import type { Usage } from '../../teacher/trajectory.ts';
import type { Student } from '../student.ts';
import type { Instead } from './answer.ts';
import type { ChatServer } from './client.ts';
import { DEFAULT_RETRIES, formatWaiting, type RetryPolicy, type Sleep, sleep, withRetries } from './retry.ts';
import { NO_USAGE } from './usage.ts';

interface ServerStudentOptions {
  /** 0: the most probable token each time. */
  readonly temperature: number;
  readonly retries?: RetryPolicy;
  readonly sleep?: Sleep;
  /** Called before each wait for another try, with a sentence for who waits. */
  readonly onWait?: ((sentence: string) => void) | undefined;
  /** Called after each request with what it took. */
  readonly onUsage?: (usage: Usage) => void;
}

/** Servers that have said anything besides their thoughts. */
const SPOKE = new WeakSet<ChatServer>();

/**
 * Its replies refuse with the codes of failure.ts, after as many tries as the policy allows. The text of a reply is
 * handed on whole: what a cut stream said can't be taken back.
 */
export function createServerStudent(server: ChatServer, options: ServerStudentOptions): Student {
  const { temperature, retries = DEFAULT_RETRIES, sleep: wait = sleep, onUsage = () => {}, onWait } = options;
  return {
    identity: { kind: 'openai', name: server.model, device: server.baseUrl },
    contextLimit: undefined,
    open: ({ seed = '' } = {}): Conversation => {
      const random = new Random(`${seed}/server`);
      const chosen = temperature > 0 ? { seed: random.int(2 ** 31) } : {};
      return {
        async reply({ messages, maxTokens }, { signal, onText } = {}) {
          if (signal?.aborted) return ok({ text: '', finish: 'aborted', counters: NO_COUNTERS });
          const answer = await withRetries(
            () => server.complete({ messages, maxTokens, temperature, ...chosen }, signal),
            {
              policy: retries,
              random,
              sleep: wait,
              signal,
              onWait: (waiting) => onWait?.(formatWaiting(waiting)),
              // A request that failed may have cost tokens; no server says how many.
              onRetry: () => onUsage({ ...NO_USAGE, retries: 1 }),
            },
          );
          if (signal?.aborted) return ok({ text: '', finish: 'aborted', counters: NO_COUNTERS });
          if (!answer.ok) {
            const { code, message } = answer.error;
            return { ok: false, error: { code, message } };
          }
          const { finish, tokens, firstMs, restMs, instead } = answer.value;
          onUsage({
            ...NO_USAGE,
            requests: 1,
            unmetered: tokens === undefined ? 1 : 0,
            tokensIn: tokens?.prompt ?? 0,
            tokensOut: tokens?.completion ?? 0,
            seconds: (firstMs + restMs) / 1000,
          });
          // The chat templates of models that think leave it out of the turns before; so does the conversation here.
          const spoken = withoutThinking(answer.value.text);
          if (spoken !== '') SPOKE.add(server);
          if (!SPOKE.has(server) && instead?.kind === 'tool') return refuse('SERVER_SILENT', called(instead));
          if (!SPOKE.has(server) && instead?.kind === 'refusal')
            return refuse('SERVER_REFUSED', declined(instead));
          const thought = answer.value.reasoning + answer.value.text.length;
          if (!SPOKE.has(server) && thought > 0) return refuse('SERVER_SILENT', silence(thought, finish));
          // A model that has replied before may decline one reply: that's what it said.
          const text = spoken === '' && instead?.kind === 'refusal' ? instead.said : spoken;
          if (text !== '') onText?.(text);
          const { prompt = 0, cached = 0, completion = 0 } = tokens ?? {};
          const counters = {
            context: prompt,
            prefilled: prompt - cached,
            reused: cached,
            decoded: completion,
            prefillMs: firstMs,
            decodeMs: restMs,
          };
          return ok({ text, finish, counters });
        },
        async dispose() {},
      };
    },
    async dispose() {},
  };
}

function called({ name }: Instead & { readonly kind: 'tool' }): string {
  return (
    `The server's model called a tool${name === '' ? '' : ` (${name})`} and sent no reply. Turn tools off: by ` +
    '--body \'{"tool_choice":"none"}\', or start the server without its parser of tool calls.'
  );
}

function declined({ said }: Instead & { readonly kind: 'refusal' }): string {
  return `The server's model declined to reply: ${said}. Use another model, or its server's own setting for refusals.`;
}

/** A single reply may well end within its thoughts; one that is the first of all says that every one will. */
function silence(thought: number, finish: 'stop' | 'length'): string {
  const end = finish === 'length' ? ' and was cut off within them' : '';
  return (
    `The server's model sent ${thought} characters of thoughts${end}, and no reply. Give it room with --reply-tokens, ` +
    'or turn thinking off: --thinking off, or what its server calls it, by --body.'
  );
}
