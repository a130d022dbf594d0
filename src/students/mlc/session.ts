/**
 * The 4B student: a language model in MLC's runtime that replies greedily. The runtime keeps one conversation in its
 * KV cache; a turn that continues it computes only what is new, and the counters say what was computed and what was
 * reused, by the runtime's own figures. Replies of several conversations come one after the other, in the order in which
 * they were asked for, each from its start: there is no second cache. A stop is heard after each token; while a prompt
 * is being read, after each piece of it (web-llm.ts). A lost device is opened again, and the turn is taken again. One
 * that goes silent in a reply is given up, and opened again for the next.
 */
import {
  type Conversation,
  type ConversationReply,
  NO_COUNTERS,
  type ReplyControl,
  type ReplyRequest,
} from '../../agent/conversation.ts';
import { THINKING_TOKENS } from '../../agent/settings.ts';
import { messageOf, ok, type Result, refuse } from '../../base/result.ts';
import { Silent, unlessSilent, within } from '../../base/within.ts';
import type { Thinking } from '../../weights/registry.ts';
import { COMPUTING_PATIENCE } from '../pocket/loss.ts';
import { Queue } from '../queue.ts';
import { type Clock, freed, type Student, type StudentIdentity } from '../student.ts';
import {
  chatText,
  EMPTY_THINKING_TOKENS,
  engineMessages,
  NEXT_TURN,
  spokenText,
  thinkingOf,
} from './chat.ts';
import { ContextExceeded, type EngineMessage, type EngineReply, type MlcEngine } from './engine.ts';

interface MlcParts {
  readonly identity: Omit<StudentIdentity, 'kind' | 'device'>;
  /** Opened already. */
  readonly engine: MlcEngine;
  /** Opens another when the device was lost; rejects where that fails. */
  readonly reopen: () => Promise<MlcEngine>;
  readonly contextLimit: number;
  readonly model: Thinking;
  /** Wanted for this run; nothing for models that know no thinking. */
  readonly thinking: boolean;
  readonly clock: Clock;
}

/** The student; disposing it ends the reply that is under way and frees the device's memory. */
export function createMlcStudent(parts: MlcParts): Student {
  const { identity, contextLimit, model } = parts;
  const shared = new SharedEngine(parts);
  const thinking = thinkingOf(model, parts.thinking);
  return {
    identity: { kind: 'mlc', ...identity, device: 'webgpu' },
    contextLimit,
    countTokens: (messages) =>
      shared.count(chatText(engineMessages(messages, thinking), thinking)) +
      (thinking === true ? THINKING_TOKENS : 0),
    open: () => new MlcConversation(shared, parts, thinking),
    dispose: () => shared.close(),
  };
}

/** The engine, and what it holds of which conversation: there is room for one. */
class SharedEngine {
  readonly #reopen: () => Promise<MlcEngine>;
  engine: MlcEngine;
  /** The replies that were asked for. Closed once the memory is to be freed: nothing may be opened again. */
  readonly replies = new Queue();
  /** Tokens a character, of the latest text that was counted. */
  #density = 0.4;
  /** The device said nothing for so long that nobody waits for it any more. */
  silent = false;
  /** What the KV cache holds can be continued by this conversation with these messages before a new one. */
  held: { readonly by: MlcConversation; readonly messages: readonly EngineMessage[] } | undefined;

  constructor({ engine, reopen }: MlcParts) {
    this.engine = engine;
    this.#reopen = reopen;
  }

  get lost(): boolean {
    return this.silent || this.engine.lost;
  }

  /** Estimated, closely, while the device and the tokenizer with it are gone: the next reply opens them again. */
  count(text: string): number {
    if (this.engine.lost) return Math.ceil(text.length * this.#density) + 8;
    const tokens = this.engine.countTokens(text);
    this.#density = tokens / Math.max(1, text.length);
    return tokens;
  }

  async close(): Promise<void> {
    const ended = this.replies.close();
    this.engine.interrupt();
    await ended;
    await this.#unload();
  }

  /** A device that has gone silent may not even answer to this. */
  #unload(): Promise<void> {
    return within(UNLOADING_PATIENCE, 'The GPU', this.engine.unload());
  }

  async openAgain(): Promise<void> {
    this.held = undefined;
    // What can't be freed is gone.
    await this.#unload().catch(() => undefined);
    this.engine = await this.#reopen();
    this.silent = false;
  }
}

/** Milliseconds for the device to free a model. */
const UNLOADING_PATIENCE = 30_000;

class MlcConversation implements Conversation {
  readonly #shared: SharedEngine;
  readonly #clock: Clock;
  readonly #thinking: boolean | undefined;
  readonly #over = new AbortController();

