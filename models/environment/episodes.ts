/** Episodes for training: the teacher plays, with or without somebody interfering. */
import type { Random, World } from '../../src/engine/index.ts';
import type { Trajectory } from '../../src/memory/entry.ts';
import { type Instructions, NO_INSTRUCTIONS } from '../../src/player/goal.ts';
import type { Hint } from '../../src/teacher/policy.ts';
import { beginScripted } from '../../src/teacher/scripted.ts';
import { disturb } from './disturb.ts';

export interface LabelledStep {
  readonly thought: string;
  readonly action: string;
  readonly observation: string;
  /** Said by the teacher: a target of training. */
  readonly taught: boolean;
}

export interface PlayOptions {
  readonly maxSteps: number;
  /** Probability that a turn is somebody else's. */
  readonly disturbance: number;
  readonly hints: readonly Hint[];
  /** What chores that have a name stand for. */
  readonly instructions?: Instructions;
  /** 0 for the teacher's own order. */
  readonly teacherSeed: number;
}

export interface PlayedEpisode {
  readonly steps: readonly LabelledStep[];
  readonly won: boolean;
}

/** Plays a game to its end or to `maxSteps`; undefined where the teacher doesn't understand the task. */
export function playEpisode(world: World, options: PlayOptions, random: Random): PlayedEpisode | undefined {
  const { teacherSeed: seed, hints, instructions = NO_INSTRUCTIONS } = options;
  const begun = beginScripted(world.intro, { seed, hints, instructions });
  if (!begun.ok) return undefined;
  const teacher = begun.value;
  const episode = world.start();
  const steps: LabelledStep[] = [];
  while (!episode.won && steps.length < options.maxSteps) {
    const right = teacher.next();
    const wrong = random.chance(options.disturbance)
      ? disturb(right, steps.at(-1)?.action, episode, random)
      : undefined;
    const { thought, action } = wrong ?? right;
    const observation = episode.step(action);
    teacher.observe(action, observation);
    steps.push({ thought, action, observation, taught: wrong === undefined });
  }
  return { steps, won: episode.won };
}

/** A game's undisturbed trajectory without memory, as a memory is made of; undefined where the teacher fails. */
export function teacherTrajectory(
  world: World,
  maxSteps: number,
  instructions = NO_INSTRUCTIONS,
): Trajectory | undefined {
  const begun = beginScripted(world.intro, { instructions });
  if (!begun.ok) return undefined;
  const episode = world.start();
  const steps: { thought: string; action: string; observation: string }[] = [];
  while (!episode.won && steps.length < maxSteps) {
    const { thought, action } = begun.value.next();
    const observation = episode.step(action);
    begun.value.observe(action, observation);
    steps.push({ thought, action, observation });
  }
  return episode.won ? { intro: world.intro, steps } : undefined;
}
