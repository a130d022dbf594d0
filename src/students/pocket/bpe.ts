/**
 * Byte-level BPE as GPT-2 has it, for language models that come with a tokenizer.json of Hugging Face's: a text is cut
 * by one regular expression, where the tokenizer says so after every digit was set alone, and of each piece the pair
 * of neighbours whose merge was learnt first is joined, again and again.
 *
 * As with the pocket student's own tokenizer, text is text: a special token spelled out in an observation stays
 * letters. The conversation is ChatML, as the templates that are known here render it.
 */
import type { Message } from '../../agent/prompt.ts';
import { asFields, type Fields, isCount } from '../../base/json-fields.ts';
import { readObject } from '../../base/read-json.ts';
import { ok, type Parsed, refuse } from '../../base/result.ts';
import { CHARACTER_OF, characters, unspell } from '../../weights/byte-level.ts';
import type { ChatTokenizer } from './session.ts';
import { specialsOf, TURN_END, TURN_START } from './tokenizer.ts';

/** Why it refuses. */
type BpeCode = 'TOKENIZER_JSON' | 'TOKENIZER_TEMPLATE' | 'TOKENIZER_UNSUPPORTED' | 'TOKENIZER_VOCABULARY';

const MAX_VOCABULARY = 300_000;
const MAX_MERGES = 1_000_000;
/** Pieces remembered with their tokens. */
const REMEMBERED = 50_000;

/** GPT-2's, with Unicode's white space where Rust's \s and JavaScript's differ. */
const PIECES =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const DIGITS = /\p{N}|\P{N}+/gu;

/** How a template renders ChatML, beyond what all do. */
interface ChatLayout {
  /** The system message where a conversation begins without one. */
  readonly defaultSystem: string;
}

/** SmolLM2's template; a line feed stands behind each turn. */
const TEMPLATE = new RegExp(
  [
    "^\\{% for message in messages %\\}\\{% if loop\\.first and messages\\[0\\]\\['role'\\] != 'system' %\\}",
    "\\{\\{ '<\\|im_start\\|>system\\n([^'\\\\{}<]{0,1000})<\\|im_end\\|>\\n' \\}\\}\\{% endif %\\}",
    "\\{\\{'<\\|im_start\\|>' \\+ message\\['role'\\] \\+ '\\n' \\+ message\\['content'\\] \\+ '<\\|im_end\\|>' \\+ '\\n'\\}\\}",
    "\\{% endfor %\\}\\{% if add_generation_prompt %\\}\\{\\{ '<\\|im_start\\|>assistant\\n' \\}\\}\\{% endif %\\}\\s*$",
  ].join(''),
  'u',
);

class BpeTokenizer implements ChatTokenizer {
  readonly turnEnd: number;
  readonly #turnStart: number;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #texts: readonly string[];
  readonly #special: ReadonlySet<number>;
  /** The rank of a merge, by `left right`. */
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #digits: boolean;
  readonly #layout: ChatLayout;
  readonly #remembered = new Map<string, readonly number[]>();

  /** Use {@link parseBpeTokenizer}. */
  constructor(parts: {
    readonly ids: ReadonlyMap<string, number>;
    readonly special: ReadonlyMap<string, number>;
    readonly ranks: ReadonlyMap<string, number>;
    readonly digits: boolean;
    readonly layout: ChatLayout;
  }) {
    this.#ids = parts.ids;
    this.#ranks = parts.ranks;
    this.#digits = parts.digits;
    this.#layout = parts.layout;
    this.#special = new Set(parts.special.values());
    const texts: string[] = [];
    for (const [text, id] of [...parts.ids, ...parts.special]) texts[id] = text;
    this.#texts = texts;
    this.turnEnd = parts.special.get(TURN_END) as number;
    this.#turnStart = parts.special.get(TURN_START) as number;
  }

  get size(): number {
    return this.#texts.length;
  }

