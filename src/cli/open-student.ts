/** The `--student` of a subcommand: who plays, by name. Each thread opens its own. */
import { ok, type Result, refuse } from '../engine/result.ts';
import { createRandomStudent } from '../students/random.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import type { Student } from '../students/student.ts';
import { openPocketStudent } from './open-pocket.ts';

/** `mlc` is known, and refused: it needs a browser's WebGPU. */
export const STUDENTS = ['pocket', 'mlc', 'openai', 'scripted', 'random'] as const;
export type StudentName = (typeof STUDENTS)[number];

const now = (): number => performance.now();

export interface StudentChoice {
  readonly name: StudentName;
  /** Folder of a model's files; the one that ships where it isn't given. */
  readonly model?: string | undefined;
}

/** Codes: STUDENT_NOT_HERE, and those of loading a model. */
export async function openStudent({ name, model }: StudentChoice): Promise<Result<Student>> {
  switch (name) {
    case 'scripted':
      return ok(createScriptedStudent(now));
    case 'random':
      return ok(createRandomStudent(now));
    case 'pocket':
      return openPocketStudent(model, now);
    default:
      return refuse('STUDENT_NOT_HERE', `The student ${name} can't play here.`);
  }
}
