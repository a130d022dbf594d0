/**
 * The scripted teacher: sees the intro and the observations, nothing else. Attach it in the middle of anyone's
 * episode by feeding the history to {@link ScriptedEpisode.observe}; then {@link ScriptedEpisode.next} is the right
 * next action.
 */
import { Random } from '../base/random.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { Belief, type ObservedStep } from '../player/belief.ts';
import { type Goal, parseTask } from '../player/goal.ts';
import { type Hint, lastResorts, proposals, type Situation } from './policy.ts';
import { type SearchPrior, searchPrior } from './prior.ts';
import type { Searched } from './searched.ts';
import type { Reply, Teacher, TeacherEpisode, TeacherOptions } from './teacher.ts';
import { thoughts } from './thoughts.ts';

/** How much a seed shakes the order: the scale of Gumbel noise on logarithms of scores. */
const TEMPERATURE = 1;
/** Half of all noise lies below; so half of the types are searched backwards. */
const MEDIAN_NOISE = -TEMPERATURE * Math.log(Math.LN2);

export interface ScriptedOptions extends TeacherOptions {
  /** In place of the task sentence, for goals that no sentence states. */
  readonly goal?: Goal;
  readonly prior?: SearchPrior;
}

export class ScriptedEpisode implements TeacherEpisode {
  readonly goal: Goal;
  readonly belief: Belief;
  readonly #prior: SearchPrior;
  readonly #hints: readonly Hint[];
  readonly #searched: readonly Searched[];
  /** Undefined for the teacher's own order. */
  readonly #random: Random | undefined;
  readonly #noise = new Map<string, number>();
  /** Commands that did nothing, with the circumstances under which they did nothing. */
  readonly #refused = new Map<string, string>();

  constructor(goal: Goal, belief: Belief, options: ScriptedOptions = {}) {
    this.goal = goal;
    this.belief = belief;
    this.#prior = options.prior ?? searchPrior;
    this.#hints = options.hints ?? [];
    this.#searched = options.searched ?? [];
    this.#random = options.seed ? new Random(`${options.seed} ${belief.task}`) : undefined;
  }

  observe(action: string, observation: string): void {
    const circumstances = this.#circumstances();
    this.belief.observe(action, observation);
    if (this.belief.last?.seen.kind === 'nothing') this.#refused.set(action.trim(), circumstances);
  }

  next(): Reply {
    const situation: Situation = {
      goal: this.goal,
      belief: this.belief,
      prior: this.#prior,
      hints: this.#hints,
      searched: this.#searched,
      noise: (name) => this.#noiseOf(name),
      backwards: (type) => this.#noiseOf(`${type} backwards`) > MEDIAN_NOISE,
    };
    const circumstances = this.#circumstances();
    for (const ways of [proposals(situation), lastResorts(situation)]) {
      for (const { thought, action } of ways) {
        if (this.#refused.get(action) !== circumstances) return { thought, action };
      }
    }
    return { thought: thoughts.lookAround, action: 'look' };
  }

  #circumstances(): string {
    const closed = this.belief.places.filter((place) => place.door === 'closed').map((place) => place.name);
    return [this.belief.here, this.belief.holding, ...closed].join('/');
  }

  #noiseOf(name: string): number {
    if (this.#random === undefined) return 0;
    let noise = this.#noise.get(name);
    if (noise === undefined) {
      const uniform = this.#random.fork(name).next();
      noise = -TEMPERATURE * Math.log(-Math.log(Math.max(uniform, 1e-9)));
      this.#noise.set(name, noise);
    }
    return noise;
  }
}

/** Starts the scripted teacher on an intro. Codes: TASK_MISSING, and those of parseTask. */
export function beginScripted(intro: string, options: ScriptedOptions = {}): Result<ScriptedEpisode> {
  const belief = new Belief(intro);
  if (options.goal !== undefined) return ok(new ScriptedEpisode(options.goal, belief, options));
  if (belief.task === undefined)
    return refuse('TASK_MISSING', "The intro has no line 'Your task is to: ...'.");
  const goal = parseTask(belief.task, options.instructions);
  return goal.ok ? ok(new ScriptedEpisode(goal.value, belief, options)) : goal;
}

/** The right reply after a history that anyone played. Codes as {@link beginScripted}. */
export function adviseAfter(
  intro: string,
  steps: readonly ObservedStep[],
  options: ScriptedOptions = {},
): Result<Reply> {
  const episode = beginScripted(intro, options);
  if (!episode.ok) return episode;
  for (const { action, observation } of steps) episode.value.observe(action, observation);
  return ok(episode.value.next());
}

export const scriptedTeacher: Teacher = { name: 'scripted', begin: beginScripted };
