import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReplyRule } from '../../agent/grounding.ts';
import type { Message } from '../../agent/prompt.ts';
import { CHARACTER_TOKENS, fakeRuntime, saysInTurn } from '../../testing/fake-runtime.ts';
import { guess } from './lookahead.ts';
import { createPocketStudent } from './session.ts';

test('what is guessed followed where the most of the last tokens stood before', () => {
  expect(guess([], 8)).toEqual([]);
  expect(guess([1, 2, 3], 8)).toEqual([]);
  expect(guess([5, 1, 2, 3, 4, 9, 2, 7, 7, 1, 2], 8)).toEqual([3, 4]);
  expect(guess([5, 1, 2, 3, 4, 9, 2, 7, 7, 1, 2], 1)).toEqual([7]);
  // The nearest of two, and no more than there is.
  expect(guess([1, 2, 1, 3, 1], 8)).toEqual([3]);
  expect(guess([6, 6], 8)).toEqual([6]);
  expect(guess([6, 6], 0)).toEqual([]);
});

/** What a student says turn by turn, and how often its runtime was asked. */
async function said(
  guesses: number,
  replies: readonly string[],
  { maxTokens, room, rule }: { maxTokens: number; room: number; rule?: ReplyRule },
) {
  const prompts: readonly Message[] = [{ role: 'user', content: 'ab aab' }];
  const tokenizer = CHARACTER_TOKENS;
  const contextLimit = tokenizer.encodeChat(prompts, true).length + room;
  const runtime = { ...fakeRuntime(saysInTurn(replies), contextLimit), guesses };
  const student = createPocketStudent({ identity: { name: 'fake' }, runtime, tokenizer, clock: () => 0 });
  const conversation = student.open();
  const messages = [...prompts];
  const answers: unknown[] = [];
  for (const _ of replies) {
    const view = { intro: '', steps: [], scripts: [], admissible: () => [] };
    const reply = await conversation.reply({ messages, view, maxTokens, ...(rule && { rule }) });
    answers.push(reply);
    if (!reply.ok) break;
    messages.push({ role: 'assistant', content: reply.value.text }, { role: 'user', content: 'b' });
  }
  await conversation.dispose();
  return { answers, asked: runtime.computed.length };
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 30 });
const rule: ReplyRule = {
  begins: (text) => !text.includes('bb'),
  ends: () => true,
  sentence: (text) => text.lastIndexOf(' ') + 1,
};

test('whatever a student says, it says the same with guesses, also where a rule takes some of it back', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(word, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 120 }),
      fc.boolean(),
      async (replies, maxTokens, room, held) => {
        const about = { maxTokens, room, ...(held ? { rule } : {}) };
        const [plain, guessed] = [await said(0, replies, about), await said(8, replies, about)];
        const withoutReuse = (answers: readonly unknown[]): unknown =>
          JSON.parse(JSON.stringify(answers), (key, value) =>
            key === 'prefilled' || key === 'reused' ? undefined : value,
          );
        expect(withoutReuse(guessed.answers)).toEqual(withoutReuse(plain.answers));
        expect(guessed.asked).toBeLessThanOrEqual(plain.asked);
      },
    ),
  ));

test('a line that is said again and again asks for few computations', async () => {
  const line = 'I go to the lamp. ';
  const about = { maxTokens: 200, room: 400 };
  const [plain, guessed] = [await said(0, [line.repeat(8)], about), await said(8, [line.repeat(8)], about)];
  expect(guessed.answers).toEqual(plain.answers);
  expect(plain.asked).toBe(1 + 8 * line.length);
  expect(guessed.asked).toBeLessThan(plain.asked / 3);
});
