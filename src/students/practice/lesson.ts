/** An episode as a sequence to be learnt from: the prompt that a student without memories sees, and its replies. */
import {
  formatObservation,
  formatReply,
  type Message,
  NO_MEMORY,
  openingMessages,
} from '../../agent/prompt.ts';
import type { Sequence } from '../../kernels/trainer.ts';
import type { Step } from '../../memory/entry.ts';
import type { ChatTokenizer } from '../pocket/session.ts';

/** What is learnt from. */
export interface Lesson {
  readonly intro: string;
  readonly steps: readonly Step[];
}

/** A tokenizer, as the encoding of messages needs it. */
export type LessonTokenizer = Pick<ChatTokenizer, 'encodeChat'>;

/**
 * Learnt are the replies, each with the token that ends it; what the household answers isn't, nor is a reply that did
 * nothing: it would be learnt as well.
 */
export function lessonSequence({ intro, steps }: Lesson, tokenizer: LessonTokenizer): Sequence {
  const tokens: number[] = [];
  const learnt: number[] = [];
  const header = tokenizer.encodeChat([], true).length;
  const add = (message: Message): number => {
    const from = tokens.length;
    tokens.push(...tokenizer.encodeChat([message], false));
    return from;
  };
  for (const message of openingMessages(intro, NO_MEMORY, dialectOf(steps))) add(message);
  steps.forEach(({ thought, action, observation }, i) => {
    const from = add({ role: 'assistant', content: formatReply(thought, action) });
    if (action !== '' && !NOTHING.test(observation))
      for (let at = from + header; at < tokens.length; at++) learnt.push(at);
    if (i < steps.length - 1) add({ role: 'user', content: formatObservation(observation) });
  });
  return { tokens, learnt };
}

const NOTHING = /^Nothing happens\.?$/;

/** How the episode puts things down; the system message says it, where a student is shown one. */
function dialectOf(steps: readonly Step[]): 'move' | 'put' {
  return steps.some(({ action }) => action.startsWith('put ')) ? 'put' : 'move';
}
