/** Starts the benchmark's workers and lends their functions; the page knows them only by BenchHost. */
import { wrap } from 'comlink';
import type { BenchHost, StartedHost } from '../../bench/host.ts';

/** A fresh worker. One that breaks makes what was asked of it fail. */
export function startHost(): StartedHost {
  const worker = new Worker(new URL('../../../workers/bench.ts', import.meta.url), {
    type: 'module',
    // Where the page lies: a worker knows only its own file's address.
    name: new URL('./', document.baseURI).href,
  });
  const remote = wrap<BenchHost>(worker) as unknown as BenchHost;
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) =>
      reject(new Error(event.message || "the worker couldn't be started")),
    );
  });
  // Whoever asks is told; where nobody asks it isn't a fault.
  broken.catch(() => undefined);
  const either = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, broken]);
  return {
    host: {
      device: (profile, power) => either(remote.device(profile, power)),
      load: (request) => either(remote.load(request)),
      speed: (request) => either(remote.speed(request)),
      bandwidth: (profile) => either(remote.bandwidth(profile)),
      task: () => either(remote.task()),
      gpuMemory: () => either(remote.gpuMemory()),
      memory: (profile) => either(remote.memory(profile)),
      engine: (profile) => either(remote.engine(profile)),
      calibrate: () => either(remote.calibrate()),
    },
    end: () => worker.terminate(),
  };
}
