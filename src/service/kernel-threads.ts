/** Threads of the page that compute a model together with the worker that plays (src/kernels/threads.ts). */
import { within } from '../base/within.ts';
import type { CrewMember, Thread } from '../kernels/threads.ts';

/**
 * Two of what a platform calls a core are often one, and cores that differ would wait for the slowest: half of them, as
 * ONNX Runtime Web takes. More than four wait for the memory that they all read the weights from.
 */
function crewSize(cores: number): number {
  return cores < 2 ? 1 : Math.max(2, Math.min(4, Math.ceil(cores / 2)));
}

/** Milliseconds for a worker to load its file and answer. */
const PATIENCE = 20_000;

/** Beside the caller's own; none where the page isn't cross-origin isolated. */
export function kernelThreads(): readonly Thread[] {
  const count = globalThis.crossOriginIsolated ? crewSize(navigator.hardwareConcurrency) - 1 : 0;
  return Array.from({ length: count }, start);
}

function start(): Thread {
  const worker = new Worker(new URL('../../workers/kernels.ts', import.meta.url), { type: 'module' });
  return {
    begin: (member: CrewMember) =>
      within(
        PATIENCE,
        'A thread',
        new Promise((resolve, reject) => {
          worker.onmessage = () => resolve();
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage(member);
        }),
      ),
    end: () => worker.terminate(),
  };
}
