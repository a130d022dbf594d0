/** The worker for practising: it computes for minutes, so neither page nor agent waits for it. */
import { expose } from 'comlink';
import { showLife } from '../src/service/alive.ts';
import { MemoryService } from '../src/service/memory.ts';
import { createPractice } from '../src/service/practise.ts';

showLife(self.name);
const page = new URL('./', self.name).href;

expose(createPractice(page, new MemoryService(page)));
