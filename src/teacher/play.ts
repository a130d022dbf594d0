/**
 * Lets a teacher play a game. The teacher gets strings and gives strings; the win is the environment's word, for the
 * loop alone.
 */
import type { ObservedStep } from '../player/belief.ts';
import type { Reply, TeacherEpisode } from './teacher.ts';

/** What the loop needs of an episode; the engine's Episode is one. */
export interface Playable {
  step(command: string): string;
  readonly won: boolean;
}

export interface PlayedStep extends ObservedStep {
  readonly thought: string;
}

export interface Played {
  readonly steps: readonly PlayedStep[];
  readonly won: boolean;
}

/** Plays until the game is won or `maxSteps` actions were taken. */
export async function playTeacher(
  episode: Playable,
  teacher: TeacherEpisode,
  maxSteps: number,
): Promise<Played> {
  const steps: PlayedStep[] = [];
  while (!episode.won && steps.length < maxSteps) {
    const { thought, action } = await teacher.next();
    steps.push(take(episode, teacher, { thought, action }));
  }
  return { steps, won: episode.won };
}

function take(episode: Playable, teacher: TeacherEpisode, { thought, action }: Reply): PlayedStep {
  const observation = episode.step(action);
  teacher.observe(action, observation);
  return { thought, action, observation };
}
