/** Episodes for training: the teacher plays, with or without somebody interfering. */
import type { Random, World } from '../../src/engine/index.ts';
import type { Trajectory } from '../../src/memory/entry.ts';
import { type Instructions, NO_INSTRUCTIONS } from '../../src/player/goal.ts';
import type { Hint } from '../../src/teacher/policy.ts';
import { beginScripted } from '../../src/teacher/scripted.ts';
import type { Reply } from '../../src/teacher/teacher.ts';
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
  /** Probability that a turn, whoever's it was, is said again and again before the teacher goes on; 0 where not given. */
  readonly circles?: number;
  readonly hints: readonly Hint[];
  /** What chores that have a name stand for. */
  readonly instructions?: Instructions;
  /** 0 for the teacher's own order. */
  readonly teacherSeed: number;
}

/** Times that a line is said again in a circle, the fewest and the most. */
const AGAIN = [2, 14] as const;

export interface PlayedEpisode {
  readonly steps: readonly LabelledStep[];
  readonly won: boolean;
}

/** Plays a game to its end or to `maxSteps`; undefined where the teacher doesn't understand the task. */
export function playEpisode(world: World, options: PlayOptions, random: Random): PlayedEpisode | undefined {
  const { teacherSeed: seed, hints, instructions = NO_INSTRUCTIONS, circles = 0 } = options;
  const begun = beginScripted(world.intro, { seed, hints, instructions });
  if (!begun.ok) return undefined;
  const teacher = begun.value;
  const episode = world.start();
  const steps: LabelledStep[] = [];
  const play = ({ thought, action }: Reply, taught: boolean) => {
    const observation = episode.step(action);
    teacher.observe(action, observation);
    steps.push({ thought, action, observation, taught });
  };
  while (!episode.won && steps.length < options.maxSteps) {
    const right = teacher.next();
    const wrong = random.chance(options.disturbance)
      ? disturb(right, steps.at(-1)?.action, episode, random)
      : undefined;
    play(wrong ?? right, wrong === undefined);
    if (circles === 0 || !random.chance(circles)) continue;
    const [fewest, most] = AGAIN;
    for (let n = fewest + random.int(most - fewest + 1); n > 0 && !episode.won; n--)
      play(wrong ?? right, false);
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
