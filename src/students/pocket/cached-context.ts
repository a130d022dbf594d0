/**
 * A conversation's context in a KV cache: computes of a prompt only what the cache doesn't hold. The common prefix is
 * compared token by token, never assumed; what the cache holds beyond it is rewound.
 */
import type { KvCache } from './runtime.ts';
import type { Computing } from './shared-runtime.ts';

/**
 * Tokens computed at once in a prefill. Attention takes memory of chunk × context; at this size a prefill of 2,048 is
 * fastest (measured: onnxruntime-node on one core, 64 to 512 tokens), and a stop is heard several times a second.
 */
export const CHUNK = 128;

export class CachedContext {
  readonly #runtime: Computing;
  readonly #tokens: number[] = [];
  #cache: KvCache;

  constructor(runtime: Computing) {
    this.#runtime = runtime;
    this.#cache = runtime.empty();
  }

  /** What is in the cache. */
  get tokens(): readonly number[] {
    return this.#tokens;
  }

  get length(): number {
    return this.#tokens.length;
  }

  /** How many of the first tokens the cache already holds. */
  commonPrefix(tokens: readonly number[]): number {
    const limit = Math.min(tokens.length, this.#tokens.length);
    let n = 0;
    while (n < limit && tokens[n] === this.#tokens[n]) n++;
    return n;
  }

  /**
   * Brings the cache to hold exactly these tokens and returns the logits of the last one. At least one token is
   * computed, since the cache keeps no logits.
   * @returns how many were reused, and the logits; undefined where it was stopped.
   */
  async prefill(
    tokens: readonly number[],
    signal?: Pick<AbortSignal, 'aborted'>,
  ): Promise<{ readonly reused: number; readonly logits: Float32Array } | undefined> {
    const reused = Math.min(this.commonPrefix(tokens), tokens.length - 1);
    await this.rewind(reused);
    let logits: Float32Array | undefined;
    for (let at = reused; at < tokens.length; at += CHUNK) {
      await this.#runtime.breathe();
      if (signal?.aborted) return undefined;
      logits = await this.extend(tokens.slice(at, at + CHUNK), 1);
    }
    return logits === undefined ? undefined : { reused, logits };
  }

  /** Adds tokens and returns the logits of the last `rows` of them, row after row. */
  async extend(tokens: readonly number[], rows: number): Promise<Float32Array> {
    const { cache, logits } = await this.#runtime.extend(this.#cache, tokens, rows);
    this.#cache = cache;
    this.#tokens.push(...tokens);
    return logits;
  }

  /** Cuts the cache down to its first tokens. */
  async rewind(length: number): Promise<void> {
    if (length === this.#tokens.length) return;
    this.#cache = await this.#runtime.rewind(this.#cache, length);
    this.#tokens.length = length;
  }

  /** Forgets everything; what a device failed on isn't trusted any more. */
  clear(): void {
    this.#runtime.release(this.#cache);
    this.#cache = this.#runtime.empty();
    this.#tokens.length = 0;
  }

  release(): void {
    this.#runtime.release(this.#cache);
  }
}
