/** What an episode is played with besides the game and the student: the axes of the paper's tables. */
import type { History } from './context.ts';
import type { MemoryConfiguration } from './prompt.ts';

/** Whose scripts are put into the prompt (paper: with context distillation the teacher's, without it the student's). */
export const SCRIPT_SOURCES = ['teacher', 'student'] as const;
export type ScriptSource = (typeof SCRIPT_SOURCES)[number];

export interface EpisodeSettings {
  /** Actions at most (paper: 30). */
  readonly maxSteps: number;
  readonly memory: MemoryConfiguration;
  /** How many scripts (paper: 10). */
  readonly k: number;
  readonly scripts: ScriptSource;
  /** `full`, or how many of the latest turns the student is shown. */
  readonly history: History;
  /** Tokens at most of one reply. */
  readonly replyTokens: number;
  /** Tokens of context kept for the turns of an episode when its memories are chosen. */
  readonly turnTokens: number;
  /** The student thinks before it answers (paper: appendix E); off where it isn't given, nothing to models without. */
  readonly thinking?: boolean;
  /**
   * Replies in other forms than the prompt's count too, where they can be meant in one way only (reply-forms.ts). Where
   * it isn't given only the prompt's own form counts: the rule of the paper's tables, and of all earlier traces.
   */
  readonly replies?: 'any';
  /** Replies are held to what can be ({@link groundedRule}); off where it isn't given, as in the paper. */
  readonly grounded?: boolean;
}

/** What an evaluation reads: any model's replies, as far as they can be. */
export const ANY_REPLIES = { replies: 'any' } as const;

/** What a person watches: the same, and a student that is held to what can be. */
export const ON_STAGE = { ...ANY_REPLIES, grounded: true } as const;

/** Tokens that thinking may take besides the reply's own. */
export const THINKING_TOKENS = 1024;

export const DEFAULT_SETTINGS: EpisodeSettings = {
  maxSteps: 30,
  memory: 'memp',
  k: 10,
  scripts: 'teacher',
  history: 'full',
  replyTokens: 96,
  turnTokens: 1024,
};
