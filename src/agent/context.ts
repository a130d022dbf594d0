/**
 * The context budget: what of an episode's prompt is left out when the student's context is too short for it.
 *
 * The rule, in this order:
 * 1. At the start of an episode, with room kept for the turns to come: scripts go, the least similar first, then the
 *    reference trajectory. Never changed afterwards, since it would void the KV cache.
 * 2. During the episode, when the next reply doesn't fit: the oldest turns go, half of them at once (so that the
 *    cache is rebuilt seldom), but never the latest turn.
 * What went is recorded in {@link Dropped}. If even the task and the latest turn don't fit, nothing more can be done:
 * `fits` is false.
 */
import type { Trajectory } from '../memory/entry.ts';
import { historyMessages, type Message, openingMessages, type PromptMemory, type Turn } from './prompt.ts';

/** How the paper's students are shown the past (its table 5): everything, or only the last n turns. */
export type History = 'full' | number;

export interface ContextBudget {
  /** Tokens that the student's context holds: prompt and reply. */
  readonly context: number;
  /** Tokens kept for one reply. */
  readonly reply: number;
  /** Tokens kept for the turns of an episode when its memories are chosen. */
  readonly turns: number;
  /** Length of rendered messages in the student's tokens, with the generation prompt. */
  readonly count: (messages: readonly Message[]) => number;
}

/** What the rule left out. */
export interface Dropped {
  readonly scripts: number;
  readonly trajectory: boolean;
  /** The oldest turns; for a history of the last n also those that the strategy hides. */
  readonly turns: number;
}

/** The part of an episode's prompt that never changes. */
export interface Opening {
  readonly messages: readonly Message[];
  readonly promptMemory: PromptMemory;
  readonly dropped: Omit<Dropped, 'turns'>;
}

export interface Prompt {
  readonly messages: readonly Message[];
  readonly dropped: Dropped;
  readonly fits: boolean;
}

/** Rule 1. Shows what of the memories there is room for. */
export function openEpisode(
  intro: string,
  promptMemory: PromptMemory,
  budget: ContextBudget,
  dialect: 'move' | 'put' = 'move',
): Opening {
  const room = budget.context - budget.reply - budget.turns;
  let kept = promptMemory;
  for (;;) {
    const messages = openingMessages(intro, kept, dialect);
    const nothingLeft = kept.scripts.length === 0 && kept.trajectory === undefined;
    if (nothingLeft || budget.count(messages) <= room) {
      const scripts = promptMemory.scripts.length - kept.scripts.length;
      const trajectory = promptMemory.trajectory !== undefined && kept.trajectory === undefined;
      return { messages, promptMemory: kept, dropped: { scripts, trajectory } };
    }
    kept =
      kept.scripts.length > 0
        ? { scripts: kept.scripts.slice(0, -1), ...trajectoryOf(kept.trajectory) }
        : { scripts: [] };
  }
}

function trajectoryOf(trajectory: Trajectory | undefined): { trajectory?: Trajectory } {
  return trajectory === undefined ? {} : { trajectory };
}

/**
 * Rule 2. The prompt for the student's next turn.
 * @param dropped turns that earlier prompts of this episode left out already (their `dropped.turns`).
 */
export function nextPrompt(
  opening: Opening,
  turns: readonly Turn[],
  budget: ContextBudget,
  history: History = 'full',
  dropped = 0,
): Prompt {
  const room = budget.context - budget.reply;
  let first = history === 'full' ? dropped : Math.max(dropped, turns.length - history);
  first = Math.max(0, Math.min(first, turns.length - 1));
  for (;;) {
    const messages = [...opening.messages, ...historyMessages(turns.slice(first))];
    const fits = budget.count(messages) <= room;
    const left = turns.length - first;
    if (fits || left <= 1) return { messages, dropped: { ...opening.dropped, turns: first }, fits };
    first += Math.ceil(left / 2);
    first = Math.min(first, turns.length - 1);
  }
}
