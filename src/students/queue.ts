import { type Deferred, deferred } from '../base/deferred.ts';

/**
 * One at a time, in the order in which they asked: what several conversations want of one runtime. It computes for one
 * of them at once, so each piece of work waits until it is next; whoever has just had its work done stands behind all
 * who wait already, and so nobody waits for more than one piece of work of each of the others. Knows nothing of what
 * is computed.
 */
export class Queue {
  readonly #waiting: ((mayBegin: boolean) => void)[] = [];
  #busy = false;
  #closed = false;
  /** Resolved once the work under way when it was closed has ended. */
  #idle: Deferred<void> | undefined;

  /** Nothing is begun any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Does a piece of work as soon as it is next.
   * @returns what it comes to; undefined where the signal was aborted or the queue was closed before it could begin
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<{ readonly value: T } | undefined> {
    if (!(await this.#next(signal))) return undefined;
    try {
      return { value: await work() };
    } finally {
      this.#handOn();
    }
  }

  /** Whoever waits goes away empty-handed, and so does whoever comes; resolves once the work under way has ended. */
  close(): Promise<void> {
    this.#closed = true;
    for (const begin of this.#waiting.splice(0)) begin(false);
    if (!this.#busy) return Promise.resolve();
    this.#idle ??= deferred();
    return this.#idle.promise;
  }

  #next(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#closed || signal?.aborted) return Promise.resolve(false);
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const begin = (mayBegin: boolean): void => {
        signal?.removeEventListener('abort', leave);
        resolve(mayBegin);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        resolve(false);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(begin);
    });
  }

  /** From one to the next, never free in between: nobody who comes now can overtake one who waits. */
  #handOn(): void {
    const begin = this.#waiting.shift();
    if (begin !== undefined) {
      begin(true);
      return;
    }
    this.#busy = false;
    this.#idle?.resolve();
  }
}
