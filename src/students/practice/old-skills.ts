/**
 * Episodes of what a student can do already, practised along so that it isn't lost: tasks of generated homes, of the
 * six official kinds and of the chores that it was trained on, solved by the scripted teacher.
 */
import { ok, type Result } from '../../base/result.ts';
import { parseGame } from '../../engine/index.ts';
import { familiesOf, Home, proceduresOf } from '../../homes/index.ts';
import type { Sequence } from '../../kernels/trainer.ts';
import { collectGame } from '../../teacher/collect.ts';
import { scriptedTeacher } from '../../teacher/scripted.ts';
import { type Lesson, type LessonTokenizer, lessonSequence } from './lesson.ts';

/** Homes that nobody visits and nothing is measured in: beyond the numbers that the page and the reports use. */
const FIRST_HOME = 700_000_000;
/** Every so manieth episode is a chore outside the official kinds. */
const CHORES = 3;
const MAX_STEPS = 30;

/**
 * One of them; undefined where the teacher found no way.
 * @param index from 0, below 2^24; the same gives the same
 * Codes: those of the teacher.
 */
export async function oldSkill(index: number): Promise<Result<Lesson | undefined>> {
  const families = index % CHORES === CHORES - 1 ? familiesOf('training') : undefined;
  const home = new Home(FIRST_HOME + index, { stray: 0.5, ...(families && { families }) });
  const made = home.game(0);
  const world = parseGame(made.text);
  if (!world.ok) return world;
  const collected = await collectGame(
    scriptedTeacher,
    { key: made.key, taskType: made.taskType, world: world.value },
    {
      tries: 2,
      successes: 1,
      maxSteps: MAX_STEPS,
      seed: index,
      ...(families && { instructions: proceduresOf(families) }),
    },
  );
  if (!collected.ok) return collected;
  const [trajectory] = collected.value.trajectories;
  return ok(trajectory);
}

/** The sequences of {@link oldSkill}, without those that the teacher lost or that are too long: numbered anew. */
export function oldSequences(
  tokenizer: LessonTokenizer,
  longest: number,
): (index: number) => Promise<Sequence> {
  const found: Sequence[] = [];
  let next = 0;
  return async (index) => {
    while (found.length <= index) {
      const lesson = await oldSkill(next++);
      if (!lesson.ok) throw new Error(lesson.error.message);
      if (lesson.value === undefined) continue;
      const sequence = lessonSequence(lesson.value, tokenizer);
      if (sequence.tokens.length <= longest) found.push(sequence);
    }
    return found[index] as Sequence;
  };
}
