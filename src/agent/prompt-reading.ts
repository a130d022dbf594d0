/**
 * What the student read before a step (the paper's figure 4): its prompt, message by message, with roles, with what is a
 * reference trajectory or scripts marked as such, and with its tokens counted by the student's own tokenizer.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import type { World } from '../engine/index.ts';
import { type Player, promptAfter, reopenEpisode } from './episode.ts';
import { formatScripts, type Message, type Role, referenceMessages, type StandIn } from './prompt.ts';
import type { Trace } from './trace.ts';

export interface ReadPart {
  /** What it is: of the task's own turns `turn`, before them the task itself, its memories, and what every prompt has. */
  readonly kind: 'system' | 'reference' | 'task' | 'scripts' | 'turn';
  readonly text: string;
  /** Undefined where the player counts none. The first message's count has what begins the reply in it. */
  readonly tokens: number | undefined;
}

export interface ReadMessage {
  readonly role: Role;
  readonly parts: readonly ReadPart[];
}

export interface PromptReading {
  readonly messages: readonly ReadMessage[];
  /** Of the whole prompt, with what begins the reply. */
  readonly tokens: number | undefined;
  /** Words that it read in place of names. */
  readonly standIns: readonly StandIn[];
  /** The oldest turns, which the context had no room for or the history hides. */
  readonly droppedTurns: number;
}

/**
 * @param stepNumber from 1. Code READ_NO_STEP.
 */
export function readPrompt(
  { header, steps }: Trace,
  stepNumber: number,
  world: World,
  player: Player,
): Result<PromptReading> {
  const step = steps[stepNumber - 1];
  if (step === undefined) return refuse('READ_NO_STEP', "The episode doesn't have that step.");
  const prepared = reopenEpisode(header, world, player, header.memory);
  const { promptMemory, messages: opening } = prepared.opening;
  const before = steps.slice(0, stepNumber - 1);
  const { messages, dropped } = promptAfter(prepared, before, step.dropped.turns);
  const { trajectory } = promptMemory;
  const referenceEnd = 1 + (trajectory === undefined ? 0 : referenceMessages(trajectory).length);
  const scripts = promptMemory.scripts.length === 0 ? '' : formatScripts(promptMemory.scripts);
  const count = (list: readonly Message[]): number | undefined =>
    list.length === 0 ? 0 : player.countTokens?.(list);
  const added = (before: readonly Message[], list: readonly Message[]): number | undefined => {
    const [less, more] = [count(before), count(list)];
    return less === undefined || more === undefined ? undefined : more - less;
  };
  const reads = (content: string): string =>
    player.asRead?.([{ role: 'user', content }]).messages[0]?.content ?? content;
  const read = messages.map(({ role, content }, i): ReadMessage => {
    const before = messages.slice(0, i);
    const whole = messages.slice(0, i + 1);
    if (i !== opening.length - 1 || scripts === '') {
      const kind = i === 0 ? 'system' : i < referenceEnd ? 'reference' : i < opening.length ? 'task' : 'turn';
      return { role, parts: [{ kind, text: reads(content), tokens: added(before, whole) }] };
    }
    const task = content.slice(0, content.length - scripts.length);
    const half = [...before, { role, content: task }];
    return {
      role,
      parts: [
        { kind: 'task', text: reads(task), tokens: added(before, half) },
        { kind: 'scripts', text: reads(scripts), tokens: added(half, whole) },
      ],
    };
  });
  const standIns = player.asRead?.(messages).standIns ?? [];
  return ok({ messages: read, tokens: count(messages), standIns, droppedTurns: dropped.turns });
}
