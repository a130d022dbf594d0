/** The `--student` of a subcommand: who plays, by name. Each thread opens its own. */
import { ok, type Result, refuse } from '../engine/result.ts';
import { createRandomStudent } from '../students/random.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import type { Student } from '../students/student.ts';

/** `mlc` is known, and refused: it needs a browser's WebGPU. */
export const STUDENTS = ['pocket', 'mlc', 'openai', 'scripted', 'random'] as const;
export type StudentName = (typeof STUDENTS)[number];

const now = (): number => performance.now();

/** Codes: STUDENT_NOT_HERE. */
export async function openStudent(name: StudentName): Promise<Result<Student>> {
  switch (name) {
    case 'scripted':
      return ok(createScriptedStudent(now));
    case 'random':
      return ok(createRandomStudent(now));
    default:
      return refuse('STUDENT_NOT_HERE', `The student ${name} can't play here.`);
  }
}
