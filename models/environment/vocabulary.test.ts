import { describe, expect, it } from 'vitest';
import { parseTokenizer } from '../../src/students/pocket/tokenizer.ts';
import { findVocabulary, splitPattern, tokenizerConfig, tokenizerJson } from './vocabulary.ts';

const CORPUS = Array.from(
  { length: 50 },
  (_, i) => `Thought: No mug here. Next I check shelf ${i}.\nAction: go to shelf ${i}`,
);
const NAMES = new Set(['mug', 'shelf']);
const vocabulary = findVocabulary(CORPUS, NAMES, { phrases: 20, leastWords: 3, leastPhrases: 10 });

describe('findVocabulary', () => {
  it('joins what always stands together, never names and numbers', () => {
    expect(vocabulary.phrases).toContain(' here. Next I check');
    expect(vocabulary.phrases).toContain('Thought: No');
    for (const phrase of vocabulary.phrases) expect(phrase).not.toMatch(/\d|mug|shelf/);
  });

  it('makes a tokenizer that needs a token for each phrase, name and number', () => {
    const parsed = parseTokenizer(JSON.stringify(tokenizerJson(vocabulary)));
    if (!parsed.ok) throw new Error(parsed.error.message);
    const ids = parsed.value.encode('Thought: No mug here. Next I check shelf 12.\nAction: go to shelf 12');
    expect(ids).toHaveLength(8);
    expect(parsed.value.encode(' Shelf')).toHaveLength(1);
    expect(parsed.value.decode(ids)).toBe(
      'Thought: No mug here. Next I check shelf 12.\nAction: go to shelf 12',
    );
  });

  it('is the same whatever the order of the corpus', () => {
    const again = findVocabulary([...CORPUS].reverse(), NAMES, {
      phrases: 20,
      leastWords: 3,
      leastPhrases: 10,
    });
    expect(again).toEqual(vocabulary);
  });
});

describe('splitPattern', () => {
  it('covers every text, prefers the longest phrase, and ends phrases where words end', () => {
    const pattern = new RegExp(splitPattern([' go', ' go to', '.\nAction:']), 'gu');
    const pieces = (text: string): string[] => [...text.matchAll(pattern)].map(([piece]) => piece);
    expect(pieces(' go to gone.\nAction: x\t é')).toEqual([
      ' go to',
      ' gone',
      '.\nAction:',
      ' x',
      '\t',
      ' é',
    ]);
    expect(pieces('[a]{b}^$|\\')).toEqual(['[', 'a', ']', '{', 'b', '}', '^', '$', '|', '\\']);
  });
});

it('puts the chat template where transformers.js looks for it', () => {
  expect(tokenizerConfig(4096)).toMatchObject({ eos_token: '<|im_end|>', chat_template: expect.any(String) });
});
