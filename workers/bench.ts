/** The benchmark's worker: a fresh one measures each part of a run (src/bench/host.ts). */
import { expose } from 'comlink';
import { createBenchHost } from '../src/service/bench.ts';
import { MemoryKeeper } from '../src/service/memory.ts';

const page = new URL(self.name).href;

expose(createBenchHost(page, () => new MemoryKeeper(page)));
