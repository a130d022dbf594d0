/**
 * Writes a reply token by token: greedily, and within a rule where there is one. In an action the best token that the
 * rule allows is taken. A thought that comes to a name which can't be has been wrong since its sentence began ("Here is
 * ladle 3." where no ladle is in sight), so the whole sentence is said anew, from its second best beginning.
 */
import type { ReplyRule } from '../../agent/grounding.ts';
import { argmax, byLogit } from './logits.ts';
import { TextStream } from './text-stream.ts';

/** What a writer needs of a tokenizer. */
interface Vocabulary {
  readonly turnEnd: number;
  /** Special tokens have no text. */
  decode(tokens: readonly number[]): string;
}

type Written =
  /** The turn is over. */
  | { readonly kind: 'end' }
  /** The next token, and the text that can be given out. */
  | { readonly kind: 'on'; readonly token: number; readonly piece: string }
  /** All tokens but the first `length` are taken back; then comes the token. */
  | { readonly kind: 'back'; readonly length: number; readonly token: number; readonly piece: string };

/** So often a reply begins a sentence anew; then its thoughts are its own. */
const ANEW = 6;

/** One token of the reply, and what stood to choose from. */
interface Said {
  readonly token: number;
  readonly logits: Float32Array;
  /** Characters of the text before it. */
  readonly at: number;
}

export class ReplyWriter {
  readonly #vocabulary: Vocabulary;
  readonly #rule: ReplyRule | undefined;
  readonly #stream: TextStream;
  readonly #said: Said[] = [];
  /** By place in the reply: beginnings of sentences that came to nothing. */
  readonly #tried = new Map<number, string[]>();
  #anew = 0;
  /** Tokens in whose place the student would have said others. */
  overruled = 0;

  constructor(vocabulary: Vocabulary, rule?: ReplyRule) {
    this.#vocabulary = vocabulary;
    this.#rule = rule;
    this.#stream = new TextStream(vocabulary, rule && ((text) => this.#settled(rule, text)));
  }

  get text(): string {
    return this.#stream.text;
  }

  /** The text that was held back. */
  end(): string {
    return this.#stream.end();
  }

  /** Chooses by the logits behind the last token; undefined where they aren't numbers. */
  next(logits: Float32Array): Written | undefined {
    const wanted = argmax(logits);
    if (wanted === undefined) return undefined;
    const at = this.#said.length;
    if (this.#rule === undefined || this.#allows(this.#rule, wanted)) return this.#say(wanted, logits, at);
    const from = this.#sentenceStart(this.#rule, this.text);
    const again = this.#said[from];
    if (again === undefined || this.#anew === ANEW) {
      this.overruled++;
      return this.#say(this.#best(this.#rule, logits, at) ?? wanted, logits, at);
    }
    this.#anew++;
    this.overruled++;
    this.#tried.set(from, [...(this.#tried.get(from) ?? []), this.#vocabulary.decode([again.token])]);
    this.#said.length = from;
    this.#stream.rewind(from);
    return this.#say(this.#best(this.#rule, again.logits, from) ?? again.token, again.logits, at);
  }

  #say(token: number, logits: Float32Array, at: number): Written {
    if (this.#endsTurn(token)) return { kind: 'end' };
    const length = this.#said.length;
    this.#said.push({
      token,
      logits: this.#rule === undefined ? NONE : logits.slice(),
      at: this.text.length,
    });
    const piece = this.#stream.push(token);
    return length < at ? { kind: 'back', length, token, piece } : { kind: 'on', token, piece };
  }

  /** The best token that is allowed and wasn't tried. */
  #best(rule: ReplyRule, logits: Float32Array, at: number): number | undefined {
    const tried = this.#tried.get(at) ?? [];
    // The same words in other tokens would come to the same.
    const isNew = (token: number): boolean => {
      const text = this.#vocabulary.decode([token]);
      return !tried.some((other) => other.startsWith(text) || text.startsWith(other));
    };
    return byLogit(logits).find((token) => isNew(token) && this.#allows(rule, token));
  }

  /** Index of the token with which the sentence began that a text ends in: a stock phrase may begin in another. */
  #sentenceStart(rule: ReplyRule, text: string): number {
    const start = rule.sentence(text);
    return start >= text.length ? this.#said.length : this.#said.findLastIndex(({ at }) => at <= start);
  }

  /** Characters that won't be taken back. */
  #settled(rule: ReplyRule, text: string): number {
    return this.#said[this.#sentenceStart(rule, text)]?.at ?? text.length;
  }

  #allows(rule: ReplyRule, token: number): boolean {
    return this.#endsTurn(token) ? rule.ends(this.text) : rule.begins(this.#stream.with(token));
  }

  /** A token without a text is a special one: the turn's end, or the start of a turn that isn't the student's. */
  #endsTurn(token: number): boolean {
    return token === this.#vocabulary.turnEnd || this.#vocabulary.decode([token]) === '';
  }
}

/** Nothing is taken back of a reply that is held to nothing. */
const NONE = new Float32Array(0);
