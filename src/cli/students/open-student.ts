/** The `--student` of a subcommand: who plays, by name. Each thread opens its own. */
import { ok, type Result, refuse } from '../../base/result.ts';
import { createServerStudent } from '../../students/openai/student.ts';
import { createRandomStudent } from '../../students/random.ts';
import { createScriptedStudent } from '../../students/scripted.ts';
import type { Student } from '../../students/student.ts';
import { number } from '../program/command.ts';
import { openPocketFolder } from './open-pocket.ts';
import { openSmolLm2Student } from './open-smollm2.ts';
import { DEFAULT_SERVER, openServer, type ServerChoice } from './server-options.ts';

/** `mlc` is known, and refused: it needs a browser's WebGPU. */
export const STUDENTS = ['pocket', 'smollm2', 'smollm2-base', 'mlc', 'openai', 'scripted', 'random'] as const;
export type StudentName = (typeof STUDENTS)[number];

/** What `--model` means, in every subcommand. */
export const MODEL_HELP =
  "for pocket: folder of the student's files, otherwise the one that ships; for smollm2: folder of an adapter, otherwise the one that ships; for openai: name of the model";

/** The `--strength` of a subcommand. */
export const STRENGTH_HELP = 'share of the adapter of smollm2, from 0 (the base) to 1 (as it was trained)';
export const STRENGTH_NOT_HERE = '--strength is for --student smollm2.';
export const strengthOption = number(0, 1);

const now = (): number => performance.now();

export interface NamedStudent {
  readonly name: StudentName;
  /** Folder of a model's files, the one that ships where it isn't given; of a server the model's name. */
  readonly model?: string | undefined;
  /** Of smollm2's adapter, from 0 to 1; 1 where it isn't given. */
  readonly strength?: number | undefined;
  /** For openai. */
  readonly server?: ServerChoice | undefined;
}

/**
 * Codes: STUDENT_NOT_HERE, and those of loading a model or of a server's options.
 * @param onWait told before each wait for a server, in a sentence
 */
export async function openNamedStudent(
  { name, model, strength, server }: NamedStudent,
  onWait?: (sentence: string) => void,
): Promise<Result<Student>> {
  switch (name) {
    case 'scripted':
      return ok(createScriptedStudent(now));
    case 'random':
      return ok(createRandomStudent(now));
    case 'pocket':
      return openPocketFolder(model, now);
    case 'smollm2':
      return openSmolLm2Student(model, strength ?? 1, now);
    case 'smollm2-base':
      return openSmolLm2Student('none', 0, now);
    case 'openai': {
      const opened = openServer(model, server ?? DEFAULT_SERVER);
      return opened.ok ? ok(createServerStudent(opened.value, { temperature: 0, onWait })) : opened;
    }
    case 'mlc':
      return refuse(
        'STUDENT_NOT_HERE',
        "The student mlc can't play here: it needs WebGPU, which Node doesn't have. Play it in the page (npm start, Models), or serve the model and use --student openai.",
      );
    default:
      return refuse('STUDENT_NOT_HERE', `The student ${name} can't play here.`);
  }
}
