/**
 * A memory: a procedural script, the trajectory that it was drawn from, and where both come from (paper, section 3:
 * scripts go into the prompt k at a time, a trajectory as the reference trajectory).
 * Whatever comes from a file or a person is hostile until {@link checkEntry} has read it.
 */
import { ok, type Result, refuse } from '../base/result.ts';
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

type Fields = Readonly<Record<string, unknown>>;

/** A plain object, not an array and not null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first problem found while an entry is read. */
class Check {
  problem: { readonly place: string; readonly message: string } | undefined;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  fail(path: string, message: string): void {
    const dot = this.#root !== '' && path !== '' ? '.' : '';
    this.problem ??= { place: `${this.#root}${dot}${path}`, message };
  }

  text(fields: Fields, key: string, path: string, limit: number, min = 0): string {
    const value = fields[key];
    if (typeof value !== 'string') {
      this.fail(path, value === undefined ? 'is missing; it must be a text.' : 'must be a text.');
      return '';
    }
    if (value.length > limit) this.fail(path, `is longer than ${limit} characters.`);
    if (value.trim().length < min) this.fail(path, 'must not be empty.');
    return value;
  }

  fields(fields: Fields, key: string, path: string): Fields {
    const value = fields[key];
    if (isFields(value)) return value;
    this.fail(path, value === undefined ? 'is missing.' : 'must be an object.');
    return {};
  }
}

/**
 * Reads one entry from a parsed JSON value.
 * @param place where it stands in its file, for the message.
 * Code ENTRY_INVALID, with the path of the first field that is wrong.
 */
export function checkEntry(value: unknown, place: string): Result<MemoryEntry> {
  const check = new Check(place);
  const fields = isFields(value) ? value : {};
  if (!isFields(value)) check.fail('', 'must be an object.');
  const script = check.fields(fields, 'script', 'script');
  const provenance = check.fields(fields, 'provenance', 'provenance');
  const entry: MemoryEntry = {
    id: check.text(fields, 'id', 'id', LIMITS.id, 1),
    task: check.text(fields, 'task', 'task', LIMITS.task, 1),
    taskType: check.text(fields, 'taskType', 'taskType', LIMITS.name),
    ...(fields.home === undefined ? {} : { home: check.text(fields, 'home', 'home', LIMITS.name, 1) }),
    script: {
      taskName: check.text(script, 'taskName', 'script.taskName', LIMITS.task),
      guidelines: check.text(script, 'guidelines', 'script.guidelines', LIMITS.guidelines, 1),
    },
    trajectory: readTrajectory(check, check.fields(fields, 'trajectory', 'trajectory')),
    provenance: {
      maker: readMaker(check, provenance.maker),
      name: check.text(provenance, 'name', 'provenance.name', LIMITS.name),
      game: check.text(provenance, 'game', 'provenance.game', LIMITS.id),
      seed: readSeed(check, provenance.seed),
    },
  };
  const { problem } = check;
  return problem === undefined
    ? ok(entry)
    : refuse('ENTRY_INVALID', `The memory ${problem.message}`, problem.place);
}

function readTrajectory(check: Check, fields: Fields): Trajectory {
  const intro = check.text(fields, 'intro', 'trajectory.intro', LIMITS.intro);
  const { steps } = fields;
  if (!Array.isArray(steps)) {
    check.fail('trajectory.steps', 'must be a list.');
    return { intro, steps: [] };
  }
  if (steps.length > LIMITS.steps) {
    check.fail('trajectory.steps', `has more than ${LIMITS.steps} steps.`);
    return { intro, steps: [] };
  }
  return { intro, steps: steps.map((step: unknown, i) => readStep(check, step, `trajectory.steps[${i}]`)) };
}

function readStep(check: Check, value: unknown, path: string): Step {
  if (!isFields(value)) check.fail(path, 'must be an object.');
  const step = isFields(value) ? value : {};
  return {
    thought: step.thought === undefined ? '' : check.text(step, 'thought', `${path}.thought`, LIMITS.thought),
    action: check.text(step, 'action', `${path}.action`, LIMITS.action, 1),
    observation: check.text(step, 'observation', `${path}.observation`, LIMITS.observation),
  };
}

function readMaker(check: Check, value: unknown): Maker {
  const maker = MAKERS.find((known) => known === value);
  if (maker === undefined) check.fail('provenance.maker', `must be one of ${MAKERS.join(', ')}.`);
  return maker ?? 'person';
}

function readSeed(check: Check, value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  check.fail('provenance.seed', 'must be a whole number.');
  return 0;
}
