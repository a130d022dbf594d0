/**
 * Collects trajectories of a teacher (paper, appendix A): up to five tries a task with different seeds, successes
 * kept.
 */
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Instructions } from '../player/goal.ts';
import { type Playable, type Played, playTeacher } from './play.ts';
import type { Hint } from './policy.ts';
import type { Teacher } from './teacher.ts';
import { type Collected, type CollectedTrajectory, TRAJECTORY_VERSION, type Try } from './trajectory.ts';

/** A game to be played, as the loop needs it; a World with its key is one. */
export interface CollectGame {
  readonly key: string;
  /** As the game's folder says. */
  readonly taskType: string;
  readonly home?: string;
  readonly world: { readonly intro: string; readonly task: string; start(): Playable };
}

export interface CollectOptions {
  /** At most this many tries; the first is played without variation. */
  readonly tries: number;
  /** Stop after this many successes. */
  readonly successes: number;
  readonly maxSteps: number;
  /** Makes the seeds of the second and later tries. */
  readonly seed: number;
  readonly hints?: readonly Hint[];
  /** What the household's names for chores stand for. */
  readonly instructions?: Instructions;
}

export interface CollectResult {
  readonly trajectories: readonly CollectedTrajectory[];
  readonly collected: Collected;
}

/** Plays one try, the first with seed 0. Refuses where the player doesn't understand the task or can't go on. */
export type PlayTry = (seed: number) => Promise<Result<Played>>;

/** Plays one game until it has enough successes or no tries left. Refuses what the teacher doesn't understand. */
export function collectGame(
  teacher: Teacher,
  game: CollectGame,
  options: CollectOptions,
): Promise<Result<CollectResult>> {
  const { hints, instructions, maxSteps } = options;
  const told = { ...(hints !== undefined && { hints }), ...(instructions !== undefined && { instructions }) };
  const { world } = game;
  const playTry: PlayTry = async (seed) => {
    const begun = teacher.begin(world.intro, { seed, ...told });
    return begun.ok ? ok(await playTeacher(world.start(), begun.value, maxSteps)) : begun;
  };
  return collectTries(teacher.name, playTry, game, options);
}

/**
 * The same with whoever plays the tries.
 * @param teacher goes into the trajectories
 */
export async function collectTries(
  teacher: string,
  playTry: PlayTry,
  { key, taskType, home, world }: Omit<CollectGame, 'world'> & { world: { intro: string; task: string } },
  options: Pick<CollectOptions, 'tries' | 'successes' | 'seed'>,
): Promise<Result<CollectResult>> {
  const tries: Try[] = [];
  const trajectories: CollectedTrajectory[] = [];
  while (tries.length < options.tries && trajectories.length < options.successes) {
    const number = tries.length + 1;
    const seed = number === 1 ? 0 : options.seed * 1000 + number;
    const played = await playTry(seed);
    if (!played.ok) return played;
    const { steps, won } = played.value;
    tries.push({ seed, won, steps: steps.length });
    const repeated = trajectories.some((other) => sameActions(other, steps));
    if (!won || repeated) continue;
    trajectories.push({
      kind: 'trajectory',
      version: TRAJECTORY_VERSION,
      game: key,
      task: world.task,
      taskType,
      ...(home === undefined ? {} : { home }),
      teacher,
      try: number,
      seed,
      intro: world.intro,
      steps,
      won,
    });
  }
  return ok({
    trajectories,
    collected: { kind: 'collected', version: TRAJECTORY_VERSION, game: key, taskType, tries },
  });
}

function sameActions(other: CollectedTrajectory, steps: readonly { readonly action: string }[]): boolean {
  return (
    other.steps.length === steps.length && other.steps.every((step, i) => step.action === steps[i]?.action)
  );
}
