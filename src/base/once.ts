import type { Result } from './result.ts';

/** Something that is opened when it is first asked for, and then kept. A refusal isn't kept: the next call tries again. */
export class Once<T> {
  readonly #open: () => Promise<Result<T>>;
  #opened: Promise<Result<T>> | undefined;

  constructor(open: () => Promise<Result<T>>) {
    this.#open = open;
  }

  get(): Promise<Result<T>> {
    if (this.#opened !== undefined) return this.#opened;
    const opening: Promise<Result<T>> = this.#open().then((result) => {
      if (!result.ok && this.#opened === opening) this.#opened = undefined;
      return result;
    });
    this.#opened = opening;
    return opening;
  }

  /** The next call opens it anew. */
  forget(): void {
    this.#opened = undefined;
  }
}
