/** Work of which only the latest counts: beginning anew tells what was under way to end. */
export class Latest {
  #controller: AbortController | undefined;

  /** Ends the one before; the signal of the new one. */
  begin(): AbortSignal {
    this.stop();
    this.#controller = new AbortController();
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller?.abort();
  }
}
