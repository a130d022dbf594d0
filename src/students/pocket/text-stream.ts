/** Text that grows token by token: tokens may be bytes of one character, so a piece comes out when it is whole. */

export class TextStream {
  readonly #tokenizer: { decode(tokens: readonly number[]): string };
  readonly #tokens: number[] = [];
  #given = 0;
  #text = '';

  constructor(tokenizer: { decode(tokens: readonly number[]): string }) {
    this.#tokenizer = tokenizer;
  }

  /** All of it so far; broken characters are U+FFFD. */
  get text(): string {
    return this.#text;
  }

  /** Adds a token and returns the text that is new and whole. */
  push(token: number): string {
    this.#tokens.push(token);
    this.#text = this.#tokenizer.decode(this.#tokens);
    // Up to three broken characters at the end may become one whole character yet.
    return this.#take(this.#text.length - (/\uFFFD{0,3}$/.exec(this.#text)?.[0].length ?? 0));
  }

  /** What was held back. */
  end(): string {
    return this.#take(this.#text.length);
  }

  #take(end: number): string {
    const piece = this.#text.slice(this.#given, end);
    this.#given = Math.max(this.#given, end);
    return piece;
  }
}
