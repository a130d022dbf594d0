/**
 * What a sentence in people's words mentions: things, places and lamps by any name of theirs (lexicon.ts), in one or
 * several, hyphened, written as one word, or with a letter wrong; and what is to be done. Each is found by its words
 * alone; what they come to, read-task.ts decides.
 */

import type { Treatment } from '../base/task-types.ts';
import { BY_PLACE, COMMON, EITHER, LAMPS, PLACES, pluralOf, THINGS, TREATING } from './lexicon.ts';
import { MORE_COMMON, MORE_EITHER, MORE_LAMPS, MORE_PLACES, MORE_THINGS, MORE_TREATING } from './synonyms.ts';

export type MentionKind = 'thing' | 'place' | 'lamp';

export interface Mention {
  readonly kind: MentionKind;
  /** More than one where the name says no more: a table. */
  readonly types: readonly string[];
  /** As it was said, for names that mean something else in one place. */
  readonly name: string;
  readonly from: number;
  /** The token behind it. */
  readonly to: number;
}

/** A treatment as it is said: to do it, or how the thing then is. */
export interface Doing {
  readonly treatment: Treatment;
  readonly verb: boolean;
  readonly at: number;
}

export interface Sentence {
  /** Words in small letters, and marks. */
  readonly tokens: readonly string[];
  readonly mentions: readonly Mention[];
  readonly doings: readonly Doing[];
}

interface Name {
  readonly kind: MentionKind;
  readonly types: readonly string[];
}

const NAMES = new Map<string, Name>();
const WORDS = new Set<string>([...COMMON, ...MORE_COMMON]);
const LONGEST_NAME = 5;

function add(kind: MentionKind, name: string, types: readonly string[]): void {
  for (const words of [pluralOf(name), name]) {
    for (const spelled of [words, words.replaceAll(' ', '')]) NAMES.set(spelled, { kind, types });
    for (const word of words.split(' ')) WORDS.add(word);
  }
}

for (const [kind, names] of [
  ['thing', THINGS],
  ['thing', MORE_THINGS],
  ['place', PLACES],
  ['place', MORE_PLACES],
  ['lamp', LAMPS],
  ['lamp', MORE_LAMPS],
] as const) {
  for (const [type, known] of Object.entries(names))
    for (const name of [type, ...known]) add(kind, name, [type]);
}
for (const [name, types] of Object.entries({ ...EITHER, ...MORE_EITHER })) add(kindOf(types[0]), name, types);

function kindOf(type: string): MentionKind {
  return type in PLACES ? 'place' : type in LAMPS ? 'lamp' : 'thing';
}

const DOINGS = new Map<string, { readonly treatment: Treatment; readonly verb: boolean }>();
for (const [treatment, { verbs, states }] of [
  ...Object.entries(TREATING),
  ...Object.entries(MORE_TREATING),
]) {
  for (const word of states) DOINGS.set(word, { treatment: treatment as Treatment, verb: false });
  for (const word of verbs) DOINGS.set(word, { treatment: treatment as Treatment, verb: true });
}
for (const word of DOINGS.keys()) WORDS.add(word);

/** Words that mistypings are corrected to: no ordinary ones. */
const CORRECTABLE = [
  ...new Set([...[...NAMES.keys()].flatMap((name) => name.split(' ')), ...DOINGS.keys()]),
].filter((word) => word.length >= 5);

const DETERMINERS: ReadonlySet<string> = new Set(
  'a an the some my your our one this that these those both two any another 2 his her their'.split(' '),
);

export function isDeterminer(token: string | undefined): boolean {
  return token !== undefined && DETERMINERS.has(token);
}

/** Reads at most so many characters as are given: whoever calls refuses longer ones. */
export function readSentence(text: string): Sentence {
  const tokens = tokensOf(text).map(corrected);
  const mentions: Mention[] = [];
  const doings: Doing[] = [];
  for (let i = 0; i < tokens.length; ) {
    const mention = isVerbHere(tokens, i) ? undefined : mentionAt(tokens, i);
    if (mention !== undefined) {
      mentions.push(mention);
      i = mention.to;
      continue;
    }
    const doing = DOINGS.get(tokens[i] as string);
    if (doing !== undefined) doings.push({ ...doing, at: i });
    else if (tokens[i] === 'microwave') doings.push({ treatment: 'heat', verb: true, at: i });
    i++;
  }
  return { tokens, mentions, doings };
}

function tokensOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().replace(/[’‘`]/g, "'");
  return Array.from(plain.matchAll(/[\p{L}\p{N}]+(?:'(?!s\b)\p{L}+)?|[.,;:!?()>+]/gu), ([token]) => token)
    .map((token) => (/^\dx$/.test(token) ? (token[0] as string) : token))
    .filter((token) => token !== 's');
}

/** `microwave it`, `light the lamp`, `to watch a film`: words of the lexicon that are verbs where they stand. */
function isVerbHere(tokens: readonly string[], i: number): boolean {
  const [before, word, after] = [tokens[i - 1], tokens[i], tokens[i + 1]];
  const objectFollows = isDeterminer(after) || after === 'it' || after === 'them';
  if (word === 'light') return objectFollows;
  if (word === 'watch') return objectFollows && /^(?:to|we|i|you|can|and)$/.test(before ?? '');
  if (word !== 'microwave') return false;
  const named = isDeterminer(before) || /^(?:in|into|inside|to|from|of)$/.test(before ?? '');
  return !named && (objectFollows || mentionAt(tokens, i + 1)?.kind === 'thing');
}

function mentionAt(tokens: readonly string[], from: number): Mention | undefined {
  for (let to = Math.min(tokens.length, from + LONGEST_NAME); to > from; to--) {
    const name = tokens.slice(from, to).join(' ');
    const known = NAMES.get(name);
    if (known !== undefined) return { ...known, name, from, to };
  }
  return undefined;
}

/** Whether a token is part of a name. */
export function isNamed(mentions: readonly Mention[], at: number): boolean {
  return mentions.some(({ from, to }) => from <= at && at < to);
}

/** What a name means beside a place: a cup in the coffee machine is a mug. */
export function typesAt({ name, types }: Mention, place: string | undefined): readonly string[] {
  const meant = BY_PLACE[place ?? '']?.[name];
  return meant === undefined ? types : [meant];
}

/** The word with its one wrong letter put right, where only one word can be meant; longer ones may have two. */
function corrected(word: string): string {
  if (word.length < 5 || word.length > 24 || WORDS.has(word) || NAMES.has(word)) return word;
  let best = word.length >= 9 ? 3 : 2;
  let found: string[] = [];
  for (const known of CORRECTABLE) {
    if (known[0] !== word[0] || Math.abs(known.length - word.length) >= best) continue;
    const distance = editDistance(word, known);
    if (distance < best) [best, found] = [distance, [known]];
    else if (distance === best && found.length > 0) found.push(known);
  }
  return found.length === 1 ? (found[0] as string) : word;
}

/** Letters that are missing, too many, wrong, or in each other's place (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  const at = (i: number, j: number): number => rows[i]?.[j] as number;
  for (let j = 0; j <= b.length; j++) (rows[0] as number[])[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = least;
    }
  }
  return at(a.length, b.length);
}
