/** The benchmark's worker: a fresh one measures each part of a run (src/bench/host.ts). */
import { expose } from 'comlink';
import { createBenchHost } from '../src/service/bench.ts';
import { MemoryService } from '../src/service/memory.ts';

const page = new URL(self.name).href;

expose(createBenchHost(page, () => new MemoryService(page)));
