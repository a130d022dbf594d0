import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReply } from './prompt.ts';
import { parseReply, REPLY_OUTCOMES } from './reply.ts';

describe('parseReply', () => {
  it.each([
    ['Thought: I go.\nAction: go to shelf 1', 'I go.', 'go to shelf 1', 'ok'],
    ['Action: look', '', 'look', 'no-thought'],
    ['Thought: \nAction: look', '', 'look', 'no-thought'],
    ['Thought: I see.\nIt is far.\n\nAction: look\n', 'I see. It is far.', 'look', 'ok'],
    ['**Thought:** Hm.\n**Action:** `take mug 1 from desk 1`.', 'Hm.', 'take mug 1 from desk 1', 'ok'],
    ['thought: a\nACTION : look', 'a', 'look', 'ok'],
    ['Thought: a\nAction: look\nAction: help', 'a', 'look', 'several-actions'],
    ['Thought: a\nAction: look\nObservation: You see', 'a', 'look', 'several-actions'],
    ['Thought: a\nAction: look\nThought: b', 'a', 'look', 'several-actions'],
    ['Thought: a\nAction: look\nThat will do.', 'a', 'look', 'ok'],
    ['Thought: I wait.', 'I wait.', '', 'missing-action'],
    ['Thought: a\nAction:', 'a', '', 'missing-action'],
    ['Thought: a\nAction:\ngo to shelf 1', 'a', '', 'missing-action'],
    [`Action: ${'x'.repeat(300)}`, '', '', 'missing-action'],
    ['go to shelf 1', '', '', 'junk'],
    ['', '', '', 'junk'],
    ['My Action: look', '', '', 'junk'],
  ] as const)('%j', (text, thought, action, outcome) => {
    expect(parseReply(text)).toEqual({ thought, action, outcome, form: 'plain' });
  });

  it('calls a reply endless only where the cut may have gone through the action', () => {
    for (const [text, action, outcome] of [
      ['Thought: a a a', '', 'endless'],
      ['Thought: a\nAction: go to', '', 'endless'],
      ['Thought: a\nAction: look\nAnd', 'look', 'ok'],
      ['Action: look\nAction: lo', 'look', 'several-actions'],
      ['', '', 'endless'],
    ] as const)
      expect(parseReply(text, 'length')).toMatchObject({ action, outcome });
  });

  it('undoes formatReply', () => {
    const word = fc.stringMatching(/^[A-Za-z][a-z0-9 ]{0,20}[a-z0-9]$/).map((s) => s.replace(/ +/g, ' '));
    fc.assert(
      fc.property(word, word, (thought, action) => {
        const read = { thought, action, outcome: 'ok', form: 'plain' };
        expect(parseReply(formatReply(thought, action))).toEqual(read);
      }),
    );
  });

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('stop', 'length'), (text, finish) => {
        for (const read of ['prompt', 'any'] as const) {
          const reply = parseReply(`${text}\nAction: ${text}`, finish, read);
          expect(REPLY_OUTCOMES).toContain(reply.outcome);
          expect(reply.action).not.toMatch(/[\n\r]/);
        }
      }),
    );
  });
});

it("what a model thinks before it answers isn't what it says", () => {
  const said = '<think>\nAction: open fridge 1? No.\n</think>\n\nThought: I look.\nAction: look';
  expect(parseReply(said)).toMatchObject({ thought: 'I look.', action: 'look', outcome: 'ok' });
  expect(parseReply('<think>\nAction: open fridge 1', 'length')).toMatchObject({
    action: '',
    outcome: 'endless',
  });
  expect(parseReply('<think>\nAction: open fridge 1')).toMatchObject({ action: '', outcome: 'junk' });
});
