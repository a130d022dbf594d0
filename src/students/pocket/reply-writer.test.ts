import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReplyRule } from '../../agent/grounding.ts';
import { ReplyWriter } from './reply-writer.ts';

const WORDS = [
  '',
  'Thought: ',
  'Here is ',
  'No ',
  'mug',
  'pen',
  ' 1. ',
  ' here. ',
  'Here',
  ' is ',
  'Action: go',
];
const END = 0;
const vocabulary = {
  turnEnd: END,
  decode: (tokens: readonly number[]): string => tokens.map((token) => WORDS[token]).join(''),
};
/** Logits that prefer these words in this order. */
const prefer = (...words: string[]): Float32Array =>
  Float32Array.from(WORDS, (word) => (words.includes(word) ? words.length - words.indexOf(word) : -5));

const noMug: ReplyRule = {
  begins: (text) => !/mug 1|stop/.test(text),
  ends: (text) => text.includes('Action: '),
  sentence: (text) =>
    text.includes('Action: ')
      ? text.length
      : Math.max(0, text.lastIndexOf('. ') + 2, text.lastIndexOf(': ') + 2),
};

/** A model that says what `say` wants after each text. */
function write(say: (text: string) => Float32Array, rule?: ReplyRule) {
  const writer = new ReplyWriter(vocabulary, rule);
  const tokens: number[] = [];
  let given = '';
  for (let i = 0; i < 60; i++) {
    const step = writer.next(say(vocabulary.decode(tokens)));
    if (step === undefined || step.kind === 'end') break;
    if (step.kind === 'back') tokens.length = step.length;
    tokens.push(step.token);
    given += step.piece;
    expect(vocabulary.decode(tokens).startsWith(given)).toBe(true);
  }
  given += writer.end();
  expect(given).toBe(writer.text);
  return { text: writer.text, overruled: writer.overruled };
}

const insists = (text: string): Float32Array => {
  if (text === '') return prefer('Thought: ');
  if (text.endsWith('Here is ') || text.endsWith('No ')) return prefer('mug', 'pen');
  if (text.endsWith('Here')) return prefer(' is ');
  if (text.endsWith('Here is mug')) return prefer(' 1. ', ' here. ');
  if (text.endsWith('No mug')) return prefer(' here. ');
  if (text.endsWith('. ')) return prefer('Action: go');
  if (text.endsWith('go')) return prefer('');
  return prefer('Here is ', 'Here', 'No ');
};

test('without a rule the best token is said', () => {
  expect(write(insists)).toEqual({ text: 'Thought: Here is mug 1. Action: go', overruled: 0 });
});

test("a thought that comes to what can't be is said anew from its sentence, not in other tokens of the same words", () => {
  expect(write(insists, noMug)).toEqual({ text: 'Thought: No mug here. Action: go', overruled: 1 });
});

test("in an action the next best token does, and the turn can't end before there is one", () => {
  const rule: ReplyRule = { ...noMug, begins: (text) => !text.includes('Here') };
  expect(write((text) => (text === '' ? prefer('', 'Action: go') : prefer('')), rule)).toEqual({
    text: 'Action: go',
    overruled: 1,
  });
});

test('a rule that allows nothing leaves the student its own words', () => {
  const never: ReplyRule = { begins: () => false, ends: () => false, sentence: (text) => text.length };
  expect(write(insists, never).text).toBe('Thought: Here is mug 1. Action: go');
});

test("logits that aren't numbers are said to be none", () => {
  expect(new ReplyWriter(vocabulary, noMug).next(new Float32Array([1, Number.NaN]))).toBeUndefined();
});

test('whatever a model says and a rule forbids, a reply comes to its end and gives out what it holds', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(1000)), fc.nat(10), (chances, forbidden) => {
      const next = chances[Symbol.iterator]();
      const rule: ReplyRule = { ...noMug, begins: (text) => !text.endsWith(`${WORDS[forbidden]}mug`) };
      write(() => Float32Array.from(WORDS, () => next.next().value as number), rule);
    }),
  );
});
