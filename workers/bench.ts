/** The benchmark's worker: a fresh one measures each part of a run (src/bench/gpu/host.ts). */
import { expose } from 'comlink';
import { createBenchHost } from './session/bench.ts';
import { MemoryKeeper } from './session/memory.ts';

const page = new URL(self.name).href;

expose(createBenchHost(page, () => new MemoryKeeper(page)));
