/**
 * A memory: a procedural script, the trajectory that it was drawn from, and where both come from (paper, section 3:
 * scripts go into the prompt k at a time, a trajectory as the reference trajectory).
 * Whatever comes from a file or a person is hostile until {@link checkEntry} has read it.
 */
import { ok, type Parsed, refuse } from '../base/result.ts';
import { list, object, oneOf, Problems, type Read, text, whole } from '../base/schema.ts';
import type { Script } from '../teacher/script.ts';

/** One turn of an episode. */
export interface Step {
  /** Why, in the player's words; empty where none was said. */
  readonly thought: string;
  readonly action: string;
  readonly observation: string;
}

export interface Trajectory {
  /** The text at reset, with the task's line. */
  readonly intro: string;
  readonly steps: readonly Step[];
}

export type { Script };

/** Who wrote a script: a teacher, a student (the paper's baseline), or a person. */
export const MAKERS = ['teacher', 'student', 'person'] as const;
export type Maker = (typeof MAKERS)[number];

export interface Provenance {
  readonly maker: Maker;
  /** Which one: `scripted`, `pocket`, a model's name, or a person's words. */
  readonly name: string;
  /** The game that was played: `<split>/<task>/<trial>`; empty where there was none. */
  readonly game: string;
  /** The seed that the player had in that game. */
  readonly seed: number;
}

export interface MemoryEntry {
  /** Unique in a store. */
  readonly id: string;
  /** The task description: what is embedded and searched. */
  readonly task: string;
  /** As the official folders name it (`pick_and_place_simple`), or a chore's own name. */
  readonly taskType: string;
  /** The home that the game took place in, where homes have names. */
  readonly home?: string;
  readonly script: Script;
  readonly trajectory: Trajectory;
  readonly provenance: Provenance;
}

/** Limits on what is taken from a file, in UTF-16 code units and counts. Generous: ten times what the games need. */
export const LIMITS = {
  id: 300,
  name: 200,
  task: 500,
  guidelines: 8_000,
  intro: 16_000,
  thought: 4_000,
  action: 1_000,
  observation: 16_000,
  steps: 500,
  entries: 100_000,
} as const;

const step: Read<Step> = (value, path, problems) => {
  const { thought = '', ...rest } = readStep(value, path, problems);
  return { thought, ...rest };
};
const readStep = object(
  { action: text(LIMITS.action, 1), observation: text(LIMITS.observation) },
  { thought: text(LIMITS.thought) },
);
const entry = object(
  {
    id: text(LIMITS.id, 1),
    task: text(LIMITS.task, 1),
    taskType: text(LIMITS.name),
    script: object({ taskName: text(LIMITS.task), guidelines: text(LIMITS.guidelines, 1) }),
    trajectory: object({ intro: text(LIMITS.intro), steps: list(step, LIMITS.steps) }),
    provenance: object({
      maker: oneOf(MAKERS),
      name: text(LIMITS.name),
      game: text(LIMITS.id),
      seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    }),
  },
  { home: text(LIMITS.name, 1) },
);

/**
 * Reads one entry from a parsed JSON value; its keys come in the order that files have them in.
 * @param place where it stands in its file, for the message; the refusal's is the path of the first field that is wrong
 */
export function checkEntry(value: unknown, place: string): Parsed<MemoryEntry, 'ENTRY_INVALID'> {
  const problems = new Problems();
  const { id, task, taskType, home, ...rest } = entry(value, place, problems);
  if (problems.first === undefined) {
    return ok({ id, task, taskType, ...(home === undefined ? {} : { home }), ...rest });
  }
  const { path, message } = problems.first;
  return refuse('ENTRY_INVALID', `The memory ${message}.`, path);
}
