/**
 * What the episode loop needs of whoever plays: a reply to the conversation so far. Implemented in src/students;
 * stated here because the loop stands below them.
 */
import type { Result } from '../base/result.ts';
import type { Searched } from '../teacher/searched.ts';
import type { ReplyRule } from './grounding.ts';
import type { Message } from './prompt.ts';

/** What a player may know of the episode besides the messages; persons and scripts read it, models the messages. */
export interface EpisodeView {
  /** The text at reset. */
  readonly intro: string;
  /** All steps so far, also those that an input strategy leaves out of the messages. */
  readonly steps: readonly { readonly action: string; readonly observation: string }[];
  /** Scripts that were retrieved, the most similar first; empty where the memory configuration has none. */
  readonly scripts: readonly { readonly taskName: string; readonly guidelines: string }[];
  /** Where in the home the task's things were looked for, as far as memories tell. */
  readonly searched?: readonly Searched[];
  /** The commands that are accepted now: hints for a person, choices for a random baseline. No model is shown them. */
  admissible(): readonly string[];
}

export interface ReplyRequest {
  /** The whole conversation so far; the last message is the user's. */
  readonly messages: readonly Message[];
  readonly view: EpisodeView;
  /** The reply ends after this many tokens, finished or not. */
  readonly maxTokens: number;
  /** What the reply is held to; given only to players that {@link Player.holdsReplies}. */
  readonly rule?: ReplyRule;
}

export interface ReplyControl {
  /** Stops the reply within one token; what was said until then is returned. */
  readonly signal?: AbortSignal;
  /** Called with each further piece of the reply's text. */
  readonly onText?: (piece: string) => void;
}

/** What one reply took. Tokens are the student's own; 0 where it has none (a person, a script). */
export interface ReplyCounters {
  /** Tokens in the context when the reply began: prefilled + reused. */
  readonly context: number;
  /** Tokens of the prompt that had to be computed. */
  readonly prefilled: number;
  /** Tokens of the prompt that the KV cache still held, or that were read ahead. */
  readonly reused: number;
  readonly decoded: number;
  /** Milliseconds until the first token of the reply could be chosen. */
  readonly prefillMs: number;
  /** Milliseconds for the reply's tokens after that. */
  readonly decodeMs: number;
  /** Tokens in whose place the student would have said others, had it not been held to a rule. */
  readonly overruled?: number;
}

/** Why a reply ended: the player was done, `maxTokens` were said, or it was told to stop. */
export type Finish = 'stop' | 'length' | 'aborted';

export interface ConversationReply {
  readonly text: string;
  readonly finish: Finish;
  readonly counters: ReplyCounters;
}

/** Log-probabilities (natural) of a given reply's tokens, the end of the turn included as the last, empty one. */
export interface ReplyScore {
  readonly tokens: readonly { readonly text: string; readonly logProbability: number }[];
  /** Their sum. */
  readonly logProbability: number;
}

/** One episode's conversation. Calls that overlap are answered one after the other. */
export interface Conversation {
  /**
   * Replies to the conversation so far. Being stopped isn't a refusal; a device that is lost or a server that fails is.
   */
  reply(request: ReplyRequest, control?: ReplyControl): Promise<Result<ConversationReply>>;
  /**
   * Reads messages before a reply to them is asked for, which then computes no more than what they didn't have; other
   * messages are replied to just as well. Stopped, it keeps what it has read.
   * @returns whether all of it was read; absent where nothing is gained by it
   */
  read?(messages: readonly Message[], control?: Pick<ReplyControl, 'signal'>): Promise<boolean>;
  /** How probable a reply would be after these messages; absent where the player has no probabilities. */
  score?(messages: readonly Message[], reply: string, control?: ReplyControl): Promise<Result<ReplyScore>>;
  /** Stops what is under way and frees what the conversation holds; whatever is asked afterwards counts as stopped. */
  dispose(): Promise<void>;
}

export const NO_COUNTERS: ReplyCounters = {
  context: 0,
  prefilled: 0,
  reused: 0,
  decoded: 0,
  prefillMs: 0,
  decodeMs: 0,
};
