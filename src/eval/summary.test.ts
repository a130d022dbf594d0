import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Said, traceOf } from '../testing/traces.ts';
import { episodeResult, senselessSteps } from './result.ts';
import { summarise } from './summary.ts';

const nothing: Said = { reply: 'Action: fly', observation: 'Nothing happens.' };
const junk: Said = { reply: 'la la', observation: 'Nothing happens.' };
const fine: Said = { reply: 'Thought: t\nAction: look', observation: 'You see.' };
const win: Said = { ...fine, won: true };

const traces = [
  traceOf({ key: 's/a/1' }, [fine, win]),
  traceOf({ key: 's/a/2' }, [nothing, junk, fine, fine, fine, fine]),
  traceOf({ key: 's/b/1', taskType: 'look_at_obj_in_light' }, [win]),
];

test('what a run keeps of an episode', () => {
  expect(episodeResult(traces[1] as (typeof traces)[0])).toEqual({
    game: 's/a/2',
    taskType: 'pick_and_place_simple',
    won: false,
    steps: 6,
    nothingHappens: 2,
    // 'fly' did nothing once; the reply without an action said something else.
    senseless: 0,
    outcomes: { 'no-thought': 1, junk: 1, ok: 4 },
    forms: {},
    seconds: 0.018,
    prefilled: 60,
    reused: 30,
    decoded: 18,
    firstContext: 15,
    lastContext: 90,
    shortened: 0,
  });
});

test('steps that make no sense: what just did nothing again, and names that nobody said', () => {
  const step = (action: string, observation = 'Nothing happens.', thought = 't'): Said => ({
    reply: `Thought: ${thought}\nAction: ${action}`,
    observation,
  });
  const trace = traceOf({ key: 's/a/1' }, [
    step('go to desk 1', 'You arrive at desk 1. On the desk 1, you see a pen 4.'),
    step('open desk 1'),
    step('open desk 1'),
    step('take pen 4 from desk 1', 'You pick up the pen 4 from the desk 1.'),
    // Something has changed.
    step('open desk 1'),
    step('go to safe 3'),
    step('look', 'You are facing the desk 1. Next to it, you see nothing.', 'The pan 2 is told by a script'),
    step('look', 'You are facing the desk 1. Next to it, you see nothing.', 'I saw a pan 7.'),
  ]);
  const script = { taskName: 'x', guidelines: 'In this home pan was on pan 2.' };
  const told = (dropped: number): typeof trace => ({
    ...trace,
    header: {
      ...trace.header,
      intro: 'You are in the middle of a room. Looking quickly around you, you see a desk 1.',
      memory: {
        scripts: [{ id: 'a', similarity: 1, ownHome: true, script }],
        dropped: { scripts: dropped, trajectory: false },
      },
    },
  });
  expect(senselessSteps(told(0))).toBe(3);
  // What the prompt had no room for wasn't told.
  expect(senselessSteps(told(1))).toBe(4);
  const results = [told(0), told(1)].map(episodeResult);
  expect(summarise(results).senselessRate).toBe(7 / 16);
  // A run of before they were counted.
  const old = results.map(({ senseless: _, ...rest }) => rest);
  expect(summarise(old).senselessRate).toBe(null);
});

test('the summary of a run', () => {
  const summary = summarise(traces.map(episodeResult));
  expect(summary).toMatchObject({
    episodes: 3,
    solved: 2,
    successRate: 2 / 3,
    // 2 of 3: (2/3 + z²/6 ± z·sqrt(2/27 + z²/36)) / (1 + z²/3) with z = 1.959964
    successInterval: [expect.closeTo(0.2077, 4), expect.closeTo(0.9385, 4)],
    // A lost episode counts with all its steps.
    meanSteps: 3,
    meanStepsSolved: 1.5,
    nothingHappensRate: 2 / 9,
    secondsPerTask: expect.closeTo(0.009, 12),
    replies: { ok: 7, 'no-thought': 1, junk: 1, endless: 0, 'missing-action': 0, 'several-actions': 0 },
    tokens: { prefilled: 30, reused: 15, decoded: 9, firstContext: 15, lastContext: 45 },
    shortenedEpisodes: 0,
  });
  expect(summary.byTaskType).toMatchObject({
    look_at_obj_in_light: { episodes: 1, solved: 1, successRate: 1, meanSteps: 1 },
    pick_and_place_simple: { episodes: 2, solved: 1, successRate: 0.5, meanSteps: 4 },
  });
});

test('an empty run has a summary too', () => {
  expect(summarise([])).toMatchObject({ episodes: 0, successRate: 0, meanSteps: 0, meanStepsSolved: null });
});

test('the order of the episodes makes no difference, not even in the last bit', () => {
  const results = Array.from({ length: 40 }, (_, i) => ({
    ...episodeResult(traces[i % 3] as (typeof traces)[0]),
    game: `g${i}`,
    seconds: Math.sqrt(i),
  }));
  const summary = JSON.stringify(summarise(results));
  fc.assert(
    fc.property(fc.shuffledSubarray(results, { minLength: results.length }), (shuffled) => {
      expect(JSON.stringify(summarise(shuffled))).toBe(summary);
    }),
  );
});

test('replies in other forms are counted, whether they were read or not', () => {
  const replies = [
    'Action 1: look',
    '<action>look</action>',
    '<action>look</action>',
    'Action: look',
    'look around',
  ];
  const said = replies.map((reply) => ({ reply, observation: 'Nothing happens.' }));
  const results = [episodeResult(traceOf({ key: 's/a/1' }, said))];
  expect(summarise(results).replyForms).toEqual({ tags: 2, labels: 1 });
  // A run of before forms were told apart.
  const old = results.map(({ forms: _, ...rest }) => rest);
  expect(summarise(old).replyForms).toEqual({});
});
