/**
 * The seam behind which a teacher plays: the scripted one here, a language model elsewhere. It is given what a
 * player sees and asked for its next reply.
 */
import type { Result } from '../base/result.ts';
import type { Instructions } from '../player/goal.ts';
import type { Hint } from './policy.ts';
import type { Searched } from './searched.ts';

/** A thought and the action that follows from it. */
export interface Reply {
  readonly thought: string;
  readonly action: string;
}

export interface TeacherOptions {
  /** 0 for the teacher's own order; any other number varies it. */
  readonly seed?: number;
  /** Where memory says that things were found, the most trusted first. */
  readonly hints?: readonly Hint[];
  /** What a home's past says of where to look. */
  readonly searched?: readonly Searched[];
  /** What the household does at times that have a name, as far as the teacher was told. */
  readonly instructions?: Instructions;
}

/** One episode from a teacher's view. */
export interface TeacherEpisode {
  /** What to say and do now. */
  next(): Reply | Promise<Reply>;
  /** Takes in a step, whoever chose its action. */
  observe(action: string, observation: string): void;
}

export interface Teacher {
  /** Names the teacher in trajectories: `scripted`. */
  readonly name: string;
  /** Starts an episode from the text at reset; refuses a task that it doesn't understand. */
  begin(intro: string, options?: TeacherOptions): Result<TeacherEpisode>;
}
