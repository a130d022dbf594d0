/**
 * The pocket student: a small language model that replies greedily, over a KV cache that lasts from turn to turn. A
 * reply depends on the messages alone: what it said before is read again from its text, so that an episode can be
 * continued from its trace.
 */
import type {
  Conversation,
  ConversationReply,
  ReplyControl,
  ReplyRequest,
  ReplyScore,
} from '../../agent/conversation.ts';
import type { Message } from '../../agent/prompt.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { Clock, Student, StudentIdentity } from '../student.ts';
import { CachedContext } from './cached-context.ts';
import { greatest, logProbability } from './logits.ts';
import type { Runtime } from './runtime.ts';
import { TextStream } from './text-stream.ts';

/** What the session needs of a tokenizer; tokenizer.ts has it. */
export interface ChatTokenizer {
  /** Ends a turn. */
  readonly turnEnd: number;
  encode(text: string): number[];
  /** A whole conversation; with the start of the reply where it is asked for. */
  encodeChat(messages: readonly Message[], generationPrompt: boolean): number[];
  /** Special tokens have no text. */
  decode(tokens: readonly number[]): string;
}

export interface PocketParts {
  readonly identity: Omit<StudentIdentity, 'kind' | 'device'>;
  readonly runtime: Runtime;
  readonly tokenizer: ChatTokenizer;
  readonly clock: Clock;
}

/** The student; disposing it disposes the runtime. */
export function createPocketStudent({ identity, runtime, tokenizer, clock }: PocketParts): Student {
  return {
    identity: { kind: 'pocket', ...identity, device: runtime.device },
    contextLimit: runtime.contextLimit,
    countTokens: (messages) => tokenizer.encodeChat(messages, true).length,
    open: () => new PocketConversation(runtime, tokenizer, clock),
    dispose: () => runtime.dispose(),
  };
}

class PocketConversation implements Conversation {
  readonly #runtime: Runtime;
  readonly #tokenizer: ChatTokenizer;
  readonly #clock: Clock;
  readonly #context: CachedContext;
  #busy = false;

  constructor(runtime: Runtime, tokenizer: ChatTokenizer, clock: Clock) {
    this.#runtime = runtime;
    this.#tokenizer = tokenizer;
    this.#clock = clock;
    this.#context = new CachedContext(runtime);
  }

  /** Codes: STUDENT_BUSY, CONTEXT_FULL, STUDENT_NUMBERS (the device computes no numbers), STUDENT_FAILED. */
  reply(request: ReplyRequest, control: ReplyControl = {}): Promise<Result<ConversationReply>> {
    return this.#exclusively(() => this.#reply(request, control));
  }

  /** Codes: those of {@link reply}, and STUDENT_STOPPED. */
  score(
    messages: readonly Message[],
    reply: string,
    control: ReplyControl = {},
  ): Promise<Result<ReplyScore>> {
    return this.#exclusively(() => this.#score(messages, reply, control));
  }

  async dispose(): Promise<void> {
    this.#context.release();
  }

  async #exclusively<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    if (this.#busy) return refuse('STUDENT_BUSY', 'The student is still replying to what was asked before.');
    this.#busy = true;
    try {
      return await work();
    } catch (error) {
      this.#context.clear();
      const message = error instanceof Error ? error.message : String(error);
      return refuse('STUDENT_FAILED', `The device failed while the student was thinking: ${message}`);
    } finally {
      this.#busy = false;
    }
  }

  async #reply(
    { messages, maxTokens }: ReplyRequest,
    { signal, onText }: ReplyControl,
  ): Promise<Result<ConversationReply>> {
    const prompt = this.#tokenizer.encodeChat(messages, true);
    if (prompt.length >= this.#runtime.contextLimit) return this.#full(prompt.length);
    const began = this.#clock();
    const filled = await this.#context.prefill(prompt, signal);
    const started = this.#clock();
    const stream = new TextStream(this.#tokenizer);
    const reused = filled?.reused ?? 0;
    const reply = (finish: ConversationReply['finish'], decoded: number): Result<ConversationReply> => {
      const rest = stream.end();
      if (rest !== '' && finish !== 'aborted') onText?.(rest);
      return ok({
        text: stream.text,
        finish,
        counters: {
          context: prompt.length,
          prefilled: prompt.length - reused,
          reused,
          decoded,
          prefillMs: started - began,
          decodeMs: this.#clock() - started,
        },
      });
    };
    if (filled === undefined) return reply('aborted', 0);
    const room = Math.min(maxTokens, this.#runtime.contextLimit - prompt.length);
    let { logits } = filled;
    for (let decoded = 1; ; decoded++) {
      const token = greatest(logits);
      if (token === undefined) return this.#noNumbers();
      if (this.#endsTurn(token)) return reply('stop', decoded);
      const piece = stream.push(token);
      if (piece !== '') onText?.(piece);
      if (decoded >= room) return reply('length', decoded);
      await this.#runtime.breathe();
      if (signal?.aborted) return reply('aborted', decoded);
      logits = await this.#context.extend([token], 1);
    }
  }

  async #score(
    messages: readonly Message[],
    text: string,
    { signal }: ReplyControl,
  ): Promise<Result<ReplyScore>> {
    const prompt = this.#tokenizer.encodeChat(messages, true);
    const reply = this.#tokenizer.encode(text);
    const length = prompt.length + reply.length;
    if (length > this.#runtime.contextLimit) return this.#full(length);
    const filled = await this.#context.prefill(prompt, signal);
    if (filled === undefined)
      return refuse('STUDENT_STOPPED', 'The student was stopped while it was reading.');
    const vocabulary = this.#runtime.vocabulary;
    // Row i predicts token i of the reply: the prompt's last token the first one, the reply's last the end of the turn.
    const after = reply.length === 0 ? new Float32Array(0) : await this.#context.extend(reply, reply.length);
    const tokens = [...reply, this.#tokenizer.turnEnd].map((token, i) => {
      const row = i === 0 ? filled.logits : after.subarray((i - 1) * vocabulary, i * vocabulary);
      return { text: this.#tokenizer.decode([token]), logProbability: logProbability(row, token) };
    });
    const sum = tokens.reduce((total, token) => total + token.logProbability, 0);
    return Number.isNaN(sum) ? this.#noNumbers() : ok({ tokens, logProbability: sum });
  }

  /** A token without a text is a special one: the turn's end, or the start of a turn that isn't the student's. */
  #endsTurn(token: number): boolean {
    return token === this.#tokenizer.turnEnd || this.#tokenizer.decode([token]) === '';
  }

  #noNumbers(): Result<never> {
    this.#context.clear();
    return refuse('STUDENT_NUMBERS', 'The device computed no numbers: it can not run this model.');
  }

  #full(length: number): Result<never> {
    const message = `The conversation has ${length} tokens, the student's context ${this.#runtime.contextLimit}.`;
    return refuse('CONTEXT_FULL', message);
  }
}
