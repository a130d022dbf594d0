/**
 * Why a step was taken: the decision is scored again with each memory left out in turn. What is measured is the
 * probability of the very action that was taken, in the student's own numbers; nothing is guessed.
 */
import { openWith } from '../../src/agent/episode.ts';
import { historyMessages } from '../../src/agent/prompt.ts';
import type { Recalled } from '../../src/agent/recall.ts';
import type { Trace } from '../../src/agent/trace.ts';
import { ok, type Result, refuse } from '../../src/engine/result.ts';
import type { Conversation, Student } from '../../src/students/student.ts';
import type { WhyPart, WhyReport } from '../protocol.ts';
import type { LoadedGame } from './games.ts';

/**
 * Codes: WHY_STEP (there is no such step), WHY_NO_SCORES (this student has no probabilities), and those of scoring.
 * @param stepNumber from 1
 */
export async function explainStep(
  { header, steps }: Trace,
  stepNumber: number,
  { world }: LoadedGame,
  student: Student,
  onProgress: (done: number, total: number) => void,
): Promise<Result<WhyReport>> {
  const step = steps[stepNumber - 1];
  if (step === undefined) return refuse('WHY_STEP', 'The episode has no such step.');
  const { scripts, trajectory, dropped } = header.memory;
  // What the prompt had no room for can have caused nothing.
  const shown = scripts.slice(0, scripts.length - dropped.scripts);
  const reference = dropped.trajectory ? undefined : trajectory;
  const withReference = reference === undefined ? {} : { trajectory: reference };
  const variants: readonly (readonly [Omit<WhyPart, 'logProbability'>, Recalled])[] = [
    ...shown.map(
      ({ id, script }, left) =>
        [
          { kind: 'script', id, label: script.taskName },
          { scripts: shown.filter((_, i) => i !== left), ...withReference },
        ] as const,
    ),
    ...(reference === undefined
      ? []
      : [
          [
            { kind: 'trajectory', id: reference.id, label: 'the reference trajectory' },
            { scripts: shown },
          ] as const,
        ]),
    [{ kind: 'all', id: '', label: 'every memory' }, { scripts: [] }],
  ];

  const conversation = student.open({ seed: header.seed });
  const score = async (recalled: Recalled): Promise<Result<number>> => {
    const setup = {
      world,
      game: header.game,
      player: student,
      settings: { ...header.settings, k: recalled.scripts.length },
      recall: undefined,
      seed: header.seed,
      program: header.program,
    };
    const { opening } = openWith(setup, recalled, undefined);
    const turns = steps.slice(step.dropped.turns, stepNumber - 1);
    return scoreAction(conversation, [...opening.messages, ...historyMessages(turns)], step.reply);
  };
  try {
    const total = variants.length + 1;
    const base = await score({ scripts: shown, ...withReference });
    if (!base.ok) return base;
    onProgress(1, total);
    const parts: WhyPart[] = [];
    for (const [part, recalled] of variants) {
      const without = await score(recalled);
      if (!without.ok) return without;
      parts.push({ ...part, logProbability: without.value });
      onProgress(parts.length + 1, total);
    }
    return ok({ step: stepNumber, action: step.action, logProbability: base.value, parts });
  } finally {
    await conversation.dispose();
  }
}

/** Log-probability of the action in a reply, its thought given: the tokens behind `Action:`. */
async function scoreAction(
  conversation: Conversation,
  messages: Parameters<NonNullable<Conversation['score']>>[0],
  reply: string,
): Promise<Result<number>> {
  if (conversation.score === undefined) {
    return refuse(
      'WHY_NO_SCORES',
      'This player has no probabilities to compare: only a model can be asked why.',
    );
  }
  const scored = await conversation.score(messages, reply);
  if (!scored.ok) return scored;
  const start = reply.lastIndexOf('Action:') + 'Action:'.length;
  let at = 0;
  let sum = 0;
  for (const { text, logProbability } of scored.value.tokens) {
    at += text.length;
    if (at > start || text === '') sum += logProbability;
  }
  return ok(sum);
}
