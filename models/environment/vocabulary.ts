/**
 * Finds the vocabulary of the games in a corpus of prompts: every word (with the space before it), every number up to
 * {@link LAST_NUMBER}, and stock phrases, which are found by joining the most frequent neighbours over and over (byte
 * pair encoding over words). Names and numbers are never joined to a phrase: they are what a student must copy.
 */
import { compareCodePoints } from '../../src/engine/index.ts';
import { CHAT_TEMPLATE, escapePattern } from '../../src/students/pocket/tokenizer.ts';
import { addedToken, CHARACTER_OF, spell } from '../../src/weights/byte-level.ts';

export const SPECIALS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;
export const LAST_NUMBER = 63;

/** A word with its space, a number with its space, a line feed, any other character with its space, spaces. */
const WORDS = " ?[A-Za-z]+(?:'[a-z]+)?| ?[0-9]+|\\n| ?[^ \\nA-Za-z0-9]| +";
const LONGEST_PHRASE = 64;
/** What the chat template puts before a message. */
const ROLES = ['user\n', 'assistant\n'] as const;

export interface VocabularyOptions {
  readonly phrases: number;
  /** A word, or a phrase, that occurs less often is spelled out. */
  readonly leastWords: number;
  readonly leastPhrases: number;
}

export interface Vocabulary {
  readonly phrases: readonly string[];
  readonly words: readonly string[];
}

/** @param names types of objects and receptacles: always words, never parts of phrases */
export function findVocabulary(
  corpus: readonly string[],
  names: ReadonlySet<string>,
  options: VocabularyOptions,
): Vocabulary {
  const phrases = findPhrases(corpus, names, options);
  const pattern = new RegExp(splitPattern(phrases), 'gu');
  const used = countAll(corpus, pattern);
  const kept = phrases.filter((phrase) => (used.get(phrase) ?? 0) >= options.leastPhrases);
  const counts = countAll(corpus, new RegExp(splitPattern(kept), 'gu'));
  const words = new Set<string>();
  for (const [word, count] of counts) {
    if (/[A-Za-z]/.test(word) && word.length > 1 && count >= options.leastWords) words.add(word);
    // Punctuation with a space, such as ` "`; runs of spaces come from help texts alone.
    else if (/[^\sA-Za-z0-9]/.test(word) && word.length > 1 && count >= options.leastWords) words.add(word);
  }
  for (const phrase of kept) words.delete(phrase);
  for (const name of names) {
    for (const form of [name, name.charAt(0).toUpperCase() + name.slice(1)]) words.add(` ${form}`);
  }
  for (let n = 0; n <= LAST_NUMBER; n++) words.add(` ${n}`);
  for (const word of words) if (word.length === 1) words.delete(word);
  return { phrases: [...kept, ...ROLES], words: [...words].sort(compareCodePoints) };
}

/** The Split's regular expression: phrases first, the longest before its own beginnings, then words. */
export function splitPattern(phrases: readonly string[]): string {
  const longestFirst = [...phrases].sort((a, b) => b.length - a.length || compareCodePoints(a, b));
  const literals = longestFirst.map((phrase) => {
    const wordEnds = /[A-Za-z]$/.test(phrase) ? "(?![A-Za-z'])" : '';
    return escapePattern(phrase) + wordEnds;
  });
  return [...literals, WORDS].join('|');
}

function countAll(corpus: readonly string[], pattern: RegExp): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of corpus)
    for (const [piece] of text.matchAll(pattern)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}

/** A distinct run of template words and how often it occurs. */
interface Run {
  parts: string[];
  readonly count: number;
}

function findPhrases(
  corpus: readonly string[],
  names: ReadonlySet<string>,
  { phrases, leastPhrases }: VocabularyOptions,
): string[] {
  const runs = runsOf(corpus, names);
  const found = new Set<string>();
  while (found.size < phrases) {
    const pair = mostFrequentPair(runs);
    if (pair === undefined || pair.count < leastPhrases) break;
    const joined = pair.left + pair.right;
    found.add(joined);
    for (const run of runs) join(run, pair.left, pair.right);
  }
  return [...found];
}

function runsOf(corpus: readonly string[], names: ReadonlySet<string>): Run[] {
  const pattern = new RegExp(WORDS, 'gu');
  const counts = new Map<string, { parts: string[]; count: number }>();
  const close = (parts: string[]): void => {
    if (parts.length < 2) return;
    const key = parts.join('\u0000');
    const run = counts.get(key);
    if (run === undefined) counts.set(key, { parts, count: 1 });
    else run.count++;
  };
  for (const text of corpus) {
    let parts: string[] = [];
    for (const [piece] of text.matchAll(pattern)) {
      if (/\d/.test(piece) || names.has(piece.trim().toLowerCase())) {
        close(parts);
        parts = [];
      } else parts.push(piece);
    }
    close(parts);
  }
  return [...counts.values()];
}

function mostFrequentPair(runs: readonly Run[]): { left: string; right: string; count: number } | undefined {
  const counts = new Map<string, number>();
  for (const { parts, count } of runs) {
    for (let i = 1; i < parts.length; i++) {
      const [left, right] = [parts[i - 1] as string, parts[i] as string];
      if (left.length + right.length > LONGEST_PHRASE) continue;
      const key = `${left}\u0000${right}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  let best: { key: string; count: number } | undefined;
  for (const [key, count] of counts) {
    const better = best === undefined || count > best.count || (count === best.count && key < best.key);
    if (better) best = { key, count };
  }
  if (best === undefined) return undefined;
  const [left, right] = best.key.split('\u0000') as [string, string];
  return { left, right, count: best.count };
}

function join(run: Run, left: string, right: string): void {
  if (!run.parts.includes(left)) return;
  const parts: string[] = [];
  for (const part of run.parts) {
    if (part === right && parts.at(-1) === left) parts[parts.length - 1] = left + right;
    else parts.push(part);
  }
  run.parts = parts;
}

/** tokenizer.json. */
export function tokenizerJson({ phrases, words }: Vocabulary): object {
  const entries = [...SPECIALS, ...CHARACTER_OF, ...phrases.map(spell), ...words.map(spell)];
  const vocab = Object.fromEntries([...new Set(entries)].map((entry, id) => [entry, id]));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIALS.map((content, id) => addedToken(id, content)),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: splitPattern(phrases) }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab,
      merges: [],
    },
  };
}

/** tokenizer_config.json; transformers.js takes the chat template from here only. */
export function tokenizerConfig(contextLength: number): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: null,
    eos_token: '<|im_end|>',
    pad_token: '<|endoftext|>',
    unk_token: null,
    clean_up_tokenization_spaces: false,
    add_prefix_space: false,
    model_max_length: contextLength,
    chat_template: CHAT_TEMPLATE,
  };
}
