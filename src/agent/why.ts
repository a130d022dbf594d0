/**
 * Why an action was taken: the decision of one step is repeated with each memory left out in turn, and what changes is
 * measured, not guessed. For each memory: how probable the same reply would have been without it, and what the student
 * would have said instead. The whole reply is scored: the action alone, after its thought, says nothing, since the
 * thought names the place already. Memories that say the same are left out together: one of them alone is never missed.
 */

import { ok, type Result, refuse } from '../base/result.ts';
import type { World } from '../engine/index.ts';
import type { Conversation, ReplyControl } from './conversation.ts';
import { openWith, type Player, type PreparedEpisode, promptAfter, reopenEpisode } from './episode.ts';
import type { Turn } from './prompt.ts';
import type { Recalled } from './recall.ts';
import { parseReply } from './reply.ts';
import type { Trace, TraceStep } from './trace.ts';

/** What is left out. */
export type LeftOut =
  | { readonly kind: 'nothing' }
  /** Scripts that say the same, by their places among the scripts, the most similar first. */
  | { readonly kind: 'script'; readonly ids: readonly string[]; readonly places: readonly number[] }
  | { readonly kind: 'trajectory'; readonly id: string }
  | { readonly kind: 'everything' };

export interface Repeated {
  readonly without: LeftOut;
  /** Natural logarithm of the probability of the whole reply that was given, thought and action. */
  readonly logProbability: number;
  /** What the student would do now. */
  readonly action: string;
}

/**
 * Repeats the decision of a step. The first result is the decision with nothing left out, the last with everything
 * left out, if there were at least two memories; scripts come from the last to the first, since what stands before the
 * one that is left out needs no new prefill.
 * @param steps the episode's steps up to and including the one that is asked about
 * Codes: WHY_NO_STEP, WHY_NO_SCORES (this player has no probabilities), and those of the conversation.
 */
export async function* repeatDecision(
  prepared: PreparedEpisode,
  steps: readonly TraceStep[],
  conversation: Conversation,
  control: ReplyControl = {},
): AsyncGenerator<Result<Repeated>, void, undefined> {
  const step = steps.at(-1);
  if (step === undefined) return yield refuse('WHY_NO_STEP', 'The episode has no step to ask about.');
  if (conversation.score === undefined) {
    return yield noScores();
  }
  const shown = shownMemories(prepared);
  for (const without of variants(shown)) {
    const recalled = leaveOut(shown, without);
    const { setup, header } = prepared;
    const variant =
      without.kind === 'nothing' ? prepared : openWith(setup, recalled, header.memory.bank, header);
    const repeated = await repeat(variant, steps.slice(0, -1), step, conversation, without, control);
    yield repeated;
    if (!repeated.ok) return;
  }
}

/** The memories that stood in the prompt: what the context had no room for caused nothing. */
function shownMemories({ header, opening }: PreparedEpisode): Recalled {
  const { scripts, trajectory, searched } = header.memory;
  const { promptMemory } = opening;
  return {
    scripts: scripts.slice(0, promptMemory.scripts.length),
    ...(trajectory === undefined || promptMemory.trajectory === undefined ? {} : { trajectory }),
    ...(searched === undefined ? {} : { searched }),
  };
}

function variants({ scripts, trajectory }: Recalled): LeftOut[] {
  const said = new Map<string, { ids: string[]; places: number[] }>();
  for (const [place, { id, script }] of scripts.entries()) {
    const same = said.get(script.guidelines) ?? { ids: [], places: [] };
    same.ids.push(id);
    same.places.push(place);
    said.set(script.guidelines, same);
  }
  const list: LeftOut[] = [...said.values()].map((same) => ({ kind: 'script', ...same }));
  list.reverse();
  if (trajectory !== undefined) list.push({ kind: 'trajectory', id: trajectory.id });
  if (list.length > 1) list.push({ kind: 'everything' });
  return [{ kind: 'nothing' }, ...list];
}

function leaveOut({ scripts, trajectory, ...rest }: Recalled, without: LeftOut): Recalled {
  if (without.kind === 'everything') return { scripts: [] };
  const kept = without.kind === 'script' ? scripts.filter((_, i) => !without.places.includes(i)) : scripts;
  return trajectory === undefined || without.kind === 'trajectory'
    ? { ...rest, scripts: kept }
    : { ...rest, scripts: kept, trajectory };
}

