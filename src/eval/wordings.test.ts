import { expect, test } from 'vitest';
import type { Trace } from '../agent/trace.ts';
import {
  formatWordings,
  parseWordings,
  planRounds,
  reportWordings,
  type Wording,
  wordingResults,
} from './wordings.ts';

const said = (task: string, wording: string, part: Wording['part'] = 'train'): Wording => ({
  task,
  wording,
  part,
});

test('wordings come as JSON Lines, and a wrong line is told by its number', () => {
  const lines = [
    said('put a mug in shelf.', 'mug, shelf'),
    said('put two mug in shelf.', 'both mugs', 'held-out'),
  ];
  const text = `${lines.map((one) => JSON.stringify(one)).join('\n')}\n`;
  expect(parseWordings(text)).toEqual({ ok: true, value: lines });
  expect(parseWordings('')).toEqual({ ok: true, value: [] });
  for (const [bad, code] of [
    ['{', 'WORDINGS_JSON'],
    ['{"task":"put a mug in shelf.","wording":"x","part":"other"}', 'WORDINGS_SHAPE'],
    ['{"task":"put a mug in shelf.","part":"train"}', 'WORDINGS_SHAPE'],
    ['{"task":"juggle.","wording":"x","part":"train"}', 'WORDINGS_SHAPE'],
    [JSON.stringify(said('put a mug in shelf.', 'x'.repeat(301))), 'WORDINGS_SHAPE'],
  ])
    expect(parseWordings(`${text}${bad}\n`), bad).toMatchObject({
      ok: false,
      error: { code, place: 'line 3' },
    });
});

test('each wording is played once, in a game that asks for the same, in turn where there are several', () => {
  const games = [
    { key: 'a', task: 'put a clean mug in shelf.' },
    { key: 'b', task: 'clean some mug and put it in shelf.' },
    { key: 'c', task: 'put a mug in shelf.' },
  ];
  const [one, two, three] = ['1', '2', '3'].map((word) => said('put a clean mug in shelf.', word));
  const other = said('put a mug in shelf.', '4');
  const nobody = said('put a mug in desk.', '5');
  const rounds = planRounds(games, [one, two, three, other, nobody] as Wording[]);
  expect(rounds.map((round) => [...round].map(([key, { wording }]) => key + wording))).toEqual([
    ['a1', 'b2', 'c4'],
    ['a3'],
  ]);
});

function trace(key: string, won: boolean, header: Partial<Trace['header']> = {}): Trace {
  const end = { kind: 'end', end: won ? 'won' : 'limit', steps: 0, ms: 0 };
  return { header: { game: { key }, ...header }, steps: [], end } as unknown as Trace;
}

test('what counts are the wordings of games that are solved by their own sentence', () => {
  const clean = said('put a clean mug in shelf.', 'wash | put', 'held-out');
  const cool = said('put a cool mug in shelf.', 'brr', 'held-out');
  const hot = said('put a hot mug in shelf.', 'ouch');
  const round = new Map([
    ['a', clean],
    ['b', cool],
    ['c', hot],
  ] as const);
  const templates = new Map([
    ['a', trace('a', true)],
    ['b', trace('b', true)],
    ['c', trace('c', false)],
  ]);
  const refusal = { code: 'TASK_UNREAD', message: 'no' };
  const traces = new Map([
    ['a', trace('a', true, { readAs: { task: 'clean some mug and put it in shelf.' } })],
    ['b', trace('b', false, { task: 'brr', readAs: { refusal } })],
    ['c', trace('c', true, { readAs: { task: 'put a mug in shelf.' } })],
  ]);
  const results = wordingResults([round], templates, [traces]);
  const report = reportWordings(results);
  expect(report).toMatchObject({
    wordings: 3,
    asked: 2,
    solved: 1,
    share: 0.5,
    byPart: { 'held-out': { wordings: 2, asked: 2, solved: 1 }, train: { wordings: 1, asked: 0, share: 0 } },
    reading: { right: 1, wrong: 1, notUnderstood: 1 },
  });
  const table = formatWordings(report, results);
  expect(table).toContain('1 right, 1 wrong, 1 not understood');
  expect(table).toContain('wash \\| put');
  expect(table.split('\n').find((line) => line.includes('brr'))).toContain('not understood');

  // Who reads the words themselves has nothing to be told.
  const plain = wordingResults([round], templates, [new Map([['a', trace('a', true)]])]);
  expect(plain).toHaveLength(1);
  expect(reportWordings(plain).reading).toBeUndefined();
});
