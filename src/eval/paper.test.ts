import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { paperSentence } from './paper.ts';

test.each([
  ['pocket', {}, "with the teacher's scripts: distilled 77.9 % in 20.6 steps and 4.89 s a task."],
  ['pocket', { scripts: 'student' }, "with the student's scripts: distilled 72.1 %."],
  ['pocket', { memory: 'none' }, 'configuration: distilled 42.1 %.'],
  ['pocket', { memory: 'none', history: 5 }, 'configuration: distilled 31.4 %.'],
  ['mlc', { memory: 'none' }, 'distilled 42.1 %, untrained 4.3 % in 29.3 steps and 18.49 s a task.'],
  ['scripted', {}, "The paper's teacher, a model of 72B, solves 87.1 % at best."],
] as const)('what the paper says of %s with %j', (student, change, expected) => {
  expect(paperSentence(student, { ...DEFAULT_SETTINGS, ...change })).toContain(expected);
});

test("the paper says nothing of people, nor of what it didn't measure", () => {
  expect(paperSentence('human', DEFAULT_SETTINGS)).toBeUndefined();
  expect(paperSentence('pocket', { ...DEFAULT_SETTINGS, k: 3 })).toBeUndefined();
});
