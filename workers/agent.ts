/** The agent's worker: engine, student, memory and episode loop, so that the page stays free to answer. */
import { expose } from 'comlink';
import { createAgent } from './session/agent.ts';
import { showLife } from './session/alive.ts';
import { MemoryKeeper } from './session/memory.ts';
import { MlcKeeper } from './session/mlc.ts';
import { openPocketStudent } from './session/pocket.ts';
import { readImportedGame } from './session/user-db.ts';

showLife(self.name);
/** The page's folder; the page starts its workers with it. */
const page = new URL('./', self.name).href;
const memory = new MemoryKeeper(page);

expose(
  createAgent({
    program: 'duomem 0.1.0',
    readImported: readImportedGame,
    openPocket: (wish, lost) => openPocketStudent(page, wish, lost),
    mlc: new MlcKeeper(),
    memory,
  }),
);
