/**
 * Who computes a model: one thread, or several that divide each product by panels and attention by heads (threads.ts).
 * Each number is computed by one of them, so the bits are the same however many they are.
 */
import type { Kernels } from './load.ts';

/** A call of a kernel, by its place among those that can be divided. */
export type Call = readonly [kernel: 0 | 1, ...numbers: readonly number[]];

export const [MATMUL8, ATTEND] = [0, 1] as const;
const DIVIDED = ['matmul8', 'attend'] as const satisfies readonly (keyof Kernels)[];

export interface Crew {
  /** How many compute, the caller's own thread among them. */
  readonly size: number;
  /**
   * Divides units of work among the threads and returns when all are done.
   * @param callsOf what computes `count` units from one on; `part` is the thread's number, from 0
   * Throws where a thread has gone.
   */
  share(units: number, callsOf: (from: number, count: number, part: number) => readonly Call[]): void;
  /** Ends the other threads. */
  close(): void;
}

export function oneThread(kernels: Kernels): Crew {
  return {
    size: 1,
    share: (units, callsOf) => {
      for (const call of callsOf(0, units, 0)) run(kernels, call);
    },
    close: () => {},
  };
}

export function run(kernels: Kernels, [kernel, ...numbers]: Call): void {
  (kernels[DIVIDED[kernel]] as (...numbers: readonly number[]) => void)(...numbers);
}
