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
  // It says that it saw a thing only where it did, that one is here only where it is, and looks into no place twice.
  ['Thought: I saw pen 2 on shelf 1. I go there.', true],
  ['Thought: I saw pen 2 in', false],
  ['Thought: I saw mug', false],
  ['Thought: I saw all places.', false],
  ['Thought: Here is pen 2. I take it.', true],
  ['Thought: Here is shelf 1.', true],
  ['Thought: Here is drawer 1.', false],
  ['Thought: I have pen 2.', false],
  ['Thought: It is closed.', false],
  ['Thought: Nothing happens. Next I check drawer 1.', true],
  ['Thought: Next I check shelf', false],
  ['Thought: No mug here.Thought:', false],
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
  expect(groundedRule(INTRO, [], INTRO).begins('Thought: My memory')).toBe(true);
  expect(groundedRule(INTRO, [], INTRO).begins('Thought: My memory says')).toBe(false);
});

test('a thing is spoken of where it is, and what was brought where it belongs stays there', () => {
  const both = INTRO.replace('put a mug', 'put two mug');
  const drawer = 'You open the drawer 1. The drawer 1 is open. In it, you see a mug 1, and a mug 2.';
  const steps = [
    { action: 'go to drawer 1', observation: 'You arrive at drawer 1. The drawer 1 is closed.' },
    { action: 'open drawer 1', observation: drawer },
    { action: 'take mug 1 from drawer 1', observation: 'You pick up the mug 1 from the drawer 1.' },
    { action: 'go to shelf 1', observation: 'You arrive at shelf 1. On the shelf 1, you see nothing.' },
    { action: 'move mug 1 to shelf 1', observation: 'You move the mug 1 to the shelf 1.' },
  ];
  const after = (count: number) => groundedRule(both, steps.slice(0, count), both);
  const begins = (count: number, text: string): boolean => after(count).begins(text);
  expect(begins(1, 'Thought: It is closed. I open it.')).toBe(true);
  expect(begins(2, 'Thought: It is closed.')).toBe(false);
  expect(begins(2, 'Thought: Here is mug 1. I take it.\nAction: take mug 1 from drawer 1')).toBe(true);
  expect(begins(3, 'Thought: I have mug 1. I bring it to shelf 1.')).toBe(true);
  // It is put where one is, and brought elsewhere.
  expect(begins(3, 'Thought: I put mug 1 on shelf 1.')).toBe(false);
  expect(begins(4, 'Thought: I put mug 1 on shelf 1. That makes one.')).toBe(true);
  expect(begins(4, 'Thought: I bring it to shelf 1')).toBe(false);
  const clean = both.replace('put two mug', 'put a clean mug');
  const untreated = groundedRule(clean, steps.slice(0, 4), clean);
  expect(untreated.begins('Thought: I have mug 1.')).toBe(true);
  for (const text of ['I put mug 1', 'I bring it to drawer 1']) {
    expect(untreated.begins(`Thought: ${text}`)).toBe(false);
    expect(begins(4, `Thought: ${text}`)).toBe(true);
  }
  // Once it is in the hand it isn't in the drawer.
  expect(begins(3, 'Thought: I saw mug 1')).toBe(false);
  expect(begins(5, 'Thought: I saw mug 2 in drawer 1. I go there.')).toBe(true);
  // Where it was is said in another word; which thing it is, is begun anew.
  const saw = 'Thought: I saw mug 2';
  expect(saw.slice(after(5).sentence(saw))).toBe('');
  expect('Thought: I saw'.slice(after(5).sentence('Thought: I saw'))).toBe('I saw');
  for (const text of ['Thought: Here is mug 1', 'Thought: I saw mug 1', 'Action: take mug 1']) {
    expect(begins(5, text)).toBe(false);
  }
  expect(begins(5, 'Action: take mug 2 from drawer 1')).toBe(true);
});

