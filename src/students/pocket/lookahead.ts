/**
 * Replies repeat what stands before them: names, phrases, what was said a turn ago. So with the token that is said the
 * next ones are guessed from there and computed at once, which reads the weights once for all of them; a guess that
 * turns out right costs nothing more, a wrong one is taken back. A token's logits are the same bits computed alone or
 * among others, so the reply is the same (prompt lookup decoding, after Leviathan et al., arXiv 2211.17192).
 */
import type { CachedContext } from './cached-context.ts';

/**
 * What followed where the last tokens stood before, where most of them did, the nearest time: as many as stood there,
 * since the longer the likeness the likelier it goes on; at most `most`.
 */
export function guess(tokens: readonly number[], most: number): readonly number[] {
  const last = tokens.length - 1;
  let [longest, from] = [0, 0];
  for (let at = last - 1; at >= 0 && longest < most; at--) {
    let same = 0;
    while (same < most && same <= at && tokens[at - same] === tokens[last - same]) same++;
    if (same > longest) [longest, from] = [same, at + 1];
  }
  return tokens.slice(from, from + longest);
}

export class Lookahead {
  readonly #context: CachedContext;
  readonly #vocabulary: number;
  /** How many tokens are guessed at most. */
  readonly #most: number;
  /** Tokens of the context that were said; those behind them are guesses. */
  #said: number;
  /** Logits of the last token that wasn't guessed and of the guesses behind it. */
  #logits: Float32Array = new Float32Array(0);
  #first = 0;

  constructor(context: CachedContext, vocabulary: number, most: number) {
    this.#context = context;
    this.#vocabulary = vocabulary;
    this.#most = most;
    this.#said = context.length;
  }

  /**
   * The logits behind a token that is said.
   * @param room tokens that may still come
   */
  async say(token: number, room: number): Promise<Float32Array> {
    const context = this.#context;
    if (context.tokens[this.#said] !== token) {
      await context.rewind(this.#said);
      const most = Math.min(this.#most, room);
      const guesses = most > 0 ? guess([...context.tokens, token], most) : [];
      this.#first = this.#said;
      this.#logits = await context.extend([token, ...guesses], guesses.length + 1);
    }
    const row = this.#said++ - this.#first;
    return this.#logits.subarray(row * this.#vocabulary, (row + 1) * this.#vocabulary);
  }

  /** Takes back all but the first tokens of the context. */
  async rewind(length: number): Promise<void> {
    await this.#context.rewind(length);
    this.#said = length;
  }
}
