/** How fast a download is and how long it will take, over its last seconds: what a person sees beside the bar. */

/** Milliseconds that are looked back at. */
const WINDOW_MS = 10_000;
/** Less than this says nothing yet. */
const LEAST_MS = 1000;

export class Rate {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** @param at milliseconds from any fixed moment */
  add(at: number, bytes: number): void {
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 1 && (this.#samples[0]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
  }

  /** Bytes a second over the window; undefined while that can't be told. */
  bytesPerSecond(at: number): number | undefined {
    const [first] = this.#samples;
    if (first === undefined || at - first.at < LEAST_MS) return undefined;
    // The first sample's bytes came before the window began.
    const bytes = this.#samples.slice(1).reduce((sum, sample) => sum + sample.bytes, 0);
    return (1000 * bytes) / (at - first.at);
  }

  /** Milliseconds until this many bytes have come; undefined where nothing comes. */
  remainingMs(at: number, bytes: number): number | undefined {
    const rate = this.bytesPerSecond(at);
    return rate === undefined || rate <= 0 ? undefined : (1000 * bytes) / rate;
  }
}
