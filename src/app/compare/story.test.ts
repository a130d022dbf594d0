import { expect, test } from 'vitest';
import type { TraceEnd, TraceHeader } from '../../agent/trace.ts';
import { goingOn, remembersHome, savedSteps, story, type Told } from './story.ts';

function told(end: TraceEnd['end'], steps: number, ...places: string[]): Told {
  return {
    end: { kind: 'end', end, steps, ms: 0 },
    steps: [...places.map((place) => ({ action: `go to ${place}` })), { action: 'look' }],
  };
}

test('the line says what memory saved, and also that it saved nothing, cost steps or led astray', () => {
  const long = told('won', 24, 'shelf 1', 'shelf 2', 'shelf 1', 'shelf 3');
  expect(story(long, told('won', 8, 'shelf 3'))).toBe(
    'Memory saved 16 steps: it went to 1 place instead of 3.',
  );
  expect(story(told('limit', 30, 'shelf 1', 'shelf 2'), told('won', 8, 'shelf 3'))).toBe(
    'Without memory it ran out of steps after going to 2 places. With memory it went to 1, and was done.',
  );
  expect(story(long, long)).toBe('Memory made no difference this time.');
  expect(story(told('won', 8), long)).toBe("This time memory cost 16 steps: it doesn't always help.");
  expect(story(long, told('limit', 30))).toBe(
    'This time memory led it astray: without it the task was done.',
  );
  expect(story(told('limit', 30), told('limit', 30))).toBe('Neither was done within 30 steps.');
  expect(story(told('failed', 3), long)).toBe('One of the two broke off, so there is nothing to compare.');
});

test('an episode that broke off saves nothing', () => {
  const [whole, broken] = [told('won', 8).end, told('stopped', 2).end];
  expect(savedSteps(whole, broken)).toBeUndefined();
  expect(savedSteps(told('limit', 30).end, whole)).toBe(22);
});

test('while they race, whoever is done is said to be', () => {
  const won = (steps: number) => ({ end: 'won', steps }) as const;
  expect(goingOn(true, undefined, undefined)).toMatch(/^Without memory and with it/);
  expect(goingOn(false, undefined, undefined)).toMatch(/^Steps so far/);
  expect(goingOn(false, undefined, won(8))).toBe(
    "With memory it's done in 8 steps. Without, it's still at it.",
  );
  expect(goingOn(false, won(1), undefined)).toBe(
    "Without memory it's done in 1 step. With it, it's still at it.",
  );
});

test("another home's plans are no past of this one, what is known of where things lay is", () => {
  const script = { id: 'a', similarity: 1, script: { task: 'put a mug in shelf', steps: [] } };
  const memory = { scripts: [script], dropped: { scripts: 0, trajectory: false } };
  const remembers = (change: object): boolean =>
    remembersHome({ memory: { ...memory, ...change } as unknown as TraceHeader['memory'] });
  expect(remembers({})).toBe(false);
  expect(remembers({ scripts: [script, { ...script, ownHome: true }] })).toBe(true);
  expect(remembers({ trajectory: { id: 'a', similarity: 1, ownHome: true } })).toBe(true);
  expect(remembers({ searched: [{}] })).toBe(true);
});