async function repeat(
  prepared: PreparedEpisode,
  turns: readonly Turn[],
  step: TraceStep,
  conversation: Conversation,
  without: LeftOut,
  control: ReplyControl,
): Promise<Result<Repeated>> {
  const { setup, opening, header } = prepared;
  const { searched } = header.memory;
  const { messages } = promptAfter(prepared, turns, step.dropped.turns);
  const score = await conversation.score?.(messages, step.reply, control);
  if (score === undefined || !score.ok) return score ?? noScores();
  const view = {
    intro: setup.world.intro,
    steps: [],
    scripts: opening.promptMemory.scripts,
    ...(searched === undefined ? {} : { searched }),
    admissible: () => [],
  };
  const reply = await conversation.reply({ messages, view, maxTokens: setup.settings.replyTokens }, control);
  if (!reply.ok) return reply;
  if (reply.value.finish === 'aborted') return refuse('STUDENT_STOPPED', 'It was stopped.');
  const { action } = parseReply(reply.value.text, reply.value.finish, setup.settings.replies);
  return ok({ without, logProbability: score.value.logProbability, action });
}

/** What one memory did for an action. */
export interface WhyPart {
  readonly kind: 'script' | 'trajectory' | 'all';
  /** The memories' that say this; none for all of them. */
  readonly ids: readonly string[];
  /** Its task, for a person. */
  readonly label: string;
  /** Of the reply that was given, thought and action, without this memory; natural. */
  readonly logProbability: number;
  /** What the student would do without it. */
  readonly instead: string;
}

export interface WhyReport {
  readonly step: number;
  readonly action: string;
  /** Of the reply that was given, thought and action, with every memory in place; natural. */
  readonly logProbability: number;
  /** The most similar memory first, all of them last. */
  readonly parts: readonly WhyPart[];
}

/**
 * Why a step of a trace was taken: {@link repeatDecision}, read from the trace.
 * @param stepNumber from 1
 * @param onProgress how many of the decisions have been repeated
 * Codes: WHY_NO_STEP, WHY_NO_SCORES, and those of the conversation.
 */
export async function explainStep(
  { header, steps }: Trace,
  stepNumber: number,
  world: World,
  player: Player,
  conversation: Conversation,
  onProgress: (done: number, total: number) => void = () => {},
  control: ReplyControl = {},
): Promise<Result<WhyReport>> {
  const prepared = reopenEpisode(header, world, player, header.memory);
  const shown = shownMemories(prepared);
  const total = variants(shown).length;
  const labels = new Map(shown.scripts.map(({ id, script }) => [id, script.taskName]));
  const parts: WhyPart[] = [];
  let whole: Repeated | undefined;
  const until = stepNumber < 1 || stepNumber > steps.length ? [] : steps.slice(0, stepNumber);
  for await (const repeated of repeatDecision(prepared, until, conversation, control)) {
    if (!repeated.ok) return repeated;
    const { without, logProbability, action: instead } = repeated.value;
    const figures = { logProbability, instead };
    if (without.kind === 'nothing') whole = repeated.value;
    else if (without.kind === 'script') {
      const [first = '', ...more] = without.ids;
      const same = more.length === 0 ? '' : `, and ${more.length} more that say the same`;
      const label = `${labels.get(first) ?? ''}${same}`;
      parts.unshift({ kind: 'script', ids: without.ids, label, ...figures });
    } else if (without.kind === 'trajectory')
      parts.push({ kind: 'trajectory', ids: [without.id], label: 'the reference trajectory', ...figures });
    else parts.push({ kind: 'all', ids: [], label: 'every memory', ...figures });
    onProgress(parts.length + 1, total);
  }
  if (whole === undefined) return refuse('WHY_NO_STEP', "The episode doesn't have that step.");
  const action = steps[stepNumber - 1]?.action ?? '';
  return ok({ step: stepNumber, action, logProbability: whole.logProbability, parts });
}

/**
 * How much each step of a trace owes to its memories as a whole: for each step the log-probability of its reply as it
 * was given, and the same without any memory. Two conversations, so that each goes on where it was.
 * Codes: WHY_NO_SCORES, and those of the conversations.
 */
export async function weighSteps(
  { header, steps }: Trace,
  world: World,
  player: Player,
  open: () => Conversation,
): Promise<Result<{ readonly with: number; readonly without: number }[]>> {
  const sides: number[][] = [];
  for (const recalled of [header.memory, { scripts: [] }]) {
    const prepared = reopenEpisode(header, world, player, recalled);
    const conversation = open();
    const scores: number[] = [];
    try {
      for (const [i, step] of steps.entries()) {
        const { messages } = promptAfter(prepared, steps.slice(0, i), step.dropped.turns);
        const score = await conversation.score?.(messages, step.reply);
        if (score === undefined) return noScores();
        if (!score.ok) return score;
        scores.push(score.value.logProbability);
      }
    } finally {
      await conversation.dispose();
    }
    sides.push(scores);
  }
  const [remembering = [], bare = []] = sides;
  return ok(remembering.map((score, i) => ({ with: score, without: bare[i] as number })));
}

function noScores(): Result<never> {
  return refuse(
    'WHY_NO_SCORES',
    'This player has no probabilities to compare: only a model can be asked why.',
  );
}
