import { expect, test } from 'vitest';
import { traceOf } from '../testing/traces.ts';
import { useOf, verdictOf } from './memory-use.ts';
import type { Trace } from './trace.ts';

const go = (place: string, things: string) => ({
  reply: `Thought: I look.\nAction: go to ${place}`,
  observation: `You arrive at ${place}. On the ${place}, you see ${things}.`,
});
const take = (thing: string, place: string) => ({
  reply: `Thought: Here it is.\nAction: take ${thing} from ${place}`,
  observation: `You pick up the ${thing} from the ${place}.`,
});

/** An episode that looks for a mug, with memory `a` of its home and `b` of another one in its prompt. */
function episode(steps: Parameters<typeof traceOf>[1], dropped = 0): Trace {
  const trace = traceOf({ key: 'homes/x/y', task: 'put a mug in shelf.' }, steps);
  const script = (id: string, ownHome: boolean) => ({
    id,
    ownHome,
    similarity: 1,
    script: { taskName: '', guidelines: 'Look.' },
  });
  const scripts = [script('b', false), script('a', true)];
  const memory = { ...trace.header.memory, scripts, dropped: { scripts: dropped, trajectory: false } };
  return { ...trace, header: { ...trace.header, memory } };
}

/** A memory that saw a mug on desk 1, and a pen on desk 2. */
const seen = [go('desk 1', 'a mug 1'), go('desk 2', 'a pen 1')].map(({ observation }) => ({
  thought: '',
  action: '',
  observation,
}));
const memory = (id: string) => ({ id, trajectory: { intro: '', steps: seen } });

test.each([
  ['looked there, and it was there', [go('desk 1', 'a mug 2'), take('mug 2', 'desk 1')], 'helped'],
  ['looked there, and it was elsewhere', [go('desk 1', 'a pen 3'), go('bed 1', 'a mug 2')], 'misled'],
  ['never looked there', [go('bed 1', 'a mug 2'), take('mug 2', 'bed 1')], undefined],
  ['came there once it had it', [take('mug 2', 'bed 1'), go('desk 1', 'a pen 3')], undefined],
  ['looked where another thing had been', [go('desk 2', 'nothing')], undefined],
] as const)('who %s', (_, steps, verdict) => {
  const use = useOf(episode(steps));
  expect(use.shown).toEqual(['b', 'a']);
  expect(verdictOf(use, memory('a'))).toBe(verdict);
  expect(verdictOf(use, memory('b'))).toBeUndefined();
});

test("what the prompt left out wasn't used", () => {
  const use = useOf(episode([go('desk 1', 'a mug 2')], 1));
  expect(use.shown).toEqual(['b']);
  expect(verdictOf(use, memory('a'))).toBeUndefined();
});
