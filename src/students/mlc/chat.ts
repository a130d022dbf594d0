/**
 * Qwen's form of a conversation (ChatML), as far as the student has to know it. web-llm renders conversations itself;
 * what is here makes a continued one the same, token for token, as one that is rendered anew:
 *
 * - web-llm (0.2.86) goes on in its KV cache where the messages extend the last ones exactly. The token that ended
 *   the reply is not in the cache, and web-llm doesn't add it, nor the line feed: the next turn would begin without an
 *   end of the last one. It writes a message's `name` where the role stands, so the missing end goes in there.
 * - With thinking off it puts an empty thinking block before each reply and counts it as part of it. So that a
 *   conversation continued from a trace reads the same, every earlier turn of the student's is given one too.
 */
import type { Message } from '../../agent/prompt.ts';
import type { Thinking } from '../../weights/registry.ts';
import type { EngineMessage } from './engine.ts';

const EMPTY_THINKING = '<think>\n\n</think>\n\n';
/** Tokens of it: `<think>`, two line feeds in one, `</think>`, two line feeds in one. */
export const EMPTY_THINKING_TOKENS = 4;
/** Ends the student's turn and begins the user's. */
export const NEXT_TURN = '<|im_end|>\n<|im_start|>user';

/** Whether the runtime is told to think: undefined where the model knows no thinking. */
export function thinkingOf(model: Thinking, wanted: boolean): boolean | undefined {
  return model === 'never' ? undefined : wanted;
}

/** The messages as a fresh conversation of the runtime's has them. */
export function engineMessages(messages: readonly Message[], thinking: boolean | undefined): EngineMessage[] {
  return messages.map(({ role, content }) => {
    if (role !== 'assistant') return { role, content };
    const said = withoutThinking(content);
    // What was thought is left out of earlier turns, as Qwen's own template does.
    return { role, content: thinking === false ? EMPTY_THINKING + said : said };
  });
}

/** A reply without what was thought. */
function withoutThinking(text: string): string {
  const end = text.lastIndexOf('</think>');
  return end < 0 ? text : text.slice(end + '</think>'.length).replace(/^\n+/, '');
}

/** What a person sees of a reply: an empty thinking block is nothing that the student said. */
export function spokenText(raw: string): string {
  if (raw.startsWith(EMPTY_THINKING)) return raw.slice(EMPTY_THINKING.length);
  // The block is still being written.
  return EMPTY_THINKING.startsWith(raw) ? '' : raw;
}

/** A conversation's text with the start of the reply, to be counted in tokens. */
export function chatText(messages: readonly EngineMessage[], thinking: boolean | undefined): string {
  const turns = messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`);
  return `${turns.join('')}<|im_start|>assistant\n${thinking === false ? EMPTY_THINKING : ''}`;
}
