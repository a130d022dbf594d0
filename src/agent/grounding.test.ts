import { expect, test } from 'vitest';
import { groundedRule } from './grounding.ts';

const INTRO =
  'You are in the middle of a room. Looking quickly around you, you see a drawer 12, a drawer 1, and a shelf 1.\n\n' +
  'Your task is to: put a mug in shelf.';
const STEPS = [
  { action: 'go to shelf 1', observation: 'You arrive at shelf 1. On the shelf 1, you see a pen 2.' },
  { action: 'open shelf 1', observation: 'Nothing happens.' },
];
const rule = groundedRule(INTRO, STEPS, `${INTRO} In this home mug was in drawer 4.`);

test.each([
  ['Thought: No mug here. Next I check drawer 1', true],
  ['Thought: No mug here. Next I check drawer 1.', true],
  ['Thought: Next I check drawer 2', false],
  ['Thought: Next I check drawer 12', true],
  // What a memory told of may be said, though the room hasn't got it; nothing else is a memory.
  ['Thought: My memory says mug was in drawer 4.', true],
  ['Thought: My memory says mug', true],
  ['Thought: My memory says mug was in drawer 1', false],
  ['Thought: My memory says pen', false],
  ['Thought: Here is mug 1', false],
  ['Thought: No mug here..', false],
  ['Thought: No mug here. more', false],
  ['Thought: I take it.\nAction: ', true],
  ['Thought: I take it.\nAction: take pen 2 from', true],
  ['Thought: I take it.\nAction: take mug', false],
  ['Thought: I go there.\nAction: go to drawer 4', false],
  ['Action: open shelf 1', false],
  ['Action: open drawer 1', true],
  ['Action: dance', false],
])('%j may begin a reply: %s', (text, begins) => {
  expect(rule.begins(text)).toBe(begins);
});

test.each([
  ['Thought: I go there.', false],
  ['Thought: I go there.\nAction: go to drawer', false],
  ['Thought: I go there.\nAction: go to drawer 1', true],
  ['Action: open shelf 1', false],
])('%j may be a reply: %s', (text, ends) => {
  expect(rule.ends(text)).toBe(ends);
});

test('a sentence begins behind the one before; in an action there is nothing to begin anew', () => {
  const text = 'Thought: No mug here. Here is mug';
  expect(text.slice(rule.sentence(text))).toBe('Here is mug');
  expect('Thought: Here'.slice(rule.sentence('Thought: Here'))).toBe('Here');
  const action = 'Thought: I go there.\nAction: go to';
  expect(rule.sentence(action)).toBe(action.length);
});

test('of a chore that has a name the plan is what a script of the prompt says', () => {
  const task = INTRO.replace('in shelf.', 'in shelf at boots time.');
  const script =
    'At boots time, find cup, clean it, heat it, put it in fridge. Look for cup: it was on desk.';
  const chore = groundedRule(task, [], `${task} ${script}`);
  const told = 'Thought: Plan: find mug, clean it, heat it, put it on shelf.';
  expect(chore.begins(told)).toBe(true);
  expect(chore.begins(`${told} First I check drawer 12.\nAction: go to drawer 12`)).toBe(true);
  const untold = [' cool it', ' put it'].map((word) => `Thought: Plan: find mug, clean it,${word}`);
  for (const text of [...untold, 'Thought: Plan: hold']) expect(chore.begins(text)).toBe(false);
  // There the next best word is said; elsewhere the sentence is begun anew.
  const half = 'Thought: Plan: find mug, clean it,';
  expect(half.slice(chore.sentence(half))).toBe('');
  expect(`${told} Here is`.slice(chore.sentence(`${told} Here is`))).toBe('Here is');
  // Of a name that no script tells of, and of a task that says all itself, the plan is the student's own.
  for (const other of [groundedRule(task, [], task), groundedRule(INTRO, [], `${INTRO} ${script}`)]) {
    expect(untold.every((text) => other.begins(text))).toBe(true);
  }
});

test("what was seen to be otherwise isn't a memory any more; another word takes the place of what nobody told", () => {
  const told = `${INTRO} In this home mug was on shelf 1. In this home mug was in drawer 12.`;
  const begun = 'Thought: My memory says mug was';
  const seen = groundedRule(INTRO, STEPS, told);
  expect(seen.begins(`${begun} on shelf 1`)).toBe(false);
  expect(seen.begins(`${begun} in drawer 12. I go there.`)).toBe(true);
  expect(begun.slice(seen.sentence(begun))).toBe('');
  const whole = `${begun} in drawer 12. I go`;
  expect(whole.slice(seen.sentence(whole))).toBe('I go');
  expect(groundedRule(INTRO, [], told).begins(`${begun} on shelf 1.`)).toBe(true);
  // Who was told of no place remembers none.
  expect(groundedRule(INTRO, [], INTRO).begins('Thought: My memory says')).toBe(true);
  expect(groundedRule(INTRO, [], INTRO).begins('Thought: My memory says ')).toBe(false);
});

test('a search goes on where the past of the home has it most likely, and elsewhere when that was seen', () => {
  const looks = (place: string, times: number) => ({ place, looks: times, there: 0 });
  const searched = [{ object: 'mug', places: [looks('drawer 1', 4), looks('drawer 12', 0)] }];
  const next = (rest: string): string => `Thought: No mug here. Next I check ${rest}`;
  const known = groundedRule(INTRO, STEPS, INTRO, searched);
  expect(['dra', 'drawer 12', 'drawer 12.'].every((rest) => known.begins(next(rest)))).toBe(true);
  // The beginning of drawer 12, but no place by itself.
  expect(known.begins(next('drawer 1'))).toBe(true);
  expect(['drawer 1.', 'shelf 1'].some((rest) => known.begins(next(rest)))).toBe(false);
  // Nor does another word slip in between: 'checka sofa 1'.
  expect(
    ['a shelf 1', 'Thought:'].some((rest) => known.begins(`Thought: No mug here. Next I check${rest}`)),
  ).toBe(false);
  // The next best word takes its place: the sentence isn't begun anew.
  expect(next('drawer').slice(known.sentence(next('drawer')))).toBe('');
  const looked = {
    action: 'go to drawer 12',
    observation: 'You arrive at drawer 12. On the drawer 12, you see nothing.',
  };
  expect(groundedRule(INTRO, [...STEPS, looked], INTRO, searched).begins(next('drawer 1.'))).toBe(true);
  const all = [{ object: 'pen', places: [looks('drawer 1', 4)] }];
  expect(groundedRule(INTRO, STEPS, INTRO, all).begins(next('drawer 1.'))).toBe(true);
});
