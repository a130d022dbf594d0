/**
 * What the episode loop needs of the memory: given a task, the scripts nearest to it and a reference trajectory, each
 * with where it came from, so that a trace can name the memory that a prompt showed.
 */
import type { Result } from '../base/result.ts';
import type { Script, Trajectory } from '../memory/entry.ts';
import type { Searched } from '../teacher/searched.ts';
import type { ScriptSource } from './settings.ts';

export interface RecallQuery {
  /** The task sentence: what is embedded. */
  readonly task: string;
  readonly taskType: string;
  /** Key of the game that is being played; its own memories are never returned. */
  readonly game: string;
  /** The home, where homes have names: its own memories come first. */
  readonly home: string | undefined;
  /** How many scripts; 0 for none. */
  readonly k: number;
  readonly scripts: ScriptSource;
  /** Whether a reference trajectory is wanted. */
  readonly trajectory: boolean;
}

interface Retrieved {
  /** The memory's id in its bank. */
  readonly id: string;
  /** Cosine of the task descriptions. */
  readonly similarity: number;
  /** Whether it was made in the home that is being played in. */
  readonly ownHome: boolean;
}

export interface RetrievedScript extends Retrieved {
  readonly script: Script;
}

export interface RetrievedTrajectory extends Retrieved {
  readonly trajectory: Trajectory;
}

export interface Recalled {
  /** The most similar first, own home's before others. */
  readonly scripts: readonly RetrievedScript[];
  readonly trajectory?: RetrievedTrajectory;
  /** Where in the home one looked for the task's things; absent where it wasn't lived in. No prompt says it. */
  readonly searched?: readonly Searched[];
}

export interface Recall {
  /** Which bank answers: its name and hash; goes into every trace. */
  readonly bank: string;
  recall(query: RecallQuery): Promise<Result<Recalled>>;
}