  constructor(shared: SharedEngine, { clock }: MlcParts, thinking: boolean | undefined) {
    this.#shared = shared;
    this.#clock = clock;
    this.#thinking = thinking;
  }

  /** Codes: STUDENT_FREED, CONTEXT_FULL, STUDENT_FAILED. */
  async reply(request: ReplyRequest, control: ReplyControl = {}): Promise<Result<ConversationReply>> {
    const { replies } = this.#shared;
    const signals = control.signal === undefined ? [] : [control.signal];
    const signal = AbortSignal.any([this.#over.signal, ...signals]);
    const done = await replies.run(() => this.#replyOrSay(request, { ...control, signal }), signal);
    if (replies.closed) return freed();
    return done?.value ?? ok({ text: '', finish: 'aborted', counters: NO_COUNTERS });
  }

  async #replyOrSay(request: ReplyRequest, control: ReplyControl): Promise<Result<ConversationReply>> {
    const shared = this.#shared;
    // What was shown of the reply isn't shown again where it is taken again: greedily it comes to the same.
    let shown = 0;
    const show = (text: string): void => {
      if (text.length > shown) control.onText?.(text.slice(shown));
      shown = Math.max(shown, text.length);
    };
    try {
      if (shared.lost && !shared.replies.closed) await shared.openAgain();
      try {
        return await this.#reply(request, control, show);
      } catch (error) {
        if (!shared.engine.lost || shared.replies.closed || control.signal?.aborted) throw error;
        // The messages hold everything: on a new device the turn is computed from the start.
        await shared.openAgain();
        return await this.#reply(request, control, show);
      }
    } catch (error) {
      shared.held = undefined;
      if (error instanceof Silent) shared.silent = true;
      if (error instanceof ContextExceeded) {
        return refuse('CONTEXT_FULL', "The conversation is longer than the student's context.");
      }
      // web-llm rejects with texts now and then.
      return refuse(
        'STUDENT_FAILED',
        `The device failed while the student was thinking: ${messageOf(error)}`,
      );
    }
  }

  /** What is under way is stopped. */
  async dispose(): Promise<void> {
    this.#over.abort();
    if (this.#shared.held?.by === this) this.#shared.held = undefined;
  }

  async #reply(
    { messages, maxTokens }: ReplyRequest,
    { signal }: ReplyControl,
    show: (text: string) => void,
  ): Promise<Result<ConversationReply>> {
    const { engine, replies } = this.#shared;
    const wanted = this.#toSend(engineMessages(messages, this.#thinking));
    const began = this.#clock();
    if (replies.closed || signal?.aborted) return ok({ text: '', finish: 'aborted', counters: NO_COUNTERS });
    const stop = (): void => engine.interrupt();
    signal?.addEventListener('abort', stop, { once: true });
    let first: number | undefined;
    let reply: EngineReply;
    try {
      const asked = {
        messages: wanted,
        maxTokens: maxTokens + this.#thinkingTokens(),
        thinking: this.#thinking,
      };
      reply = await unlessSilent(COMPUTING_PATIENCE, 'it', (heard) => {
        const onText = (soFar: string): void => {
          heard();
          first ??= this.#clock();
          show(spokenText(soFar));
          // It may have come before there was anything to interrupt.
          if (signal?.aborted) engine.interrupt();
        };
        return engine.generate(asked, onText, heard);
      });
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    const { text, finish, prefilled, decoded, held } = reply;
    // A reply that was cut holds a token that the cache doesn't: the runtime begins anew.
    this.#shared.held =
      finish === 'stop'
        ? { by: this, messages: [...wanted, { role: 'assistant', content: text }] }
        : undefined;
    const reused = Math.max(0, held - prefilled - Math.max(0, decoded - 1));
    const ended = this.#clock();
    return ok({
      text: spokenText(text),
      finish: finish === 'abort' ? 'aborted' : finish,
      counters: {
        context: prefilled + reused,
        prefilled,
        reused,
        decoded,
        prefillMs: (first ?? ended) - began,
        decodeMs: ended - (first ?? ended),
      },
    });
  }

  /** The runtime's messages: its own ones and the new one where they continue what it holds, else all from the start. */
  #toSend(fresh: readonly EngineMessage[]): readonly EngineMessage[] {
    const { held } = this.#shared;
    const last = fresh.at(-1);
    if (held?.by !== this || last === undefined || held.messages.length !== fresh.length - 1) return fresh;
    const same = held.messages.every(
      ({ role, content }, i) => role === fresh[i]?.role && content === fresh[i]?.content,
    );
    return same ? [...held.messages, { ...last, name: NEXT_TURN }] : fresh;
  }

  #thinkingTokens(): number {
    if (this.#thinking === undefined) return 0;
    return this.#thinking ? THINKING_TOKENS : EMPTY_THINKING_TOKENS;
  }
}
