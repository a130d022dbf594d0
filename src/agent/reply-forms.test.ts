import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReply } from './reply.ts';
import { REPLY_FORMS, rewriteReply } from './reply-forms.ts';

const GO = 'go to shelf 1';

describe('replies of untuned models', () => {
  it.each([
    ['Thought：I go.\nAction：go to shelf 1', 'I go.', GO, 'ok', 'labels'],
    ['Thought：I go.\nAction: go to shelf 1', 'I go.', GO, 'ok', 'labels'],
    ['Thought 1: I go.\nAction 1: go to shelf 1', 'I go.', GO, 'ok', 'labels'],
    ['Think: I go.\nAct: go to shelf 1', 'I go.', GO, 'ok', 'labels'],
    ['**Action (2):** go to shelf 1', '', GO, 'no-thought', 'labels'],
    ['Action 1: go to shelf 1\nAction 2: open shelf 1', '', GO, 'several-actions', 'labels'],
    ['Thought: I go. Action: go to shelf 1', 'I go.', GO, 'ok', 'one line'],
    ['Thought: I go. action: go to shelf 1', 'I go.', GO, 'ok', 'one line'],
    ['I go. **Action:** `go to shelf 1`.', '', GO, 'no-thought', 'one line'],
    ['Action: go to shelf 1 Thought: I go.', '', GO, 'several-actions', 'one line'],
    ['Thought: I go.\nAction:\ngo to shelf 1', 'I go.', GO, 'ok', 'next line'],
    ['Thought: I go.\nAction:\n\n```text\ngo to shelf 1\n```', 'I go.', GO, 'ok', 'next line'],
    ['### Thought\nI go.\n\n### Action\ngo to shelf 1', 'I go.', GO, 'ok', 'headings'],
    ['**Thought**\nI go.\n**Action**\ngo to shelf 1', 'I go.', GO, 'ok', 'headings'],
    ['<thought>I go.</thought>\n<action>go to shelf 1</action>', 'I go.', GO, 'ok', 'tags'],
    ['I go.<action>\n  go to shelf 1\n</action>', '', GO, 'no-thought', 'tags'],
    ['Thought: I go.\nAction: [go to shelf 1]', 'I go.', GO, 'ok', 'brackets'],
    ['Action: <go to shelf 1>', '', GO, 'no-thought', 'brackets'],
    ['> think: I go.\n> go to shelf 1', 'I go.', GO, 'ok', 'prompt marks'],
    ['> think: I go.\nOK.\n> go to shelf 1\nYou arrive.', 'I go.', GO, 'ok', 'prompt marks'],
    ['> think: I go.\n> go to shelf 1\n> look', 'I go.', GO, 'several-actions', 'prompt marks'],
    [GO, '', GO, 'no-thought', 'bare'],
    [`“${GO}”`, '', GO, 'no-thought', 'bare'],
    [`Thought: I go.\nAction: “${GO}”`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: ‘${GO}.’`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: « ${GO} ».`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: „${GO}“`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: ${GO}</s>`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: ${GO}<|im_end|>\n`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: ${GO}.<|eot_id|>`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: ${GO} <|endoftext|><|endoftext|>`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: ${GO}<end_of_turn>`, 'I go.', GO, 'ok', 'plain'],
    [`Thought: I go.\nAction: ${GO}<|im_end|>\nAction: look`, 'I go.', GO, 'several-actions', 'plain'],
    [`${GO}</s>`, '', GO, 'no-thought', 'bare'],
    [`1. Thought: I go.\n2. Action: ${GO}`, 'I go.', GO, 'ok', 'labels'],
    [`1) **Thought:** I go.\n2) **Action:** ${GO}`, 'I go.', GO, 'ok', 'labels'],
    [`1. Thought\nI go.\n2. Action\n${GO}`, 'I go.', GO, 'ok', 'headings'],
    [`Thought: I go.\nFinal Action: ${GO}`, 'I go.', GO, 'ok', 'labels'],
    [`Thought: I go. Final Action: ${GO}`, 'I go.', GO, 'ok', 'one line'],
    [`**Final action:** ${GO}`, '', GO, 'no-thought', 'labels'],
    ['> move mug 1 to shelf 2.', '', 'move mug 1 to shelf 2', 'no-thought', 'bare'],
  ] as const)('%j', (text, thought, action, outcome, form) => {
    expect(parseReply(text, 'stop', 'any')).toEqual({ thought, action, outcome, form });
  });

  it.each([
    'I would go to shelf 1.',
    'The next action: go to shelf 1, I think.',
    'Thought: the right action: none.',
    'go to the shelf',
    'go to shelf 1 and look',
    'go to shelf 1\nopen drawer 2',
    'Thought: Action: look or Action: help?',
    '> think: I go.',
    'My plan of action',
    'Action',
    '<action></action>',
  ])("that may mean something else aren't played: %j", (text) => {
    expect(parseReply(text, 'stop', 'any').action).toBe('');
  });

  it('may be cut within the action, in any form', () => {
    for (const text of [
      '<action>go to',
      'Action:\ngo to',
      'Thought: a. Action: go to',
      '> think: a\n> go to shelf 1',
      GO,
    ])
      expect(parseReply(text, 'length', 'any')).toMatchObject({ action: '', outcome: 'endless' });
    expect(parseReply('<action>look</action>', 'length', 'any')).toMatchObject({ action: 'look' });
  });

  it("are read as before where only the prompt's form counts", () => {
    for (const text of ['Action 1: look', 'Thought: a. Action: look', 'look', '<action>look</action>'])
      expect(parseReply(text)).toMatchObject({ action: '', form: 'plain' });
  });

  it("in the prompt's form are read the same either way", () => {
    const word = fc.stringMatching(/^[A-Za-z][a-z0-9 ]{0,20}[a-z0-9]$/);
    fc.assert(
      fc.property(word, word, (thought, action) => {
        const text = `Thought: ${thought}\nAction: ${action}`;
        expect(parseReply(text, 'stop', 'any')).toEqual(parseReply(text));
      }),
    );
  });

  it('are read in a time that grows with their length alone', () => {
    for (const piece of [
      '*',
      '<action>',
      'Action:\n',
      'Action: ',
      '> think: ',
      '\n',
      'Thought: a. ',
      '> ',
      '<thinking>',
      '1. ',
    ])
      expect(REPLY_FORMS).toContain(parseReply(piece.repeat(64_000 / piece.length), 'stop', 'any').form);
  });
});

