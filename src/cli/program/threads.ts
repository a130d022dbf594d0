/** Threads of a subcommand. */
import { Worker } from 'node:worker_threads';
import type { Refusal } from '../../base/result.ts';

/** A thread that runs a module of TypeScript, with data that it finds as its `workerData`. */
export function startThread(module: URL, data: object): Worker {
  const workerData = { ...data, module: module.href };
  return new Worker(new URL('./thread.mjs', import.meta.url), { workerData });
}

interface ThreadWork<Order, Answer> {
  readonly threads: number;
  readonly module: URL;
  readonly data: object;
  /** Asks a thread to end. */
  readonly close: Order;
  readonly signal: AbortSignal;
  /** @param order gives the thread more to do, unless all are ending; @param end ends them, with a refusal or all done */
  heard(
    answer: Answer,
    order: (order: Order) => void,
    end: (refusal?: Refusal) => void,
  ): void | Promise<void>;
}

/**
 * Runs threads until one of them says that it's over, or the signal aborts; nothing of theirs goes on when this
 * resolves. Rejects with what a thread threw: a fault, never bad input.
 */
export async function runThreads<Order, Answer>(
  work: ThreadWork<Order, Answer>,
): Promise<Refusal | undefined> {
  const workers: Worker[] = [];
  let ending = false;
  try {
    return await new Promise((resolve, reject) => {
      if (work.threads === 0 || work.signal.aborted) return resolve(undefined);
      work.signal.addEventListener('abort', () => resolve(undefined), { once: true });
      for (let i = 0; i < work.threads; i++) {
        const worker = startThread(work.module, work.data);
        workers.push(worker);
        const order = (message: Order): void => {
          if (!ending && !work.signal.aborted) worker.postMessage(message);
        };
        worker.on('message', async (answer: Answer) => {
          try {
            await work.heard(answer, order, resolve);
          } catch (error) {
            reject(error);
          }
        });
        worker.on('error', reject);
      }
    });
  } finally {
    ending = true;
    await Promise.all(workers.map((worker) => closed(worker, work.close)));
  }
}

function closed(worker: Worker, close: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (worker.threadId === -1) resolve();
    worker.once('exit', () => resolve());
    worker.postMessage(close);
  });
}
