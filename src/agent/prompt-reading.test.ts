import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { PLAYER } from '../testing/players.ts';
import { smallWorld } from '../testing/small-game.ts';
import { traceOf } from '../testing/traces.ts';
import { openWith, promptAfter } from './episode.ts';
import { formatScripts, type Message } from './prompt.ts';
import { readPrompt } from './prompt-reading.ts';
import type { Recalled } from './recall.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const world = smallWorld();
const script = { taskName: 'put a mug in desk', guidelines: 'Look on the shelf first.' };
const trajectory = {
  id: 'r',
  similarity: 1,
  ownHome: false,
  trajectory: {
    intro: 'A room.',
    steps: [
      { thought: 'hm', action: 'look', observation: 'You see.' },
      { thought: 'so', action: 'inventory', observation: 'Nothing.' },
    ],
  },
};
/** A character is a token, a message has two more, and the reply begins with three. */
const player = {
  ...PLAYER,
  contextLimit: 100_000,
  countTokens: (messages: readonly Message[]) =>
    messages.reduce((sum, { content }) => sum + content.length + 2, 3),
};
const said = (n: number) => ({ reply: `Thought: ${n}\nAction: look`, observation: 'You look.' });
const { steps: STEPS } = traceOf({ key: 'k' }, [said(1), said(2)]);

function episode(memory: 'none' | 'memp') {
  const recalled: Recalled =
    memory === 'none'
      ? { scripts: [] }
      : { scripts: [{ id: 'm', similarity: 1, ownHome: false, script }], trajectory };
  const settings = { ...DEFAULT_SETTINGS, memory };
  const game = { key: 'k', sha256: 's', taskType: 't' };
  const setup = { world, game, player, settings, recall: undefined, seed: '0', program: 'p' };
  return openWith(setup, recalled, 'bank');
}

test('every message of the prompt is there, its memories are marked, and its tokens add up', () => {
  const prepared = episode('memp');
  const trace = { header: prepared.header, steps: STEPS, end: undefined };
  const { messages, tokens } = unwrap(readPrompt(trace, 2, world, player));
  const prompt = promptAfter(prepared, STEPS.slice(0, 1)).messages;
  expect(
    messages.map(({ role, parts }) => ({ role, content: parts.map(({ text }) => text).join('') })),
  ).toEqual(prompt);
  const parts = messages.flatMap((message) => message.parts);
  const kinds = parts.map(({ kind }) => kind).join(' ');
  expect(kinds).toBe('system reference reference reference reference task scripts turn turn');
  expect(parts.find(({ kind }) => kind === 'scripts')?.text).toBe(formatScripts([script]));
  expect(parts.reduce((sum, part) => sum + (part.tokens ?? 0), 0)).toBe(tokens);
  expect(tokens).toBe(player.countTokens(prompt));
});

test('what the student has no words for is shown as it read it, and told', () => {
  const asRead = (messages: readonly Message[]) => ({
    messages: messages.map((one) => ({ ...one, content: one.content.replaceAll('mug', 'cup') })),
    standIns: [{ name: 'mug', word: 'cup' }],
  });
  const trace = { header: episode('memp').header, steps: STEPS, end: undefined };
  const read = unwrap(readPrompt(trace, 1, world, { ...player, asRead }));
  const text = read.messages.flatMap(({ parts }) => parts.map((part) => part.text)).join('');
  expect(text).toContain('put a cup in desk');
  expect(text).not.toContain('mug');
  expect(read.standIns).toEqual([{ name: 'mug', word: 'cup' }]);
});

test('without memory nothing is marked, and a step that is not there is refused', () => {
  const trace = { header: episode('none').header, steps: STEPS, end: undefined };
  const read = readPrompt(trace, 1, world, player);
  expect(read.ok && read.value.messages.map(({ parts }) => parts.map(({ kind }) => kind))).toEqual([
    ['system'],
    ['task'],
  ]);
  expect(readPrompt(trace, 3, world, player)).toMatchObject({ ok: false, error: { code: 'READ_NO_STEP' } });
});
