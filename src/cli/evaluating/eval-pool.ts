/**
 * Threads that play the games of a run. Which thread plays a game makes no difference to it, so the traces are the
 * same for any number of threads; they come in the order in which they are done.
 */
import { Worker } from 'node:worker_threads';
import type { StudentIdentity, Trace } from '../../agent/trace.ts';
import type { Refusal, Result } from '../../base/result.ts';
import type { EvalAnswer, EvalOrder, EvalThreadData } from './eval-thread.ts';

export interface PoolEvents {
  /** A thread is ready: who plays. A refusal ends the run. */
  ready(student: StudentIdentity): Refusal | undefined;
  /** A thread waits for its server, as this sentence says. */
  waiting(sentence: string): void;
  /** A game was played, or couldn't be. A refusal ends the run. */
  played(key: string, result: Result<Trace>): Promise<Refusal | undefined>;
}

/**
 * Plays the keys, each once; `data.lanes` of them at once in each thread. Resolves when all are done, one was refused,
 * or the signal aborted; rejects with what a thread threw: a fault, never bad input.
 */
export async function playInThreads(
  keys: readonly string[],
  threads: number,
  data: EvalThreadData,
  events: PoolEvents,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const module = new URL('./eval-thread.ts', import.meta.url).href;
  const { lanes } = data;
  const count = Math.min(threads, Math.ceil(keys.length / lanes));
  let next = 0;
  let done = 0;
  let ending = false;
  const workers: Worker[] = [];
  try {
    return await new Promise<Refusal | undefined>((resolve, reject) => {
      if (count === 0 || signal.aborted) resolve(undefined);
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      const take = async (worker: Worker, answer: EvalAnswer): Promise<void> => {
        if (answer.kind === 'unable') return resolve(answer.refusal);
        if (answer.kind === 'waiting') return events.waiting(answer.sentence);
        const refusal =
          answer.kind === 'ready'
            ? events.ready(answer.student)
            : await events.played(answer.key, answer.result);
        if (refusal !== undefined) return resolve(refusal);
        if (answer.kind === 'played' && ++done === keys.length) return resolve(undefined);
        for (let lane = answer.kind === 'ready' ? lanes : 1; lane > 0; lane--) {
          const key = ending || signal.aborted ? undefined : keys[next++];
          if (key !== undefined) order(worker, { kind: 'play', key });
        }
      };
      for (let i = 0; i < count; i++) {
        const worker = new Worker(new URL('../program/thread.mjs', import.meta.url), {
          workerData: { ...data, module },
        });
        workers.push(worker);
        worker.on('message', (answer: EvalAnswer) => take(worker, answer).catch(reject));
        worker.on('error', reject);
      }
    });
  } finally {
    ending = true;
    await Promise.all(workers.map(closed));
  }
}

function order(worker: Worker, message: EvalOrder): void {
  worker.postMessage(message);
}

/** Asks a thread to end and waits for it: what it was playing stops within one token. */
function closed(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.threadId === -1) resolve();
    worker.once('exit', () => resolve());
    order(worker, { kind: 'close' });
  });
}
