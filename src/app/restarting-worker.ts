/**
 * A worker that the page can count on: started on first use, its functions passed as promises (comlink), and when it
 * breaks down or silently ends every call that it left open is answered with a refusal, and the next call starts
 * another.
 *
 * A worker that ends tells nobody. So each holds a Web Lock as long as it lives, and the page waits for that lock:
 * the browser hands it over the moment the worker is gone.
 */
import { releaseProxy, wrap } from 'comlink';
import { deferred } from '../base/deferred.ts';
import { randomId } from '../base/random-id.ts';
import { messageOf, refuse } from '../base/result.ts';
import { within } from '../base/within.ts';
import { usableLocks } from '../storage/lock.ts';
import { callWithCallbacks } from './callbacks.ts';

/** Milliseconds until a worker must have answered its first call. */
const START_PATIENCE = 60_000;

type Lost = ReturnType<typeof refuse>;
export type Calls = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

export class RestartingWorker<Functions extends object> {
  /** What a call to a worker that died comes to. Code WORKER_LOST. */
  readonly lost: Lost;
  readonly #start: (name: string) => Worker;
  readonly #ping: (functions: Functions) => Promise<unknown>;
  readonly #listeners = new Set<(reason: string) => void>();
  #lose: ((reason: string) => void) | undefined;
  #functions: Functions | undefined;

  /**
   * @param lost the sentence that answers a call to a worker that died
   * @param start makes the worker, with the name under which it holds its lock
   * @param ping the first call to each worker; it is alive when it has answered
   */
  constructor(
    lost: string,
    start: (name: string) => Worker,
    ping: (functions: Functions) => Promise<unknown>,
  ) {
    this.lost = refuse('WORKER_LOST', lost);
    this.#start = start;
    this.#ping = ping;
  }

  /**
   * The worker's functions. Functions among the arguments are called back until there is an answer, those that
   * `listener` made (callbacks.ts) as long as the worker lives.
   */
  get functions(): Functions {
    this.#functions ??= this.#open();
    return this.#functions;
  }

  /** Called when a worker is lost, with the reason. Returns how to stop listening. */
  onLost(listen: (reason: string) => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  #open(): Functions {
    // A worker knows only its own file's address; its name tells it where the page lies, and is its lock's name.
    const name = new URL(`./#${randomId()}`, document.baseURI).href;
    const worker = this.#start(name);
    const remote = wrap<Calls>(worker);
    const died = deferred<Lost>();
    const lose = (reason: string): void => {
      if (this.#lose !== lose) return;
      this.#lose = undefined;
      this.#functions = undefined;
      worker.terminate();
      remote[releaseProxy]();
      died.resolve(this.lost);
      for (const listen of this.#listeners) listen(reason);
    };
    this.#lose = lose;
    worker.addEventListener('error', (event) => lose(event.message || "it couldn't be started"));
    const functions = functionsOf<Functions>(remote as unknown as Calls, died.promise);
    // One that doesn't even start tells nobody either: its code may be stuck on the way.
    within(START_PATIENCE, 'it', this.#ping(functions)).then(
      () => watch(name, lose),
      (error: unknown) => lose(messageOf(error)),
    );
    return functions;
  }
}

/** A worker's functions, each of whose calls comes to what `died` does should that be first. */
export function functionsOf<Functions extends object>(remote: Calls, died: Promise<unknown>): Functions {
  return new Proxy(
    {},
    {
      get: (_, key) => {
        // A promise that resolves to these functions would otherwise ask them whether they are one.
        if (key === 'then') return undefined;
        return (...args: unknown[]) =>
          callWithCallbacks(args, (...passed) => Promise.race([remote[String(key)]?.(...passed), died]));
      },
    },
  ) as Functions;
}

/** Waits until the worker of this name no longer lives. */
async function watch(name: string, lose: (reason: string) => void): Promise<void> {
  const locks = await usableLocks();
  // Without locks only what a worker reports is noticed.
  if (locks === undefined) return;
  const held = async (): Promise<boolean> =>
    ((await locks.query()).held ?? []).some((lock) => lock.name === name);
  // The worker has asked for its lock before it answered anything; a moment may pass until it is granted.
  for (let tries = 0; tries < 50 && !(await held()); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await locks.request(name, async () => lose('it ended without an error message'));
}
