import { expect, test } from 'vitest';
import type { WhyPart, WhyReport } from './why.ts';
import { formatTimes, whySentence } from './why-sentence.ts';

const ACTION = 'open safe 1';
/** @param p probability of the reply without it */
const part = (kind: WhyPart['kind'], label: string, p: number, instead = ACTION): WhyPart => ({
  kind,
  ids: [label],
  label,
  logProbability: Math.log(p),
  instead,
});
const report = (p: number, ...parts: readonly WhyPart[]): WhyReport => ({
  step: 1,
  action: ACTION,
  logProbability: Math.log(p),
  parts,
});

test.each<[string, WhyReport]>([
  [
    'Because of “clean a mug”: without it the student would go to desk 1 instead.',
    report(
      0.9,
      part('script', 'heat a mug', 0.02, 'look'),
      part('script', 'clean a mug', 0.01, 'go to desk 1'),
      part('trajectory', 'the reference trajectory', 0.5),
      part('all', 'every memory', 0.001, 'look'),
    ),
  ],
  [
    'Because of the reference trajectory: without it the student would say nothing that the game understands.',
    report(0.9, part('script', 'heat', 0.3), part('trajectory', 'the reference trajectory', 0.2, '')),
  ],
  [
    'Because of its memories together: without all of them the student would look instead; “heat a mug” counts most.',
    report(0.8, part('script', 'heat a mug', 0.1), part('all', 'every memory', 0.01, 'look')),
  ],
  [
    'Because of its memories together: without all of them the student would look instead.',
    report(0.8, part('script', 'heat a mug', 0.79), part('all', 'every memory', 0.01, 'look')),
  ],
  [
    'The student would do the same without its memories, but “heat a mug” makes what it said 8.0 times as likely.',
    report(0.8, part('script', 'heat a mug', 0.1), part('all', 'every memory', 0.05)),
  ],
  [
    'The student would do the same without its memories, but together they make what it said 16 times as likely.',
    report(0.8, part('script', 'heat a mug', 0.79), part('all', 'every memory', 0.05)),
  ],
  [
    'Not because of any one memory: without it the student would do the same, and find its words about as likely.',
    report(0.8, part('script', 'heat a mug', 0.85), part('all', 'every memory', 0.9)),
  ],
  ['No memory was in the prompt, so none can have been the cause.', report(0.5)],
])('%s', (sentence, told) => expect(whySentence(told)).toBe(sentence));

test('times are as exact as they are worth', () => {
  expect([1.66, 12.4, 4200, 1e9, Number.POSITIVE_INFINITY].map(formatTimes)).toEqual([
    '1.7',
    '12',
    '4,200',
    'over a million',
    'over a million',
  ]);
});
