import { expect, test } from 'vitest';
import { parseRun } from '../eval/run.ts';
import { saidFailure } from '../students/openai/answer.ts';
import { parseTokenizer } from '../students/pocket/tokenizer.ts';
import { parseInstructions } from '../teacher/instructions-file.ts';
import { parseQwen3Config } from '../weights/qwen3.ts';
import { readJson } from './read-json.ts';

const BOUNDS = { code: 'X', what: 'It', longest: 40, deepest: 3, place: 'here' };
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  ['{"a": 1}', { a: 1 }],
  ['\uFEFF[1]', [1]],
  [nested(3), [[[]]]],
  // Brackets in a string are no nesting, behind an escaped quote neither.
  ['"[[[[[\\"[[[["', '[[[[["[[[['],
])('%j is read', (text, value) => {
  expect(readJson(text, BOUNDS)).toEqual({ ok: true, value });
});

test.each([
  ['{', "It isn't JSON."],
  ['', "It isn't JSON."],
  [nested(4), 'It nests more than 3 brackets.'],
  [`"${'x'.repeat(39)}"`, 'It has more than 40 characters.'],
])('%j is refused', (text, message) => {
  expect(readJson(text, BOUNDS)).toEqual({ ok: false, error: { code: 'X', message, place: 'here' } });
});

test.each([
  ['a run', parseRun, 'RUN_JSON'],
  ['instructions', parseInstructions, 'CHORES_JSON'],
  ['a tokenizer', parseTokenizer, 'TOKENIZER_JSON'],
  ['a configuration', parseQwen3Config, 'CONFIG_JSON'],
] as const)('%s that nests without end is refused before anything walks over it', (_, parse, code) => {
  const error = { code, message: expect.stringMatching(/nests more than 64 brackets/) };
  expect(parse(`{"a":${nested(100_000)}}`)).toMatchObject({ ok: false, error });
});

test('a server whose error nests without end is told of like any other', () => {
  const failure = saidFailure(JSON.parse(nested(200_000)), undefined);
  expect(failure.error).toMatchObject({ code: 'SERVER_FAILED' });
});
