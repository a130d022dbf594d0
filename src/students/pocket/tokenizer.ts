/**
 * The pocket student's tokenizer: whole words, numbers and stock phrases as single tokens, bytes for everything else.
 *
 * It reads the tokenizer.json that Hugging Face's libraries read (BPE without merges and with `ignore_merges`, a Split
 * by one regular expression, ByteLevel as in GPT-2) and gives the same tokens; models/tests and tokenizer.test.ts hold
 * it to that. One difference is deliberate: {@link PocketTokenizer.encode} takes text as text, so that a special token
 * spelled out in an observation or a goal can't end a turn; {@link PocketTokenizer.encodeWithSpecials} does as
 * Hugging Face's does.
 */
import type { Message, ReadAs } from '../../agent/prompt.ts';
import { asFields, type Fields, isCount } from '../../base/json-fields.ts';
import { readJson } from '../../base/read-json.ts';
import { ok, type Parsed, refuse } from '../../base/result.ts';
import { CHARACTER_OF, characters, spell, unspell } from '../../weights/byte-level.ts';
import { withStandIns } from './stand-ins.ts';

/** Why it refuses. */
type TokenizerCode = 'TOKENIZER_JSON' | 'TOKENIZER_UNSUPPORTED' | 'TOKENIZER_VOCABULARY';

/** Names of the special tokens that a conversation is rendered with. */
export const TURN_START = '<|im_start|>';
export const TURN_END = '<|im_end|>';

/** The chat template in tokenizer_config.json: the system message costs tokens and tells this student nothing new. */
export const CHAT_TEMPLATE =
  "{% for message in messages %}{% if message['role'] != 'system' %}<|im_start|>{{ message['role'] }}\n" +
  "{{ message['content'] }}<|im_end|>{% endif %}{% endfor %}" +
  '{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';

const MAX_VOCABULARY = 65_536;
const MAX_PATTERN = 200_000;

export class PocketTokenizer {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #texts: readonly string[];
  readonly #pattern: RegExp;
  readonly #specials: ReadonlyMap<string, number>;
  readonly #specialPattern: RegExp | undefined;
  readonly #cache = new Map<string, readonly number[]>();
  readonly turnEnd: number;
  readonly #turnStart: number;

  /** Use {@link parseTokenizer}. */
  constructor(ids: ReadonlyMap<string, number>, specials: ReadonlyMap<string, number>, pattern: RegExp) {
    this.#ids = ids;
    this.#specials = specials;
    this.#pattern = pattern;
    const texts: string[] = [];
    for (const [text, id] of [...ids, ...specials]) texts[id] = text;
    this.#texts = texts;
    this.#specialPattern =
      specials.size === 0 ? undefined : new RegExp([...specials.keys()].map(escapePattern).join('|'), 'gu');
    this.turnEnd = specials.get(TURN_END) as number;
    this.#turnStart = specials.get(TURN_START) as number;
  }

  get size(): number {
    return this.#texts.length;
  }

