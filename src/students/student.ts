/**
 * Whoever plays: a pocket model, a 4B model through web-llm, a server, a person, the scripted teacher. The loop, the
 * traces, the tables and the page don't know which.
 */
import type { Conversation } from '../agent/conversation.ts';
import type { Player } from '../agent/episode.ts';

export type {
  Conversation,
  ConversationReply,
  EpisodeView,
  Finish,
  ReplyControl,
  ReplyCounters,
  ReplyRequest,
  ReplyScore,
} from '../agent/conversation.ts';
export type { Player } from '../agent/episode.ts';
export type { Message } from '../agent/prompt.ts';
export type { StudentIdentity } from '../agent/trace.ts';

/** Milliseconds from any fixed moment; injected, so that tests know what it says. */
export type Clock = () => number;

export interface Student extends Player {
  /** Begins a conversation. Several may be open at once; each costs memory until it is disposed. */
  open(options?: OpenOptions): Conversation;
  /** Frees the student; its conversations must be disposed before. */
  dispose(): Promise<void>;
}

export interface OpenOptions {
  /** For players that choose by chance. */
  readonly seed?: string;
}
