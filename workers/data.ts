/** The worker for data: imports, embeddings for searching, storage, so that neither page nor agent waits for them. */
import { expose } from 'comlink';
import { showLife } from '../src/service/alive.ts';
import { createData } from '../src/service/data.ts';
import { MemoryService } from '../src/service/memory.ts';
import { SampleStore } from '../src/service/samples.ts';

showLife(self.name);
// The page starts its workers with its own address.
const page = new URL('./', self.name).href;
expose(createData(new MemoryService(page), new SampleStore(page)));
