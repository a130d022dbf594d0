/**
 * The runtime that the conversations of a student share. It computes one thing at a time (ONNX Runtime mixes two up,
 * kernels have one scratch memory), so what the conversations ask stands in one queue, a piece of a prompt or a token
 * at once: all of them go on, in turn.
 */
import { Queue } from '../queue.ts';
import type { Clock } from '../student.ts';
import type { Extended, KvCache, Runtime } from './runtime.ts';

/** The model was freed before it computed what was asked of it. */
export class RuntimeFreed extends Error {}

/** What computes for a conversation; the model itself isn't the conversation's to free. */
export type Computing = Omit<Runtime, 'dispose'>;

export class SharedRuntime {
  readonly #runtime: Runtime;
  readonly #clock: Clock;
  readonly #queue = new Queue();
  /** Milliseconds that it has computed. */
  #worked = 0;
  /** For whom it computes now, and since when. */
  #now: { readonly by: Share; readonly since: number } | undefined;

  constructor(runtime: Runtime, clock: Clock) {
    this.#runtime = runtime;
    this.#clock = clock;
  }

  /** A conversation's share of it. */
  share(): Share {
    return new Share(this.#runtime, this);
  }

  /** Frees the model once it has computed what it is at; all else that was asked rejects with {@link RuntimeFreed}. */
  async dispose(): Promise<void> {
    await this.#queue.close();
    await this.#runtime.dispose();
  }

  get freed(): boolean {
    return this.#queue.closed;
  }

  /** Computes something for a conversation as soon as it is next. */
  async inTurn<T>(by: Share, work: () => Promise<T>): Promise<T> {
    const done = await this.#queue.run(async () => {
      const since = this.#clock();
      this.#now = { by, since };
      try {
        return await work();
      } finally {
        const took = this.#clock() - since;
        this.#now = undefined;
        this.#worked += took;
        by.worked += took;
      }
    });
    if (done === undefined) throw new RuntimeFreed();
    return done.value;
  }

  /** Milliseconds that it has computed for others than this conversation. */
  workedForOthers(share: Share): number {
    const now = this.#now === undefined || this.#now.by === share ? 0 : this.#clock() - this.#now.since;
    return this.#worked - share.worked + now;
  }
}

export class Share implements Computing {
  readonly device: string;
  readonly vocabulary: number;
  readonly contextLimit: number;
  readonly guesses: number;
  /** Milliseconds that the runtime has computed for it. */
  worked = 0;
  readonly #runtime: Runtime;
  readonly #shared: SharedRuntime;

  constructor(runtime: Runtime, shared: SharedRuntime) {
    this.device = runtime.device;
    this.vocabulary = runtime.vocabulary;
    this.contextLimit = runtime.contextLimit;
    this.guesses = runtime.guesses ?? 0;
    this.#runtime = runtime;
    this.#shared = shared;
  }

  /** Milliseconds that the runtime has computed for others so far: what passes of them isn't part of a reply's time. */
  get workedForOthers(): number {
    return this.#shared.workedForOthers(this);
  }

  empty(): KvCache {
    return this.#runtime.empty();
  }

  extend(cache: KvCache, tokens: readonly number[], rows: number): Promise<Extended> {
    return this.#shared.inTurn(this, () => this.#runtime.extend(cache, tokens, rows));
  }

  rewind(cache: KvCache, length: number): Promise<KvCache> {
    return this.#shared.inTurn(this, () => this.#runtime.rewind(cache, length));
  }

  release(cache: KvCache): void {
    // A model that was freed took its caches with it.
    if (!this.#shared.freed) this.#runtime.release(cache);
  }

  breathe(): Promise<void> {
    return this.#runtime.breathe();
  }
}
