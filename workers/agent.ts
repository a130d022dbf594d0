/** The agent's worker: engine, student, memory and episode loop, so that the page stays free to answer. */
import { expose } from 'comlink';
import { createAgent } from '../src/service/agent.ts';
import { showLife } from '../src/service/alive.ts';
import { MemoryService } from '../src/service/memory.ts';
import { MlcStudents } from '../src/service/mlc.ts';
import { measureDevices } from '../src/service/pocket.ts';
import { openPractisedPocket } from '../src/service/practised-pocket.ts';
import { measureSmolLm2Late, SmolLm2Students } from '../src/service/smollm2-students.ts';
import { readImportedGame } from '../src/storage/user-db.ts';

showLife(self.name);
/** The page's folder; the page starts its workers with it. */
const page = new URL('./', self.name).href;
const memory = new MemoryService(page);

expose(
  createAgent({
    program: 'duomem 0.1.0',
    readImported: readImportedGame,
    openPocket: (wish, measured, lost) => openPractisedPocket(page, wish, measured, lost),
    measureDevices: { pocket: () => measureDevices(page), smollm2: measureSmolLm2Late },
    mlc: new MlcStudents(),
    smolLm2: new SmolLm2Students(),
    memory,
  }),
);