  encode(text: string): number[] {
    const out: number[] = [];
    for (const [part] of this.#digits ? text.matchAll(DIGITS) : [[text]]) {
      for (const [piece] of (part as string).matchAll(PIECES)) {
        let ids = this.#remembered.get(piece);
        if (ids === undefined) {
          ids = this.#merge(piece);
          if (this.#remembered.size < REMEMBERED) this.#remembered.set(piece, ids);
        }
        for (const id of ids) out.push(id);
      }
    }
    return out;
  }

  encodeChat(messages: readonly Message[], generationPrompt: boolean): number[] {
    const { defaultSystem } = this.#layout;
    const lacks = messages.length > 0 && messages[0]?.role !== 'system';
    const all = lacks ? [{ role: 'system', content: defaultSystem } as const, ...messages] : messages;
    const behind = this.encode('\n');
    const out: number[] = [];
    for (const { role, content } of all)
      out.push(this.#turnStart, ...this.encode(`${role}\n${content}`), this.turnEnd, ...behind);
    if (generationPrompt) out.push(this.#turnStart, ...this.encode('assistant\n'));
    return out;
  }

  decode(ids: readonly number[]): string {
    const spelled = ids.map((id) => (this.#special.has(id) ? '' : (this.#texts[id] ?? '')));
    return unspell(spelled.join(''));
  }

  #merge(piece: string): number[] {
    // Bytes that the vocabulary lacks are passed over, as Hugging Face's do; SmolLM2's has 235 of the 256.
    const parts = characters(piece).filter((character) => this.#ids.has(character));
    while (parts.length > 1) {
      let best = -1;
      let rank = Number.POSITIVE_INFINITY;
      for (let i = 0; i + 1 < parts.length; i++) {
        const here = this.#ranks.get(`${parts[i]} ${parts[i + 1]}`);
        if (here !== undefined && here < rank) {
          rank = here;
          best = i;
        }
      }
      if (best === -1) break;
      parts.splice(best, 2, `${parts[best]}${parts[best + 1]}`);
    }
    return parts.map((part) => this.#ids.get(part) as number);
  }
}

/**
 * @param json tokenizer.json
 * @param configJson tokenizer_config.json, with the chat template
 */
export function parseBpeTokenizer(json: string, configJson: string): Parsed<BpeTokenizer, BpeCode> {
  const read = (text: string, what: string) =>
    readObject(text, { code: 'TOKENIZER_JSON', what, longest: 100_000_000 });
  const [file, config] = [read(json, 'tokenizer.json'), read(configJson, 'tokenizer_config.json')];
  if (!file.ok) return file;
  if (!config.ok) return config;
  const root = file.value;
  const layout = layoutOf(config.value.chat_template);
  if (layout === undefined)
    return refuse(
      'TOKENIZER_TEMPLATE',
      "The chat template isn't one that is known here; SmolLM2's is.",
      'chat_template',
    );
  const digits = splitsDigits(root.pre_tokenizer);
  const model = asFields(root.model);
  const strange = unsupported(root, model) ?? (digits === undefined ? 'pre_tokenizer' : undefined);
  if (strange !== undefined || digits === undefined)
    return refuse('TOKENIZER_UNSUPPORTED', "This isn't a byte-level BPE as GPT-2 has it.", strange);
  const special = specialsOf(root.added_tokens, MAX_VOCABULARY);
  const ids = idsOf(model.vocab);
  if (ids === undefined || special === undefined)
    return refuse('TOKENIZER_VOCABULARY', 'The vocabulary has no valid ids.', 'model.vocab');
  for (const text of special.keys()) ids.delete(text);
  const ranks = ranksOf(model.merges, ids);
  if (ranks === undefined)
    return refuse('TOKENIZER_VOCABULARY', "A merge makes what isn't a token.", 'model.merges');
  const printable = CHARACTER_OF.slice(0x20, 0x7f);
  if (printable.some((character) => !ids.has(character)))
    return refuse('TOKENIZER_VOCABULARY', 'The vocabulary lacks letters of ASCII.', 'model.vocab');
  if (!special.has(TURN_START) || !special.has(TURN_END))
    return refuse('TOKENIZER_VOCABULARY', `${TURN_START} and ${TURN_END} are missing.`, 'added_tokens');
  return ok(new BpeTokenizer({ ids, special, ranks, digits, layout }));
}

function layoutOf(template: unknown): ChatLayout | undefined {
  if (typeof template !== 'string') return undefined;
  const defaultSystem = TEMPLATE.exec(template)?.[1];
  return defaultSystem === undefined ? undefined : { defaultSystem };
}

/** Whether digits are set alone first; undefined where the pre-tokenizer is another one. */
function splitsDigits(value: unknown): boolean | undefined {
  const outer = asFields(value);
  const steps =
    outer.type === 'Sequence' && Array.isArray(outer.pretokenizers) ? outer.pretokenizers : [value];
  const [first, second, ...others] = steps.map(asFields);
  if (others.length > 0) return undefined;
  if (second === undefined) return isByteLevel(first) ? false : undefined;
  return first?.type === 'Digits' && first.individual_digits === true && isByteLevel(second)
    ? true
    : undefined;
}

function isByteLevel(step: Fields | undefined): boolean {
  return step?.type === 'ByteLevel' && step.add_prefix_space === false && step.use_regex !== false;
}

function unsupported(root: Fields, model: Fields): string | undefined {
  if ((root.normalizer ?? null) !== null) return 'normalizer';
  if (asFields(root.decoder).type !== 'ByteLevel') return 'decoder';
  if (model.type !== 'BPE' || model.ignore_merges === true || model.byte_fallback === true) return 'model';
  const affixes = [model.continuing_subword_prefix, model.end_of_word_suffix];
  return affixes.every((one) => (one ?? '') === '') && (model.dropout ?? null) === null ? undefined : 'model';
}

function idsOf(value: unknown): Map<string, number> | undefined {
  const entries = Object.entries(asFields(value));
  if (entries.length > MAX_VOCABULARY || !entries.every(([, id]) => isCount(id, MAX_VOCABULARY - 1)))
    return undefined;
  const ids = new Map(entries as [string, number][]);
  return new Set(ids.values()).size === ids.size ? ids : undefined;
}

/** Merges are pairs, or in older files texts with a blank between. */
function ranksOf(value: unknown, ids: ReadonlyMap<string, number>): Map<string, number> | undefined {
  if (!Array.isArray(value) || value.length > MAX_MERGES) return undefined;
  const ranks = new Map<string, number>();
  for (const [rank, merge] of value.entries()) {
    const pair = typeof merge === 'string' ? merge.split(' ') : merge;
    if (!Array.isArray(pair) || pair.length !== 2 || !ids.has(`${pair[0]}${pair[1]}`)) return undefined;
    ranks.set(`${pair[0]} ${pair[1]}`, rank);
  }
  return ranks;
}