  /** Tokens of a text, in which nothing is special. */
  encode(text: string): number[] {
    const out: number[] = [];
    for (const [piece] of text.matchAll(this.#pattern)) {
      let ids = this.#cache.get(piece);
      if (ids === undefined) {
        ids = this.#encodePiece(piece);
        if (this.#cache.size < 20_000) this.#cache.set(piece, ids);
      }
      for (const id of ids) out.push(id);
    }
    return out;
  }

  /** As Hugging Face's tokenizers encode: special tokens spelled out in the text become special. */
  encodeWithSpecials(text: string): number[] {
    if (this.#specialPattern === undefined) return this.encode(text);
    const out: number[] = [];
    let from = 0;
    for (const match of text.matchAll(this.#specialPattern)) {
      out.push(...this.encode(text.slice(from, match.index)), this.#specials.get(match[0]) as number);
      from = match.index + match[0].length;
    }
    out.push(...this.encode(text.slice(from)));
    return out;
  }

  /** Messages as the student reads them: names of chores that its vocabulary has no word for become words of its own. */
  asRead(messages: readonly Message[]): ReadAs {
    return withStandIns(messages, (word) => this.#isName(word));
  }

  /** Tokens of a conversation, as the chat template renders it; with the start of the reply where it is asked for. */
  encodeChat(messages: readonly Message[], generationPrompt: boolean): number[] {
    const out: number[] = [];
    for (const { role, content } of this.asRead(messages).messages) {
      if (role === 'system') continue;
      out.push(this.#turnStart, ...this.encode(`${role}\n`), ...this.encode(content), this.turnEnd);
    }
    if (generationPrompt) out.push(this.#turnStart, ...this.encode('assistant\n'));
    return out;
  }

  /** Text of tokens; special tokens are left out, broken UTF-8 becomes U+FFFD, ids that don't exist are passed over. */
  decode(ids: readonly number[]): string {
    const texts = ids.map((id) => this.#texts[id]);
    return unspell(texts.filter((text) => text !== undefined && !this.#specials.has(text)).join(''));
  }

  /** Things are the words that it has in small letters and with a capital one. */
  #isName(word: string): boolean {
    const capital = word.charAt(0).toUpperCase() + word.slice(1);
    return capital !== word && [word, capital].every((one) => this.#ids.has(spell(` ${one}`)));
  }

  #encodePiece(piece: string): number[] {
    const spelled = characters(piece);
    const whole = this.#ids.get(spelled.join(''));
    return whole === undefined ? spelled.map((character) => this.#ids.get(character) as number) : [whole];
  }
}

/** A literal for a regular expression, in a form that JavaScript's and Rust's dialects both read the same. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\n/g, '\\n');
}

/**
 * Reads tokenizer.json. Codes: TOKENIZER_JSON, TOKENIZER_UNSUPPORTED (a feature that the pocket student's tokenizer
 * doesn't have), TOKENIZER_VOCABULARY.
 */
export function parseTokenizer(text: string): Parsed<PocketTokenizer, TokenizerCode> {
  const json = readJson(text, { code: 'TOKENIZER_JSON', what: 'tokenizer.json', longest: 100_000_000 });
  if (!json.ok) return json;
  const root = asFields(json.value);
  const model = asFields(root.model);
  const split = asFields((asFields(root.pre_tokenizer).pretokenizers as unknown[] | undefined)?.[0]);
  const source = asFields(split.pattern).Regex;
  const fault = unsupported(root, model, split);
  if (fault !== undefined || typeof source !== 'string' || source.length > MAX_PATTERN)
    return refuse(
      'TOKENIZER_UNSUPPORTED',
      "This isn't a tokenizer of a pocket student.",
      fault ?? 'pre_tokenizer',
    );
  const ids = vocabularyOf(model.vocab);
  const specials = specialsOf(root.added_tokens, MAX_VOCABULARY);
  if (ids === undefined || CHARACTER_OF.some((character) => !ids.has(character)))
    return refuse(
      'TOKENIZER_VOCABULARY',
      'The vocabulary has no valid ids for all 256 bytes.',
      'model.vocab',
    );
  if (specials === undefined || !specials.has(TURN_START) || !specials.has(TURN_END))
    return refuse('TOKENIZER_VOCABULARY', `${TURN_START} and ${TURN_END} are missing.`, 'added_tokens');
  for (const special of specials.keys()) ids.delete(special);
  try {
    return ok(new PocketTokenizer(ids, specials, new RegExp(source, 'gu')));
  } catch {
    return refuse('TOKENIZER_UNSUPPORTED', "The pattern isn't a regular expression.", 'pre_tokenizer');
  }
}

function unsupported(root: Fields, model: Fields, split: Fields): string | undefined {
  const pretokenizers = asFields(root.pre_tokenizer).pretokenizers;
  const bytes = asFields(Array.isArray(pretokenizers) ? pretokenizers[1] : undefined);
  if (root.normalizer !== null) return 'normalizer';
  if (root.post_processor !== null) return 'post_processor';
  if (asFields(root.decoder).type !== 'ByteLevel') return 'decoder';
  if (!Array.isArray(pretokenizers) || pretokenizers.length !== 2) return 'pre_tokenizer';
  if (split.type !== 'Split' || split.behavior !== 'Isolated' || split.invert !== false)
    return 'pre_tokenizer';
  if (bytes.type !== 'ByteLevel' || bytes.add_prefix_space !== false || bytes.use_regex !== false)
    return 'pre_tokenizer';
  if (model.type !== 'BPE' || model.ignore_merges !== true || model.byte_fallback !== false) return 'model';
  return Array.isArray(model.merges) && model.merges.length === 0 ? undefined : 'model.merges';
}

function vocabularyOf(value: unknown): Map<string, number> | undefined {
  const ids = new Map<string, number>();
  for (const [text, id] of Object.entries(asFields(value))) {
    if (!isCount(id, MAX_VOCABULARY - 1)) return undefined;
    ids.set(text, id);
  }
  return ids.size > MAX_VOCABULARY || new Set(ids.values()).size !== ids.size ? undefined : ids;
}

/** The special tokens by their text; undefined where one isn't a token of so large a vocabulary. */
export function specialsOf(value: unknown, vocabulary: number): Map<string, number> | undefined {
  if (!Array.isArray(value)) return undefined;
  const specials = new Map<string, number>();
  for (const item of value) {
    const { content, id } = asFields(item);
    if (typeof content !== 'string' || content === '' || !isCount(id, vocabulary - 1)) return undefined;
    specials.set(content, id);
  }
  return specials;
}
