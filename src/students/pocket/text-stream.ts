/** Text that grows token by token: tokens may be bytes of one character, so a piece comes out when it is whole. */

export class TextStream {
  readonly #tokenizer: { decode(tokens: readonly number[]): string };
  readonly #tokens: number[] = [];
  #given = 0;
  #text = '';

  readonly #settled: (text: string) => number;

  /** @param settled up to which character nothing will be taken back; everything, unless told otherwise */
  constructor(
    tokenizer: { decode(tokens: readonly number[]): string },
    settled: (text: string) => number = (text) => text.length,
  ) {
    this.#tokenizer = tokenizer;
    this.#settled = settled;
  }

  /** All of it so far; broken characters are U+FFFD. */
  get text(): string {
    return this.#text;
  }

  /** The text as it would be with one more token. */
  with(token: number): string {
    return this.#tokenizer.decode([...this.#tokens, token]);
  }

  /** Adds a token and returns the text that is new and whole. */
  push(token: number): string {
    this.#tokens.push(token);
    this.#text = this.#tokenizer.decode(this.#tokens);
    // Up to three broken characters at the end may become one whole character yet.
    const whole = this.#text.length - (/\uFFFD{0,3}$/.exec(this.#text)?.[0].length ?? 0);
    return this.#take(Math.min(whole, this.#settled(this.#text)));
  }

  /** Takes back all tokens but the first ones; what was given out must be among them. */
  rewind(length: number): void {
    this.#tokens.length = length;
    this.#text = this.#tokenizer.decode(this.#tokens);
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
