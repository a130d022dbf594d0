import { expect, test } from 'vitest';
import type { EpisodeResult } from './result.ts';
import { runCsv, runMarkdown } from './run-export.ts';
import { summarise } from './summary.ts';

const RESULT: EpisodeResult = {
  game: 'valid/a/b',
  taskType: 'pick_and_place_simple',
  won: true,
  steps: 4,
  seconds: 1.5,
  nothingHappens: 0,
  outcomes: {},
  firstContext: 1,
  lastContext: 1,
  prefilled: 1,
  reused: 1,
  decoded: 1,
  shortened: 0,
} as unknown as EpisodeResult;

test("a stranger's game and kind of task stay text in a run's files", () => {
  const results = [
    RESULT,
    { ...RESULT, game: '=cmd|"/c calc"!A1', taskType: '@SUM(1,2)' },
    { ...RESULT, game: 'x', taskType: '__proto__' },
    { ...RESULT, game: 'y', taskType: 'a|b<script>' },
  ];
  const [, first, second, third] = runCsv(results).split('\n');
  expect(first).toBe('valid/a/b,pick_and_place_simple,true,4,1.500');
  expect(second).toBe('"\'=cmd|""/c calc""!A1","\'@SUM(1,2)",true,4,1.500');
  expect(third).toBe('x,__proto__,true,4,1.500');
  const lines = runMarkdown(summarise(results)).split('\n');
  expect(lines).toContain('| a\\|b&lt;script&gt; | 1/1 | 100.0 % | 20.7 % to 100.0 % | 4.0 |');
  expect(lines.filter((line) => line.startsWith('|')).map((line) => line.split(/(?<!\\)\|/).length)).toEqual(
    Array.from({ length: 7 }, () => 7),
  );
});
