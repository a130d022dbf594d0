/**
 * Whoever plays: a pocket model, a 4B model through web-llm, a server, a person, the scripted teacher. The loop, the
 * traces, the tables and the page don't know which.
 */
import type { Conversation } from '../agent/conversation.ts';
import type { Player } from '../agent/episode.ts';
import { type Result, refuse } from '../base/result.ts';

export type { Conversation, EpisodeView } from '../agent/conversation.ts';
export type { StudentIdentity } from '../agent/trace.ts';

/** Milliseconds from any fixed moment; injected, so that tests know what it says. */
export type Clock = () => number;

export interface Student extends Player {
  /**
   * Begins a conversation. Several may be open at once, and asked at once: where they share a runtime they are computed
   * in turn, and each comes to an end. Each costs memory until it is disposed.
   */
  open(options?: OpenOptions): Conversation;
  /** Ends what is under way, with the code STUDENT_FREED, and frees the student. */
  dispose(): Promise<void>;
}

export interface OpenOptions {
  /** For players that choose by chance. */
  readonly seed?: string;
}

/** What a reply comes to when the student is freed meanwhile. */
export function freed(): Result<never> {
  return refuse('STUDENT_FREED', 'The student was freed on this device; begin anew to load it again.');
}
