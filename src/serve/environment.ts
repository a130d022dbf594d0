/** One episode as a client of environments sees it: its game, its steps, its end, and a teacher beside it. */
import { type Condition, type Episode, ok, type Result, refuse, type World } from '../engine/index.ts';
import { solve } from '../homes/index.ts';
import { beginScripted, type ScriptedEpisode } from '../teacher/scripted.ts';
import { MAX_STEPS, type Play, type SnapshotData } from './request.ts';

/** What a step, or the start, gives. */
export interface EnvironmentTurn {
  readonly observation: string;
  readonly won: boolean;
  readonly done: boolean;
  readonly steps: number;
}

/** The most states that a planner expands for one answer, so that a hostile goal can't hold everyone up. */
const PLANNER_LIMIT = 5_000;

export class Environment {
  /** `<split>/<task>/<trial>` */
  readonly game: string;
  readonly world: World;
  readonly play: Play;
  /** When a client last asked about it, in milliseconds of the service's clock. */
  asked = 0;
  readonly #episode: Episode;
  readonly #actions: string[] = [];
  #turn: EnvironmentTurn;
  #teacher: ScriptedEpisode | undefined;
  #listed: readonly string[] | undefined;

  constructor(game: string, world: World, play: Play) {
    this.game = game;
    this.world = world;
    this.play = play;
    this.#episode = world.start();
    this.#turn = this.#turnOf(world.intro);
  }

  get turn(): EnvironmentTurn {
    return this.#turn;
  }

  /** Whether a step would be one too many; an episode that is done takes any number. */
  get full(): boolean {
    return this.#actions.length >= MAX_STEPS && (this.play.playOn || !this.#turn.done);
  }

  /** Carries out a command; once the episode is done the last turn stands, unless it's played on. */
  step(action: string): EnvironmentTurn {
    if (this.#turn.done && !this.play.playOn) return this.#turn;
    const observation = this.#episode.step(action);
    this.#actions.push(action);
    this.#teacher?.observe(action, observation);
    this.#turn = this.#turnOf(observation);
    return this.#turn;
  }

  #turnOf(observation: string): EnvironmentTurn {
    const { won } = this.#episode;
    const steps = this.#actions.length;
    return { observation, won, steps, done: won || steps >= this.play.maxSteps };
  }

  admissible(): readonly string[] {
    return this.#episode.admissible();
  }

  /** The same, or undefined where nothing has changed since it was last asked for so. */
  admissibleChanges(): readonly string[] | undefined {
    const now = this.#episode.admissible();
    const before = this.#listed;
    this.#listed = now;
    return now === before ? undefined : now;
  }

  progress(): readonly Condition[] {
    return this.#episode.progress();
  }

  /** The scripted teacher's next action, from what the player has read so far. Codes: those of the teacher. */
  teacherAction(): Result<string> {
    if (this.#teacher === undefined) {
      const begun = beginScripted(this.world.intro);
      if (!begun.ok) return begun;
      const again = this.world.start();
      for (const action of this.#actions) begun.value.observe(action, again.step(action));
      this.#teacher = begun.value;
    }
    return ok(this.#teacher.next().action);
  }

  /** Commands that win from here, found on the hidden state; PLAN_NONE where there are none within the limit. */
  plan(): Result<readonly string[]> {
    const found = solve(this.world, PLANNER_LIMIT, this.#episode);
    return found === undefined
      ? refuse('PLAN_NONE', 'the planner found no commands that win from here')
      : ok(found);
  }

  snapshot(): SnapshotData {
    return { game: this.game, ...this.play, actions: [...this.#actions] };
  }
}
