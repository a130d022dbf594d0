/** The worker's side of src/protocol/agent.ts: games, students, memory and the episodes under way. */
import type { AgentWorker } from '../protocol/agent.ts';
import { createEpisodes } from './agent-episodes.ts';
import { createHomes } from './agent-homes.ts';
import { createStudents } from './agent-students.ts';
import { createTraceReader } from './agent-traces.ts';
import { Games } from './games.ts';
import type { ModelStudents } from './open-student.ts';
import { PocketStudents } from './pocket-students.ts';
import type { Surroundings } from './surroundings.ts';

export function createAgent(surroundings: Surroundings): AgentWorker {
  const games = new Games(surroundings.readImported);
  const models: ModelStudents = { ...surroundings, pocket: new PocketStudents(surroundings.openPocket) };
  return {
    ...createHomes(surroundings, games),
    ...createEpisodes(surroundings, games, models),
    ...createStudents(surroundings, models),
    ...createTraceReader(games, models),
    async memoryChanged() {
      surroundings.memory.changed();
    },
  };
}
