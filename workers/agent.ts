/** The agent's worker: engine, student, memory and episode loop, so that the page stays free to answer. */
import { expose } from 'comlink';
import { refuse } from '../src/engine/result.ts';
import { createAgent } from './session/agent.ts';

expose(
  createAgent({
    program: 'duomem 0.1.0',
    readImported: async (key) => refuse('GAME_UNKNOWN', 'This game was not imported on this device.', key),
    openPocket: async () => refuse('STUDENT_NOT_HERE', 'The pocket student is not part of this build.'),
    openRecall: async () => refuse('MEMORY_NOT_HERE', 'There is no memory bank in this build.'),
  }),
);
