/** Starts the benchmark's workers and hands on their functions as a BenchHost. */
import { wrap } from 'comlink';
import type { BenchHost, StartedHost } from '../../bench/host.ts';
import { type Calls, functionsOf } from '../restarting-worker.ts';

/** A fresh worker. One that breaks makes what was asked of it fail. */
export function startHost(): StartedHost {
  const worker = new Worker(new URL('../../../workers/bench.ts', import.meta.url), {
    type: 'module',
    // Where the page lies: a worker knows only its own file's address.
    name: new URL('./', document.baseURI).href,
  });
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) =>
      reject(new Error(event.message || "the worker couldn't be started")),
    );
  });
  // Whoever asks is told; where nobody asks it isn't a fault.
  broken.catch(() => undefined);
  return {
    host: functionsOf<BenchHost>(wrap<Calls>(worker) as unknown as Calls, broken),
    end: () => worker.terminate(),
  };
}
