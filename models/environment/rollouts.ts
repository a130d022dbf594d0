/**
 * Many episodes at once for a student in training: it sends its replies, and gets the observations, whether it has
 * won, and what the teacher would say next in its place (the label for corrected mistakes).
 */
import { formatObservation, formatReply, openingMessages } from '../../src/agent/prompt.ts';
import { parseReply, type ReplyOutcome } from '../../src/agent/reply.ts';
import type { Episode } from '../../src/engine/index.ts';
import { calledIn } from '../../src/player/goal.ts';
import { beginScripted, type ScriptedEpisode } from '../../src/teacher/scripted.ts';
import { type MarkedMessage, markOpening, type Setting } from './conversations.ts';
import type { Drawn } from './memories.ts';
import { hintsOf, instructionsIn } from './scripts.ts';

export interface Opened {
  readonly game: string;
  readonly messages: readonly MarkedMessage[];
  readonly label: string;
}

export interface Stepped {
  /** The next user message. */
  readonly message: string;
  readonly won: boolean;
  readonly outcome: ReplyOutcome;
  readonly nothingHappens: boolean;
  readonly action: string;
  /** The teacher's next reply; absent after a win. */
  readonly label?: string;
}

interface Slot {
  readonly episode: Episode;
  readonly teacher: ScriptedEpisode;
}

export class Rollouts {
  #slots: Slot[] = [];

  /** Starts episodes in place of all earlier ones; games that the teacher doesn't understand are left out. */
  begin(drawn: readonly { readonly setting: Setting; readonly memory: Drawn }[]): Opened[] {
    this.#slots = [];
    const opened: Opened[] = [];
    for (const { setting, memory } of drawn) {
      const { game } = setting;
      const instructions = instructionsIn(memory);
      const called = calledIn(game.world.task);
      // Nothing right could be said of a chore that nobody has explained.
      if (called !== undefined && !instructions.has(called)) continue;
      const teacher = beginScripted(game.world.intro, { hints: hintsOf(memory), instructions });
      if (!teacher.ok) continue;
      this.#slots.push({ episode: game.world.start(), teacher: teacher.value });
      const messages = markOpening(openingMessages(game.world.intro, memory.promptMemory));
      opened.push({ game: game.key, messages, label: labelOf(teacher.value) });
    }
    return opened;
  }

  /** One turn in one episode; undefined for an episode that isn't there. */
  step(index: number, reply: string, finish: 'stop' | 'length'): Stepped | undefined {
    const slot = this.#slots[index];
    if (slot === undefined) return undefined;
    const { action, outcome } = parseReply(reply, finish);
    const observation = slot.episode.step(action);
    slot.teacher.observe(action, observation);
    const { won } = slot.episode;
    const stepped = {
      message: formatObservation(observation),
      won,
      outcome,
      nothingHappens: observation === 'Nothing happens.',
      action,
    };
    return won ? stepped : { ...stepped, label: labelOf(slot.teacher) };
  }
}

function labelOf(teacher: ScriptedEpisode): string {
  const { thought, action } = teacher.next();
  return formatReply(thought, action);
}
