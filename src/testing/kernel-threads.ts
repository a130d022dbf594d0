/** Threads of Node that compute a model together, as the page's workers do. */
import { Worker } from 'node:worker_threads';
import type { Thread } from '../kernels/threads.ts';

/** @param count beside the caller's own */
export function nodeThreads(count: number): readonly Thread[] {
  return Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./kernel-thread.mjs', import.meta.url));
    return {
      begin: (member) =>
        new Promise<void>((resolve, reject) => {
          worker.once('message', () => resolve());
          worker.once('error', reject);
          worker.postMessage(member);
        }),
      end: () => void worker.terminate(),
    };
  });
}
