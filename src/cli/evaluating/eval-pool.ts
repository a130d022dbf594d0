/**
 * Threads that play the games of a run. Which thread plays a game makes no difference to it, so the traces are the
 * same for any number of threads; they come in the order in which they are done.
 */
import type { StudentIdentity, Trace } from '../../agent/trace.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { runThreads } from '../program/threads.ts';
import type { EvalAnswer, EvalOrder, EvalThreadData } from './eval-thread.ts';

interface PoolEvents {
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
export function playInThreads(
  keys: readonly string[],
  threads: number,
  data: EvalThreadData,
  events: PoolEvents,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const { lanes } = data;
  let next = 0;
  let done = 0;
  return runThreads<EvalOrder, EvalAnswer>({
    threads: Math.min(threads, Math.ceil(keys.length / lanes)),
    module: new URL('./eval-thread.ts', import.meta.url),
    data,
    close: { kind: 'close' },
    signal,
    async heard(answer, order, end) {
      if (answer.kind === 'unable') return end(answer.refusal);
      if (answer.kind === 'waiting') return events.waiting(answer.sentence);
      const refusal =
        answer.kind === 'ready'
          ? events.ready(answer.student)
          : await events.played(answer.key, answer.result);
      if (refusal !== undefined) return end(refusal);
      if (answer.kind === 'played' && ++done === keys.length) return end();
      for (let lane = answer.kind === 'ready' ? lanes : 1; lane > 0; lane--) {
        const key = keys[next++];
        if (key !== undefined) order({ kind: 'play', key });
      }
    },
  });
}
