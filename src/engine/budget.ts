/** How much work a stranger's text may cause: counted where it is done, so that no text makes more of it than is allowed. */
export class Budget {
  readonly limit: number;
  #spent = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Counts work that is about to be done. False from the moment on that it goes beyond the limit. */
  spend(amount = 1): boolean {
    this.#spent += amount;
    return this.#spent <= this.limit;
  }
}
