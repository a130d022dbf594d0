/**
 * The summary of a run: success with its interval, steps, time. Made from episode results alone, and the same in
 * whatever order they come, so that the parts of a run add up to the whole.
 */

import { REPLY_OUTCOMES, type ReplyOutcome } from '../agent/reply.ts';
import { REPLY_FORMS, type ReplyForm } from '../agent/reply-forms.ts';
import { compareCodePoints } from '../base/order.ts';
import { mean, stableSum, wilsonInterval } from '../base/statistics.ts';
import type { EpisodeResult } from './result.ts';

export interface SuccessFigures {
  readonly episodes: number;
  readonly solved: number;
  readonly successRate: number;
  /** 95 %, Wilson. */
  readonly successInterval: readonly [low: number, high: number];
  /** Over all episodes: a lost one counts with all its steps, as in the paper. */
  readonly meanSteps: number;
}

export interface Summary extends SuccessFigures {
  /** Over the solved episodes; null where there are none. */
  readonly meanStepsSolved: number | null;
  /** Share of steps whose observation was 'Nothing happens.'. */
  readonly nothingHappensRate: number;
  /** Share of steps that make no sense (senselessSteps in result.ts); null where a result didn't count them. */
  readonly senselessRate: number | null;
  /** Mean time that the student took an episode. */
  readonly secondsPerTask: number;
  readonly byTaskType: Readonly<Record<string, SuccessFigures>>;
  /** Steps by what became of the reply. */
  readonly replies: Readonly<Record<ReplyOutcome, number>>;
  /** Steps whose action stands in another form than the prompt's, by form. */
  readonly replyForms: Readonly<Partial<Record<ReplyForm, number>>>;
  /** Means an episode. */
  readonly tokens: {
    readonly firstContext: number;
    readonly lastContext: number;
    readonly prefilled: number;
    readonly reused: number;
    readonly decoded: number;
  };
  /** Episodes in which something was left out of a prompt because the context was full. */
  readonly shortenedEpisodes: number;
}

export function summarise(results: readonly EpisodeResult[]): Summary {
  const steps = stableSum(results.map((result) => result.steps));
  const solved = results.filter((result) => result.won);
  const types = [...new Set(results.map((result) => result.taskType))].sort(compareCodePoints);
  const average = (figure: (result: EpisodeResult) => number): number => mean(results.map(figure));
  return {
    ...successFigures(results),
    meanStepsSolved: solved.length === 0 ? null : mean(solved.map((result) => result.steps)),
    nothingHappensRate: steps === 0 ? 0 : stableSum(results.map((result) => result.nothingHappens)) / steps,
    senselessRate: senselessRate(results, steps),
    secondsPerTask: average((result) => result.seconds),
    byTaskType: Object.fromEntries(
      types.map((type) => [type, successFigures(results.filter((result) => result.taskType === type))]),
    ),
    replies: Object.fromEntries(
      REPLY_OUTCOMES.map((outcome) => [
        outcome,
        stableSum(results.map((result) => result.outcomes[outcome] ?? 0)),
      ]),
    ) as Record<ReplyOutcome, number>,
    replyForms: formsOf(results),
    tokens: {
      firstContext: average((result) => result.firstContext),
      lastContext: average((result) => result.lastContext),
      prefilled: average((result) => result.prefilled),
      reused: average((result) => result.reused),
      decoded: average((result) => result.decoded),
    },
    shortenedEpisodes: results.filter((result) => result.shortened > 0).length,
  };
}

function senselessRate(results: readonly EpisodeResult[], steps: number): number | null {
  const counted = results.flatMap(({ senseless }) => senseless ?? []);
  return counted.length < results.length || steps === 0 ? null : stableSum(counted) / steps;
}

function formsOf(results: readonly EpisodeResult[]): Summary['replyForms'] {
  const counted = REPLY_FORMS.map((form) => {
    const steps = stableSum(results.map(({ forms }) => forms?.[form] ?? 0));
    return [form, steps] as const;
  });
  return Object.fromEntries(counted.filter(([, steps]) => steps > 0));
}

function successFigures(results: readonly EpisodeResult[]): SuccessFigures {
  const solved = results.filter((result) => result.won).length;
  return {
    episodes: results.length,
    solved,
    successRate: results.length === 0 ? 0 : solved / results.length,
    successInterval: wilsonInterval(solved, results.length),
    meanSteps: mean(results.map((result) => result.steps)),
  };
}
