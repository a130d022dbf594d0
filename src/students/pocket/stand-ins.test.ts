import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemMessage } from '../../agent/prompt.ts';
import { FAMILIES } from '../../homes/index.ts';
import { readTokenizer } from '../../testing/model-files.ts';

const tokenizer = readTokenizer();

function reads(content: string) {
  const { messages, standIns } = tokenizer.asRead([{ role: 'user', content }]);
  return { content: messages[0]?.content ?? '', standIns };
}

test('a name that the vocabulary lacks is one of its words, in the task and in scripts, and said to be', () => {
  const { content, standIns } = reads(
    'Your task is to: take mug at Omas Kaffee time.\n\n"guidelines": "At omas kaffee time, find mug, put it on sofa."',
  );
  expect(standIns).toEqual([{ name: 'Omas Kaffee', word: expect.stringMatching(/^[a-z]+$/) }]);
  const [{ word } = { word: '' }] = standIns;
  expect(content).toBe(
    `Your task is to: take mug at ${word} time.\n\n"guidelines": "At ${word} time, find mug, put it on sofa."`,
  );
  expect(tokenizer.encode(` ${word}`)).toHaveLength(1);
});

test("names that it was trained or measured on stay, and so does what isn't a name of a chore", () => {
  const named = FAMILIES.flatMap(({ called }) => called ?? []).map((called) => `take mug at ${called} time.`);
  for (const text of [
    ...named,
    'You arrive at fridge 1. The fridge 1 is closed. It is time to go.',
    'put a mug in shelf.',
    'put the apples in the fridge one at a time.',
    'take the mug and the cup at the same time.',
    systemMessage(),
  ]) {
    expect(reads(text)).toEqual({ content: text, standIns: [] });
  }
  expect(reads('take mug at Boots time.').content).toBe('take mug at boots time.');
});

test('any name is read in whole words, the same whoever asks', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\p{N}]{1,12}( [\p{L}\p{N}]{1,12}){0,3}$/u), (name) => {
      const { content } = reads(`put two mug in shelf at ${name} time.`);
      expect(content).toMatch(/^put two mug in shelf at [a-z]+ time\.$/);
      expect(reads(`put two mug in shelf at ${name} time.`).content).toBe(content);
      expect(tokenizer.encodeChat([{ role: 'user', content }], true)).toEqual(
        tokenizer.encodeChat([{ role: 'user', content: `put two mug in shelf at ${name} time.` }], true),
      );
    }),
    { examples: [['0'], ['at 2 time'], ['Mug']] },
  );
});
