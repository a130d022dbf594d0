/** The agent's worker: engine, student, memory and episode loop, so that the page stays free to answer. */
import { expose } from 'comlink';
import { refuse } from '../src/engine/result.ts';
import { createAgent } from './session/agent.ts';
import { MemoryKeeper } from './session/memory.ts';
import { openPocketStudent } from './session/pocket.ts';

/** The page's folder; the page starts its workers with it. */
const page = new URL(self.name).href;
const memory = new MemoryKeeper(page);

expose(
  createAgent({
    program: 'duomem 0.1.0',
    readImported: async (key) => refuse('GAME_UNKNOWN', 'This game was not imported on this device.', key),
    openPocket: () => openPocketStudent(page),
    memory,
  }),
);
