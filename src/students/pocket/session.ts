/**
 * The pocket student: a small language model that replies greedily, over a KV cache that lasts from turn to turn. A
 * reply depends on the messages alone: what it said before is read again from its text, so that an episode can be
 * continued from its trace.
 */
import {
  type Conversation,
  type ConversationReply,
  NO_COUNTERS,
  type ReplyControl,
  type ReplyRequest,
  type ReplyScore,
} from '../../agent/conversation.ts';
import type { Message, ReadAs } from '../../agent/prompt.ts';
import { messageOf, ok, type Result, refuse } from '../../base/result.ts';
import { Queue } from '../queue.ts';
import { type Clock, freed, type Student, type StudentIdentity } from '../student.ts';
import { CachedContext } from './cached-context.ts';
import { logProbability } from './logits.ts';
import { Lookahead } from './lookahead.ts';
import { ReplyWriter } from './reply-writer.ts';
import type { Runtime } from './runtime.ts';
import { RuntimeFreed, type Share, SharedRuntime } from './shared-runtime.ts';

/** What the session needs of a tokenizer; tokenizer.ts has it. */
export interface ChatTokenizer {
  /** Ends a turn. */
  readonly turnEnd: number;
  encode(text: string): number[];
  /** A whole conversation; with the start of the reply where it is asked for. */
  encodeChat(messages: readonly Message[], generationPrompt: boolean): number[];
  /** Messages as {@link encodeChat} encodes them; absent where it takes them as they are. */
  asRead?(messages: readonly Message[]): ReadAs;
  /** Special tokens have no text. */
  decode(tokens: readonly number[]): string;
}

interface PocketParts {
  readonly identity: Omit<StudentIdentity, 'kind' | 'device'> & { readonly kind?: 'pocket' | 'smollm2' };
  readonly runtime: Runtime;
  readonly tokenizer: ChatTokenizer;
  readonly clock: Clock;
}

/** The student; disposing it ends what is under way and disposes the runtime. */
export function createPocketStudent({ identity, runtime, tokenizer, clock }: PocketParts): Student {
  const shared = new SharedRuntime(runtime, clock);
  return {
    identity: { kind: 'pocket', ...identity, device: runtime.device },
    contextLimit: runtime.contextLimit,
    holdsReplies: true,
    knowsTemplates: true,
    ...(tokenizer.asRead && { asRead: tokenizer.asRead.bind(tokenizer) }),
    countTokens: (messages) => tokenizer.encodeChat(messages, true).length,
    open: () => new PocketConversation(shared.share(), tokenizer, clock),
    dispose: () => shared.dispose(),
  };
}

class PocketConversation implements Conversation {
  readonly #runtime: Share;
  readonly #tokenizer: ChatTokenizer;
  readonly #clock: Clock;
  readonly #context: CachedContext;
  /** What is asked of this conversation. */
  readonly #asked = new Queue();
  #over: Promise<void> | undefined;

  constructor(runtime: Share, tokenizer: ChatTokenizer, clock: Clock) {
    this.#runtime = runtime;
    this.#tokenizer = tokenizer;
    this.#clock = clock;
    this.#context = new CachedContext(runtime);
  }

  /** Codes: STUDENT_FREED, CONTEXT_FULL, STUDENT_NUMBERS (the device computes no numbers), STUDENT_FAILED. */
  async reply(request: ReplyRequest, control: ReplyControl = {}): Promise<Result<ConversationReply>> {
    const reply = await this.#next(control.signal, (stop) => this.#reply(request, stop, control.onText));
    return reply ?? ok({ text: '', finish: 'aborted', counters: NO_COUNTERS });
  }

