/** Players for tests of the episode loop: they say what they are told, and keep what they were asked. */
import type { Conversation, ReplyRequest } from '../agent/conversation.ts';
import type { Player } from '../agent/episode.ts';
import { ok, refuse } from '../base/result.ts';

export const PLAYER: Player = { identity: { kind: 'human', name: 'test' }, contextLimit: undefined };

/** A conversation that says these replies, one a turn, and then the last one for ever. */
export function saying(...replies: readonly string[]): Conversation & { readonly asked: ReplyRequest[] } {
  const asked: ReplyRequest[] = [];
  return {
    asked,
    async reply(request, { signal, onText } = {}) {
      const text = replies[Math.min(asked.length, replies.length - 1)] ?? '';
      // The view is live: keep what it said now.
      asked.push({ ...request, view: { ...request.view, steps: [...request.view.steps] } });
      const counters = { context: 7, prefilled: 5, reused: 2, decoded: 3, prefillMs: 1.5, decodeMs: 2.25 };
      if (signal?.aborted) return ok({ text: '', finish: 'aborted', counters });
      onText?.(text);
      return ok({ text, finish: 'stop', counters });
    },
    async dispose() {},
  };
}

/** A conversation whose device fails at a turn, from 1. */
export function failingAt(turn: number, text: string): Conversation {
  const player = saying(text);
  return {
    async reply(request, control) {
      const answer = await player.reply(request, control);
      return player.asked.length < turn ? answer : refuse('DEVICE_LOST', 'The device was lost.');
    },
    async dispose() {},
  };
}

/** `Thought: ...` and `Action: ...` for each command. */
export function replies(commands: readonly string[]): string[] {
  return commands.map((command, i) => `Thought: step ${i + 1}.\nAction: ${command}`);
}
