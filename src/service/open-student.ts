/** Who plays in the agent's worker: opens the students that the page offers. */
import type { Trace } from '../agent/trace.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { EpisodeListener, EpisodePlan, ModelChoice } from '../protocol/agent.ts';
import { createHumanStudent } from '../students/human.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import { strengthOf } from '../students/smollm2/base.ts';
import type { Student } from '../students/student.ts';
import type { HeldStudent } from './held-students.ts';
import type { MlcStudents } from './mlc.ts';
import type { PocketStudents } from './pocket-students.ts';
import type { Runner } from './runner.ts';
import type { SmolLm2Students, WantedSmolLm2 } from './smollm2-students.ts';

const now = (): number => performance.now();

interface OpenedStudent {
  readonly student: Student;
  /** Called when it isn't needed any more, where that is to be told. */
  readonly letGo?: () => void;
}

export interface Running {
  readonly runner: Runner;
  /** Hands over what the person does; undefined when it isn't the person's turn. */
  answer: ((action: string | undefined) => void) | undefined;
}

/** The students that are models, wherever they are kept. */
export type ModelStudents = {
  readonly pocket: PocketStudents;
  /** Without it there are none of this device. */
  readonly mlc?: Pick<MlcStudents, 'open' | 'close'>;
  readonly smolLm2?: Pick<SmolLm2Students, 'hold' | 'lost' | 'close'>;
};

/** The student that played a trace, where it's a model that can be asked. Code WHY_NO_SCORES, and those of opening it. */
export async function holdPlayer(
  models: ModelStudents,
  { header: { student } }: Trace,
): Promise<Result<HeldStudent>> {
  if (student.kind === 'pocket') return models.pocket.hold();
  if (student.kind === 'smollm2') return holdSmolLm2(models, { weights: student.weights });
  return refuse('WHY_NO_SCORES', 'Only a model can be asked why.');
}

export async function holdSmolLm2(
  { smolLm2 }: ModelStudents,
  wanted: WantedSmolLm2,
): ReturnType<SmolLm2Students['hold']> {
  return smolLm2?.hold(wanted) ?? refuse('STUDENT_NOT_HERE', "This student can't play here.");
}

export async function openStudent(
  plan: EpisodePlan,
  listen: EpisodeListener,
  running: { readonly current: Running | undefined },
  models: ModelStudents,
): Promise<Result<OpenedStudent>> {
  switch (plan.student) {
    case 'scripted':
      return ok({ student: createScriptedStudent(now) });
    case 'human':
      return ok({
        student: createHumanStudent(
          'you',
          (view) =>
            new Promise((resolve) => {
              const { current } = running;
              if (current === undefined) return;
              current.answer = (action) => {
                current.answer = undefined;
                resolve(action);
              };
              listen({ kind: 'asked', admissible: view.admissible() });
            }),
          now,
        ),
      });
    case 'pocket':
    case 'smollm2':
    case 'mlc':
      return openModel(plan.student, plan.model, models, plan.settings.thinking);
    default:
      return refuse('STUDENT_NOT_HERE', "This student can't play here.");
  }
}

/** A student that is a model: opened, or the one that is open. Codes: STUDENT_NOT_HERE, and those of opening it. */
export async function openModel(
  choice: ModelChoice,
  model: string | undefined,
  models: ModelStudents,
  thinking = false,
): Promise<Result<Required<OpenedStudent>>> {
  if (choice === 'pocket') return models.pocket.hold();
  if (choice === 'smollm2') return holdSmolLm2(models, { strength: strengthOf(model) });
  if (models.mlc === undefined) return refuse('STUDENT_NOT_HERE', "This student can't play here.");
  const opened = await models.mlc.open(model, thinking);
  return opened.ok ? ok({ student: opened.value, letGo: () => {} }) : opened;
}