test('a lamp is remembered with the thing in the hand, and one that is on is left so while the hand is empty', () => {
  const task = INTRO.replace('put a mug in shelf', 'look at mug under the desklamp');
  const facts = `${task} In this home mug was in drawer 1. In this home desklamp was on shelf 1.`;
  const past = (object: string, place: string) => ({ object, places: [{ place, looks: 3, there: 3 }] });
  const searched = [past('mug', 'drawer 1'), past('desklamp', 'shelf 1')];
  const lamp = 'Thought: My memory says desklamp was on shelf 1.';
  const fresh = groundedRule(task, [], facts, searched);
  expect(fresh.begins('Thought: My memory says mug was in drawer 1.')).toBe(true);
  expect(fresh.begins(lamp)).toBe(false);
  const take = {
    action: 'take mug 1 from drawer 1',
    observation: 'You pick up the mug 1 from the drawer 1.',
  };
  expect(groundedRule(task, [take], facts, searched).begins(lamp)).toBe(true);
  const at = {
    action: 'go to shelf 1',
    observation: 'You arrive at shelf 1. On the shelf 1, you see a desklamp 1.',
  };
  const on = { action: 'use desklamp 1', observation: 'You turn on the desklamp 1.' };
  const use = 'Action: use desklamp 1';
  expect(groundedRule(task, [at], facts, searched).begins(use)).toBe(true);
  expect(groundedRule(task, [at, on], facts, searched).begins(use)).toBe(false);
  expect(groundedRule(task, [take, at, on], facts, searched).begins(use)).toBe(true);
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
  // A thing isn't remembered in a place that is less likely than another.
  const facts = `${INTRO} In this home mug was in drawer 1. In this home mug was in drawer 12.`;
  const remembers = groundedRule(INTRO, STEPS, facts, searched);
  expect(remembers.begins('Thought: My memory says mug was in drawer 12.')).toBe(true);
  expect(remembers.begins('Thought: My memory says mug was in drawer 1.')).toBe(false);
  const all = [{ object: 'pen', places: [looks('drawer 1', 4)] }];
  expect(groundedRule(INTRO, STEPS, INTRO, all).begins(next('drawer 1.'))).toBe(true);
});

test('to what it holds it does what is asked for and not done yet, nothing else', () => {
  const intro = INTRO.replace('and a shelf 1', 'a fridge 1, a microwave 1, a sinkbasin 1, and a shelf 1');
  const steps = [
    { action: 'take mug 1 from shelf 1', observation: 'You pick up the mug 1 from the shelf 1.' },
    {
      action: 'go to sinkbasin 1',
      observation: 'You arrive at sinkbasin 1. On the sinkbasin 1, you see nothing.',
    },
    { action: 'clean mug 1 with sinkbasin 1', observation: 'You clean the mug 1 using the sinkbasin 1.' },
  ];
  const chore = intro.replace('in shelf.', 'in shelf at boots time.');
  const told = `${chore} At boots time, find cup, clean it, heat it, put it in fridge.`;
  const cleaned = groundedRule(chore, steps, told);
  const next = 'Thought: It is clean now. Next I';
  expect(['', ' heat it. I go to microwave 1.'].every((rest) => cleaned.begins(`${next}${rest}`))).toBe(true);
  expect([' cool', ' clean'].some((rest) => cleaned.begins(`${next}${rest}`))).toBe(false);
  // The next best word takes their place.
  expect(next.slice(cleaned.sentence(next))).toBe('');
  expect(cleaned.begins('Action: clean mug 1')).toBe(false);
  expect(groundedRule(chore, steps.slice(0, 2), told).begins('Action: clean mug 1 with sinkbasin 1')).toBe(
    true,
  );
  // A task that asks for nothing to be done, and one that nobody understands.
  expect(groundedRule(intro, steps.slice(0, 2), intro).begins('Thought: Here is sinkbasin 1. I clean')).toBe(
    false,
  );
  const odd = intro.replace('put a mug in shelf.', 'do as you like.');
  expect(groundedRule(odd, steps.slice(0, 2), odd).begins('Thought: Here is sinkbasin 1. I clean it.')).toBe(
    true,
  );
  // Another thing in the hand is nobody's errand.
  const pen = [{ action: 'take pen 2 from shelf 1', observation: 'You pick up the pen 2 from the shelf 1.' }];
  expect(groundedRule(intro, [...pen, ...steps.slice(1, 2)], intro).begins('Action: clean pen 2')).toBe(true);
});