it("thoughts aren't played, also where only their end is in the reply", () => {
  const said =
    'Hm. Action: open fridge 1? Or\nAction: close fridge 1\n</think>\n\nThought: I look.\nAction: look';
  expect(parseReply(said, 'stop', 'any')).toMatchObject({
    thought: 'I look.',
    action: 'look',
    outcome: 'ok',
  });
  expect(parseReply('<think>\nAction: open fridge 1', 'stop', 'any')).toMatchObject({
    action: '',
    outcome: 'junk',
  });
});

describe('what stands in a block of thinking', () => {
  const SAID = 'Thought: a\nAction: look';
  it.each([
    `<thinking>\nAction: open fridge 1\n</thinking>\n${SAID}`,
    `<Thinking>Action: open fridge 1</Thinking>${SAID}`,
    `<reasoning>\nAction: open fridge 1\n</reasoning>\n${SAID}`,
    `Sure.\n<thinking>\nAction: help\n<thinking>Or?</thinking>\nAction: open fridge 1\n</thinking>\n${SAID}`,
    `<thinking>\nAction: help\n</thinking>\n<reasoning>\nAction: open fridge 1\n</reasoning>\n${SAID}`,
    `${SAID}\n<thinking>\nAction: open fridge 1\n</thinking>`,
    `<thought>\nAction: open fridge 1\n</thought>\n${SAID}`,
    'Thought: a\n<reasoning>Hm.</reasoning>\nAction: look',
  ])("isn't played: %j", (text) => {
    expect(parseReply(text, 'stop', 'any')).toEqual({
      thought: 'a',
      action: 'look',
      outcome: 'ok',
      form: 'plain',
    });
  });

  it("isn't played where the reply ends in it", () => {
    for (const text of [
      '<thinking>\nAction: open fridge 1\nHm',
      'Sure.\n<reasoning>\nAction: open fridge 1\nHm',
    ]) {
      expect(parseReply(text, 'stop', 'any')).toMatchObject({ action: '', outcome: 'junk' });
      expect(parseReply(text, 'length', 'any')).toMatchObject({ action: '', outcome: 'endless' });
    }
  });

  it("isn't what only names it, nor the reply's own thought", () => {
    for (const [text, thought, form] of [
      ['Thought: I need no <thinking> here.\nAction: look', 'I need no <thinking> here.', 'plain'],
      ['<thought>a</thought>\n<action>look</action>', 'a', 'tags'],
    ])
      expect(parseReply(text as string, 'stop', 'any')).toMatchObject({ thought, action: 'look', form });
  });
});

it("is read to the letter where only the prompt's form counts", () => {
  for (const [text, action, outcome] of [
    [`Thought: I go.\nAction: “${GO}”`, `“${GO}”`, 'ok'],
    [`Thought: I go.\nAction: ${GO}</s>`, `${GO}</s>`, 'ok'],
    [`1. Thought: I go.\n2. Action: ${GO}`, '', 'junk'],
    [`Thought: I go.\nFinal Action: ${GO}`, '', 'missing-action'],
    [
      '<thinking>\nAction: open fridge 1\n</thinking>\nThought: a\nAction: look',
      'open fridge 1',
      'several-actions',
    ],
  ] as const)
    expect(parseReply(text)).toMatchObject({ action, outcome, form: 'plain' });
});

it('reads a reply of nothing but spaces in one go', () => {
  expect(rewriteReply(' '.repeat(3_000_000))).toBeUndefined();
});
