/** What the agent says of traces: played again, the prompt of a step, and why a step was taken. */
import { readPrompt } from '../agent/prompt-reading.ts';
import { replayTrace } from '../agent/replay.ts';
import type { Trace } from '../agent/trace.ts';
import { parseTrace } from '../agent/trace-file.ts';
import { explainStep } from '../agent/why.ts';
import { Latest } from '../base/latest.ts';
import { ok, type Result } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import { WatchedEpisode } from '../player/seen-goal.ts';
import type { AgentWorker } from '../protocol/agent.ts';
import { sourceOf } from '../protocol/game-source.ts';
import type { Student } from '../students/student.ts';
import type { Games, LoadedGame } from './games.ts';
import { holdPlayer, type ModelStudents } from './open-student.ts';

export function createTraceReader(
  games: Games,
  models: ModelStudents,
): Pick<AgentWorker, 'readPrompt' | 'why' | 'stopWhy' | 'replay'> {
  const asking = new Latest();

  /** Does something with a trace, its game, and who played it, who is let go of when it's done. */
  const asPlayed = async <T>(
    text: string,
    work: (trace: Trace, game: LoadedGame, student: Student) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const trace = parseTrace(text);
    if (!trace.ok) return trace;
    const { key, ...told } = trace.value.header.game;
    const game = await games.load(sourceOf(key, told));
    if (!game.ok) return game;
    const held = await holdPlayer(models, trace.value);
    if (!held.ok) return held;
    const { student, letGo } = held.value;
    return work(trace.value, game.value, student).finally(letGo);
  };

  return {
    readPrompt: (text, step) =>
      asPlayed(text, async (trace, { world }, student) => readPrompt(trace, step, world, student)),

    why: (text, step, onProgress) =>
      asPlayed(text, (trace, { world }, student) => {
        const conversation = student.open({ seed: trace.header.seed });
        const control = { signal: asking.begin() };
        const explained = explainStep(trace, step, world, student, conversation, onProgress, control);
        return explained.finally(() => conversation.dispose());
      }),
    async stopWhy() {
      asking.stop();
    },

    async replay(text) {
      const trace = parseTrace(text);
      if (!trace.ok) return trace;
      const { key, sha256, ...told } = trace.value.header.game;
      const game = await games.load(sourceOf(key, told));
      if (!game.ok || sha256Text(game.value.text) !== sha256)
        return ok({ goals: undefined, mismatches: [], card: undefined });
      const { card, world } = game.value;
      const episode = new WatchedEpisode(world);
      const goals = [episode.goal()];
      const mismatches = replayTrace(trace.value, world, episode, () => goals.push(episode.goal()));
      return ok({ goals, mismatches, card });
    },
  };
}
