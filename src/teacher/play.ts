/**
 * Lets a teacher play a game. The teacher gets strings and gives strings; the win is the environment's word, for the
 * loop alone.
 */
import type { Step } from '../player/belief.ts';
import type { ExpertEpisode, Reply } from './expert.ts';

/** What the loop needs of an episode; the engine's Episode is one. */
export interface Playable {
  step(command: string): string;
  readonly won: boolean;
}

export interface PlayedStep extends Step {
  readonly thought: string;
}

export interface Played {
  readonly steps: readonly PlayedStep[];
  readonly won: boolean;
}

/** Plays until the game is won or `maxSteps` actions were taken. */
export async function play(episode: Playable, expert: ExpertEpisode, maxSteps: number): Promise<Played> {
  const steps: PlayedStep[] = [];
  while (!episode.won && steps.length < maxSteps) {
    const { thought, action } = await expert.next();
    steps.push(take(episode, expert, { thought, action }));
  }
  return { steps, won: episode.won };
}

function take(episode: Playable, expert: ExpertEpisode, { thought, action }: Reply): PlayedStep {
  const observation = episode.step(action);
  expert.observe(action, observation);
  return { thought, action, observation };
}
