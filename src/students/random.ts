/**
 * Chance as a student: a random admissible command. The baseline that nothing may pass with, and that a test of the
 * whole must fail with.
 */
import { formatReply } from '../agent/prompt.ts';
import { Random } from '../base/random.ts';
import { ok } from '../base/result.ts';
import { plainStudent } from './plain.ts';
import type { Clock, Student } from './student.ts';

/** The same seed and step give the same command, however often it is asked. */
export function createRandomStudent(clock: Clock): Student {
  return plainStudent({ kind: 'random', name: 'random commands' }, clock, (seed) => async ({ view }) => {
    const commands = view.admissible();
    const random = new Random(`${seed}/${view.steps.length}`);
    return ok(formatReply('', commands.length === 0 ? 'look' : random.pick(commands)));
  });
}
