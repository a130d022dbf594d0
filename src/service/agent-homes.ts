/** The agent's games, and what is learnt in homes. */
import { parseTrace } from '../agent/trace-file.ts';
import { Latest } from '../base/latest.ts';
import { ok } from '../base/result.ts';
import { WatchedEpisode } from '../player/seen-goal.ts';
import type { AgentWorker } from '../protocol/agent.ts';
import type { Games } from './games.ts';
import { learnEpisode, learnHome } from './learn.ts';
import type { Surroundings } from './surroundings.ts';

export function createHomes(
  { memory }: Surroundings,
  games: Games,
): Pick<AgentWorker, 'openGame' | 'listTasks' | 'learnHome' | 'stopLearning' | 'countHome' | 'keepMemory'> {
  const learning = new Latest();
  return {
    async openGame(source) {
      const game = await games.load(source);
      if (!game.ok) return game;
      const { card, world } = game.value;
      return ok({ card, intro: world.intro, goal: new WatchedEpisode(world).goal() });
    },

    async listTasks(home, count, chore) {
      const cards = [];
      for (let task = 0; task < count; task++) {
        const game = await games.load({
          kind: 'home',
          home,
          task,
          ...(chore === undefined ? {} : { chore }),
        });
        if (!game.ok) return game;
        cards.push(game.value.card);
      }
      return ok(cards);
    },

    async learnHome(home, count, onProgress) {
      const opened = await memory.open();
      if (!opened.ok) return opened;
      const learnt = await learnHome(games, opened.value, home, count, onProgress, learning.begin());
      memory.changed();
      return learnt;
    },
    async stopLearning() {
      learning.stop();
    },

    async countHome(home) {
      const game = await games.load({ kind: 'home', home, task: 0 });
      if (!game.ok) return game;
      const index = await memory.index();
      if (!index.ok) return index;
      // Memories are filed by home and room.
      const own = `${game.value.card.home}_`;
      return ok(index.value.bank.homes.filter((one) => one.startsWith(own)).length);
    },

    async keepMemory(text) {
      const trace = parseTrace(text);
      if (!trace.ok) return trace;
      const opened = await memory.open();
      if (!opened.ok) return opened;
      const kept = await learnEpisode(trace.value, opened.value);
      memory.changed();
      return kept;
    },
  };
}
