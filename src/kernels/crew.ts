/**
 * Who computes a model: one thread, or several that divide each product by panels and attention by heads (threads.ts).
 * Each number is computed by one of them, so the bits are the same however many they are.
 */
import type { Kernels } from './load.ts';

/** The kernels whose work can be divided. */
export type Divided = Pick<Kernels, 'matmul8' | 'attend'>;

export interface Crew {
  /** How many compute, the caller's own thread among them. */
  readonly size: number;
  /**
   * Divides units of work among the threads and returns when all are done.
   * @param compute calls what computes `count` units from one on; `part` is the thread's number, from 0
   * Throws where a thread has gone.
   */
  share(units: number, compute: (kernels: Divided, from: number, count: number, part: number) => void): void;
  /** Ends the other threads. */
  close(): void;
}

export function oneThread(kernels: Divided): Crew {
  return { size: 1, share: (units, compute) => compute(kernels, 0, units, 0), close: () => {} };
}
