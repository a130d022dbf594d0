/** What a run keeps of an episode: the figures that summaries and tables are made of, taken from its trace. */

import { parseReply, type ReplyOutcome } from '../agent/reply.ts';
import type { ReplyForm } from '../agent/reply-forms.ts';
import type { Trace, TraceStep } from '../agent/trace.ts';
import { stableSum } from '../base/statistics.ts';
import { NOTHING_HAPPENS } from '../engine/index.ts';
import { Known, namesIn } from '../player/known.ts';

export interface EpisodeResult {
  readonly game: string;
  readonly taskType: string;
  readonly won: boolean;
  readonly steps: number;
  /** Steps whose observation was 'Nothing happens.'. */
  readonly nothingHappens: number;
  /** Steps that {@link senselessSteps} counts; results of before they were counted have none. */
  readonly senseless?: number;
  /** Steps by what became of the reply. */
  readonly outcomes: Readonly<Partial<Record<ReplyOutcome, number>>>;
  /**
   * Steps whose action stands in another form than the prompt's, by form: played, or left unread where only the
   * prompt's own form counts. Results of before forms were told apart have none.
   */
  readonly forms?: Readonly<Partial<Record<ReplyForm, number>>>;
  /** Time that the student took. */
  readonly seconds: number;
  /** Sums over the steps. */
  readonly prefilled: number;
  readonly reused: number;
  readonly decoded: number;
  /** Tokens in the context of the first and of the last reply. */
  readonly firstContext: number;
  readonly lastContext: number;
  /** Steps whose prompt left something out. */
  readonly shortened: number;
}

export function episodeResult(trace: Trace): EpisodeResult {
  const { header, steps, end } = trace;
  const outcomes: Partial<Record<ReplyOutcome, number>> = {};
  for (const { outcome } of steps) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const forms: Partial<Record<ReplyForm, number>> = {};
  for (const step of steps) {
    const form = formOf(step);
    if (form !== 'plain') forms[form] = (forms[form] ?? 0) + 1;
  }
  const total = (figure: (step: Trace['steps'][number]) => number): number => stableSum(steps.map(figure));
  return {
    game: header.game.key,
    taskType: header.game.taskType,
    won: end?.end === 'won',
    steps: steps.length,
    nothingHappens: steps.filter((step) => step.observation === NOTHING_HAPPENS).length,
    senseless: senselessSteps(trace),
    outcomes,
    forms,
    seconds: total(({ counters }) => counters.prefillMs + counters.decodeMs) / 1000,
    prefilled: total(({ counters }) => counters.prefilled),
    reused: total(({ counters }) => counters.reused),
    decoded: total(({ counters }) => counters.decoded),
    firstContext: steps[0]?.counters.context ?? 0,
    lastContext: steps.at(-1)?.counters.context ?? 0,
    shortened: steps.filter(({ dropped }) => dropped.scripts > 0 || dropped.trajectory || dropped.turns > 0)
      .length,
  };
}

/**
 * Steps that no player with its eyes open takes: a command given again that just did nothing, while nothing has changed
 * since, or a name, in thought or action, that was neither seen nor told (by the room's text, the task, a script).
 */
export function senselessSteps({ header, steps }: Pick<Trace, 'header' | 'steps'>): number {
  const { scripts, dropped } = header.memory;
  const shown = scripts.slice(0, scripts.length - dropped.scripts);
  const told = namesIn([header.intro, ...shown.map(({ script }) => script.guidelines)].join('\n'));
  const known = new Known(header.intro);
  return steps.filter(({ thought, action, observation }) => {
    const names = new Set([...told, ...known.places, ...known.things]);
    const senseless =
      known.isFutile(action) || namesIn(`${thought}\n${action}`).some((name) => !names.has(name));
    known.observe(action, observation);
    return senseless;
  }).length;
}

/** In which form a reply holds its action, whether it was read or not. */
export function formOf({ reply, finish }: Pick<TraceStep, 'reply' | 'finish'>): ReplyForm {
  return parseReply(reply, finish, 'any').form;
}
