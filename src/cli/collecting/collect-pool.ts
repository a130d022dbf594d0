/**
 * Threads that play games. Answers come in the order of the keys whatever thread is faster, so that the same
 * settings make the same file.
 */
import type { Refusal, Result } from '../../base/result.ts';
import { startThread } from '../program/threads.ts';
import type { CollectedGame } from './collect-games.ts';
import type { CollectAnswer, CollectWorkerData } from './collect-worker.ts';

/** Games that wait in front of a thread, so that it never waits for the next key. */
const AHEAD = 4;

interface PoolResult {
  readonly key: string;
  readonly result: Result<CollectedGame>;
}

/**
 * Plays the games of the keys and yields them in this order. Ends early when the signal aborts.
 * Throws what a thread threw: a fault, never bad input.
 */
export async function* collectInThreads(
  keys: readonly string[],
  threads: number,
  data: CollectWorkerData,
  signal: AbortSignal,
): AsyncGenerator<PoolResult | { readonly key: undefined; readonly error: Refusal }> {
  const module = new URL('./collect-worker.ts', import.meta.url);
  const answers = new Map<string, Result<CollectedGame>>();
  let wake: () => void = () => {};
  let fault: unknown;
  let unopened: Refusal | undefined;
  let asked = 0;
  const workers = Array.from({ length: Math.min(threads, keys.length) }, () => {
    const worker = startThread(module, data);
    const ask = (): void => {
      const key = keys[asked];
      if (key === undefined) return;
      asked++;
      worker.postMessage(key);
    };
    worker.on('message', (answer: CollectAnswer) => {
      if (answer.key === undefined) unopened = answer.error;
      else answers.set(answer.key, answer.result);
      ask();
      wake();
    });
    worker.on('error', (error) => {
      fault = error;
      wake();
    });
    for (let i = 0; i < AHEAD; i++) ask();
    return worker;
  });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);
  try {
    for (const key of keys) {
      let result = answers.get(key);
      while (result === undefined) {
        if (fault !== undefined) throw fault;
        if (unopened !== undefined) {
          yield { key: undefined, error: unopened };
          return;
        }
        if (signal.aborted) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        result = answers.get(key);
      }
      answers.delete(key);
      yield { key, result };
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
