/** The worker for data: imports, embeddings for searching, storage, so that neither page nor agent waits for them. */
import { expose } from 'comlink';
import { createData } from './session/data.ts';
import { MemoryKeeper } from './session/memory.ts';

expose(createData(new MemoryKeeper(new URL(self.name).href)));