  async read(messages: readonly Message[], { signal }: ReplyControl = {}): Promise<boolean> {
    const done = await this.#next(signal, async (stop) => {
      const prompt = this.#tokenizer.encodeChat(messages, true);
      if (prompt.length >= this.#runtime.contextLimit) return this.#full(prompt.length);
      return ok((await this.#context.prefill(prompt, stop)) !== undefined);
    });
    return done?.ok === true && done.value;
  }

  /** Codes: those of {@link reply}, and STUDENT_STOPPED. */
  async score(
    messages: readonly Message[],
    reply: string,
    { signal }: ReplyControl = {},
  ): Promise<Result<ReplyScore>> {
    return (await this.#next(signal, (stop) => this.#score(messages, reply, stop))) ?? stopped();
  }

  /** What is under way is stopped first. */
  dispose(): Promise<void> {
    this.#over ??= this.#asked.close().then(() => this.#context.release());
    return this.#over;
  }

  /** Undefined where it was stopped before its turn came. */
  async #next<T>(
    signal: AbortSignal | undefined,
    work: (stop: Stop) => Promise<Result<T>>,
  ): Promise<Result<T> | undefined> {
    const asked = this.#asked;
    const stop: Stop = {
      get aborted() {
        return asked.closed || (signal?.aborted ?? false);
      },
    };
    const done = await asked.run(async () => {
      try {
        return await work(stop);
      } catch (error) {
        if (error instanceof RuntimeFreed) return freed();
        this.#context.clear();
        return refuse(
          'STUDENT_FAILED',
          `The device failed while the student was thinking: ${messageOf(error)}`,
        );
      }
    }, signal);
    return done?.value;
  }

  async #reply(
    { messages, maxTokens, rule }: ReplyRequest,
    stop: Stop,
    onText: ReplyControl['onText'],
  ): Promise<Result<ConversationReply>> {
    const prompt = this.#tokenizer.encodeChat(messages, true);
    if (prompt.length >= this.#runtime.contextLimit) return this.#full(prompt.length);
    /** Milliseconds, without those in which others were computed. */
    const spent = (): number => this.#clock() - this.#runtime.workedForOthers;
    const began = spent();
    const filled = await this.#context.prefill(prompt, stop);
    const started = spent();
    const writer = new ReplyWriter(this.#tokenizer, rule);
    const reused = filled?.reused ?? 0;
    const reply = (finish: ConversationReply['finish'], decoded: number): Result<ConversationReply> => {
      const rest = writer.end();
      if (rest !== '' && finish !== 'aborted') onText?.(rest);
      return ok({
        text: writer.text,
        finish,
        counters: {
          context: prompt.length,
          prefilled: prompt.length - reused,
          reused,
          decoded,
          prefillMs: started - began,
          decodeMs: spent() - started,
          ...(rule === undefined ? {} : { overruled: writer.overruled }),
        },
      });
    };
    if (filled === undefined) return reply('aborted', 0);
    const room = Math.min(maxTokens, this.#runtime.contextLimit - prompt.length);
    const { vocabulary, guesses } = this.#runtime;
    const ahead = new Lookahead(this.#context, vocabulary, guesses);
    let { logits } = filled;
    for (let decoded = 1; ; decoded++) {
      const step = writer.next(logits);
      if (step === undefined) return this.#noNumbers();
      if (step.kind === 'end') return reply('stop', decoded);
      if (step.piece !== '') onText?.(step.piece);
      if (decoded >= room) return reply('length', decoded);
      await this.#runtime.breathe();
      if (stop.aborted) return reply('aborted', decoded);
      if (step.kind === 'back') await ahead.rewind(prompt.length + step.length);
      logits = await ahead.say(step.token, room - decoded - 1);
    }
  }

  async #score(messages: readonly Message[], text: string, stop: Stop): Promise<Result<ReplyScore>> {
    const prompt = this.#tokenizer.encodeChat(messages, true);
    const reply = this.#tokenizer.encode(text);
    const length = prompt.length + reply.length;
    if (length > this.#runtime.contextLimit) return this.#full(length);
    const filled = await this.#context.prefill(prompt, stop);
    if (filled === undefined) return stopped();
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

  #noNumbers(): Result<never> {
    this.#context.clear();
    return refuse('STUDENT_NUMBERS', "The device computed no numbers: it can't run this model.");
  }

  #full(length: number): Result<never> {
    const message = `The conversation has ${length} tokens, the student's context ${this.#runtime.contextLimit}.`;
    return refuse('CONTEXT_FULL', message);
  }
}

/** Says whether to stop; looked at between two tokens, and two pieces of a prompt. */
type Stop = Pick<AbortSignal, 'aborted'>;

function stopped(): Result<never> {
  return refuse('STUDENT_STOPPED', 'The student was stopped while it was reading.');
}
