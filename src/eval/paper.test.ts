import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { PAPER_FIGURES, PAPER_TEACHER_PERCENT, paperModel, paperSentence } from './paper.ts';

test.each([
  ['pocket', {}, "with the teacher's scripts: distilled 77.9 % in 20.6 steps and 4.89 s a task."],
  ['pocket', { scripts: 'student' }, "with the student's scripts: distilled 72.1 %."],
  ['pocket', { memory: 'none' }, 'configuration: distilled 42.1 %.'],
  [
    'pocket',
    { memory: 'none', history: 5 },
    'configuration, trained on the last 5 turns alone: distilled 31.4 %.',
  ],
  ['mlc', { memory: 'none' }, 'distilled 42.1 %, untrained 4.3 % in 29.3 steps and 18.49 s a task.'],
  ['scripted', {}, "The paper's teacher, a model of 72B, solves 87.1 % at best."],
] as const)('what the paper says of %s with %j', (student, change, expected) => {
  expect(paperSentence(student, { ...DEFAULT_SETTINGS, ...change })).toContain(expected);
});

test("the paper says nothing of people, nor of what it didn't measure", () => {
  expect(paperSentence('human', DEFAULT_SETTINGS)).toBeUndefined();
  expect(paperSentence('pocket', { ...DEFAULT_SETTINGS, k: 3 })).toBeUndefined();
});

test("its success rates are shares of 140 games, and 21 of the 23 can't be shares of 134", () => {
  const rates = new Set([...PAPER_FIGURES.map((one) => one.successPercent), PAPER_TEACHER_PERCENT]);
  const isShare = (rate: number, games: number): boolean =>
    Array.from({ length: games + 1 }, (_, k) => ((100 * k) / games).toFixed(1)).includes(rate.toFixed(1));
  expect(rates.size).toBe(23);
  expect([...rates].filter((rate) => !isShare(rate, 140))).toEqual([]);
  expect([...rates].filter((rate) => !isShare(rate, 134))).toHaveLength(21);
});

test('each of its figures is of another student or another configuration', () => {
  const cells = PAPER_FIGURES.map((one) => `${paperModel(one)} ${one.memory} ${one.scripts} ${one.k}`);
  expect(new Set(cells).size).toBe(cells.length);
  expect(cells).toContain('Qwen3-8B, thinking script teacher 10');
  expect(cells).toContain('Qwen3-4B-Instruct, LoRA, last 5 none undefined 10');
});
